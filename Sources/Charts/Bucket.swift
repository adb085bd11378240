/// Consecutive samples of a curve in short: the ends, and the extremes between them.
///
/// `first` and `last` are the samples as they came, finite or not. `minimum` and `maximum` are those of the
/// finite samples alone, and `hasBreak` says that others were among them; without any finite sample
/// `minimum` is ∞ and `maximum` is −∞. `smallestPositive` is the lowest that a log axis can show, ∞ without one.
package struct Bucket: Sendable {
  /// The step of the first sample.
  package let start: Int
  package let first: Double
  package private(set) var minimum: Double
  package private(set) var maximum: Double
  package private(set) var smallestPositive: Double
  package private(set) var last: Double
  /// From the first sample to the last, the lowest and the highest, in steps: four bytes each, since there
  /// are many buckets.
  private var length: UInt32 = 0
  private var toMinimum: UInt32 = 0
  private var toMaximum: UInt32 = 0
  package private(set) var hasBreak: Bool

  init(_ value: Double, at step: Int) {
    start = step
    first = value
    last = value
    minimum = value.isFinite ? value : .infinity
    maximum = value.isFinite ? value : -.infinity
    smallestPositive = value > 0 ? minimum : .infinity
    hasBreak = !value.isFinite
  }

  /// The step of the last sample.
  package var end: Int { start + Int(length) }
  /// The steps of the first lowest and the first highest sample.
  package var minimumStep: Int { start + Int(toMinimum) }
  package var maximumStep: Int { start + Int(toMaximum) }

  package var hasFinite: Bool { minimum <= maximum }

  /// First, lowest, highest and last sample in the order of their steps; on a log scale the lowest of the
  /// positive ones, where a lower one stands.
  func forEachCorner(on scale: Scale, _ body: (_ step: Int, _ value: Double) -> Void) {
    body(start, first)
    guard end > start else { return }
    if hasFinite {
      let lowest = scale == .log && minimum <= 0 ? smallestPositive : minimum
      if minimumStep <= maximumStep { body(minimumStep, lowest) }
      body(maximumStep, maximum)
      if minimumStep > maximumStep { body(minimumStep, lowest) }
    }
    body(end, last)
  }

  /// Takes in the samples of `next`, which follow its own.
  mutating func merge(_ next: Bucket) {
    if next.minimum < minimum {
      minimum = next.minimum
      toMinimum = distance(to: next.minimumStep)
    }
    if next.maximum > maximum {
      maximum = next.maximum
      toMaximum = distance(to: next.maximumStep)
    }
    smallestPositive = Swift.min(smallestPositive, next.smallestPositive)
    length = distance(to: next.end)
    last = next.last
    hasBreak = hasBreak || next.hasBreak
  }

  private func distance(to step: Int) -> UInt32 { UInt32(clamping: step - start) }
}

extension Bucket: Equatable {
  /// Two NaN are the same here, so that a curve equals its copy.
  package static func == (a: Bucket, b: Bucket) -> Bool {
    a.start == b.start && a.end == b.end && a.minimum == b.minimum && a.maximum == b.maximum
      && a.minimumStep == b.minimumStep && a.maximumStep == b.maximumStep
      && a.smallestPositive == b.smallestPositive && a.hasBreak == b.hasBreak && same(a.first, b.first)
      && same(a.last, b.last)
  }

  private static func same(_ a: Double, _ b: Double) -> Bool {
    a == b || (a.isNaN && b.isNaN)
  }
}
