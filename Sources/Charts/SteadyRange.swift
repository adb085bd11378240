/// The range of an axis while numbers change: it widens at once and narrows late, so that the picture does not
/// breathe; a zoom of the user's freezes it. Its ends lie on the tick grid.
package struct SteadyRange: Equatable, Sendable {
  /// How long a narrower range has to do before it is taken, in the caller's ticks.
  package var patience: Int

  private var axis: Axis?
  private var isFrozen = false
  /// The tick at which a narrower range first did.
  private var isNarrowSince: Int?

  package init(patience: Int) { self.patience = patience }

  /// What the chart is to show; nil before any value.
  package var range: ClosedRange<Double>? { axis?.range }

  /// Whether the user has chosen the range.
  package var isManual: Bool { isFrozen }

  /// Takes note of the values there are at `tick`. While the run is paused the range fits them at once.
  package mutating func follow(
    _ extent: ClosedRange<Double>?, scale: Scale, labelWidth: Int = 5, at tick: Int, isPaused: Bool = false
  ) {
    if axis?.scale != scale { reset() }
    guard !isFrozen, let extent else { return }
    let fitted = Axis.fitting(extent, scale: scale, labelWidth: labelWidth)
    guard let shown = axis, !isPaused, shown != fitted else { return take(fitted) }
    let (low, high) = (min(shown.lower, fitted.lower), max(shown.upper, fitted.upper))
    if low < shown.lower || high > shown.upper {
      // Fitting a range again may widen it, so it is done only for one that neither of the two holds.
      let holdsBoth = low == fitted.lower && high == fitted.upper
      take(holdsBoth ? fitted : .fitting(low...high, scale: scale, labelWidth: labelWidth))
    } else if let since = isNarrowSince {
      if tick - since >= patience { take(fitted) }
    } else {
      isNarrowSince = tick
    }
  }

  /// Shows 1/factor of the range, `value` staying where it is, until `reset`.
  package mutating func zoom(by factor: Double, around value: Double? = nil) {
    freeze(axis?.zoomed(by: factor, around: value))
  }

  /// Moves the range by a share of its length, until `reset`.
  package mutating func pan(by share: Double) { freeze(axis?.panned(by: share)) }

  /// Lets the range follow the values again, from the next that come.
  package mutating func reset() {
    axis = nil
    isFrozen = false
    isNarrowSince = nil
  }

  private mutating func take(_ fitted: Axis) {
    axis = fitted
    isNarrowSince = nil
  }

  private mutating func freeze(_ chosen: Axis?) {
    guard let chosen else { return }
    take(chosen)
    isFrozen = true
  }
}
