import Charts
import Explorer
import Math
import Testing
import Theory

/// `:sweep`, its panel and its report.
@Suite("Sweeps")
struct SweepOnScreenTests {
  private let medium = Size(width: 80, height: 24)

  private func asked(_ commands: [Command]) -> Sweep? {
    commands.compactMap { if case .sweep(let sweep) = $0 { sweep } else { nil } }.first
  }

  /// The first `count` runs: series i comes to (i + 1)·(x + 1)/(y + 1), and the last place diverges.
  private func play(_ sweep: Sweep, _ count: Int) -> SweepResult {
    var result = SweepResult(sweep)
    for (k, place) in sweep.places.prefix(count).enumerated() {
      for seed in 0..<sweep.seeds {
        let values = sweep.seriesNames.indices.map { i in
          k == sweep.places.count - 1 ? .infinity : Double((i + 1) * (place.x + 1)) / Double(place.y + 1)
        }
        result.add(values, at: place, seed: seed)
      }
    }
    return result
  }

  @Test func aSweepIsAskedForDrawnAsItComesAndStoppedByEsc() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50", steps: 50)
    let sweep = try #require(asked(CommandLineTests.enter("sweep r=1,2,4 measure=gap seeds=2", &model)))
    #expect(sweep.x.values == ["1", "2", "4"] && sweep.quantity == .gap && sweep.seeds == 2)
    #expect(model.focus == .sweep)
    _ = update(&model, .report(Report(run: model.run, news: .swept(play(sweep, 2)))))
    let rows = view(model, medium).grid.rows
    #expect(rows[1].contains("over r, median of 2 seeds"), "\(rows[1])")
    #expect(rows[20].contains("4 of 6 runs, Esc stops   F full   1 lora"), "\(rows[20])")
    #expect(update(&model, .key(.escape)).contains(.stopSweep))
    #expect(model.notice?.contains("4 of 6") == true && model.focus == .gap)
  }

  @Test func yChangesTheScaleAndWhatExplodesStretchesNone() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50 variants=lora", steps: 50)
    let sweep = try #require(asked(CommandLineTests.enter("sweep lr=0.01,0.1,1,10 seeds=1", &model)))
    var result = SweepResult(sweep)
    for (place, loss) in zip(sweep.places, [0.5, 0.05, 0.005, 6e191]) {
      result.add([loss, 2 * loss], shares: [loss / 8, loss / 4], at: place, seed: 0)
    }
    _ = update(&model, .report(Report(run: model.run, news: .swept(result))))
    func rows() -> [String] { view(model, medium).grid.rows }
    #expect(rows()[1].contains("log y") && rows().contains { $0.hasPrefix(" 0.01┤") }, "\(rows())")
    #expect(rows()[2...17].joined().contains("6e191"), "written where it is")
    #expect(!rows()[2...17].contains { $0.prefix(5).contains("e1") }, "and on no axis")
    _ = update(&model, .key(.character("y")))
    #expect(!rows()[1].contains("log y") && rows().contains { $0.hasPrefix("    0┤") }, "\(rows())")
    _ = update(&model, .key(.character("x")))
    #expect(model.notice?.contains("equal distances") == true)
  }

  @Test func aLongTitleLeavesRoomForTheScale() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50 variants=lora", steps: 50)
    for (measure, title) in [
      ("cosine", "cosine after 50 steps"), ("gap", "‖W_LoRA − W_full‖_F after 50 steps"),
    ] {
      let sweep = try #require(asked(CommandLineTests.enter("sweep r=1,2,4 measure=\(measure)", &model)))
      _ = update(&model, .report(Report(run: model.run, news: .swept(play(sweep, 2)))))
      let row = view(model, medium).grid.rows[1]
      #expect(row.hasPrefix("\(title) over r, median of 3 seeds ") && row.contains("log y"), "\(row)")
    }
  }

  @Test func upAndDownTurnThroughTheVariantsOfAMap() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50 variants=lora,lora-ga", steps: 50)
    let sweep = try #require(asked(CommandLineTests.enter("sweep r=1,2 lr=0.1,0.2", &model)))
    _ = update(&model, .report(Report(run: model.run, news: .swept(play(sweep, 4)))))
    #expect(model.context == .sweep)
    var titles: [String] = []
    for key in [Key.escape, .down, .down, .up] {
      if key != .escape { _ = update(&model, .key(key)) }
      titles.append(String(view(model, medium).grid.rows[1].prefix { $0 != ":" }))
    }
    #expect(titles == ["1 lora", "2 lora-ga", "1 lora", "2 lora-ga"])
    #expect(view(model, medium).grid.rows[23].contains("↓ ↑ variant"))
  }

  @Test func noNameOfALegendIsCut() throws {
    let variants = "random-projection,serial-lora,parallel-lora,additive,random-projection(form=left),lora-ga"
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50 variants=\(variants)", steps: 50)
    let sweep = try #require(asked(CommandLineTests.enter("sweep r=1,2", &model)))
    _ = update(&model, .report(Report(run: model.run, news: .swept(play(sweep, 2)))))
    let text = view(model, medium).grid.text
    for (i, name) in zip(1..., model.scenario.seriesNames) {
      #expect(text.contains("\(i) \(name)"), "\(text)")
    }
  }

  @Test func aKeyThatChangesNothingIsNamed() async throws {
    func text(_ line: String) async throws -> [String] {
      let sweep = try Sweep(Scenario(parsing: line), over: ["lora-ga.zeta=0.1,0.2", "lr=0.01,0.1"])
      return SweepReport(try await sweep.result(atOnce: 1, digits: { .embedded }), .braille).lines(.text)
    }
    let small = "n=6 m=5 r=2 steps=3 variants="
    #expect(try await text(small + "lora-ga").contains { $0.contains("lora-ga.zeta changes nothing here") })
    #expect(try await !text(small + "lora-ga(scale=zeta)").contains { $0.contains("changes nothing") })
  }

  @Test func whatOtherKeysCannotBearIsSaidWithItsValue() throws {
    let scenario = try Scenario(parsing: "task=linreg n=8 m=6 r=2 samples=32 batch=16")
    let error = #expect(throws: SweepError.self) { try Sweep(scenario, over: ["samples=8,16"]) }
    #expect(
      "\(try #require(error))" == "with samples=8, batch is 16; it takes all, or a whole number from 1 to 8")
  }

  @Test func anotherRunStopsTheSweepAndForgetsIt() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50", steps: 50)
    let sweep = try #require(asked(CommandLineTests.enter("sweep r=1,2", &model)))
    let run = model.run
    #expect(CommandLineTests.enter("set lr 0.01", &model).contains(.stopSweep))
    _ = update(&model, .report(Report(run: run, news: .swept(play(sweep, 1)))))
    #expect(model.sweep == nil)
  }

  @Test func amongTheChecksWSweepsRanks() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50", steps: 50)
    _ = update(&model, .key(.character("c")))
    let sweep = try #require(asked(update(&model, .key(.character("w")))))
    #expect(sweep.x.name == "r" && sweep.x.values == ["1", "2", "4", "8"])
  }

  @Test(arguments: [
    ("sweep r=0", "r is 0; it takes a whole number from 1 to 9"), ("sweep seed=1", "seed is not swept over"),
    ("sweep r=1 seeds=0", "seeds is 0; it takes a whole number from 1 to 1000"),
    ("sweep r=1 k=1 lr=1", "a sweep goes over 3 keys"),
    ("sweep r=1 measure=x", "unknown measure 'x'; the measures are loss"),
    ("sweep n=12,1000000000", "n is 1000000000; the run would need"),
  ])
  func whatCannotBeSweptIsSaidInOneLine(line: String, said: String) throws {
    var model = try SyntheticRun.model("n=12 m=9 r=2 steps=50", steps: 50)
    #expect(CommandLineTests.enter(line, &model) == [])
    #expect(model.notice?.hasPrefix(said) == true, "\(model.notice ?? "nothing is said")")
  }

  /// It would run from step 0 what the screen shows from the branch on.
  @Test func aBranchIsNotSwept() throws {
    let course = try Course(parsing: "n=12 m=9 r=2 steps=50 | t=20 lr=0.1")
    var model = Model(course, glyphs: .braille, memory: 1e12)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...50)
    #expect(CommandLineTests.enter("sweep r=1,2", &model) == [] && model.sweep == nil)
    #expect(model.notice == "a sweep runs one scenario from step 0; this run branched off at step 20")
  }

  private func sweep(_ keys: String...) throws -> Sweep {
    try Sweep(Scenario(parsing: "n=12 m=9 r=2 steps=50 variants=lora,lora-ga"), over: keys, seeds: 2)
  }

  @Test func linesHaveTheirNumbersBelowThem() throws {
    let sweep = try sweep("r=1,2,4")
    let lines = SweepReport(play(sweep, 3), .braille).lines(.text)
    #expect(lines[0].hasPrefix("Loss after 50 steps over r, median of 2 seeds"))
    #expect(
      lines.suffix(4) == [
        "  r  F full  1 lora  2 lora-ga", "  1       1       2          3", "  2       2       4          6",
        "  4      ✗2      ✗2         ✗2",
      ])
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func twoKeysMakeAHeatMapOfEverySeries() throws {
    let sweep = try sweep("lr=0.1,0.2", "lr-b=0.1,0.4")
    let lines = SweepReport(play(sweep, 4), .braille).lines(.text)
    #expect(lines[0] == "1 lora: Loss after 50 steps over lr → and lr-b ↓, median of 2 seeds")
    #expect(lines.contains { $0.hasPrefix("0.1┤") && $0.contains(" 2.0 ") && $0.contains(" 4.0 ") })
    #expect(lines.contains { $0.hasPrefix("0.4┤") && $0.contains(" 1.0 ") && $0.contains("✗") })
    #expect(lines.contains { $0.hasPrefix("2 lora-ga: ") })
  }

  @Test func otherProgramsGetEverySeed() throws {
    let result = play(try sweep("r+k=1,2"), 2)
    let rows = SweepReport(result, .braille).lines(.json)
    #expect(
      rows[1]
        == #"  {"at":{"r+k":"1"},"series":"full","measure":"loss","median":1.0,"lowest":1.0,"highest":1.0,"#
        + #""diverged":0,"seed":1,"values":[1.0,1.0]},"#)
    #expect(
      rows[6] == #"  {"at":{"r+k":"2"},"series":"lora-ga","measure":"loss","median":null,"lowest":null,"#
        + #""highest":null,"diverged":2,"seed":1,"values":[null,null]}"#)
    let csv = SweepReport(result, .braille).lines(.csv)
    #expect(csv[0].hasPrefix("# lora-explorer ") && csv[1] == "r+k,seed,series,loss")
    #expect(csv[2] == "1,1,full,1.0" && csv.last == "2,2,lora-ga,")
  }
}
