import Explorer
import Math
import Testing

/// The engine with its mailbox, without a screen. On the first thread as in the program: the others, which are few,
/// are the engine's.
@Suite("Engine", .timeLimit(.minutes(10)))
@MainActor
struct EngineTests {
  /// An engine and all that it has said.
  @MainActor final class Desk {
    let wakePipe: WakePipe
    let mailbox: Mailbox
    var engine: Engine
    private(set) var news: [Report.News] = []

    init(_ course: Course, wanted: Wanted = Wanted()) throws {
      wakePipe = try WakePipe()
      mailbox = Mailbox(wakePipe: wakePipe)
      engine = Engine(mailbox: mailbox)
      engine.want(wanted)
      engine.prepare(course, run: 1)
    }

    /// Waits until `holds` of something said; nil if nothing is said for a minute.
    @discardableResult
    func wait(for holds: (Report.News) -> Bool) -> Report.News? {
      while true {
        let new = mailbox.collect().map(\.news)
        news += new
        if let found = new.first(where: holds) { return found }
        guard wakePipe.wait(milliseconds: 60_000) else { return nil }
        wakePipe.drain()
      }
    }

    func finish() throws {
      guard case .whole(let scenario)? = Optional(course) else { return }
      engine.advance(by: nil, pace: .unlimited, of: scenario, run: 1)
      try #require(wait { $0 == .finished } != nil)
    }

    var course: Course = .whole(Scenario())

    /// All records so far, by step.
    var records: [Int: Record] {
      var records: [Int: Record] = [:]
      for case .records(let some) in news {
        for record in some { records[record.step] = record }
      }
      return records
    }

    func look(at step: Int) -> Record? {
      engine.look(at: step, run: 1)
      let answer = wait {
        if case .replayed(let record) = $0 { record.step == step } else { false }
      }
      guard case .replayed(let record)? = answer else { return nil }
      return record
    }
  }

  /// NaN is written like any number, so two that diverged are the same.
  private func text(_ record: Record, withSpectra: Bool) -> String {
    let layers = record.layers.map { "\($0.gaps) \(withSpectra ? "\($0.spectra ?? [])" : "")" }
    return "\(record.step) \(record.losses) \(record.heldOutLosses ?? []) \(record.restarted) \(layers)"
  }

  @Test(arguments: [
    "n=9 m=7 r=2 lr=0.03 variants=lora,lora-pro,serial-lora(every=7)",
    "task=linreg n=9 m=7 r=2 samples=40 held=5 batch=8 lr=0.01 opt=adam variants=lora,adalora,galore",
    "task=twolayer n=6 hidden=7 m=5 r=2 samples=30 opt=momentum lr=0.01 variants=dora,parallel-lora,floor",
    "n=9 m=7 r=2 lr=3 variants=lora,lora-ga",
  ])
  func aReplayedStepIsTheRecordedOneBitByBit(line: String) throws {
    let scenario = try Scenario(parsing: line + " steps=300")
    let desk = try Desk(.whole(scenario))
    desk.course = .whole(scenario)
    try desk.finish()
    let records = desk.records
    for step in [0, 1, 137, 298, 64, 63, 299] {
      guard let live = records[step] else { continue }
      let replayed = try #require(desk.look(at: step))
      #expect(
        text(replayed, withSpectra: live.hasSpectra) == text(live, withSpectra: live.hasSpectra), "at \(step)"
      )
      #expect(replayed.hasSpectra, "a look back shows singular values")
    }
  }

  @Test func ofManyLooksTheLastIsAnswered() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=300")
    let desk = try Desk(.whole(scenario))
    desk.course = .whole(scenario)
    try desk.finish()
    for step in 1..<200 { desk.engine.look(at: step, run: 1) }
    #expect(desk.look(at: 250)?.step == 250)
  }

  @Test func aLookDoesNotDisturbTheRun() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=200 opt=adam lr=0.01")
    let plain = try Desk(.whole(scenario))
    plain.course = .whole(scenario)
    try plain.finish()
    let watched = try Desk(.whole(scenario))
    watched.course = .whole(scenario)
    watched.engine.advance(by: 100, pace: .unlimited, of: scenario, run: 1)
    watched.engine.look(at: 0, run: 1)
    try watched.finish()
    #expect(watched.records[200] == plain.records[200])
  }

  @Test func aBranchGoesOnFromItsStepWhetherTheRunIsKnownOrNot() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=60 variants=lora")
    let faster = try Scenario(parsing: "n=9 m=7 r=2 steps=60 variants=lora lr=0.006")
    let desk = try Desk(.whole(scenario))
    desk.course = .whole(scenario)
    try desk.finish()
    let at20 = try #require(desk.look(at: 20))
    let course = Course.branch(faster, of: .whole(scenario), at: 20)
    func end(_ desk: Desk) throws -> (first: Record, last: Record) {
      desk.engine.advance(by: nil, pace: .unlimited, of: faster, run: 1)
      try #require(desk.wait { $0 == .finished } != nil)
      return (try #require(desk.records[20]), try #require(desk.records[60]))
    }
    let unknown = try Desk(course)
    let first = try end(unknown)
    #expect(first.first.gaps == at20.gaps && first.first.losses == at20.losses)
    // The way there is told where it was not known, and can be looked at in any case.
    #expect(unknown.records[7]?.gaps == desk.records[7]?.gaps && unknown.records.count == 61)
    #expect(unknown.look(at: 7)?.gaps == desk.records[7]?.gaps)
    desk.engine.prepare(course, run: 1, isTrunkTold: true)
    #expect(try end(desk).last == first.last)
    #expect(desk.look(at: 7) == unknown.look(at: 7))
    var alone = try Simulation(scenario, digits: .embedded)
    while alone.step < 20 { alone.advance() }
    alone = try alone.branched(to: faster)
    while alone.step < 60 { alone.advance() }
    #expect(alone.losses() == first.last.losses)
  }

  @Test func whatNobodyWantsIsNotMeasured() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=40 variants=lora,dora")
    let desk = try Desk(.whole(scenario))
    desk.course = .whole(scenario)
    try desk.finish()
    for record in desk.records.values {
      #expect(record.measureIDs.isEmpty && record.layers[0].angles == nil && record.layers[0].entries == nil)
    }
    desk.engine.want(Wanted(measures: ["effective-rank"], hasAngles: true, entries: 2))
    let record = try #require(desk.look(at: 30))
    var simulation = try Simulation(scenario, digits: .embedded)
    while simulation.step < 30 { simulation.advance() }
    #expect(record.layers[0].measures.count == 3 && record.measureIDs == ["effective-rank"])
    #expect(record.layers[0].angles?[1] == simulation.columnAngles()[1])
    #expect(record.layers[0].entries?.distances == simulation.entryDistances(series: 2))
    // ‖|W − W_full|‖_F is the gap; 1e-13: one of them is summed up by tiles.
    let norm = try #require(record.layers[0].entries?.distances.norm)
    #expect(abs(norm - record.gaps[2]) <= 1e-13 * record.gaps[2])
  }

  @Test func aSeedOfABranchBranchesOffToo() async throws {
    let course = try Course(parsing: "n=9 m=7 r=2 steps=20 lr=0.01 | t=5 lr=0.02 | t=11 opt=adam lr=0.01")
    let run = try #require(try await SeedRun(course))
    let desk = try Desk(course)
    desk.engine.advance(by: nil, pace: .unlimited, of: course.scenario, run: 1)
    try #require(desk.wait { $0 == .finished } != nil)
    #expect(run.losses.map(\.last) == desk.records[20]?.losses.map(Optional.init))
  }

  @Test func whatNobodyLookedAtIsTracedBack() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=40 variants=lora")
    let desk = try Desk(.whole(scenario))
    desk.course = .whole(scenario)
    try desk.finish()
    desk.engine.want(Wanted(measures: ["cosine"]))
    desk.engine.trace(run: 1)
    guard case .traced(let records)? = desk.wait(for: { if case .traced = $0 { true } else { false } }) else {
      return
    }
    #expect(records.map(\.step) == Array(0...40) && records.allSatisfy { $0.layers[0].measures.count == 2 })
    #expect(records[30].layers[0].measures == desk.look(at: 30)?.layers[0].measures)
  }

  /// The trunk has gone on beyond the branch where it is known.
  @Test(arguments: [true, false])
  func whatABranchSharesWithItsTrunkIsTracedBackToo(isTrunkKnown: Bool) throws {
    let course = try Course(
      parsing: "n=9 m=7 r=2 steps=40 variants=lora lr=0.01 | t=10 lr=0.02 | t=25 lr=0.01")
    let trunk = course.upTo(0)
    let desk = try Desk(isTrunkKnown ? trunk : course)
    if isTrunkKnown {
      desk.course = trunk
      try desk.finish()
      desk.engine.prepare(course, run: 1)
    }
    desk.engine.advance(by: nil, pace: .unlimited, of: course.scenario, run: 1)
    try #require(desk.wait { $0 == .finished } != nil)
    desk.engine.want(Wanted(measures: ["cosine"]))
    desk.engine.trace(run: 1)
    let traced = desk.wait { if case .traced = $0 { true } else { false } }
    guard case .traced(let records)? = traced else { Issue.record("nothing is traced"); return }
    #expect(records.map(\.step) == Array(0...40))
    for step in [5, 15, 30] {
      #expect(records[step].layers[0].measures == desk.look(at: step)?.layers[0].measures, "at \(step)")
    }
    desk.engine.inquire(Inquiry(step: 40, traced: "C2", isLive: false), run: 1)
    let found = desk.wait { if case .found = $0 { true } else { false } }
    guard case .found(let findings)? = found else { Issue.record("nothing is found"); return }
    #expect(findings.trace.first?.step == 0 && findings.trace.contains { $0.step == 15 })
  }

  /// What is drawn does not depend on when somebody began to look.
  @Test(arguments: ["lr=0.01", "lr=0.01 | t=101 lr=0.02"])
  func thePastIsTracedWhereItWouldHaveBeenMeasured(words: String) throws {
    let course = try Course(parsing: "n=9 m=7 r=2 steps=700 variants=lora " + words)
    let watched = try Desk(course, wanted: Wanted(measures: ["cosine"]))
    let late = try Desk(course)
    for desk in [watched, late] {
      desk.engine.advance(by: nil, pace: .unlimited, of: course.scenario, run: 1)
      try #require(desk.wait { $0 == .finished } != nil)
    }
    late.engine.want(Wanted(measures: ["cosine"]))
    late.engine.trace(run: 1)
    let traced = late.wait { if case .traced = $0 { true } else { false } }
    guard case .traced(let records)? = traced else { Issue.record("nothing is traced"); return }
    let steps = watched.records.filter { !$1.measureIDs.isEmpty && $0.isMultiple(of: 3) }.keys.sorted()
    #expect(steps.count > 200 && records.map(\.step).filter { $0.isMultiple(of: 3) } == steps)
    for record in records where record.step.isMultiple(of: 3) {
      #expect(record.layers[0].measures == watched.records[record.step]?.layers[0].measures)
    }
  }

  @Test func whatIsWantedOnTheWayToABranchIsMeasuredThere() throws {
    // So far that no machine is there within the interval of a report.
    let course = try Course(parsing: "n=2 m=2 r=1 steps=200000 variants=lora | t=100000 lr=0.01")
    let desk = try Desk(course)
    // The way there waits while nobody takes in what it has found.
    while !desk.mailbox.isFull {
      try #require(desk.wakePipe.wait(milliseconds: 60_000))
      desk.wakePipe.drain()
    }
    desk.engine.want(Wanted(hasAngles: true))
    try #require(
      desk.wait { if case .records(let some) = $0 { some.last?.step == 100_000 } else { false } } != nil)
    // Every 800 steps.
    #expect(desk.records[99_200]?.layers[0].angles != nil)
  }

  @Test func seedsRunSideBySideAndAreThoseOfTheirScenarios() throws {
    let scenario = try Scenario(parsing: "n=9 m=7 r=2 steps=20 seed=5")
    let desk = try Desk(.whole(scenario))
    desk.engine.survey(.whole(scenario), seeds: 3, memory: 1e9, run: 1)
    var runs: [SeedRun] = []
    while runs.count < 3 {
      try #require(desk.wait { if case .surveyed = $0 { true } else { false } } != nil)
      runs = desk.news.compactMap { if case .surveyed(let run) = $0 { run } else { nil } }
    }
    #expect(runs.map(\.seed).sorted() == [5, 6, 7])
    var simulation = try Simulation(Scenario(parsing: "n=9 m=7 r=2 steps=20 seed=6"), digits: .embedded)
    while simulation.step < 20 { simulation.advance() }
    let six = try #require(runs.first { $0.seed == 6 })
    #expect(six.losses.map(\.last) == simulation.losses().map(Optional.init))
    #expect(six.gaps[0].map(\.last) == simulation.gaps().map(Optional.init))
  }

  @Test("waits while nobody takes in what it has found, and goes on where somebody does")
  func waits() throws {
    let scenario = try Scenario(parsing: "n=2 m=2 r=1 steps=40000 variants=lora")
    let desk = try Desk(.whole(scenario))
    desk.engine.advance(by: nil, pace: .unlimited, of: scenario, run: 1)
    while !desk.mailbox.isFull {
      try #require(desk.wakePipe.wait(milliseconds: 60_000))
      desk.wakePipe.drain()
    }
    // The last report is in the mailbox a moment before it wakes anybody; after it there is none.
    _ = desk.wakePipe.wait(milliseconds: 1000)
    desk.wakePipe.drain()
    #expect(!desk.wakePipe.wait(milliseconds: 500))
    try #require(desk.wait { $0 == .finished } != nil)
    #expect(desk.records.count == 40_001)
  }
}

@Suite("Checkpoints kept")
struct CheckpointsTests {
  func kept(bytes: Int, steps: Int) throws -> Checkpoints {
    var simulation = try Simulation(
      Scenario(parsing: "n=6 m=5 r=2 steps=5000 variants=lora"), digits: .embedded)
    var checkpoints = Checkpoints(simulation, bytes: bytes)
    while simulation.step < steps {
      simulation.advance()
      checkpoints.offer(simulation)
    }
    return checkpoints
  }

  @Test func theyStandAtEvenDistancesFromTheFirst() throws {
    // 8·(30 + 22) bytes each: room for eight.
    let checkpoints = try kept(bytes: 8 * 52 * 8, steps: 100)
    #expect(checkpoints.steps == [0, 16, 32, 48, 64, 80, 96])
    #expect(checkpoints.nearest(79).step == 64 && checkpoints.nearest(5).step == 0)
  }

  @Test func theFirstIsAlwaysThere() throws {
    #expect(try kept(bytes: 1, steps: 50).steps == [0])
    #expect(try kept(bytes: 8 * 52 * 2, steps: 50).steps.first == 0)
  }

  @Test func aLookBackReplaysAtMostAThirtySecondOfTheRun() throws {
    let steps = try kept(bytes: 1 << 28, steps: 1000).steps
    #expect(steps.count <= Checkpoints.most && steps[1] <= 1000 / 31, "\(steps)")
  }
}
