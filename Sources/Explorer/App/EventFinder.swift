import Math

/// Finds what happens in a run from its records, one after the other. What moves back and forth by less than a
/// share of itself is noise, and no event.
package struct EventFinder: Equatable, Sendable {
  /// Of all kinds together, the oldest kept: a curve that shakes cannot fill the memory.
  package static let most = 400
  package private(set) var events: [RunEvent] = []

  private var peaks: [[Peak]] = []
  private var gapOrder: [Order] = []
  private var lossOrder = Order(0)
  private var floors: [[Floors]] = []
  private var hasDiverged: [Bool] = []
  private var violated: [[Bool]] = []

  /// - Parameter events: those found before, of a run that this one goes on from.
  package init(after events: [RunEvent] = []) { self.events = events }

  package mutating func take(_ record: Record) {
    let (series, layers) = (record.losses.count, record.layers.count)
    if hasDiverged.isEmpty { prepare(series, layers) }
    for i in 0..<series where !hasDiverged[i] && !record.losses[i].isFinite {
      hasDiverged[i] = true
      add(RunEvent(record.step, .divergence(series: i)))
    }
    for i in record.restarted { add(RunEvent(record.step, .restart(series: i))) }
    for (i, j) in lossOrder.take(record.losses, from: 0) {
      add(RunEvent(record.step, .lossCrossing(below: i, above: j)))
    }
    for (l, layer) in record.layers.enumerated() {
      let number = layers > 1 ? l : nil
      for (i, j) in gapOrder[l].take(layer.gaps, from: 1) {
        add(RunEvent(record.step, .gapCrossing(below: i, above: j), layer: number))
      }
      for i in 1..<max(1, series) {
        if let top = peaks[l][i].take(layer.gaps[i], record.step) {
          add(RunEvent(top.step, .peak(series: i, gap: top.gap), layer: number))
        }
        guard let floor = layer.spectra?[i]?.floor, layer.gaps[i].isFinite else { continue }
        compare(layer.gaps[i], floor, series: i, layer: l, number, record.step)
      }
    }
  }

  /// The earliest step at which each check was seen broken.
  package mutating func take(_ findings: Findings) {
    for (step, id, measured) in findings.broken {
      let isSame = { (event: RunEvent) in
        if case .brokenCheck(id, _) = event.kind { true } else { false }
      }
      if let known = events.firstIndex(where: isSame) {
        guard step < events[known].step else { continue }
        events.remove(at: known)
      }
      add(RunEvent(step, .brokenCheck(id: id, measured: measured)))
    }
  }

  private mutating func prepare(_ series: Int, _ layers: Int) {
    hasDiverged = (0..<series).map { i in events.contains { $0.kind == .divergence(series: i) } }
    lossOrder = Order(series)
    gapOrder = Array(repeating: Order(series), count: layers)
    peaks = Array(repeating: Array(repeating: Peak(), count: series), count: layers)
    floors = Array(repeating: Array(repeating: Floors(), count: series), count: layers)
    violated = Array(repeating: Array(repeating: false, count: series), count: layers)
  }

  private mutating func compare(
    _ gap: Double, _ floor: Double, series i: Int, layer l: Int, _ number: Int?, _ step: Int
  ) {
    // 1e-9, as in the tests: both come from singular values of weights of size 1 to 1e3, rounded at 1e-16 of them.
    if gap < floor - 1e-9 * max(1, floor), !violated[l][i] {
      violated[l][i] = true
      add(RunEvent(step, .violation(series: i, gap: gap, floor: floor), layer: number))
    }
    for (times, isWithin) in floors[l][i].take(gap, floor) {
      add(RunEvent(step, .floor(series: i, times: times, isWithin: isWithin), layer: number))
    }
  }

  /// By step, those of one step as they were found.
  private mutating func add(_ event: RunEvent) {
    guard events.count < Self.most || event.isGrave else { return }
    let after = events.lastIndex { $0.step <= event.step }
    events.insert(event, at: after.map { $0 + 1 } ?? 0)
  }
}

/// Below this a gap or a loss is what rounding leaves of weights of size 1.
private let dust = 1e-12

/// A curve's way up and down.
private struct Peak: Equatable, Sendable {
  /// Since it last turned: the highest, or the lowest on the way down.
  private var extreme = -Double.infinity
  private var step = 0
  private var isRising = true
  /// Where it began, which is no top.
  private var start: Int?

  /// A curve turns when it has gone back a twentieth of its height.
  static let share = 0.05

  /// - Returns: the top that is now known to have been one.
  mutating func take(_ gap: Double, _ step: Int) -> (step: Int, gap: Double)? {
    guard gap.isFinite else { return nil }
    if start == nil { start = step }
    guard gap > dust else { return nil }
    if isRising ? gap > extreme : gap < extreme {
      (extreme, self.step) = (gap, step)
    } else if isRising, gap < (1 - Self.share) * extreme {
      defer { (extreme, self.step, isRising) = (gap, step, false) }
      return self.step == start ? nil : (self.step, extreme)
    } else if !isRising, gap > extreme / (1 - Self.share) {
      (extreme, self.step, isRising) = (gap, step, true)
    }
    return nil
  }
}

/// Which of each two numbers is the larger.
private struct Order: Equatable, Sendable {
  /// Row i, column j: whether number i is above number j; nil while they have been the same.
  private var isAbove: [Bool?]
  private let count: Int

  init(_ count: Int) {
    self.count = count
    isAbove = Array(repeating: nil, count: count * count)
  }

  /// Two numbers have changed places when they are a hundredth apart the other way round.
  static let share = 0.01

  /// - Returns: those that have changed places.
  mutating func take(_ x: [Double], from first: Int) -> [(below: Int, above: Int)] {
    var changed: [(below: Int, above: Int)] = []
    for i in first..<max(first, count) {
      for j in (i + 1)..<max(i + 1, count) {
        let (a, b) = (x[i], x[j])
        // False for NaN, which is above nothing.
        guard abs(a - b) > max(dust, Self.share * max(abs(a), abs(b))) else { continue }
        let now = a > b
        let before = isAbove[i * count + j]
        if before == now { continue }
        isAbove[i * count + j] = now
        if before != nil { changed.append(now ? (j, i) : (i, j)) }
      }
    }
    return changed
  }
}

/// How many times its floor a gap is.
private struct Floors: Equatable, Sendable {
  /// Multiples of the floor that are worth telling.
  static let multiples = [1.05, 1.5, 2, 5, 10]
  private var isWithin: [Bool?] = multiples.map { _ in nil }

  mutating func take(_ gap: Double, _ floor: Double) -> [(times: Double, isWithin: Bool)] {
    // A floor of rounding dust says nothing.
    guard floor > 1e-9 else { return [] }
    var news: [(times: Double, isWithin: Bool)] = []
    for (k, times) in Self.multiples.enumerated() {
      let ratio = gap / (times * floor)
      guard abs(ratio - 1) > Order.share else { continue }
      let before = isWithin[k]
      isWithin[k] = ratio < 1
      if let before, before != isWithin[k] { news.append((times, ratio < 1)) }
    }
    return news
  }
}
