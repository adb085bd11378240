import Charts
import Explorer
import Math
import Testing
import Theory

/// The theory on trial beside the charts: what is asked of the engine, and what is shown of the answer.
@Suite("Checks on the screen")
struct ChecksPanelTests {
  let medium = Size(width: 80, height: 24)

  func press(_ model: inout Model, _ keys: Key...) -> [Command] {
    keys.flatMap { update(&model, .key($0)) }
  }

  func inquiries(_ commands: [Command]) -> [Inquiry] {
    commands.compactMap { if case .inquire(let inquiry) = $0 { inquiry } else { nil } }
  }

  /// One holds, one fails, the others do not apply.
  func answer(_ model: inout Model, step: Int, traced: String? = nil) -> [Command] {
    var verdicts = Dictionary(
      uniqueKeysWithValues: Check.all.map { ($0.id, Verdict.notApplicable(needs: $0.needs)) })
    verdicts["C2"] = .ok(.atLeast(1.62, 0.677))
    verdicts["I3"] = .failed(.atMost(0.25, 1e-12))
    let trace = [1, 10, step].map { Findings.Point(step: $0, comparison: .atLeast(2, 0.5)) }
    let findings = Findings(
      step: step, verdicts: verdicts, traced: traced, trace: traced == nil ? [] : trace)
    return update(&model, .report(Report(run: model.run, news: .found(findings))))
  }

  @Test func nothingIsAskedWhileNobodyLooks() throws {
    var model = try SyntheticRun.model(steps: 640)
    #expect(inquiries(update(&model, .resized(medium))).isEmpty)
    #expect(inquiries(press(&model, .left)).isEmpty)
    #expect(inquiries(press(&model, .character("c"))).map(\.step) == [639])
    #expect(model.context == .checks)
  }

  @Test func oneQuestionAtATimeThenTheStepOfTheCursor() throws {
    var model = try SyntheticRun.model(steps: 640)
    #expect(inquiries(press(&model, .character("c"))) == [Inquiry(step: 640, traced: nil, isLive: true)])
    #expect(inquiries(press(&model, .left, .left, .left)).isEmpty, "the engine is at work")
    #expect(inquiries(answer(&model, step: 640)) == [Inquiry(step: 637, traced: nil, isLive: false)])
    #expect(inquiries(answer(&model, step: 637)).isEmpty, "all is known")
    #expect(inquiries(press(&model, .escape, .escape, .left)).isEmpty, "nobody looks any more")
  }

  @Test func whatFailsStandsFirstAndWhatDoesNotApplySaysWhatItNeeds() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    let rows = view(model, medium).grid.rows
    #expect(rows[1].contains("at t=640") && rows[1].contains("margin"))
    #expect(rows[2].contains("✗ I3") && rows[2].contains("≤ 1e-12"), "\(rows[2])")
    #expect(rows[3].contains("✓ C2") && rows[3].contains("1.62") && rows[3].contains("2.39×"), "\(rows[3])")
    #expect(rows[4].contains("– C1") && rows[4].contains("needs an adapter"), "\(rows[4])")
  }

  @Test func theirSumAndHowManyFollowAreSaid() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    let rows = view(model, medium).grid.rows
    #expect(rows[1].contains("at t=640  ✓1 ✗1 –\(Check.all.count - 2) "), "\(rows[1])")
    let rule = try #require(rows.firstIndex { $0.contains("───") })
    #expect(rows[rule].contains(" ↓ \(Check.all.count - (rule - 2)) more "), "\(rows[rule])")
    for _ in Check.all { _ = press(&model, .down) }
    #expect(!view(model, medium).grid.rows[rule].contains("more"))
  }

  @Test(arguments: [60, 80, 120], [Glyphs.braille, .ascii])
  func theirHeadingLeavesTheColumnsTheirNames(width: Int, glyphs: Glyphs) throws {
    var model = try SyntheticRun.model(steps: 640, glyphs: glyphs)
    _ = update(&model, .resized(Size(width: width, height: 16)))
    _ = press(&model, .character("c"))
    func heading() -> String { view(model, Size(width: width, height: 16)).grid.rows[1] }
    for state in ["being looked at", "t=640"] {
      #expect(heading().contains(state) && heading().hasSuffix("margin "), "\(heading())")
      _ = answer(&model, step: 640)
    }
  }

  @Test func enterDrawsTheCheckOverTheSteps() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    #expect(inquiries(press(&model, .down, .enter)) == [Inquiry(step: 640, traced: "C2", isLive: true)])
    _ = answer(&model, step: 640, traced: "C2")
    let rows = view(model, medium).grid.rows
    #expect(rows.contains { $0.hasPrefix("C2  gap ≥ floor") }, "the chart's title is the check's")
    let title = try #require(rows.firstIndex { $0.hasPrefix("C2  gap ≥ floor") })
    let isBraille = { (scalar: Unicode.Scalar) in (0x2801...0x28FF).contains(scalar.value) }
    #expect(rows[(title + 1)...].prefix(6).joined().unicodeScalars.count(where: isBraille) > 20, "a line")
    _ = press(&model, .enter)
    #expect(model.checks.traced == nil)
  }

  @Test func theWordsUnderAChartAreOfWhatIsDrawn() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    _ = press(&model, .down, .enter)
    _ = answer(&model, step: 640, traced: "C2")
    _ = press(&model, .up)
    let text = view(model, medium).grid.rows.joined(separator: "\n")
    #expect(text.contains("‖W_t − W_t^full‖ ≥") && !text.contains("ΔW = −ηs²"), "\(text)")
  }

  @Test func whatHasNoNumberSaysWhyInsteadOfAnEmptyChart() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    _ = press(&model, .down, .down, .enter)
    _ = answer(&model, step: 640, traced: "C1")
    let text = view(model, medium).grid.rows.joined(separator: "\n")
    #expect(text.contains("C1  no number: needs an adapter") && !text.contains("no number yet"), "\(text)")
  }

  @Test func theSidePanelListsWhatApplies() throws {
    var model = try SyntheticRun.model(steps: 640)
    let large = Size(width: 120, height: 40)
    #expect(inquiries(update(&model, .resized(large))).count == 1)
    _ = answer(&model, step: 640)
    let side = view(model, large).grid.rows.map { String($0.prefix(34)) }
    let heading = try #require(side.firstIndex { $0.contains("Theory checks") && $0.contains("t=640") })
    #expect(side[heading + 1].contains("✗ I3") && side[heading + 2].contains("✓ C2"))
    #expect(!side.joined().contains("– C1"))
    #expect(side[heading + 2].hasPrefix("  ✓ C2  gap ≥ floor  ") && side[heading + 2].contains(" 2.39×"))
  }

  static let six = "variants=lora,rslora,lora-plus,pissa,lora-ga,lora-pro"

  @Test func theTableAsksWhileItsColumnIsLookedAt() throws {
    var model = Model(try Scenario(parsing: Self.six), glyphs: .braille, memory: 1e12)
    _ = update(&model, .resized(Size(width: 60, height: 16)))
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...640)
    _ = press(&model, .character("s"))
    #expect(model.focus == .table && model.checks.asked == nil, "no room for the column")
    _ = press(&model, .escape)
    #expect(inquiries(update(&model, .resized(medium))).map(\.step) == [640])
    var charts = try SyntheticRun.model(steps: 640)
    #expect(inquiries(update(&charts, .resized(medium))).isEmpty)
    #expect(inquiries(press(&charts, .character("s"))).map(\.step) == [640])
  }

  @Test func theTableHasWhatTheChecksCameToForEachVariant() throws {
    var model = try SyntheticRun.model(Self.six, steps: 640)
    func row(_ i: Int) throws -> String {
      try #require(view(model, medium).grid.rows.last { $0.dropFirst().hasPrefix("\(i) ") }).trimmed
    }
    _ = update(&model, .resized(medium))
    #expect(try row(1).hasSuffix(" –"), "nothing is known yet")
    var tallies = Array(repeating: Tally(), count: 7)
    let (first, second) = (Check.all[0], Check.all[1])
    for i in 1...2 { tallies[i].add(.ok(.atMost(0, 1)), of: first) }
    tallies[1].add(.ok(.atMost(0, 1)), of: second)
    tallies[2].add(.failed(.atMost(2, 1)), of: second)
    tallies[3].add(.notApplicable(needs: "another"), of: first)
    let findings = Findings(step: 640, verdicts: [:], tallies: tallies)
    _ = update(&model, .report(Report(run: model.run, news: .found(findings))))
    let (held, broken) = (try row(1), try row(2))
    #expect(held.hasSuffix(" ✓ 2/2"), "\(held)")
    #expect(broken.hasSuffix(" ✗ \(second.id)"), "\(broken)")
    #expect(try row(3).hasSuffix(" –"), "none applies")
    while model.table.column != .checks { _ = press(&model, .character("s")) }
    #expect(model.tableVariants.prefix(2) == [2, 1], "what is broken first")
  }

  @Test func everyCheckHasANameThatFitsBesideTheCharts() {
    for check in Check.all {
      #expect((1...13).contains(Glyphs.ascii.spell(check.name).count), "\(check.id)")
    }
    #expect(Set(Check.all.map(\.name)).count == Check.all.count)
  }

  @Test(arguments: [Glyphs.braille, .ascii])
  func marginsEndUnderTheirHeadingAndNothingIsCut(glyphs: Glyphs) throws {
    var model = try SyntheticRun.model(steps: 640, glyphs: glyphs)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    let rows = view(model, medium).grid.rows.map(\.trimmed)
    #expect(rows[1].hasSuffix("margin") && rows[1].count <= 80)
    for row in rows[2...3] { #expect(row.count == rows[1].count, "\(row)") }
    #expect(rows[2].hasSuffix(" 4e-12×".replacing("×", with: glyphs.spell("×"))), "\(rows[2])")
    #expect(rows[4].hasSuffix(glyphs.spell(" …")), "\(rows[4])")
  }

  @Test func anotherRunKnowsNothingYet() throws {
    var model = try SyntheticRun.model(steps: 640)
    _ = press(&model, .character("c"))
    _ = answer(&model, step: 640)
    _ = press(&model, .character("r"))
    #expect(model.checks.findings == nil && model.checks.asked == nil)
  }

  /// What the panel shows is what the checks say of the run itself, of its start and of that step.
  /// On the first thread: the others are the engine's.
  @Test @MainActor func theEngineAnswersForTheStepThatIsAsked() throws {
    let line = "n=6 m=5 r=2 steps=20 variants=lora"
    let scenario = try Scenario(parsing: line)
    let model = try Model.played(.whole(scenario), to: 12, Size(width: 120, height: 40), glyphs: .braille)
    let findings = try #require(model.checks.findings)
    #expect(findings.step == 12)
    var simulation = try Simulation(scenario, digits: .embedded)
    let start = Moment(simulation)
    while simulation.step < 12 { simulation.advance() }
    let present = Moment(simulation)
    for check in Check.all where check.subject == .series {
      let wanted = check.verdicts(start: start, present: present).worst
      #expect(findings.verdicts[check.id]?.comparison == wanted?.comparison, "\(check.id)")
    }
    let ofLoRA = Check.all.filter { $0.subject == .series }.compactMap {
      $0.verdicts(of: 1, start: start, present: present).worst
    }
    #expect(findings.tallies.count == 2)
    #expect(findings.tallies[1].held == ofLoRA.count { $0.comparison != nil } && findings.tallies[1].held > 5)
  }
}
