import Glibc

/// A labelled place on an axis: a row from the top, or a column from the left.
package struct Tick: Equatable, Sendable {
  package let value: Double
  package let label: String
  package let place: Int

  /// Where the label of a column's tick starts, in columns from the left of the plot.
  package var start: Int { place - label.count / 2 }
}

extension Axis {
  /// The ticks of `rows` rows, lowest value first: at least two rows apart, labels within `labelWidth`.
  package func rowTicks(rows: Int, dotsDown: Int, labelWidth: Int) -> [Tick] {
    let place = { row(of: $0, rows: rows, dotsDown: dotsDown) }
    return ticks(cells: rows, atMost: rows / 2 + 1, place: place) { before, next in
      before.place - next.place >= 2
    } accepts: { ticks in
      ticks.allSatisfy { $0.label.count <= labelWidth }
    }
  }

  /// The ticks of `columns` columns: at least 7.5 columns apart in the mean, two blanks between labels.
  package func columnTicks(columns: Int) -> [Tick] {
    let place = { column(of: $0, columns: columns) }
    // A label of one letter takes three columns with its blanks.
    let most = scale == .linear ? 2 * columns / 15 + 1 : columns / 3 + 1
    return ticks(cells: columns, atMost: most, place: place) { before, next in
      before.start + before.label.count + 2 <= next.start
    } accepts: { ticks in
      guard let first = ticks.first, let last = ticks.last, scale == .linear else { return true }
      return Double(last.place - first.place) >= 7.5 * Double(ticks.count - 1)
    }
  }

  /// The finest choice that `accepts` takes and whose neighbours are all `apart`, or what fits of a coarse one.
  /// - Parameter most: no more ticks than these can be so.
  private func ticks(
    cells: Int, atMost most: Int, place: (Double) -> Int?,
    apart: (Tick, Tick) -> Bool, accepts: ([Tick]) -> Bool
  ) -> [Tick] {
    guard cells > 0 else { return [] }
    var rest: [Tick] = []
    for labels in choices(atMost: min(most, cells - 1)) {
      let ticks = labels().compactMap { value, label in
        place(value).map { Tick(value: value, label: label, place: $0) }
      }
      guard !ticks.isEmpty else { continue }
      if accepts(ticks), zip(ticks, ticks.dropFirst()).allSatisfy({ apart($0, $1) }) { return ticks }
      let fitting = ticks.filter { accepts([$0]) }
      if rest.isEmpty || fitting.count >= 2 { rest = fitting }
    }
    return rest.reduce(into: []) { kept, tick in
      if kept.last.map({ apart($0, tick) }) ?? true { kept.append(tick) }
    }
  }

  private typealias Labels = [(value: Double, label: String)]

  /// Values to label, finest choice first; labels are written when it comes to them.
  private func choices(atMost most: Int) -> [() -> Labels] {
    switch scale {
    case .linear: linearChoices(atMost: most)
    case .log: decades >= 2 - 1e-9 ? decadeChoices : rungChoices + linearChoices(atMost: most)
    }
  }

  /// Multiples of 1, 2 or 5 times a power of ten, from `most` to one in all.
  private func linearChoices(atMost most: Int) -> [() -> Labels] {
    let length = upper - lower
    // Between n places there are n − 1 steps, and there may be as many again beyond both ends.
    let rung = OneTwoFive.atLeast(length / Double(most + 1))
    let finest = unit == .steps ? max(rung, 0) : rung
    let coarsest = OneTwoFive.atMost(length * (1 + 1e-9))
    return (finest...max(finest, coarsest)).map { rung in { labelled(multiplesOf: rung) } }
  }

  private func labelled(multiplesOf rung: Int) -> Labels {
    let step = OneTwoFive.value(rung)
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    // Beyond 2⁵³ neighbouring multiples are the same double.
    guard last >= first, abs(first) < 1e15, abs(last) < 1e15 else { return [] }
    let values = (0...Int(last - first)).map {
      min(max(OneTwoFive.value(rung, times: first + Double($0)), lower), upper)
    }
    switch unit {
    case .number: return Array(zip(values, Notation.suited(to: values, step: step)))
    case .steps: return values.map { ($0, Notation.steps($0)) }
    }
  }

  /// Every decade, or of more than five every second or third, counted from the lowest; farther apart if
  /// nothing else fits, and then round: 1, 1e20, 1e40.
  private var decadeChoices: [() -> Labels] {
    let lowest = Int((log10(lower) - 1e-9).rounded(.up))
    let highest = Int((log10(upper) + 1e-9).rounded(.down))
    let steps = [1, 2, 3, 5, 10, 20, 50, 100, 200]
    let exponents = lowest...max(lowest, highest)
    return (decades > 5 + 1e-9 ? steps.dropFirst() : steps[...]).map { every in
      {
        labelled(
          rungs: exponents.filter { ($0 - (every > 3 ? 0 : lowest)).isMultiple(of: every) }.map { 3 * $0 })
      }
    }
  }

  /// 1, 2 and 5 of each decade; then the decades alone if there are two.
  private var rungChoices: [() -> Labels] {
    let rungs = Array(OneTwoFive.atLeast(lower)...max(OneTwoFive.atLeast(lower), OneTwoFive.atMost(upper)))
    guard rungs.count >= 2 else { return [] }
    let decades = rungs.filter { $0.isMultiple(of: 3) }
    let thirds = stride(from: rungs[0], through: rungs[rungs.count - 1], by: 3).map { $0 }
    return [rungs, decades.count >= 2 ? decades : thirds].map { rungs in { labelled(rungs: rungs) } }
  }

  private func labelled(rungs: [Int]) -> Labels {
    let values = rungs.map { min(max(OneTwoFive.value($0), lower), upper) }
    switch unit {
    case .number: return Array(zip(values, Notation.suited(toRungs: rungs)))
    case .steps: return values.map { ($0, Notation.steps($0)) }
    }
  }
}
