/// A number that an experiment measured, and where it should fall. The name is its key in the json, and where it
/// is one of several along a key it ends in that, as `gap, r = 4`.
package struct Reading: Equatable, Sendable {
  package let name: String
  package let value: Double
  package let range: ClosedRange<Double>

  package init(_ name: String, _ value: Double, in range: ClosedRange<Double>) {
    self.name = name
    self.value = value
    self.range = range
  }

  /// At most `bound` in modulus: a difference that should be rounding.
  static func zero(_ name: String, _ value: Double, within bound: Double) -> Reading {
    Reading(name, abs(value), in: 0...bound)
  }

  static func yes(_ name: String, _ isSo: Bool) -> Reading { Reading(name, isSo ? 1 : 0, in: 1...1) }
}

/// NaN when one of them is.
func median(_ values: [Double]) -> Double { Spread(values)?.median ?? .nan }
