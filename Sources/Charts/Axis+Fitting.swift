extension Axis {
  /// A tidy range around `values`; those that are not finite, or not positive on a log scale, do not count.
  package static func fitting(
    values: some Sequence<Double>, scale: Scale, labelWidth: Int = 5
  ) -> Axis {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (scale == .linear || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    return fitting(low <= high ? low...high : nil, scale: scale, labelWidth: labelWidth)
  }

  /// A tidy range around `extent`: ends on ticks, and wide enough that labels of `labelWidth` tell them apart.
  package static func fitting(
    _ extent: ClosedRange<Double>?, scale: Scale, labelWidth: Int = 5
  ) -> Axis {
    guard let extent, extent.lowerBound.isFinite, extent.upperBound.isFinite else {
      return scale == .log ? Axis(0.1, 1, scale: .log) : Axis(0, 1)
    }
    switch scale {
    case .linear: return fittingLinear(extent, labelWidth: labelWidth)
    case .log: return fittingLog(extent)
    }
  }

  private static func fittingLog(_ extent: ClosedRange<Double>) -> Axis {
    let showable = Axis(extent.lowerBound, extent.upperBound, scale: .log)
    let isConstant = extent.lowerBound > 0 && extent.upperBound <= extent.lowerBound * (1 + 1e-9)
    let constant = min(max(extent.upperBound, magnitudes.lowerBound), magnitudes.upperBound)
    var low = OneTwoFive.atMost(isConstant ? constant : showable.lower)
    var high = OneTwoFive.atLeast(isConstant ? constant : showable.upper)
    if low == high {
      low -= 1
      high += 1
    }
    return Axis(OneTwoFive.value(low), OneTwoFive.value(high), scale: .log)
  }

  private static func fittingLinear(_ extent: ClosedRange<Double>, labelWidth: Int) -> Axis {
    let (low, high) = widened(extent)
    let finest = OneTwoFive.atLeast((high - low) / 5)
    // With a step above both ends the labels are 0 and one short number; what is longer stays unlabelled.
    let coarsest = OneTwoFive.atLeast(max(abs(low), abs(high)))
    for rung in finest...max(finest, coarsest) {
      let (ends, step) = snapped(low, high, to: rung)
      let labels = Notation.suited(to: [ends.lower, ends.lower + step, ends.upper], step: step)
      if labels.allSatisfy({ $0.count <= labelWidth }) { return Axis(ends.lower, ends.upper) }
    }
    let ends = snapped(low, high, to: finest).ends
    return Axis(ends.lower, ends.upper)
  }

  /// The range from `low` to `high`, moved outwards to multiples of a step.
  private static func snapped(
    _ low: Double, _ high: Double, to rung: Int
  ) -> (ends: (lower: Double, upper: Double), step: Double) {
    let step = OneTwoFive.value(rung)
    let lower = OneTwoFive.value(rung, times: (low / step + 1e-9).rounded(.down))
    let upper = OneTwoFive.value(rung, times: (high / step - 1e-9).rounded(.up))
    return ((lower, upper), step)
  }

  /// A single value gets room on both sides; the data never touch numbers an axis cannot reach.
  private static func widened(_ extent: ClosedRange<Double>) -> (Double, Double) {
    let largest = magnitudes.upperBound
    let low = min(max(extent.lowerBound, -largest), largest)
    let high = min(max(extent.upperBound, -largest), largest)
    guard high - low < max(magnitudes.lowerBound, max(abs(low), abs(high)) * 1e-12) else {
      return (low, high)
    }
    let size = abs(low)
    return size < magnitudes.lowerBound ? (0, 1) : (low - size / 2, low + size / 2)
  }
}
