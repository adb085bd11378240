import Charts
import Explorer
import Math
import Testing

/// What stands in the row of events, in their panel, and in the table of past runs.
@Suite("Events and past runs on the screen")
struct SessionRunsTests {
  let large = Size(width: 120, height: 40)

  func press(_ model: inout Model, _ keys: Key...) -> [Command] {
    keys.flatMap { update(&model, .key($0)) }
  }

  /// Three runs: seed 1, seed 2 and the present one with seed 3.
  func threeRuns() throws -> Model {
    var model = try SyntheticRun.model("n=6 m=5 r=2 steps=40", steps: 40)
    for last in [30, 20] {
      _ = press(&model, .character("R"))
      SyntheticRun.prepare(&model)
      SyntheticRun.play(&model, 0...last)
    }
    return model
  }

  @Test func theRowOfEventsTellsWhatHasHappenedByTheCursor() throws {
    var model = try SyntheticRun.model(steps: 1200)
    let events = try #require(model.history?.events)
    let (first, last) = (try #require(events.first), try #require(events.last))
    #expect(first.step < last.step)
    #expect(view(model, large).grid.rows[38].hasPrefix(" ◆ "))
    #expect(view(model, large).grid.rows[38].contains(last.text))
    _ = press(&model, .home)
    #expect(!view(model, large).grid.rows[38].contains("◆"), "nothing has happened at step 0")
    for _ in 1...100 where model.position < first.step { _ = press(&model, .character("]")) }
    _ = press(&model, .character("9"))
    let row = view(model, large).grid.rows[38]
    #expect(row.contains(first.text) && !row.contains(last.text), "\(row)")
  }

  @Test func theListOfEventsIsOnTheLargestScreen() throws {
    let model = try SyntheticRun.model(steps: 1200)
    let rows = view(model, Size(width: 200, height: 60)).grid.rows
    let heading = try #require(rows.firstIndex { $0.hasPrefix(" Events") })
    let list = rows[heading...].map { $0.prefix(34) }
    for event in (model.history?.events ?? []).suffix(4) {
      #expect(list.contains { $0.contains(event.text.prefix(12)) }, "\(event.text)")
    }
  }

  @Test func everyRunOfTheSessionHasARowWithItsEnd() throws {
    var model = try threeRuns()
    _ = press(&model, .character("S"))
    let screen = view(model, large).grid.rows.joined(separator: "\n")
    for words in ["20/40", "30/40", "40/40", "seed=1", "seed=2", "the present run"] {
      #expect(screen.contains(words), "\(screen)")
    }
    let gap = try #require(model.past.runs[0].end(1).gap)
    #expect(screen.contains(brief(gap)))
  }

  @Test func ofManyRunsTheOneInFocusAndTheLineAreInView() throws {
    var model = try threeRuns()
    for _ in 1...25 {
      _ = press(&model, .character("R"))
      SyntheticRun.prepare(&model)
      SyntheticRun.play(&model, 0...5)
    }
    _ = press(&model, .character("S"))
    for _ in 0...24 {
      let screen = view(model, Size(width: 80, height: 24)).grid.rows
      #expect(
        screen.contains { $0.contains("▸ ") } && screen.contains { $0.contains("variants=") }, "\(screen)")
      _ = press(&model, .down)
    }
  }

  @Test func whatHasNoRoomEndsInAMark() throws {
    var model = try SyntheticRun.model("n=6 m=5 r=2 steps=40", steps: 40)
    _ = CommandLineTests.enter("open n=7 m=5 r=1 alpha=31 norm=2 lr=0.0123 steps=41", &model)
    SyntheticRun.prepare(&model)
    _ = press(&model, .character("S"))
    for (glyphs, mark) in [(Glyphs.braille, "…"), (.ascii, "...")] {
      _ = CommandLineTests.enter("glyphs \(glyphs.rawValue)", &model)
      _ = press(&model, .character("S"))
      let rows = view(model, Size(width: 80, height: 24)).grid.rows
      let row = try #require(rows.first { $0.contains("40/40") }, "\(rows)")
      #expect(String(row.dropLast()).trimmed.hasSuffix(mark), "\(row)")
    }
  }

  @Test func enterOpensAPastRunAgain() throws {
    var model = try threeRuns()
    _ = press(&model, .character("S"), .down, .down)
    let commands = press(&model, .enter)
    guard
      case .prepare(let course, run: 4)? = commands.first(where: {
        if case .prepare = $0 { true } else { false }
      })
    else { Issue.record("\(commands)"); return }
    #expect(course.scenario.seed == 1)
    #expect(model.overlay == nil && model.past.runs.count == 3)
  }

  /// Three seeds at the end of a run: every loss and gap is the seed's number.
  private func survey(_ line: String) throws -> Model {
    var model = try SyntheticRun.model("n=6 m=5 r=2 steps=40 variants=lora " + line, steps: 40)
    _ = press(&model, .character("X"))
    for seed in 1...3 {
      let values = model.scenario.sampledSteps.map { _ in Double(seed) }
      let run = SeedRun(seed: seed, losses: [values, values], gaps: [[values, values]])
      _ = update(&model, .report(Report(run: model.run, news: .surveyed(run))))
    }
    return model
  }

  @Test func differencesBesideManySeedsAreThoseOfOne() throws {
    var model = try survey("")
    #expect(view(model, large).grid.text.contains("‖W_LoRA − W_full‖_F, median of 3/20 seeds"))
    _ = press(&model, .character("d"))
    let text = view(model, large).grid.text
    #expect(text.contains("‖W_LoRA − W_full‖_F − floor, seed 1") && !text.contains("median of"), "\(text)")
    #expect(text.contains("Loss − full's, seed 1"), "\(text)")
  }

  @Test func wordsBesideManySeedsSayWhoseTheyAre() throws {
    var model = try survey("")
    _ = press(&model, .character("i"))
    func text() -> String { view(model, large).grid.text }
    #expect(text().contains("Medians of 3 of 20 seeds."))
    #expect(text().contains(", 2 at step 40, from 1 to 3."), "\(text())")
    #expect(!text().contains("times its floor"), "floors are of one seed")
    _ = press(&model, .escape)
    for panel in ["spectrum", "table", "phase"] {
      _ = CommandLineTests.enter("focus \(panel)", &model)
      _ = press(&model, .character("i"))
      #expect(text().contains("Seed 1 alone."), "\(panel): \(text())")
      _ = press(&model, .escape)
    }
    #expect(text().contains("over gap, seed 1"), "\(text())")
  }

  @Test func testLossesBesideManySeedsAreThoseOfOne() throws {
    var model = try survey("task=linreg samples=20 held=5")
    func row() -> String { view(model, Size(width: 80, height: 24)).grid.rows[21] }
    #expect(row().contains("train F 2.000") && !row().contains("seed 1"), "\(row())")
    _ = press(&model, .character("T"))
    #expect(row().contains("median gap 1 2.000") && row().contains("seed 1 test F"), "\(row())")
    let text = view(model, large).grid.text
    #expect(text.contains("Test loss, seed 1"), "\(text)")
    #expect(
      text.contains("  1 lora                2       –"), "under Medians stands no number of one: \(text)")
    _ = CommandLineTests.enter("focus loss", &model)
    _ = press(&model, .character("i"))
    #expect(view(model, large).grid.text.contains("Seed 1 alone."))
  }

  @Test func besideManySeedsTheNumbersAreTheirMedians() throws {
    let model = try survey("")
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(rows[21].trimmed == " median gap 1 2.000 (1–3)  loss F 2.000 (1–3) 1 2.000 (1–3)", "\(rows[21])")
    #expect(rows[12].contains("σ_i(W−W0), seed 1"), "what shows one run says so")
    let side = view(model, large).grid.rows.map { $0.prefix(34) }
    #expect(side.contains { $0.contains("Medians") } && side.contains { $0.contains("Lowest–highest") })
    #expect(side.contains { $0.hasPrefix("  1 lora                2       2") }, "\(side)")
  }

  @Test(arguments: [Glyphs.braille, .ascii])
  func aPastRunBehindIsToldByItsNumberItsTaskAndItsMarks(glyphs: Glyphs) throws {
    var model = try SyntheticRun.model("variants=lora,pissa", steps: 1500, glyphs: glyphs)
    _ = CommandLineTests.enter("open variants=lora seed=4", &model)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...600)
    func rows() -> [String] { view(model, Size(width: 80, height: 24)).grid.rows }
    let past = String(glyphs.past)
    let before = rows().joined()
    #expect(!before.contains("run 1") && !before.contains("1\(past)"))
    _ = CommandLineTests.enter("ghost 1", &model)
    #expect(rows()[1].contains("\(past) run 1") && !rows()[1].contains("run 1, matrix"), "\(rows()[1])")
    #expect(rows()[12].contains("\(past) run 1"), "the loss, too: \(rows()[12])")
    let gap = rows()[2...9].joined()
    #expect(gap.contains("1\(past)") && gap.contains("2\(past)"), "the heads of its two lines")
    _ = CommandLineTests.enter("open task=linreg variants=lora", &model)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...600)
    #expect(rows()[1].contains("\(past) run 1, matrix"), "\(rows()[1])")
  }

  @Test func aPastRunThatDivergedEndsInItsNameAndACross() throws {
    var model = try SyntheticRun.model("variants=lora", steps: 900, diverged: [1: 300])
    _ = CommandLineTests.enter("open variants=lora seed=4", &model)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...600)
    _ = CommandLineTests.enter("ghost 1", &model)
    let rows = view(model, Size(width: 80, height: 24)).grid.rows[2...9].joined()
    #expect(rows.contains("1'✗ t=300") || rows.contains("t=300: not finite 1'✗"), "\(rows)")
  }

  @Test func whatABranchChangedIsToldThoughTheLineHasTheWordBeforeTheBar() throws {
    var model = try SyntheticRun.model("n=6 m=5 r=2 steps=40 | t=20 lr=0.01", steps: 40)
    _ = CommandLineTests.enter("open n=6 m=5 r=2 steps=40 lr=0.01", &model)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...20)
    _ = press(&model, .character("S"))
    let row = try #require(view(model, large).grid.rows.first { $0.contains("40/40") })
    #expect(row.contains("| t=20 lr=0.01"), "\(row)")
  }

  @Test func aRunBehindWithoutTheLayerShownSaysSo() throws {
    var model = try SyntheticRun.model("variants=lora", steps: 300)
    _ = CommandLineTests.enter("open task=twolayer variants=lora", &model)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...300)
    _ = CommandLineTests.enter("ghost 1", &model)
    #expect(model.notice == nil)
    _ = press(&model, .character("w"))
    #expect(model.notice == "run 1 has no layer 2 to draw behind this one")
    _ = CommandLineTests.enter("ghost 1", &model)
    #expect(model.notice == nil && model.past.ghost == nil)
    _ = CommandLineTests.enter("ghost 1", &model)
    #expect(model.notice == "run 1 has no layer 2 to draw behind this one")
  }

  @Test func spaceDrawsAPastRunBehindAndAwayAgain() throws {
    var model = try threeRuns()
    _ = press(&model, .character("S"), .down, .character(" "))
    #expect(model.past.ghost == 2)
    #expect(view(model, large).grid.rows.joined().contains("┄ seed=2"))
    _ = press(&model, .character(" "))
    #expect(model.past.ghost == nil)
    _ = press(&model, .up, .character(" "))
    #expect(model.past.ghost == nil, "the present run is drawn as it is")
  }
}
