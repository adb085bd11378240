import Glibc

/// The ladder …, 0.5, 1, 2, 5, 10, …, by index: 0 is 1, 3 is 10, −1 is 0.5.
enum OneTwoFive {
  /// Two numbers closer than this, relatively, are the same rung.
  private static let tolerance = 1e-9

  static func value(_ index: Int) -> Double {
    let decade = decade(of: index)
    let digit = [1.0, 2, 5][index - 3 * decade]
    // Dividing keeps 0.2 the nearest double to 0.2; 2 * pow(10, -1) is only near it.
    return decade < 0 ? digit / pow(10, Double(-decade)) : digit * pow(10, Double(decade))
  }

  /// The power of ten of a rung.
  static func decade(of index: Int) -> Int {
    index >= 0 ? index / 3 : -((2 - index) / 3)
  }

  /// The largest rung that is not above `number`, which is finite and positive.
  static func atMost(_ number: Double) -> Int {
    var index = 3 * Int(floor(log10(number)))
    while value(index + 1) <= number * (1 + tolerance) { index += 1 }
    while value(index) > number * (1 + tolerance) { index -= 1 }
    return index
  }

  /// The smallest rung that is not below `number`, which is finite and positive.
  static func atLeast(_ number: Double) -> Int {
    let index = atMost(number)
    return value(index) >= number * (1 - tolerance) ? index : index + 1
  }
}
