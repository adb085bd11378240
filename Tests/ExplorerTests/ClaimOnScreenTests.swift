import Charts
import Explorer
import Math
import Testing
import Theory

/// `:claim N`: the run of a claim, the panel that shows it, and its verdict under the charts.
@Suite("A claim on the screen")
struct ClaimOnScreenTests {
  private static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40)]

  private func opened(_ id: String) throws -> (model: Model, commands: [Command]) {
    var model = try SyntheticRun.model(steps: 10)
    let commands = CommandLineTests.enter("claim \(id)", &model)
    return (model, commands)
  }

  /// Two numbers with names as long as any.
  private func result(_ claim: Claim, _ value: Double = 0.5) throws -> ClaimResult {
    let name = "natural choices apart from each other on the way to the end, η = "
    return try ClaimResult(claim, [["0.1", "0.3"].map { Reading(name + $0, value, in: 0...1) }])
  }

  @Test func aClaimOpensItsRunAndAsksForItsVerdict() throws {
    let claim = try #require(Claim.named("36"))
    let (model, commands) = try opened("36")
    #expect(commands.contains(.tryClaim("36")) && commands.contains(.prepare(model.course, run: 2)))
    #expect(model.scenario == (try Scenario(parsing: claim.scenarios[0] + " seed=1")))
  }

  @Test("nothing of a verdict is cut", arguments: sizes, [Glyphs.braille, .ascii])
  func verdicts(size: Size, glyphs: Glyphs) throws {
    for claim in Claim.all {
      var (model, _) = try opened(claim.id)
      model.look(glyphs)
      _ = update(&model, .resized(size))
      func screen() -> String {
        let words = view(model, size).grid.rows.flatMap { $0.split(separator: " ") }
        return words.joined(separator: " ")
      }
      let head = glyphs.spell("Claim \(claim.id), \(claim.statement)")
      guard claim.isRunnable else {
        #expect(screen().contains(glyphs.spell("\(claim.ruling).")), "\(claim.id)")
        continue
      }
      #expect(screen().contains(head + ": 5 seeds are being run."), "\(claim.id)")
      for value in [0.5, 2] {
        let result = try result(claim, value)
        _ = update(&model, .report(Report(run: model.run, news: .claimed(result))))
        #expect(screen().contains(glyphs.spell("\(head): \(result.ruling). 1 seed")), "\(claim.id)")
      }
    }
  }

  @Test("the panel that shows it is in focus", arguments: Claim.all.filter(\.isRunnable))
  func panels(claim: Claim) throws {
    let (model, commands) = try opened(claim.id)
    let panel: Panel? =
      switch claim.drawings.first {
      case .gap: .gap
      case .loss, .plateaus: .loss
      case .spectrum: .spectrum
      case .measure(let id): model.phase == PhaseAxes(x: "step", y: id) ? .phase : nil
      case .readings: .sweep
      case .sweep: commands.contains { if case .sweep = $0 { true } else { false } } ? .sweep : nil
      case nil: model.focus
      }
    #expect(model.focus == panel)
    #expect(model.layout(Size(width: 80, height: 24)).places.contains { $0.panel == model.focus })
  }

  @Test func theNumbersOfAllSeedsAreDrawnOnceTheyAreThere() throws {
    var (model, _) = try opened("60")
    SyntheticRun.prepare(&model)
    let claim = try #require(Claim.named("60"))
    let readings = ["1", "2", "4"].map { Reading("L/L0, r = \($0)", 0.5, in: 0...1) }
    _ = update(&model, .report(Report(run: model.run, news: .claimed(try ClaimResult(claim, [readings])))))
    let rows = view(model, Self.sizes[0]).grid.rows
    #expect(rows[1].contains("Claim 60 over r"), "\(rows[1])")
    #expect(rows.contains { $0.contains("1 L/L0") })
  }

  @Test func numbersOfAnotherSizeHaveAChartOfTheirOwn() throws {
    var (model, _) = try opened("43")
    SyntheticRun.prepare(&model)
    let claim = try #require(Claim.named("43"))
    let readings = [("near", 0.5), ("far", -2e5)].flatMap { name, x in
      ["16", "64"].map { Reading("\(name), N = \($0)", x, in: -1e6...1) }
    }
    _ = update(&model, .report(Report(run: model.run, news: .claimed(try ClaimResult(claim, [readings])))))
    let rows = view(model, Self.sizes[0]).grid.rows
    let second = try #require(rows.firstIndex { $0.hasPrefix("2 far") }, "\(rows.joined(separator: "\n"))")
    #expect(rows[1].hasPrefix("Claim 43 over N") && second > 5)
    #expect(!rows[2..<second].joined().contains("e5"), "its axis is that of the near ones")
    #expect(rows.contains { $0.hasPrefix(" 1 near   2 far") })
  }

  @Test func whatAClaimIsAboutIsAmongTheNumbersThatAreSaid() throws {
    var (model, _) = try opened("22")
    let claim = try #require(Claim.named("22"))
    let others = (1...30).map { Reading("another number of this claim \($0)", 1, in: 0.99...1.01) }
    let result = try ClaimResult(claim, [[Reading("‖mean − 2G‖/‖2G‖", 0.5, in: 0...10)] + others])
    _ = update(&model, .report(Report(run: model.run, news: .claimed(result))))
    #expect(view(model, Self.sizes[0]).grid.text.contains("‖mean − 2G‖/‖2G‖ 0.5"))
  }

  @Test func theSameRunAgainKeepsTheClaimAndAnotherTakesItAway() throws {
    var (model, _) = try opened("36")
    #expect(!update(&model, .key(.character("r"))).contains(.stopClaim))
    let claim = try #require(Claim.named("36"))
    // Asked for by the run before.
    _ = update(&model, .report(Report(run: model.run - 1, news: .claimed(try result(claim)))))
    #expect(model.claim?.result != nil)
    _ = update(&model, .key(.character("R")))
    #expect(model.claim == nil)
  }

  @Test func escTakesItAwayAndStopsIt() throws {
    var (model, _) = try opened("36")
    #expect(update(&model, .key(.escape)).contains(.stopClaim))
    #expect(model.claim == nil)
    #expect(!view(model, Self.sizes[0]).grid.rows.joined().contains("Claim 36"))
  }

  @Test(arguments: ["99", "", "list"])
  func whatIsNoClaimIsSaidInOneLine(id: String) throws {
    var model = try SyntheticRun.model(steps: 10)
    #expect(CommandLineTests.enter("claim \(id)", &model) == [])
    #expect(model.notice?.contains("1 to 66, 58b, 58c, 58d") == true, "\(model.notice ?? "")")
  }

  @Test func mistakesOfTheNotesStandBesideWhatIsRight() async throws {
    var model = try SyntheticRun.model(steps: 10)
    #expect(CommandLineTests.enter("errata", &model) == [.tryErrata])
    _ = update(&model, .key(.down))
    var text = view(model, Self.sizes[0]).grid.rows.joined(separator: "\n")
    #expect(text.contains("2 of 24") && text.contains("The note") && text.contains("being measured"))
    let sides = ["E2": Erratum.Sides(note: 0.5, right: 0.25, measured: 0.2501)]
    _ = update(&model, .report(Report(run: model.run, news: .erred(sides))))
    text = view(model, Self.sizes[0]).grid.rows.joined(separator: "\n")
    #expect(text.contains("note 0.5, right 0.25, measured 0.2501"), "\(text)")
    _ = update(&model, .key(.escape))
    #expect(model.overlay == nil)
    #expect(CommandLineTests.enter("errata", &model) == [], "they are known")
  }

  @Test func everyRunnableClaimHasARunToShow() throws {
    for claim in Claim.all where claim.isRunnable {
      let line = try #require(claim.scenarios.first, "\(claim.id)")
      try Scenario(parsing: line + " seed=1").validate()
    }
  }
}

extension Model {
  /// Goes on to other glyphs.
  fileprivate mutating func look(_ glyphs: Glyphs) {
    while self.glyphs != glyphs { _ = update(&self, .key(.character("b"))) }
  }
}
