/// Consecutive samples of a curve in short: the ends, and the extremes between them.
///
/// `first` and `last` are the samples as they came, finite or not. `minimum` and `maximum` are those of the
/// finite samples alone, and `hasBreak` says that others were among them; without any finite sample
/// `minimum` is ∞ and `maximum` is −∞. `smallestPositive` is the lowest that a log axis can show, ∞ without one.
package struct Bucket: Sendable {
  /// The steps of the first and of the last sample.
  package private(set) var start: Int
  package private(set) var end: Int
  package private(set) var first: Double
  package private(set) var minimum: Double
  package private(set) var maximum: Double
  package private(set) var smallestPositive: Double
  package private(set) var last: Double
  package private(set) var hasBreak: Bool

  init(_ value: Double, at step: Int) {
    start = step
    end = step
    first = value
    last = value
    minimum = value.isFinite ? value : .infinity
    maximum = value.isFinite ? value : -.infinity
    smallestPositive = value > 0 ? minimum : .infinity
    hasBreak = !value.isFinite
  }

  package var hasFinite: Bool { minimum <= maximum }

  /// The lowest value it remembers that is not below `threshold`; ∞ if there is none.
  func minimum(from threshold: Double) -> Double {
    if minimum >= threshold { return minimum }
    return [smallestPositive, first, last, maximum].filter { $0 >= threshold }.min() ?? .infinity
  }

  /// Takes in the samples of `next`, which follow its own.
  mutating func merge(_ next: Bucket) {
    end = next.end
    last = next.last
    minimum = Swift.min(minimum, next.minimum)
    maximum = Swift.max(maximum, next.maximum)
    smallestPositive = Swift.min(smallestPositive, next.smallestPositive)
    hasBreak = hasBreak || next.hasBreak
  }
}

extension Bucket: Equatable {
  /// Two NaN are the same here, so that a curve equals its copy.
  package static func == (a: Bucket, b: Bucket) -> Bool {
    a.start == b.start && a.end == b.end && a.minimum == b.minimum && a.maximum == b.maximum
      && a.smallestPositive == b.smallestPositive && a.hasBreak == b.hasBreak && same(a.first, b.first)
      && same(a.last, b.last)
  }

  private static func same(_ a: Double, _ b: Double) -> Bool {
    a == b || (a.isNaN && b.isNaN)
  }
}
