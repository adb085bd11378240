import Math

/// How fast a run is shown.
package enum Pace: Equatable, Sendable {
  case stepsPerSecond(Double)
  case unlimited
}

/// One stretch of a run.
struct Runner: Sendable {
  private(set) var simulation: Simulation
  private let scenario: Scenario
  private let run: Int
  private let memory: RunMemory
  private let mailbox: Mailbox
  private var records: [Record] = []

  /// Singular values that a chart has room for while it moves; where it stands still there are all.
  static let shownValues = 64

  /// Reports come this often, which is the most frames a second that the screen shows.
  static let reportInterval = Duration.milliseconds(50)

  init(_ simulation: Simulation, scenario: Scenario, run: Int, memory: RunMemory, mailbox: Mailbox) {
    self.simulation = simulation
    self.scenario = scenario
    self.run = run
    self.memory = memory
    self.mailbox = mailbox
  }

  mutating func advance(by count: Int?, pace: Pace) async {
    await play(to: count.map { min(simulation.step + $0, scenario.steps) } ?? scenario.steps, pace: pace)
    let hasEnded = simulation.step == scenario.steps || simulation.hasStopped
    mailbox.post(Report(run: run, news: hasEnded ? .finished : .rested))
  }

  mutating func play(to last: Int, pace: Pace) async {
    let start = ContinuousClock.now
    let firstStep = simulation.step
    var nextReport = start + Self.reportInterval
    while simulation.step < last, !simulation.hasStopped, !Task.isCancelled {
      if case .stepsPerSecond(let rate) = pace {
        let due = start + .seconds(Double(simulation.step + 1 - firstStep) / rate)
        // Steps closer together than reports are taken in bursts, so sleeping costs nothing.
        if due > nextReport || due - .now > Self.reportInterval {
          report(isLast: false)
          try? await Task.sleep(until: max(due, nextReport))
          await waitForRoom()
          nextReport = Self.report(after: nextReport)
          if Task.isCancelled { break }
        }
      }
      step()
      if .now >= nextReport {
        report(isLast: false)
        await Task.yield()
        await waitForRoom()
        nextReport = Self.report(after: nextReport)
      }
    }
    report(isLast: true)
  }

  /// When the next is due: always as far from the one before, those missed being left out.
  private static func report(after due: ContinuousClock.Instant) -> ContinuousClock.Instant {
    let missed = max(0, (.now - due) / reportInterval).rounded(.down)
    return due + reportInterval * (missed + 1)
  }

  private func waitForRoom() async {
    while mailbox.isFull, !Task.isCancelled { try? await Task.sleep(for: Self.reportInterval) }
  }

  private mutating func step() {
    simulation.advance()
    var record = Record(measuring: &simulation, withSpectra: false)
    if areCurvesDue { record.addCurves(memory.wanted, of: &simulation, leading: Self.shownValues) }
    records.append(record)
    memory.offer(simulation)
  }

  /// The last record of a report has what is only drawn as it is now, that of a stretch has all.
  private mutating func report(isLast: Bool) {
    guard var latest = records.popLast() else { return }
    let wanted = memory.wanted
    if isLast { latest.addCurves(wanted, of: &simulation) }
    latest.addEntries(wanted, of: &simulation)
    records.append(latest)
    mailbox.post(Report(run: run, news: .records(records)))
    records.removeAll(keepingCapacity: true)
  }

  private var areCurvesDue: Bool {
    simulation.step.isMultiple(of: scenario.stepsBetweenCurves) || simulation.step == scenario.steps
  }
}

extension Course {
  /// Where curves are measured while somebody looks on, by `last`.
  func stepsOfCurves(to last: Int) -> [Int] {
    let ends = legs.dropFirst().map(\.start) + [last + 1]
    return zip(legs, ends).flatMap { leg, end in
      let interval = leg.scenario.stepsBetweenCurves
      return stride(from: leg.start, to: min(end, last + 1), by: 1).filter {
        $0 == leg.start || $0.isMultiple(of: interval)
      }
    }
  }
}

extension Scenario {
  /// Singular values cost up to n·m·min(n, m) a layer: a few hundred times a run when small, fewer when large.
  var stepsBetweenCurves: Int {
    let work = layerShapes.reduce(0.0) { sum, shape in
      sum + Double(shape.rows) * Double(shape.columns) * Double(min(shape.rows, shape.columns))
    }
    let count = max(10, min(250, 250 * 2e6 / work))
    return max(1, Int((Double(steps) / count).rounded(.up)))
  }
}
