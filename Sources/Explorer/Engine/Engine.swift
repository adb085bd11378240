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
  private var tracing: Task<Void, Never>?
  private var wanted = Wanted()

  package init(mailbox: Mailbox) { self.mailbox = mailbox }

  /// Sets up `course` as run number `run` and measures its first step. The run before is given up, but a branch
  /// of it begins from what it has come to.
  /// - Parameter isTrunkTold: whether the way to a branch has been told and need not be again.
  package mutating func prepare(_ course: Course, run: Int, isTrunkTold: Bool = false) {
    task?.cancel()
    look?.cancel()
    look = nil
    inspection?.cancel()
    inspection = nil
    tracing?.cancel()
    let (mailbox, memory) = (mailbox, RunMemory(course, wanted, knowing: memory))
    self.memory = memory
    task = Task.detached {
      do {
        guard var simulation = try await memory.begin(run: run, mailbox, isTrunkTold: isTrunkTold) else {
          return nil
        }
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
    guard !Outlook.isTooMuch(scenario) else { return }
    let (before, mailbox) = (outlook, mailbox)
    outlook = Task.detached {
      await before?.value
      guard !Task.isCancelled, let outlook = Outlook(trying: scenario) else { return }
      mailbox.post(Report(run: run, news: .outlook(outlook)))
    }
  }

  /// Looks for why a series of the present run diverged.
  package func diagnose(series: Int, run: Int) {
    guard let memory else { return }
    let (course, mailbox) = (memory.course, mailbox)
    Task.detached {
      let branch = course.parent == nil ? nil : memory.nearest(course.start)
      let found = try? Divergence(course.scenario, series: series, from: branch, digits: .embedded)
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

  /// Measures what is wanted of the present run's past, beside whatever else goes on.
  package mutating func trace(run: Int) {
    guard let memory else { return }
    tracing?.cancel()
    let mailbox = mailbox
    tracing = Task.detached(priority: .utility) {
      var records: [Record] = []
      var last: Simulation?
      for step in memory.course.stepsOfCurves(to: memory.reached) {
        guard var state = memory.nearest(step) else { return }
        if let last, last.step > state.step { state = last }
        guard await state.replay(to: step) else { return }
        var record = Record(measuring: &state, withSpectra: false)
        record.addMeasures(memory.wanted, of: &state)
        records.append(record)
        last = state
        // Few threads serve all tasks.
        await Task.yield()
      }
      mailbox.post(Report(run: run, news: .traced(records)))
    }
  }

  /// Runs the experiment of a claim over some seeds, beside whatever else goes on.
  package mutating func tryClaim(_ id: String, run: Int) {
    guard let claim = Claim.named(id) else { return }
    self.claim?.cancel()
    let mailbox = mailbox
    self.claim = Task.detached(priority: .utility) {
      guard let result = try? await Claim.results(of: [claim], seeds: ClaimBoard.seeds).first else { return }
      mailbox.post(Report(run: run, news: .claimed(result)))
    }
  }

  package func tryErrata(run: Int) {
    let mailbox = mailbox
    Task.detached(priority: .utility) {
      guard let sides = try? await Erratum.sides(seeds: 1) else { return }
      mailbox.post(Report(run: run, news: .erred(sides)))
    }
  }

  package mutating func stopClaim() { claim?.cancel() }

  /// Tries a lesson's scene, beside whatever else goes on.
  package func measure(_ scene: Scene, _ place: LessonPlay.Place, run: Int) {
    let mailbox = mailbox
    Task.detached(priority: .utility) {
      guard let trial = try? scene.tried() else { return }
      mailbox.post(Report(run: run, news: .measured(place, trial)))
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

  /// Runs `course` with `count` seeds, its own and those that follow, beside whatever else goes on.
  package mutating func survey(_ course: Course, seeds count: Int, memory: Double, run: Int) {
    survey?.cancel()
    let mailbox = mailbox
    survey = Task.detached {
      await SeedRun.all(of: course, seeds: count, memory: memory) {
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

  /// Writes a file of the run that `model` shows, computed again up to `step`, beside whatever else goes on.
  package func export(_ export: Export, _ model: Model, to step: Int) {
    let mailbox = mailbox
    Task.detached(priority: .utility) {
      let answer = await export.answer(model, to: step)
      mailbox.post(Report(run: model.run, news: .exported(answer)))
    }
  }
}

extension RunMemory {
  /// The simulation at the run's first step of its own; nil when nobody waits for it any more. The way there is told,
  /// too, unless it has been.
  fileprivate func begin(run: Int, _ mailbox: Mailbox, isTrunkTold: Bool = false) async throws -> Simulation?
  {
    guard case .branch(let scenario, _, let step) = course, let trunk else {
      let first = try Simulation(course.scenario, digits: .embedded)
      mailbox.post(Report(run: run, news: .ready(RunOutline(first))))
      return first
    }
    if isTrunkTold, var known = trunk.nearest(step) {
      guard await known.replay(to: step) else { return nil }
      mailbox.post(Report(run: run, news: .ready(RunOutline(known))))
      return try known.branched(to: scenario)
    }
    guard var start = try await trunk.begin(run: run, mailbox) else { return nil }
    let record = Record(measuring: &start, all: wanted)
    trunk.offer(start)
    mailbox.post(Report(run: run, news: .records([record])))
    var runner = Runner(start, scenario: trunk.course.scenario, run: run, memory: trunk, mailbox: mailbox)
    await runner.play(to: step, pace: .unlimited)
    return Task.isCancelled ? nil : try runner.simulation.branched(to: scenario)
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
