import Math
import Theory

/// Runs one simulation at a time off the first thread. Each order is a task that takes over the simulation
/// where the one before left it, so tasks share nothing but the mailbox and what the run remembers.
package struct Engine: Sendable {
  private let mailbox: Mailbox
  private var memory: RunMemory?
  private var task: Task<Simulation?, Never>?
  /// The last look ahead.
  private var outlook: Task<Void, Never>?
  private var look: Task<Simulation?, Never>?
  private var survey: Task<Void, Never>?
  private var sweep: Task<Void, Never>?
  private var inspection: Task<Inspector?, Never>?
  private var claim: Task<Void, Never>?
  private var wanted = Wanted()

  package init(mailbox: Mailbox) { self.mailbox = mailbox }

  /// Sets up `course` as run number `run` and measures its first step. The run before is given up, but a branch
  /// of it begins from what it has come to.
  package mutating func prepare(_ course: Course, run: Int) {
    task?.cancel()
    look?.cancel()
    look = nil
    inspection?.cancel()
    inspection = nil
    claim?.cancel()
    let (mailbox, parent, memory) = (mailbox, memory, RunMemory(course, wanted))
    self.memory = memory
    task = Task.detached {
      do {
        guard var simulation = try await course.begin(knowing: parent) else { return nil }
        mailbox.post(Report(run: run, news: .ready(RunOutline(simulation))))
        let record = Record(measuring: &simulation, all: memory.wanted)
        memory.offer(simulation)
        mailbox.post(Report(run: run, news: .records([record])))
        return simulation
      } catch {
        mailbox.post(Report(run: run, news: .failed("the run cannot start: \(error)")))
        return nil
      }
    }
  }

  /// Advances by `count` steps as fast as they come, or at `pace` to the end when that is nil.
  package mutating func advance(by count: Int?, pace: Pace, of scenario: Scenario, run: Int) {
    guard let memory else { return }
    let (before, mailbox) = (task, mailbox)
    task = Task.detached {
      guard let simulation = await before?.value else { return nil }
      var runner = Runner(simulation, scenario: scenario, run: run, memory: memory, mailbox: mailbox)
      await runner.advance(by: count, pace: count == nil ? pace : .unlimited)
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
      let found = try? Divergence(scenario, series: series, digits: .embedded)
      mailbox.post(Report(run: run, news: .divergence(found)))
    }
  }

  /// Stops after the step in hand; the next order goes on from there.
  package mutating func stop() { task?.cancel() }

  /// Measures `step` of the present run by replaying to it, beside whatever else goes on. Of many orders only
  /// the last is sure of an answer.
  package mutating func look(at step: Int, run: Int) {
    guard let memory else { return }
    look?.cancel()
    let (before, mailbox) = (look, mailbox)
    look = Task.detached {
      let last = await before?.value
      guard var simulation = memory.nearest(step) else { return last }
      // One step on from where somebody has just looked is one step.
      if let last, last.step <= step, last.step > simulation.step { simulation = last }
      guard await simulation.replay(to: step) else { return simulation }
      let record = Record(measuring: &simulation, all: memory.wanted)
      mailbox.post(Report(run: run, news: .replayed(record)))
      return simulation
    }
  }

  /// What is measured from now on beside losses and gaps.
  package mutating func want(_ wanted: Wanted) {
    self.wanted = wanted
    memory?.wanted = wanted
  }

  /// Runs the experiment of a claim over five seeds, beside whatever else goes on, until another run is set up.
  package mutating func tryClaim(_ id: String, run: Int) {
    guard let claim = Claim.named(id) else { return }
    let mailbox = mailbox
    self.claim = Task.detached(priority: .utility) {
      guard let result = try? await Claim.results(of: [claim], seeds: 5).first else { return }
      mailbox.post(Report(run: run, news: .claimed(result)))
    }
  }

  /// Puts the theory on trial at a step of the present run, beside whatever else goes on. While the run goes on,
  /// a tenth of the time at most and once a second.
  package mutating func inquire(_ inquiry: Inquiry, run: Int) {
    guard let memory else { return }
    // Whoever stops to look does not wait for the second to end.
    if !inquiry.isLive { inspection?.cancel() }
    let (before, mailbox) = (inspection, mailbox)
    inspection = Task.detached(priority: .utility) {
      let known = await before?.value
      guard var inspector = known ?? Inspector(memory), var simulation = memory.nearest(inquiry.step),
        await simulation.replay(to: inquiry.step)
      else { return known }
      let start = ContinuousClock.now
      let states = inquiry.traced == nil ? [] : memory.states(40)
      let findings = await inspector.findings(inquiry, at: simulation, states: states)
      mailbox.post(Report(run: run, news: .found(findings)))
      if inquiry.isLive { try? await Task.sleep(for: max(.seconds(1), start.duration(to: .now) * 9)) }
      return inspector
    }
  }

  /// Runs `scenario` with `count` seeds, its own and those that follow, beside whatever else goes on.
  package mutating func survey(_ scenario: Scenario, seeds count: Int, memory: Double, run: Int) {
    survey?.cancel()
    let mailbox = mailbox
    survey = Task.detached {
      await SeedRun.all(of: scenario, seeds: count, memory: memory) {
        mailbox.post(Report(run: run, news: .surveyed($0)))
      }
    }
  }

  package mutating func stopSurvey() { survey?.cancel() }

  /// Runs a sweep beside whatever else goes on, `atOnce` runs at a time.
  package mutating func sweep(_ sweep: Sweep, atOnce: Int, run: Int) {
    self.sweep?.cancel()
    let mailbox = mailbox
    self.sweep = Task.detached(priority: .utility) {
      _ = try? await sweep.result(atOnce: atOnce, digits: { .embedded }) {
        mailbox.post(Report(run: run, news: .swept($0)))
      }
    }
  }

  package mutating func stopSweep() { sweep?.cancel() }
}

extension Course {
  /// The simulation at its first step; nil when nobody waits for it any more.
  /// - Parameter parent: what is remembered of a run, perhaps the one it branched off from.
  fileprivate func begin(knowing parent: RunMemory?) async throws -> Simulation? {
    guard case .branch(let scenario, let trunk, let step) = self else {
      return try Simulation(self.scenario, digits: .embedded)
    }
    let known = parent?.course == trunk ? parent?.nearest(step) : nil
    var start = known
    if start == nil { start = try await trunk.begin(knowing: parent) }
    guard var simulation = start, await simulation.replay(to: step) else { return nil }
    return try simulation.branched(to: scenario)
  }
}

extension Simulation {
  /// Goes on to `step`, which it is not beyond, the way a run went that was watched: losses are taken at every
  /// step, since over all examples they show a divergence that a minibatch does not.
  /// - Returns: whether it got there before it was cancelled.
  fileprivate mutating func replay(to step: Int) async -> Bool {
    var breath = ContinuousClock.now + .milliseconds(5)
    while self.step < step {
      if Task.isCancelled { return false }
      advance()
      if problem.batches != .all { _ = losses() }
      if .now > breath {
        // Few threads serve all tasks.
        await Task.yield()
        breath = .now + .milliseconds(5)
      }
    }
    return !Task.isCancelled
  }
}
