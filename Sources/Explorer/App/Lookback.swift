import Math

/// What is known of the step under the cursor, and what else a look back needs.
package struct Lookback: Equatable, Sendable {
  /// The last answer of the engine; of an earlier place of the cursor until the next one comes.
  package internal(set) var record: Record?
  /// The step that was marked.
  package internal(set) var mark: Int?
  /// What the engine has been told to measure.
  package internal(set) var wanted = Wanted()
  /// What is wanted is being measured of the steps behind.
  package internal(set) var isTracing = false

  package init() {}
}

extension Model {
  /// Where the cursor stands: on the timeline and in the charts.
  package var position: Int { cursor ?? history?.step ?? 0 }

  /// What every panel shows: the record under the cursor, or the latest. While a replay is on its way to the
  /// cursor these are still the numbers of where it was, and `shownStep` says so.
  package var shown: Record? { cursor == nil ? history?.latest : lookback.record ?? history?.latest }

  /// The step of the numbers shown.
  package var shownStep: Int { shown?.step ?? 0 }

  /// The step at which series i was lost, where that is not after the step shown.
  package func lostAt(_ i: Int) -> Int? {
    history?.divergedAt[i].flatMap { $0 <= shownStep ? $0 : nil }
  }

  /// A layer of the step shown, with its singular values; at the live end as they were last measured.
  package func shownLayer(_ layer: Int) -> Record.Layer? {
    guard cursor != nil, let record = lookback.record else { return history?.layers[layer].latestSpectra }
    return record.layers[layer]
  }

  /// The singular values and floors of a layer at that step.
  package func shownSpectra(layer: Int) -> [Spectrum?]? { shownLayer(layer)?.spectra }
}

extension Record.Layer {
  /// gap over floor of a series, where both are known and the floor is not rounding dust.
  package func gapOverFloor(_ i: Int) -> Double? {
    guard let floor = spectra?[i]?.floor, floor > 1e-9 else { return nil }
    return gaps[i] / floor
  }
}
