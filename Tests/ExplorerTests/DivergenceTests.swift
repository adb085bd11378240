import Charts
import Explorer
import Math
import Testing

/// What is said and asked when a series stops being finite.
@Suite("Divergence report")
struct DivergenceTests {
  static let line = "n=8 m=6 r=2 alpha=128 lr=0.5 steps=60 variants=lora"

  /// A model whose LoRA has diverged, and the commands on the way.
  static func diverged(_ line: String = line, glyphs: Glyphs = .braille) throws -> (Model, [Command]) {
    var model = Model(try Scenario(parsing: line), glyphs: glyphs, memory: 1e9)
    var simulation = try Simulation(model.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 1, news: .ready(RunOutline(simulation)))))
    var commands: [Command] = []
    for _ in 0...model.scenario.steps {
      let record = Record(measuring: &simulation, withSpectra: false)
      commands += update(&model, .report(Report(run: 1, news: .records([record]))))
      simulation.advance()
    }
    return (model, commands)
  }

  /// The same with the answer to the question.
  static func asked(_ line: String = line, glyphs: Glyphs = .braille) throws -> (Model, DivergenceReport) {
    var (model, _) = try diverged(line, glyphs: glyphs)
    let found = try #require(try Divergence(model.scenario, series: 1, digits: .embedded))
    _ = update(&model, .report(Report(run: 1, news: .divergence(found))))
    return (model, DivergenceReport(found, of: model.course))
  }

  static func press(_ key: Key, _ model: inout Model) -> [Command] { update(&model, .key(key)) }

  @Test func theCauseIsAskedForOnceARun() throws {
    var (model, commands) = try Self.diverged()
    #expect(commands == [.diagnose(series: 1)])
    #expect(model.overlay == nil)
    _ = Self.press(.character("r"), &model)
    #expect(!model.hasAskedWhy)
  }

  @Test func theFirstToBeLostIsAskedAbout() throws {
    let (model, commands) = try Self.diverged("lr=0.2 alpha=128 steps=60")
    let lost = try #require(model.history?.divergedAt)
    let first = try #require(lost.compactMap(\.self).min())
    #expect(lost[1] != first, "LoRA comes after another")
    #expect(commands.contains(.diagnose(series: try #require(lost.firstIndex(of: first)))))
  }

  @Test func whatWasBeforeTheLossIsReadOff() throws {
    var (model, _) = try Self.diverged()
    let lost = try #require(model.history?.divergedAt[1])
    var simulation = try Simulation(model.scenario, digits: .embedded)
    while simulation.step < lost - 1 { simulation.advance() }
    _ = update(&model, .key(.character("g")))
    for scalar in "\(lost - 1)".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    _ = update(&model, .key(.enter))
    let record = Record(measuring: &simulation, withSpectra: true)
    _ = update(&model, .report(Report(run: model.run, news: .replayed(record))))
    #expect(model.shownStep == lost - 1 && model.lostAt(1) == nil)
    let row = view(model, Size(width: 80, height: 24)).grid.rows[21]
    #expect(row.contains("gap 1 ") && !row.contains("✗"), "\(row)")
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 40)])
  func whoElseWasLostByNowIsNamed(size: (Int, Int)) throws {
    let line = "variants=lora,pissa,dora steps=200"
    var model = try SyntheticRun.model(line, steps: 100, diverged: [1: 30, 2: 70, 3: 150])
    let found = try #require(try Divergence(Scenario(parsing: Self.line), series: 1, digits: .embedded))
    _ = update(&model, .report(Report(run: 1, news: .divergence(found))))
    func text() -> String { view(model, Size(width: size.0, height: size.1)).grid.text }
    #expect(text().contains("Also    pissa at t=70 "), "\(text())")
    SyntheticRun.play(&model, 101...200, diverged: [1: 30, 2: 70, 3: 150])
    #expect(text().contains("Also    pissa at t=70, dora at t=150 "), "\(text())")
  }

  @Test func whatIsLostHasNoFloorPanelOfItsOwn() throws {
    let model = try SyntheticRun.model("variants=lora,pissa,dora steps=200", steps: 100, diverged: [2: 70])
    let rows = view(model, Size(width: 120, height: 40)).grid.rows.map { String($0.prefix(34)) }
    let heading = try #require(rows.firstIndex { $0.hasPrefix(" Floors") })
    #expect(rows[heading + 1].contains("1 floor ") && rows[heading + 2].hasPrefix("  2 ✗ t=70"), "\(rows)")
  }

  @Test func aBranchOfWhatHadExplodedIsRunAnew() throws {
    let course = try Course(parsing: "n=8 m=6 r=2 alpha=128 lr=0.5 steps=60 variants=lora | t=3 lr=0.4")
    var trunk = try Simulation(Scenario(parsing: Self.line), digits: .embedded)
    for _ in 0..<3 { trunk.advance() }
    let branch = try trunk.branched(to: course.scenario)
    let found = try #require(try Divergence(course.scenario, series: 1, from: branch, digits: .embedded))
    let report = DivergenceReport(found, of: course)
    #expect(report.rateWords.hasPrefix("start anew with η 0.0"), "\(report.rateWords)")
    #expect(report.rateChoice?.start == 0 && report.rateChoice?.scenario.steps == 60)
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 40)], [Glyphs.braille, .ascii])
  func theReportNamesCauseBoundAndFourChoices(size: (Int, Int), glyphs: Glyphs) throws {
    let (model, report) = try Self.asked(glyphs: glyphs)
    let grid = view(model, Size(width: size.0, height: size.1)).grid
    #expect(grid.rows[0].contains("stopped \(report.divergence.step)/60"), "\(grid.text)")
    let cause = try #require(report.divergence.cause)
    for words in [
      "lora diverged at step \(report.divergence.step)", significant(cause.product, 3), " stable ",
      "1  set \(glyphs.spell("η")) to \(plain(report.divergence.rate))", "2  set \(glyphs.spell("α")) to",
      "3  keep and look", "4  edit by hand", "full goes on",
    ] { #expect(grid.text.contains(words), "\(words) in\n\(grid.text)") }
    let last = try #require(grid.rows.last)
    #expect(last.contains("Esc same as 3") && last.contains("? help  q"))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func theBoxTakesItsRowsBetweenTheRulesAndLeavesTheTimeline(size: (Int, Int)) throws {
    let (model, _) = try Self.asked()
    let size = Size(width: size.0, height: size.1)
    let rows = view(model, size).grid.rows.map(Array.init)
    let top = try #require(rows.firstIndex { String($0).contains("─ lora diverged") })
    let bottom = try #require(rows.firstIndex { String($0).contains("─ full goes on ─") })
    let timeline = try #require(rows.lastIndex { String($0).contains("●") && String($0).contains("t=") })
    #expect(bottom < timeline && !rows[timeline].contains("└"))
    let left = model.layout(size).rules.first.map { $0 + 1 } ?? 0
    let right = model.layout(size).rules.dropFirst().first ?? size.width
    for row in rows[top...bottom] {
      let ends = [row[left..<right].prefix { $0 == " " }, row[left..<right].suffix(2)]
      #expect(ends[0].count >= 2 && ends[1].allSatisfy { $0 == " " }, "\(String(row))")
    }
  }

  @Test func editingByHandBeginsAtTheRate() throws {
    var (model, _) = try Self.asked()
    _ = Self.press(.character("4"), &model)
    guard case .picker(let picker)? = model.overlay else { return #expect(Bool(false), "no set-up") }
    #expect(picker.focus == .field("lr"))
  }

  @Test func oneAndTwoStartRunsThatStayFinite() throws {
    for key in ["1", "2"] as [Unicode.Scalar] {
      var (model, report) = try Self.asked()
      let wanted = try #require(key == "1" ? report.rateChoice : report.otherChoice)
      #expect(Self.press(.character(key), &model) == [.prepare(wanted, run: 2)])
      #expect(model.overlay == nil && model.course == wanted)
      var simulation = try Simulation(wanted.scenario, digits: .embedded)
      for _ in 0..<wanted.scenario.steps { simulation.advance() }
      #expect(simulation.losses().allSatisfy { $0.isFinite })
    }
  }

  @Test func threeAndEscapeKeepTheRunAndFourEditsIt() throws {
    for key in [Key.character("3"), .escape] {
      var (model, report) = try Self.asked()
      let run = model.run
      let last = report.divergence.step - 1
      #expect(Self.press(key, &model) == [.look(at: last)] && model.cursor == last, "the last good step")
      #expect(model.overlay == nil && model.run == run)
      // News of another series do not bring it back.
      #expect(model.hasAskedWhy)
    }
    var (model, _) = try Self.asked()
    #expect(Self.press(.character("4"), &model) == [.lookAhead(model.scenario)])
    guard case .picker(let picker)? = model.overlay else {
      Issue.record("no picker")
      return
    }
    #expect(picker.focus == .field("lr"))
  }

  @Test func theReportIsWrittenAndTheFileNamed() throws {
    var (model, report) = try Self.asked()
    let commands = Self.press(.character("!"), &model)
    #expect(
      commands == [.save(name: "lora-explorer-diverged-t\(report.divergence.step)", lines: report.lines)])
    #expect(report.lines.contains { $0.contains(model.scenario.line) })
    _ = update(&model, .answer("written to here.txt"))
    #expect(view(model, Size(width: 80, height: 24)).grid.text.contains("written to here.txt"))
  }

  @Test func theHelpLiesOverItAndGivesWay() throws {
    var (model, _) = try Self.asked()
    let before = model
    _ = Self.press(.character("?"), &model)
    guard case .help? = model.overlay else {
      Issue.record("no help")
      return
    }
    _ = Self.press(.escape, &model)
    #expect(model == before)
  }

  @Test func whoIsAtSomethingElseIsNotDisturbed() throws {
    var (model, _) = try Self.diverged()
    _ = Self.press(.character("p"), &model)
    let before = model.overlay
    let found = try #require(try Divergence(model.scenario, series: 1, digits: .embedded))
    _ = update(&model, .report(Report(run: 1, news: .divergence(found))))
    #expect(model.overlay == before)
    _ = Self.press(.escape, &model)
    #expect(model.context == .divergence)
  }

  @Test func aCommandIsTypedOverIt() throws {
    var (model, _) = try Self.asked()
    let (run, question) = (model.run, model.overlay)
    for scalar in ":theme 1".unicodeScalars { _ = Self.press(.character(scalar), &model) }
    #expect(model.context == .commandLine && model.run == run)
    _ = Self.press(.escape, &model)
    #expect(model.overlay == question)
  }

  @Test func whereNoBoundIsKnownTheGrowthIsSaid() throws {
    let line = "n=8 m=6 r=2 opt=adamw lr=1e6 wd=1e3 steps=60 variants=lora"
    let (_, report) = try Self.asked(line)
    #expect(report.cause.hasPrefix("no bound of adamw is known; the loss then grew ×"), "\(report.cause)")
    #expect(report.rateWords == "set η to 100000 (a tenth)")
  }
}

/// A run that is stable until it branches off with a rate a hundred times as large.
@Suite("Divergence of a branch")
@MainActor
struct BranchDivergenceTests {
  static func asked() throws -> (Model, DivergenceReport) {
    let course = try Course(parsing: "n=8 m=6 r=2 alpha=4 lr=0.05 steps=60 variants=lora | t=10 lr=5")
    let model = try Model.played(course, to: 60, Size(width: 80, height: 24), glyphs: .braille)
    guard case .divergence(let report)? = model.overlay else { throw ScenarioError.notAWord("no question") }
    return (model, report)
  }

  @Test func itIsAskedAboutLikeAnyOther() throws {
    let (model, report) = try Self.asked()
    let first = try #require(model.history?.divergedAt.compactMap(\.self).min())
    #expect(report.divergence.step >= first && first > 10)
    #expect(model.history?.divergedAt[report.divergence.series] == report.divergence.step)
    let cause = try #require(report.divergence.cause)
    #expect(cause.step >= 10 && cause.product > cause.limit)
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(
      text.contains("diverged at step \(report.divergence.step)") && text.contains("at the branch"), "\(text)"
    )
  }

  @Test func oneAndTwoBranchOffAtTheSameStepAndStayFinite() throws {
    for key in ["1", "2"] as [Unicode.Scalar] {
      var (model, report) = try Self.asked()
      let wanted = try #require(key == "1" ? report.rateChoice : report.otherChoice)
      #expect(wanted.start == 10 && wanted.parent == report.course.parent)
      #expect(update(&model, .key(.character(key))).contains(.prepare(wanted, run: 2)))
      let end = try Model.played(wanted, to: 60, Size(width: 80, height: 24), glyphs: .braille)
      #expect(
        end.overlay == nil && end.history?.divergedAt.allSatisfy { $0 == nil } == true, "\(wanted.line)")
    }
  }

  @Test func whatWasBeforeTheBranchStaysInView() throws {
    var (model, report) = try Self.asked()
    let before = try #require(model.history?.losses[1].value(at: 7))
    _ = update(&model, .key(.character("1")))
    let wanted = try #require(report.rateChoice)
    let ready = try Simulation(wanted.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 2, news: .ready(RunOutline(ready)))))
    #expect(model.history?.losses[1].value(at: 7) == before && model.history?.losses[1].value(at: 10) == nil)
  }

  @Test func threeLooksBackAndFourEditsTheBranch() throws {
    var (model, report) = try Self.asked()
    _ = update(&model, .key(.character("3")))
    #expect(model.overlay == nil && model.cursor == report.divergence.step - 1)
    (model, report) = try Self.asked()
    _ = update(&model, .key(.character("4")))
    #expect(model.overlay == .commandLine(Prompt("branch lr=5")) && model.cursor == 10)
    for key in [Key.backspace, .character("0"), .character("."), .character("1")] {
      _ = update(&model, .key(key))
    }
    let commands = update(&model, .key(.enter))
    let wanted = try Course(parsing: report.course.line.replacing("lr=5", with: "lr=0.1"))
    #expect(commands.contains(.prepare(wanted, run: 2)), "\(commands)")
  }
}

@Suite("Outlook")
struct OutlookTests {
  static func picker(_ line: String, glyphs: Glyphs = .braille) throws -> Model {
    var model = Model(try Scenario(parsing: line), glyphs: glyphs, memory: 1e9)
    _ = update(&model, .key(.character("v")))
    return model
  }

  static func look(_ model: inout Model, seconds: Double = 0.0002) throws {
    guard case .picker(let picker)? = model.overlay else { return }
    let scenario = try picker.draft.get()
    let forecast = Forecast(try Simulation(scenario, digits: .embedded))
    let outlook = Outlook(scenario, forecast, secondsPerStep: seconds)
    _ = update(&model, .report(Report(run: 1, news: .outlook(outlook))))
  }

  @Test func whatIsForeseenStandsBesideTheFieldsAsSoonAsItIsKnown() throws {
    var model = try Self.picker("n=12 m=9 r=2 steps=2000 variants=lora,dora")
    let before = view(model, Size(width: 80, height: 40)).grid.text
    #expect(!before.contains("below") && !before.contains("%  floor"))
    try Self.look(&model)
    guard case .picker(let picker)? = model.overlay else { return }
    let forecast = try #require(picker.outlook).forecast
    let text = view(model, Size(width: 120, height: 40)).grid.text
    // r(n + m) = 42 of 108, and m more for DoRA's magnitudes, whose gap nothing bounds.
    guard case .exact(let floor)? = forecast.series[1].floor else {
      Issue.record("no exact floor")
      return
    }
    #expect(text.contains("42 = 38.9 %  floor \(significant(floor, 3))"), "\(text)")
    #expect(text.contains("51 = 47.2 %  floor –"), "\(text)")
    let least = try #require(forecast.stableRate)
    let place = forecast.series.compactMap(\.bound).first { $0.rate == least }?.place
    // Of a bound that curvature at the start or at the end gives, the place is said.
    #expect(place == .start || place == .end)
    let words = place == .start ? "at the start below" : "once learned below"
    #expect(text.contains("\(words) \(significant(least, 3))"), "\(text)")
    #expect(text.contains("full 2, 2 unknown"), "\(text)")
    #expect(text.contains("≈ 0.4 s"))
    // The focus is on LoRA: s = α/r = 8, and of SGD the effective rate is s·η.
    #expect(text.contains("s = 8; η_eff = s√(η_A·η_B) = 0.024"), "\(text)")
  }

  @Test func whoseTheBoundIsIsSaid() throws {
    var model = try Self.picker("n=12 m=9 r=2 variants=dora,galore")
    try Self.look(&model)
    let text = view(model, Size(width: 120, height: 40)).grid.text
    #expect(text.contains("stable below 2 (full), 1 2 unknown"), "\(text)")
  }

  @Test func anOutlookOfAnotherDraftIsNotShown() throws {
    var model = try Self.picker("n=12 m=9 r=2")
    try Self.look(&model)
    for key in [Key.home, .down, .character("7")] { _ = update(&model, .key(key)) }
    #expect(!view(model, Size(width: 80, height: 40)).grid.text.contains(" below "))
  }

  @Test func everyChangeIsAskedAboutOnce() throws {
    var model = try Self.picker("n=12 m=9 r=2 variants=lora")
    for key in [Key.home, .down] { #expect(update(&model, .key(key)) == []) }
    let wanted = try Scenario(parsing: "n=7 m=9 r=2 variants=lora")
    #expect(update(&model, .key(.character("7"))) == [.lookAhead(wanted)])
    #expect(update(&model, .key(.character("x"))) == [], "7x is no size")
  }

  @Test(arguments: ProblemFamily.ID.allCases, [Glyphs.braille, .ascii])
  func everyTaskWithSixVariantsFitsEveryScreen(task: ProblemFamily.ID, glyphs: Glyphs) throws {
    let sizes = task == .digits ? "" : "n=12 m=8 r=2"
    var model = try Self.picker(
      "task=\(task.rawValue) \(sizes) variants=lora,lora-ga,lora-pro,adalora,galore,serial-lora",
      glyphs: glyphs)
    try Self.look(&model)
    for size in [(60, 16), (80, 24), (120, 40)] {
      for _ in 0..<70 {
        let rows = view(model, Size(width: size.0, height: size.1)).grid.rows
        let focus = glyphs.spell("▸")
        #expect(rows.contains { $0.contains(" \(focus) ") }, "\(rows.joined(separator: "\n"))")
        #expect(glyphs != .ascii || rows.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value < 128 } })
        _ = update(&model, .key(.down))
      }
      _ = update(&model, .key(.home))
    }
  }

  @Test func rTakesItBackToWhatItWasOpenedOn() throws {
    let scenario = try Scenario(parsing: "n=12 m=9 r=2")
    var picker = Picker(scenario, memory: 1e9)
    for key in [Key.character("5"), .down, .character("3"), .character("r")] { _ = picker.press(key) }
    #expect(picker.press(.enter) == .chosen(scenario))
    PickerTests.focus(on: .field("target"), &picker)
    PickerTests.type("power:1", &picker)
    #expect(picker.text(at: .field("target")) == "power:1", "a target takes letters")
    _ = picker.press(.control("r"))
    #expect(picker.press(.enter) == .chosen(scenario))
  }

  @Test func whatIsPastedGoesIntoTheFieldOrIsAWholeRun() throws {
    var picker = Picker(try Scenario(parsing: "n=12 m=9 r=2"), memory: 1e9)
    picker.paste("31\n")
    #expect(picker.text(at: .field("n")) == "31")
    let wanted = try Scenario(parsing: "task=linreg r=3 seed=5")
    picker.paste("\(wanted.line)\n")
    #expect(picker.press(.enter) == .chosen(wanted))
    picker.paste("r=0")
    #expect(picker.notice?.contains("r is 0") == true)
  }

  @Test func aPasteRunsNothing() throws {
    var model = try Self.picker("n=12 m=9 r=2")
    _ = update(&model, .key(.home))
    _ = update(&model, .key(.down))
    let wanted = try Scenario(parsing: "n=13 m=9 r=2")
    #expect(update(&model, .pasted("13\r")) == [.lookAhead(wanted)])
    _ = update(&model, .key(.escape))
    let before = model
    #expect(update(&model, .pasted("q")) == [] && model == before)
  }
}
