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
    /// By measure, then series; since somebody looks at them.
    package fileprivate(set) var measures: [String: [Curve]] = [:]
    /// Of each series the angles to full fine-tuning's column space, the largest first, at most four.
    package fileprivate(set) var angles: [[Curve]] = []
    /// The last picture of a series' entries.
    package fileprivate(set) var latestEntries: Record.Layer.Entries?
  }

  package let outline: RunOutline
  package private(set) var losses: [Curve]
  /// Over the held-out examples; empty curves where there are none.
  package private(set) var heldOutLosses: [Curve]
  package private(set) var layers: [Layer]
  /// The first step without finite numbers.
  package private(set) var divergedAt: [Int?]
  package private(set) var latest: Record?
  private var finder = EventFinder()

  /// - Parameter trunk: what a branch shares with the run it branched off from.
  package init(_ outline: RunOutline, after trunk: RunHistory? = nil) {
    if let trunk, trunk.names == outline.names {
      self = trunk
      return
    }
    self.outline = outline
    losses = Array(repeating: Curve(), count: outline.names.count)
    heldOutLosses = losses
    layers = Array(repeating: Layer(series: outline.names.count), count: outline.layerCount)
    divergedAt = Array(repeating: nil, count: outline.names.count)
  }

  /// What was seen before `step`.
  package func prefix(before step: Int) -> RunHistory {
    var part = self
    part.losses = losses.map { $0.prefix(before: step) }
    part.heldOutLosses = heldOutLosses.map { $0.prefix(before: step) }
    part.layers = layers.map { $0.prefix(before: step) }
    part.divergedAt = divergedAt.map { $0.flatMap { $0 < step ? $0 : nil } }
    part.latest = nil
    part.finder = EventFinder(after: events.filter { $0.step < step })
    return part
  }

  package var step: Int { latest?.step ?? 0 }

  package var names: [String] { outline.names }

  /// By step.
  package var events: [RunEvent] { finder.events }

  /// A record that follows all there are.
  package mutating func append(_ measured: Record) {
    guard measured.step > (losses.compactMap(\.lastStep).max() ?? -1) else { return }
    let record = outline.rounded(measured)
    for i in names.indices where divergedAt[i] == nil {
      losses[i].append(record.losses[i], at: record.step)
      if let loss = record.heldOutLosses?[i] { heldOutLosses[i].append(loss, at: record.step) }
      if !record.losses[i].isFinite { divergedAt[i] = record.step }
      for (l, layer) in record.layers.enumerated() {
        if i > 0 { layers[l].gaps[i].append(layer.gaps[i], at: record.step) }
        if let floor = layer.spectra?[i]?.floor { layers[l].floors[i].append(floor, at: record.step) }
      }
    }
    finder.take(record)
    keep(record)
  }

  package mutating func take(_ findings: Findings) { finder.take(findings) }

  /// Puts what was measured afterwards of the past before what there is of it.
  package mutating func trace(_ records: [Record]) {
    for l in layers.indices {
      var past = Layer(series: names.count)
      for record in records { past.append(record.layers[l], record) }
      layers[l].follow(past)
    }
  }

  /// Takes `record` for the latest, whose step it has: more may be wanted of it than when it was measured.
  package mutating func show(_ measured: Record) { keep(outline.rounded(measured)) }

  private mutating func keep(_ record: Record) {
    latest = record
    for (l, layer) in record.layers.enumerated() { layers[l].append(layer, record) }
  }
}

extension RunHistory.Layer {
  fileprivate func prefix(before step: Int) -> Self {
    var part = self
    part.gaps = gaps.map { $0.prefix(before: step) }
    part.floors = floors.map { $0.prefix(before: step) }
    part.measures = measures.mapValues { $0.map { $0.prefix(before: step) } }
    part.angles = angles.map { $0.map { $0.prefix(before: step) } }
    (part.latestSpectra, part.latestEntries) = (nil, nil)
    return part
  }

  fileprivate init(series: Int) {
    gaps = Array(repeating: Curve(), count: series)
    floors = gaps
  }

  /// What is not measured at every step.
  fileprivate mutating func append(_ layer: Record.Layer, _ record: Record) {
    if layer.spectra != nil { latestSpectra = layer }
    latestEntries = layer.entries ?? latestEntries
    for (k, id) in record.measureIDs.enumerated() {
      var curves = measures[id] ?? gaps.map { _ in Curve() }
      for i in curves.indices { curves[i].extend(layer.measures[i][k], at: record.step) }
      measures[id] = curves
    }
    guard let all = layer.angles else { return }
    if angles.isEmpty { angles = gaps.map { _ in Array(repeating: Curve(), count: Self.mostAngles) } }
    for (i, angles) in all.enumerated() {
      for (k, angle) in (angles ?? []).reversed().prefix(Self.mostAngles).enumerated() {
        self.angles[i][k].extend(angle, at: record.step)
      }
    }
  }

  private static let mostAngles = 4

  /// Measures and angles go on from those of the past.
  fileprivate mutating func follow(_ past: Self) {
    for (id, curves) in past.measures {
      measures[id] = zip(curves, measures[id] ?? curves.map { _ in Curve() }).map { $0.followed(by: $1) }
    }
    guard !past.angles.isEmpty else { return }
    if angles.isEmpty { angles = past.angles }
    for i in angles.indices {
      for k in angles[i].indices { angles[i][k] = past.angles[i][k].followed(by: angles[i][k]) }
    }
  }
}

extension Curve {
  /// Adds a sample unless there is one of that step already.
  fileprivate mutating func extend(_ value: Double, at step: Int) {
    if lastStep.map({ $0 < step }) ?? true { append(value, at: step) }
  }
}

extension RunHistory.Layer {
  /// gap over floor of a series when both were last known at the same step.
  package func gapOverFloor(_ i: Int) -> Double? { latestSpectra?.gapOverFloor(i) }

  /// The series whose floors differ from those of the series before: only these are drawn.
  package var distinctFloors: [Int] {
    var distinct: [Int] = []
    for i in floors.indices where floors[i].count > 0 {
      if !distinct.contains(where: { floors[$0] == floors[i] }) { distinct.append(i) }
    }
    return distinct
  }
}
