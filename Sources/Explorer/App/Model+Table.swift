import Charts
import Math

extension Model {
  /// The variants in the order of the table, smallest number first; what has none stands last.
  package var tableVariants: [Int] {
    let keys = Dictionary(
      uniqueKeysWithValues: (0...scenario.variants.count).map {
        ($0, number(table.column, of: $0) ?? .infinity)
      })
    return (1..<scenario.variants.count + 1).sorted { a, b in
      let (x, y) = (keys[a] ?? .infinity, keys[b] ?? .infinity)
      return x == y ? a < b : x < y
    }
  }

  /// The variant whose row has the focus; nil without any.
  package var tableFocus: Int? { table.variant ?? tableVariants.first }

  /// A column of the table for variant i; nil where it is not known or not finite.
  package func number(_ column: TableColumn, of i: Int) -> Double? {
    guard lostAt(i) == nil else { return nil }
    let x: Double? =
      switch column {
      case .gap: gap(i)
      case .overFloor: gapOverFloor(i)
      case .loss: loss(i)
      case .overFull: loss(0).flatMap { full in loss(i).map { $0 / full } }
      case .angle: shownAngles(i)?.last
      case .rank: shownSpectra(layer: layer)?[i]?.rank.map(Double.init)
      case .halfTime: halfTime(i).map(Double.init)
      case .checks: tally(i).map { Double($0.held) / Double($0.compared) }
      }
    return x.flatMap { $0.isFinite ? $0 : nil }
  }

  /// What the checks came to for variant i, where one has given a number.
  func tally(_ i: Int) -> Tally? {
    guard let tallies = checks.findings?.tallies, tallies.indices.contains(i), tallies[i].compared > 0 else {
      return nil
    }
    return tallies[i]
  }

  /// The first step by which the loss of series i has halved; nil where it has not by the step shown.
  private func halfTime(_ i: Int) -> Int? {
    guard let curve = lossSet == .train ? history?.losses[i] : history?.heldOutLosses[i],
      let start = curve.buckets.first?.first, start > 0,
      let bucket = curve.buckets.first(where: { $0.minimum <= start / 2 })
    else { return nil }
    let step = bucket.first <= start / 2 ? bucket.start : bucket.end
    return step <= shownStep ? step : nil
  }
}

extension Spectrum {
  /// How many values are not rounding dust, which is what 1e-10 of the largest is; nil where it cannot be told.
  var rank: Int? {
    guard let largest = values.first, largest > 0 else { return 0 }
    let count = values.count { $0 > 1e-10 * largest }
    return isWhole || count < values.count ? count : nil
  }
}
