import Math

/// What a phase plane shows: two quantities by name, `step`, `gap`, `loss` or a measure's id.
package struct PhaseAxes: Hashable, Sendable {
  package var x: String
  package var y: String

  package init(x: String, y: String) {
    self.x = x
    self.y = y
  }

  /// What every run keeps, and what is measured when asked for.
  static let names = ["step", "gap", "loss"] + Measure.all.map(\.id)

  /// Two names; nil where there is no such.
  init?(_ words: String) {
    let words = words.split(separator: " ").map(String.init)
    guard words.count == 2, words.allSatisfy(Self.names.contains) else { return nil }
    self.init(x: words[0], y: words[1])
  }

  var measures: [String] { [x, y].filter { Measure.named($0) != nil } }
}

extension Model {
  /// The variant that pictures of one alone show: that in focus, or the first drawn.
  package var pictured: Int? {
    let shown = (1..<scenario.variants.count + 1).filter { !hidden.contains($0) }
    return focusedVariant.flatMap { shown.contains($0) ? $0 : nil } ?? shown.first
  }

  /// Nobody pays for a number that no panel on the screen shows.
  package var wanted: Wanted {
    if let play = lessons, play.isOpen { return play.scene.picture.wanted }
    return Wanted(
      measures: isOnScreen(.phase) ? phase.measures : [],
      hasAngles: isOnScreen(.angles) || isOnScreen(.table),
      entries: isOnScreen(.entries) ? pictured : nil)
  }

  /// Tells the engine what is wanted now. A run that stands still is measured again where it stands, also when the
  /// cursor has left for its end; curves that nobody looked at are traced back.
  mutating func want(after cursor: Int?) -> [Command] {
    let (wanted, before) = (wanted, lookback.wanted)
    lookback.wanted = wanted
    let standsStill = self.cursor != nil || isPaused || isFinished
    let hasLeft = cursor != nil && self.cursor == nil
    let isNew = wanted != before || hasLeft && wanted != Wanted()
    guard isNew, history?.latest != nil else { return wanted == before ? [] : [.want(wanted)] }
    let orders = wanted == before ? [] : [Command.want(wanted)]
    let hasNewCurves =
      wanted.hasAngles && !before.hasAngles || !wanted.measures.allSatisfy(before.measures.contains)
    if hasNewCurves { lookback.isTracing = true }
    return orders + (standsStill ? [.look(at: position)] : []) + (hasNewCurves ? [.trace] : [])
  }

  /// |W_t − W_t^full| at the step shown of the variant pictured, as weights are written.
  var shownEntries: Matrix? {
    let live = history?.layers[layer].latestEntries
    guard let entries = cursor == nil ? live : lookback.record?.layers[layer].entries,
      entries.series == pictured
    else { return nil }
    let distances = entries.distances
    return convention == .house ? distances : distances.transposed
  }

  /// To full fine-tuning's column space at the step shown, in degrees, smallest first.
  func shownAngles(_ i: Int) -> [Double]? { shownLayer(layer)?.angles?[i] }
}
