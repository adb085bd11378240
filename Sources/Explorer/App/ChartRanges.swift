import Charts

/// What part of its numbers each chart shows: ranges that follow the numbers, until the user zooms.
package struct ChartRanges: Equatable, Sendable {
  /// Part of the steps, the same in all charts over steps; nil for all of them.
  package private(set) var steps: Axis?
  private var values: [Name: SteadyRange] = [:]
  /// Reports so far: the clock of those that narrow late.
  private var tick = 0

  /// An axis of values.
  package enum Name: CaseIterable, Sendable {
    case gap, loss, spectrum, phaseX, phaseY
  }

  /// Two seconds, of twenty reports each.
  private static let patience = 40

  package init() {}

  /// What a chart is to show; nil before any value.
  package subscript(name: Name) -> ClosedRange<Double>? { values[name]?.range }

  /// Whether the user has chosen any.
  package var isManual: Bool { steps != nil || values.values.contains(where: \.isManual) }

  mutating func noteReport() { tick += 1 }

  /// Takes note of the values there are now.
  mutating func follow(_ name: Name, _ extent: ClosedRange<Double>?, scale: Scale, isAtOnce: Bool) {
    values[name, default: SteadyRange(patience: Self.patience)].follow(
      extent, scale: scale, at: tick, isPaused: isAtOnce)
  }

  /// Shows 1/factor of the steps, all of them where that is more than there are.
  mutating func zoomSteps(by factor: Double, around step: Double, of whole: Axis) {
    steps = part((steps ?? whole).zoomed(by: factor, around: step), of: whole)
  }

  mutating func zoom(_ name: Name, by factor: Double, around value: Double?) {
    values[name]?.zoom(by: factor, around: value)
  }

  /// Moves the steps by a share of what is shown of them.
  mutating func panSteps(by share: Double, of whole: Axis) {
    steps = steps.flatMap { part($0.panned(by: share), of: whole) }
  }

  mutating func pan(_ name: Name, by share: Double) { values[name]?.pan(by: share) }

  /// Brings `step` into view, a tenth of the width away from the edge.
  mutating func reveal(_ step: Int, of whole: Axis) {
    // Step 0 has no place on a log scale: the first that has one is brought into view.
    guard let place = steps?.fraction(max(Double(step), whole.lower)) else { return }
    if place < 0 { panSteps(by: place - 0.1, of: whole) }
    if place > 1 { panSteps(by: place - 0.9, of: whole) }
  }

  /// The same steps on another scale.
  mutating func rescale(to whole: Axis) {
    steps = steps.flatMap { part(Axis($0.lower, $0.upper, scale: whole.scale, unit: .steps), of: whole) }
  }

  /// Everything is shown again, from the next values that come.
  mutating func reset() {
    steps = nil
    for name in Name.allCases { values[name]?.reset() }
  }

  /// nil for the whole.
  private func part(_ axis: Axis, of whole: Axis) -> Axis? {
    let part = axis.limited(to: whole)
    return part == whole ? nil : part
  }
}
