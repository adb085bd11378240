import Math

/// Runs one simulation at a time off the first thread. Each order is a task that takes over the simulation
/// where the one before left it, so nothing is shared but the mailbox.
package struct Engine: Sendable {
  private let mailbox: Mailbox
  private var task: Task<Simulation?, Never>?
  /// The last look ahead.
  private var outlook: Task<Void, Never>?

  package init(mailbox: Mailbox) { self.mailbox = mailbox }

  /// Sets up `scenario` as run number `run` and measures step 0. The run before is given up.
  package mutating func prepare(_ scenario: Scenario, run: Int) {
    task?.cancel()
    let mailbox = mailbox
    task = Task.detached {
      do {
        var simulation = try Simulation(scenario, digits: .embedded)
        mailbox.post(Report(run: run, news: .ready(RunOutline(simulation))))
        mailbox.post(Report(run: run, news: .records([Record(measuring: &simulation, withSpectra: true)])))
        return simulation
      } catch {
        mailbox.post(Report(run: run, news: .failed("the run cannot start: \(error)")))
        return nil
      }
    }
  }

  /// Advances by `count` steps, or to the end when that is nil, at `pace`.
  package mutating func advance(by count: Int?, pace: Pace, of scenario: Scenario, run: Int) {
    let (before, mailbox) = (task, mailbox)
    task = Task.detached {
      guard let simulation = await before?.value else { return nil }
      var runner = Runner(simulation, scenario: scenario, run: run, mailbox: mailbox)
      await runner.advance(by: count, pace: pace)
      return runner.simulation
    }
  }

  /// Looks ahead at a run that is being set up; of several asked for, those not begun give way to the last.
  package mutating func lookAhead(_ scenario: Scenario, run: Int) {
    outlook?.cancel()
    guard scenario.forecastWork <= Outlook.mostWork else { return }
    let (before, mailbox) = (outlook, mailbox)
    outlook = Task.detached {
      await before?.value
      guard !Task.isCancelled, let outlook = Outlook(trying: scenario) else { return }
      mailbox.post(Report(run: run, news: .outlook(outlook)))
    }
  }

  /// Looks for why a series of a run diverged.
  package func diagnose(_ scenario: Scenario, series: Int, run: Int) {
    let mailbox = mailbox
    Task.detached {
      guard let found = try? Divergence(scenario, series: series, digits: .embedded) else { return }
      mailbox.post(Report(run: run, news: .divergence(found)))
    }
  }

  /// Stops after the step in hand; the next order goes on from there.
  package mutating func stop() { task?.cancel() }
}

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
  private let mailbox: Mailbox
  private var records: [Record] = []

  /// Reports come this often, which is the most frames a second that the screen shows.
  static let reportInterval = Duration.milliseconds(50)

  init(_ simulation: Simulation, scenario: Scenario, run: Int, mailbox: Mailbox) {
    self.simulation = simulation
    self.scenario = scenario
    self.run = run
    self.mailbox = mailbox
  }

  mutating func advance(by count: Int?, pace: Pace) async {
    let last = count.map { min(simulation.step + $0, scenario.steps) } ?? scenario.steps
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
          nextReport = .now + Self.reportInterval
          if Task.isCancelled { break }
        }
      }
      simulation.advance()
      records.append(Record(measuring: &simulation, withSpectra: isSpectrumDue))
      if .now >= nextReport {
        report(isLast: false)
        nextReport = .now + Self.reportInterval
        await Task.yield()
      }
    }
    report(isLast: true)
    if simulation.step == scenario.steps || simulation.hasStopped {
      mailbox.post(Report(run: run, news: .finished))
    }
  }

  private mutating func report(isLast: Bool) {
    if isLast, var final = records.popLast() {
      if !final.hasSpectra { final.addSpectra(of: &simulation) }
      records.append(final)
    }
    guard !records.isEmpty else { return }
    mailbox.post(Report(run: run, news: .records(records)))
    records.removeAll(keepingCapacity: true)
  }

  /// Singular values cost up to n·m·min(n, m) a layer: a few hundred times a run when small, fewer when large.
  private var isSpectrumDue: Bool {
    let work = scenario.layerShapes.reduce(0.0) { sum, shape in
      sum + Double(shape.rows) * Double(shape.columns) * Double(min(shape.rows, shape.columns))
    }
    let count = max(10, min(250, 250 * 2e6 / work))
    let interval = max(1, Int((Double(scenario.steps) / count).rounded(.up)))
    return simulation.step.isMultiple(of: interval) || simulation.step == scenario.steps
  }
}
