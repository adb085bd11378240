import Charts
import Math

/// What the screen knows of a run so far: a curve for every series and quantity, full fine-tuning first.
package struct RunHistory: Equatable, Sendable {
  /// What has been seen of one layer.
  package struct Layer: Equatable, Sendable {
    package fileprivate(set) var gaps: [Curve]
    package fileprivate(set) var floors: [Curve]
    /// The last measurement that came with singular values.
    package fileprivate(set) var latestSpectra: Record.Layer?
  }

  package let outline: RunOutline
  package private(set) var losses: [Curve]
  /// Over the held-out examples; empty curves where there are none.
  package private(set) var heldOutLosses: [Curve]
  package private(set) var layers: [Layer]
  /// The first step without finite numbers.
  package private(set) var divergedAt: [Int?]
  package private(set) var latest: Record?

  package init(_ outline: RunOutline) {
    self.outline = outline
    losses = Array(repeating: Curve(), count: outline.names.count)
    heldOutLosses = losses
    layers = Array(repeating: Layer(gaps: losses, floors: losses), count: outline.layerCount)
    divergedAt = Array(repeating: nil, count: outline.names.count)
  }

  package var step: Int { latest?.step ?? 0 }

  package var names: [String] { outline.names }

  package mutating func append(_ record: Record) {
    for i in names.indices where divergedAt[i] == nil {
      losses[i].append(record.losses[i], at: record.step)
      if let loss = record.heldOutLosses?[i] { heldOutLosses[i].append(loss, at: record.step) }
      if !record.losses[i].isFinite { divergedAt[i] = record.step }
      for (l, layer) in record.layers.enumerated() {
        if i > 0 { layers[l].gaps[i].append(layer.gaps[i], at: record.step) }
        if let floor = layer.spectra?[i]?.floor { layers[l].floors[i].append(floor, at: record.step) }
      }
    }
    latest = record
    if record.hasSpectra {
      for (l, layer) in record.layers.enumerated() { layers[l].latestSpectra = layer }
    }
  }
}

extension RunHistory.Layer {
  /// gap over floor of a series, where both are known at the same step and the floor is not rounding dust.
  package func gapOverFloor(_ i: Int) -> Double? {
    guard let latestSpectra, let floor = latestSpectra.spectra?[i]?.floor, floor > 1e-9 else { return nil }
    return latestSpectra.gaps[i] / floor
  }

  /// The series whose floors differ from those of the series before: only these are drawn.
  package var distinctFloors: [Int] {
    var distinct: [Int] = []
    for i in floors.indices where floors[i].count > 0 {
      if !distinct.contains(where: { floors[$0] == floors[i] }) { distinct.append(i) }
    }
    return distinct
  }
}
