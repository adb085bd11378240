import Glibc

extension Axis {
  /// Part of the range, 1/factor as long, with `value` where it stood; its middle if that is nil.
  package func zoomed(by factor: Double, around value: Double? = nil) -> Axis {
    let fixed = value.flatMap(fraction) ?? 0.5
    return part(from: fixed - fixed / factor, to: fixed + (1 - fixed) / factor)
  }

  /// The range moved by `share` of its length, towards larger values if that is positive.
  package func panned(by share: Double) -> Axis { part(from: share, to: 1 + share) }

  /// Moved and cut so that it lies within `whole`; `whole` itself where only rounding tells them apart.
  package func limited(to whole: Axis) -> Axis {
    guard let low = whole.fraction(lower), let high = whole.fraction(upper), high - low < 1 - 1e-9 else {
      return whole
    }
    if low >= 0, high <= 1 { return self }
    let start = min(max(low, 0), 1 - (high - low))
    return whole.part(from: start, to: start + (high - low))
  }

  /// The range between two fractions of it; itself where doubles, or whole steps, cannot tell the ends apart.
  private func part(from start: Double, to end: Double) -> Axis {
    let (low, high) = (value(at: start), value(at: end))
    let least = unit == .steps ? 2 : max(abs(low), abs(high)) * 1e-9
    guard low.isFinite, high.isFinite, high - low >= least, Self.magnitudes.contains(high - low) else {
      return self
    }
    return Axis(low, high, scale: scale, unit: unit)
  }

  /// The value in the middle of cell `index` of `count`, each of so many dots, counted from the lower end.
  func value(atCell index: Int, of count: Int, dots: Int = 1) -> Double {
    let dot = Double(index * dots) + Double(dots - 1) / 2
    return value(at: dot / Double(max(1, count * dots - 1)))
  }

  private func value(at fraction: Double) -> Double {
    switch scale {
    case .linear: lower + fraction * (upper - lower)
    case .log: pow(10, log10(lower) + fraction * decades)
    }
  }
}
