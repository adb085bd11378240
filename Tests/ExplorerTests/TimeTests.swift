import Charts
import Explorer
import Math
import Testing

/// The cursor, speed, branches and past runs, by messages alone.
@Suite("Time")
struct TimeTests {
  func record(_ model: Model, at step: Int) throws -> Record {
    var simulation = try Simulation(model.scenario, digits: .embedded)
    while simulation.step < step { simulation.advance() }
    return Record(measuring: &simulation, withSpectra: true)
  }

  func press(_ model: inout Model, _ keys: Key...) -> [Command] {
    keys.flatMap { update(&model, .key($0)) }
  }

  /// What `:` does with a line.
  func type(_ model: inout Model, _ line: String) -> [Command] {
    _ = update(&model, .key(.character(":")))
    for scalar in line.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    return update(&model, .key(.enter))
  }

  @Test func arrowsMoveTheCursorFromTheLiveEndAndBack() throws {
    var model = try UpdateTests.running(to: 5)
    #expect(press(&model, .left, .character(",")) == [.look(at: 4), .look(at: 3)])
    #expect(model.cursor == 3 && model.position == 3)
    #expect(press(&model, .right, .character(".")) == [.look(at: 4)])
    #expect(model.cursor == nil, "the last step is the live end")
    #expect(press(&model, .home) == [.look(at: 0)])
    #expect(press(&model, .left) == [], "there is nothing before the start")
    #expect(press(&model, .shiftRight) == [.look(at: 1)], "a hundredth of ten steps is one at least")
    #expect(press(&model, .end) == [] && model.cursor == nil)
  }

  @Test func aDragFromTheTimelineMovesTheCursorUnderThePointer() throws {
    var model = try SyntheticRun.model("steps=2000", steps: 1000)
    let row = 22
    /// Where the timeline's mark stands.
    func mark() -> Int? {
      (0..<80).first { view(model, model.size).grid.scalar(row: row, column: $0) == Glyphs.braille.now.value }
    }
    let live = try #require(mark())
    for column in [1, 8, 15, 30] {
      let kind = column == 1 ? Mouse.Kind.press : .drag(fromRow: row)
      // A hand that drags does not keep to the row.
      let commands = update(&model, .mouse(Mouse(kind, row: column == 1 ? row : 5, column: column)))
      let cursor = try #require(model.cursor)
      #expect(mark() == column && commands == [.look(at: cursor)])
    }
    let before = model.cursor
    #expect(update(&model, .mouse(Mouse(.drag(fromRow: 5), row: row, column: 20))) == [])
    #expect(model.cursor == before, "a drag from elsewhere is none of the timeline's")
    _ = update(&model, .mouse(Mouse(.drag(fromRow: row), row: row, column: 0)))
    #expect(model.cursor == 0)
    _ = update(&model, .mouse(Mouse(.drag(fromRow: row), row: row, column: 79)))
    #expect(model.cursor == nil && mark() == live, "beyond the last step is the live end")
  }

  @Test func everyPanelShowsTheStepUnderTheCursor() throws {
    var model = try UpdateTests.running(to: 5)
    _ = press(&model, .home, .right, .right)
    let two = try record(model, at: 2)
    _ = update(&model, .report(Report(run: 1, news: .replayed(two))))
    #expect(model.shown == two && model.shownStep == 2)
    #expect(model.shownSpectra(layer: 0) == two.spectra)
    let size = Size(width: 80, height: 24)
    let screen = view(model, size)
    _ = update(&model, .report(Report(run: 1, news: .records([try record(model, at: 6)]))))
    let after = view(model, size).grid.rows
    #expect(Array(after[21...22]) == Array(screen.grid.rows[21...22]), "the run goes on, the read-out stays")
    #expect(after[22].contains("t=2"))
  }

  @Test func untilTheReplayArrivesTheNumbersKeepTheirOwnStep() throws {
    var model = try UpdateTests.running(to: 5)
    _ = press(&model, .left)
    #expect(model.position == 4 && model.shownStep == 5)
  }

  @Test func gotoTakesAStepOfTheRun() throws {
    var model = try UpdateTests.running(to: 5)
    #expect(type(&model, "goto 3") == [.look(at: 3)])
    #expect(type(&model, "goto 6") == [])
    #expect(model.notice == "goto is given 6; this run has come to step 5 of 10")
    #expect(model.cursor == 3)
    _ = type(&model, "goto x")
    #expect(model.notice?.contains("a step of this run") == true)
  }

  @Test func gAsksForTheStep() throws {
    var model = try UpdateTests.running(to: 5)
    _ = press(&model, .character("g"), .character("2"))
    #expect(press(&model, .enter) == [.look(at: 2)])
  }

  @Test func marksAreFoundAgain() throws {
    var model = try UpdateTests.running(to: 5)
    _ = press(&model, .character("'"))
    #expect(model.notice?.contains("no step is marked") == true)
    _ = press(&model, .left, .left, .character("m"), .home)
    #expect(press(&model, .character("'")) == [.look(at: 3)])
  }

  @Test func bracketsGoFromEventToEvent() throws {
    var model = try UpdateTests.model()
    _ = update(&model, .report(Report(run: 1, news: .ready(RunOutline(names: ["full", "lora"])))))
    let records = [0.0, 2, 1, 3, 1].enumerated().map { step, gap in
      Record(step: step, losses: [1, 2], layers: [Record.Layer(gaps: [0, gap])])
    }
    _ = update(&model, .report(Report(run: 1, news: .records(records))))
    #expect(model.history?.events.map(\.text) == ["1 gap 1 peak 2", "3 gap 1 peak 3"])
    #expect(press(&model, .character("[")) == [.look(at: 3)])
    #expect(model.notice == "3 gap 1 peak 3")
    #expect(press(&model, .character("[")) == [.look(at: 1)])
    #expect(press(&model, .character("[")) == [])
    #expect(model.notice == "no event before t=1")
    #expect(press(&model, .character("]")) == [.look(at: 3)])
  }

  @Test func speedsAreStepsOfTwoAndEndWithoutLimit() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=1000")
    #expect(model.speed.pace(of: model.scenario) == .stepsPerSecond(100))
    #expect(press(&model, .character("=")) == [.stop, .advance(nil)])
    #expect(model.speed.pace(of: model.scenario) == .stepsPerSecond(200))
    for _ in 0..<9 { _ = press(&model, .character("=")) }
    #expect(model.speed.pace(of: model.scenario) == .unlimited && model.notice == "speed max")
    for _ in 0..<20 { _ = press(&model, .character("-")) }
    #expect(model.speed.text == "1/64×")
    #expect(model.speed.pace(of: model.scenario) == .stepsPerSecond(100.0 / 64))
    _ = press(&model, .character(" "))
    #expect(press(&model, .character("=")) == [], "a paused run stays so")
  }

  @Test func aMarkStandsOnTheTimeline() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=100", to: 50)
    _ = press(&model, .character("m"), .home)
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(rows[22].contains("'"), "\(rows[22])")
  }

  @Test func NTakesAHundredSteps() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=1000")
    #expect(press(&model, .character("N")) == [.stop, .advance(100)])
  }

  @Test func stepsAskedForWhileARunIsSetUpAreTakenAtItsFirst() throws {
    var model = Model(try Scenario(parsing: "n=6 m=5 r=2 steps=1000"), glyphs: .braille, memory: 1e9)
    #expect(press(&model, .character("N"), .character("n")) == [])
    #expect(press(&model, .home) == [] && model.notice == "the run is still being set up")
    let outline = RunOutline(try Simulation(model.scenario, digits: .embedded))
    #expect(update(&model, .report(Report(run: 1, news: .ready(outline)))) == [.advance(101)])
    #expect(model.isPaused)
    _ = press(&model, .character("N"), .character("r"))
    #expect(
      update(&model, .report(Report(run: 2, news: .ready(outline)))) == [.advance(nil)], "none of another")
  }

  @Test func aBranchThatGivesWayToTheSetUpIsNamed() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=10 variants=lora", to: 5)
    _ = press(&model, .left, .left)
    _ = type(&model, "branch lr=0.01")
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 3...6)
    #expect(model.run == 2 && model.notice == nil)
    let commands = press(&model, .character("p"), .enter)
    #expect(commands.contains(.prepare(.whole(model.scenario), run: 3)) && model.course.start == 0)
    #expect(model.notice == "from step 0; the branch at t=3 is run 2, which S opens again")
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...6)
    _ = press(&model, .character("r"))
    #expect(model.notice == nil, "no branch was given up")
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(!rows.joined().contains("S opens again"))
  }

  @Test func aBranchBeginsAtTheCursorAndKeepsTheRunBehind() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=10 variants=lora", to: 5)
    let (old, history) = (model.scenario, model.history)
    _ = press(&model, .left, .left)
    let commands = type(&model, "branch lr=0.01 opt=adam")
    let new = try Scenario(parsing: "n=6 m=5 r=2 steps=10 variants=lora lr=0.01 opt=adam")
    let course = Course.branch(new, of: .whole(old), at: 3)
    #expect(commands == [.prepare(course, run: 2)])
    #expect(model.scenario == new && model.course.start == 3)
    #expect(model.past.ghostRun == PastRun(number: 1, course: .whole(old), history: try #require(history)))
    #expect(course.line == "\(old.line) | t=3 opt=adam lr=0.01 beta1=0.9 beta2=0.999 eps=1e-08")
    #expect(try Course(parsing: course.line) == course)
    // What it shares with the old run is its own past.
    let outline = try #require(history?.outline)
    _ = update(&model, .report(Report(run: 2, news: .ready(outline))))
    let losses = try #require(history?.losses[1])
    #expect(model.history?.losses[1].count == 3 && model.history?.losses[1].last == losses.value(at: 2))
    _ = update(&model, .report(Report(run: 2, news: .records([try #require(history?.latest)]))))
    #expect(type(&model, "goto 1") == [.look(at: 1)])
    // A branch from there is one of the old run.
    #expect(
      type(&model, "branch lr=0.02").first
        == .prepare(try Course(parsing: "\(old.line) | t=1 lr=0.02"), run: 3))
    _ = update(&model, .report(Report(run: 3, news: .ready(outline))))
    let past = try #require(model.history?.losses[1])
    _ = update(&model, .report(Report(run: 3, news: .records([try #require(history?.latest)]))))
    #expect(press(&model, .character("r")) == [.prepare(model.course, run: 4)], "all of it again")
    _ = update(&model, .report(Report(run: 4, news: .ready(outline))))
    #expect(past.count == 1 && model.history?.losses[1] == past, "with its past")
  }

  @Test(arguments: [
    ("n=6 | lr=1", "t is lr=1; it takes t=STEP first behind |, as t=640"),
    ("n=6 |", "t is missing; it takes t=STEP first behind |, as t=640"),
    ("steps=9 | t=10 lr=1", "t is 10; it takes steps from 0 to 9"),
    ("steps=9 | t=5 lr=1 | t=4 lr=2", "t is 4; it takes steps from 5 to 9"),
    ("steps=9 | t=5 r=3", "r cannot change at a branch; the optimiser with its numbers, batch and steps can"),
  ])
  func aLineThatBranchesWronglySaysWhy(line: String, said: String) {
    #expect {
      _ = try Course(parsing: line)
    } throws: { error in
      "\(error)" == said
    }
  }

  @Test(arguments: [
    ("branch r=3", "r cannot change at a branch; the optimiser with its numbers, batch and steps can"),
    ("branch lr", "'lr' is not key=value"),
    ("branch steps=2", "steps is 2; it takes more than 5, where it branches off"),
    ("branch mu=0.5", "mu does not apply: it belongs to opt=momentum|muon, and opt is sgd"),
  ])
  func aBranchThatCannotBeSaysWhy(line: String, notice: String) throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=10", to: 5)
    #expect(type(&model, line) == [])
    #expect(model.notice == notice)
    #expect(model.run == 1)
  }

  @Test func pastRunsAreKeptAndOpenedAgain() throws {
    var model = try UpdateTests.running(to: 5)
    let first = model.course
    let gap = try #require(model.history?.latest?.gaps[1])
    _ = press(&model, .character("R"))
    let past = try #require(model.past.named(1))
    #expect(past.step == 5 && past.end(1).gap == gap && past.end(0).gap == nil)
    #expect(past.end(1).overFloor != nil && past.end(2).loss != nil)
    #expect(type(&model, "reopen 7") == [])
    #expect(model.notice == "there is no run 7 to open; there are 1")
    #expect(type(&model, "reopen 1") == [.prepare(first, run: 3)])
    _ = type(&model, "ghost 1")
    #expect(model.past.ghost == 1)
  }

  @Test func theSessionForgetsTheOldestRuns() throws {
    let model = try UpdateTests.running(to: 1)
    var past = PastRuns()
    past.ghost = 1
    for number in 1...PastRuns.most + 1 {
      past.add(PastRun(number: number, course: model.course, history: try #require(model.history)))
    }
    #expect(past.runs.count == PastRuns.most && past.named(1) == nil && past.ghost == nil)
  }

  @Test func seedsAreCountedFromThePresentOne() throws {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=10 seed=4294967290")
    #expect(press(&model, .character("X")) == [])
    #expect(model.notice == "seeds is given 20; after seed 4294967290 there are 6")
    #expect(type(&model, "seeds 3") == [.survey(model.course, seeds: 3)])
    #expect(press(&model, .character("X")) == [.stopSurvey] && model.survey == nil)
    #expect(model.course.seeded(3).map(\.scenario.seed) == [4294967290, 4294967291, 4294967292])
  }

  @Test func aBandIsTheMedianBetweenTheExtremes() throws {
    let scenario = try Scenario(parsing: "n=6 m=5 r=2 steps=2 variants=lora")
    var survey = SeedSurvey(scenario, total: 3)
    for (seed, gap) in [3.0, 1, .nan].enumerated() {
      survey.add(
        SeedRun(
          seed: seed, losses: [[0, 0, 0], [1, 2, gap]], gaps: [[[0, 0, 0], [0, gap + 1, gap]]]))
    }
    let band = survey.gaps[0][1]
    #expect(survey.isComplete && band.diverged == 1)
    #expect(band.median.value(at: 1) == 4 && band.lowest.value(at: 1) == 2 && band.end.median == 3)
    #expect(band.end.highest == .infinity)
    #expect(survey.losses[1].median.value(at: 1) == 2)
    var even = SeedSurvey(scenario, total: 2)
    for seed in 0...1 { even.add(SeedRun(seed: seed, losses: [[0, 0, Double(seed)]], gaps: [])) }
    #expect(even.losses[0].end.median == 0.5)
  }
}
