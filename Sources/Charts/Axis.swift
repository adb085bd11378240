import Glibc

/// A range of values on a scale, and the cells they fall in.
package struct Axis: Hashable, Sendable {
  package enum Unit: Sendable {
    case number
    /// Steps of a run: whole, and written `500`, `1k`, `1.5k`.
    case steps
  }

  package let lower: Double
  package let upper: Double
  package let scale: Scale
  package let unit: Unit

  /// `lower` and the length of the range, in decades if the scale is logarithmic.
  private let origin: Double
  private let span: Double

  /// Magnitudes an axis reaches; differences and powers of ten within stay finite and normal.
  static let magnitudes = 1e-300...1e300

  /// A range the scale cannot show (empty, not finite, on a log scale not positive) is replaced by one it can.
  package init(_ lower: Double, _ upper: Double, scale: Scale = .linear, unit: Unit = .number) {
    (self.lower, self.upper) = Self.showable(lower, upper, on: scale)
    self.scale = scale
    self.unit = unit
    switch scale {
    case .linear:
      origin = self.lower
      span = self.upper - self.lower
    case .log:
      origin = log10(self.lower)
      span = log10(self.upper) - origin
    }
  }

  /// The horizontal axis of a run: 0 to `count` steps, 1 to `count` on a log scale.
  package static func steps(_ count: Int, scale: Scale = .linear) -> Axis {
    switch scale {
    case .linear: Axis(0, Double(max(count, 1)), scale: scale, unit: .steps)
    case .log: Axis(1, Double(max(count, 2)), scale: scale, unit: .steps)
    }
  }

  package var range: ClosedRange<Double> { lower...upper }

  /// Decades from end to end, on a log scale.
  var decades: Double { span }

  /// Whether `value` has a place on this scale, inside the range or not.
  package func canPlace(_ value: Double) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// 0 at `lower`, 1 at `upper`, beyond them outside; nil for what the scale cannot show.
  package func fraction(_ value: Double) -> Double? {
    guard canPlace(value) else { return nil }
    switch scale {
    // Farther out the difference could overflow.
    case .linear:
      let largest = Self.magnitudes.upperBound
      return (min(max(value, -largest), largest) - origin) / span
    case .log: return (log10(value) - origin) / span
    }
  }

  private static func showable(_ lower: Double, _ upper: Double, on scale: Scale) -> (Double, Double) {
    let largest = magnitudes.upperBound
    switch scale {
    case .linear:
      guard lower.isFinite, upper.isFinite else { return (0, 1) }
      let low = min(max(lower, -largest), largest)
      let high = min(max(upper, -largest), largest)
      let isEmpty = high - low < max(magnitudes.lowerBound, abs(low) * 1e-12)
      return isEmpty ? (low, low + max(1, abs(low))) : (low, high)
    case .log:
      guard lower.isFinite, upper.isFinite, upper > 0 else { return (0.1, 1) }
      let high = min(max(upper, magnitudes.lowerBound * 10), largest)
      let low = lower > 0 ? max(lower, magnitudes.lowerBound) : high / 1000
      return low * (1 + 1e-9) < high ? (low, high) : (high / 10, high)
    }
  }
}
