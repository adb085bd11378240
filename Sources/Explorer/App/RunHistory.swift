import Charts
import Math

/// What the screen knows of a run so far: a curve for every series and quantity, full fine-tuning first.
package struct RunHistory: Equatable, Sendable {
  package let names: [String]
  package private(set) var losses: [Curve]
  package private(set) var gaps: [Curve]
  package private(set) var floors: [Curve]
  /// The first step without finite numbers.
  package private(set) var divergedAt: [Int?]
  package private(set) var latest: Record?
  /// The last record that came with singular values.
  package private(set) var latestSpectra: Record?

  package init(names: [String]) {
    self.names = names
    losses = Array(repeating: Curve(), count: names.count)
    gaps = losses
    floors = losses
    divergedAt = Array(repeating: nil, count: names.count)
  }

  package var step: Int { latest?.step ?? 0 }

  package mutating func append(_ record: Record) {
    for i in names.indices where divergedAt[i] == nil {
      losses[i].append(record.losses[i], at: record.step)
      if !record.losses[i].isFinite { divergedAt[i] = record.step }
      if i > 0 { gaps[i].append(record.gaps[i], at: record.step) }
      if let floor = record.spectra?[i]?.floor { floors[i].append(floor, at: record.step) }
    }
    latest = record
    if record.spectra != nil { latestSpectra = record }
  }

  /// gap over floor of a series, where both are known at the same step and the floor is not rounding dust.
  package func gapOverFloor(_ i: Int) -> Double? {
    guard let record = latestSpectra, let floor = record.spectra?[i]?.floor, floor > 1e-9 else { return nil }
    return record.gaps[i] / floor
  }

  /// The series whose floors differ from those of the series before: only these are drawn.
  package var distinctFloors: [Int] {
    var distinct: [Int] = []
    for i in names.indices where floors[i].count > 0 {
      if !distinct.contains(where: { floors[$0] == floors[i] }) { distinct.append(i) }
    }
    return distinct
  }
}
