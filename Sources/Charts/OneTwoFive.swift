import Glibc

/// The ladder …, 0.5, 1, 2, 5, 10, …, by index: 0 is 1, 3 is 10, −1 is 0.5.
enum OneTwoFive {
  /// Two numbers closer than this, relatively, are the same rung.
  private static let tolerance = 1e-9

  /// A rung, or a multiple of it.
  static func value(_ index: Int, times count: Double = 1) -> Double {
    let decade = decade(of: index)
    let digits = count * digit(index - 3 * decade)
    // Dividing keeps 0.6 the nearest double to 0.6, as its label reads; 3 * 0.2 is only near it.
    return decade < 0 ? digits / pow(10, Double(-decade)) : digits * pow(10, Double(decade))
  }

  private static func digit(_ third: Int) -> Double {
    switch third {
    case 0: 1
    case 1: 2
    default: 5
    }
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
