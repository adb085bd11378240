import Glibc

/// How the numbers of one axis are written: all plain, or all as `1e-3`.
enum Notation {
  /// What five columns hold in full, a sign included.
  private static let plain = -9_999.0...99_999
  private static let smallestPlain = 0.01

  /// Labels of `values`, which are multiples of `step`: one form for all, and enough digits to differ.
  static func suited(to values: [Double], step: Double) -> [String] {
    let isPlain = values.allSatisfy { isZero($0, step) || fitsPlainly($0) }
    let place = Int(floor(log10(step) + 1e-9))
    return values.map {
      if isZero($0, step) { return "0" }
      return isPlain ? decimal($0, decimals: max(0, -place)) : exponential($0, lastPlace: place)
    }
  }

  /// Labels of values far apart, each as short as it can be: decades, and 1, 2, 5 between them.
  static func suited(toRungs rungs: [Int]) -> [String] {
    let isPlain = rungs.allSatisfy { fitsPlainly(OneTwoFive.value($0)) }
    return rungs.map { rung in
      let place = OneTwoFive.decade(of: rung)
      let value = OneTwoFive.value(rung)
      return isPlain ? decimal(value, decimals: max(0, -place)) : exponential(value, lastPlace: place)
    }
  }

  /// `500`, `1k`, `1.5k`, `2M`: a whole number of steps.
  static func steps(_ value: Double) -> String {
    let whole = value.rounded()
    for (unit, letter) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(whole) >= unit {
      return trimmed(decimal(whole / unit, decimals: unit == 1e3 ? 3 : 6)) + letter
    }
    return decimal(whole, decimals: 0)
  }

  /// Two or three digits: `0.11`, `12.5`, `3.1e-5`.
  static func brief(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let place = Int(floor(log10(abs(value))))
    return fitsPlainly(value)
      ? decimal(value, decimals: max(0, 1 - place)) : exponential(value, lastPlace: place - 1)
  }

  private static func fitsPlainly(_ value: Double) -> Bool {
    plain.contains(value) && abs(value) >= smallestPlain * (1 - 1e-12)
  }

  private static func isZero(_ value: Double, _ step: Double) -> Bool {
    abs(value) < step * 1e-6
  }

  /// Fixed point; a number with more than 15 digits is written with an exponent.
  static func decimal(_ value: Double, decimals: Int) -> String {
    let scaled = (abs(value) * pow(10, Double(decimals))).rounded()
    guard scaled < 1e15 else { return exponential(value, lastPlace: Int(floor(log10(abs(value)))) - 3) }
    let digits = String(Int(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// `1e-3`, `-1.5e6`: digits down to the power of ten `lastPlace`, without trailing zeros.
  private static func exponential(_ value: Double, lastPlace: Int) -> String {
    var exponent = Int(floor(log10(abs(value))))
    var mantissa = trimmed(decimal(value / pow(10, Double(exponent)), decimals: max(0, exponent - lastPlace)))
    if mantissa == "10" || mantissa == "-10" {
      mantissa.removeLast()
      exponent += 1
    }
    return "\(mantissa)e\(exponent)"
  }

  private static func trimmed(_ digits: String) -> String {
    let (zero, point) = (UInt8(ascii: "0"), UInt8(ascii: "."))
    guard digits.utf8.contains(point), let last = digits.utf8.lastIndex(where: { $0 != zero }) else {
      return digits
    }
    return String(digits.utf8[last] == point ? digits[..<last] : digits[...last])
  }
}
