/// Where a number should fall: by the table of claims from the least to the largest over seeds where it gives
/// these, else within a third of its median. What it says in words is a bound.
extension ClosedRange<Double> {
  static func about(_ median: Double, within limits: Self = -(.infinity)...(.infinity)) -> Self {
    ((2 / 3 * median)...(4 / 3 * median)).clamped(to: limits)
  }
}
