import Charts
import Explorer
import Math
import Testing
import Theory

@Suite("Update")
struct UpdateTests {
  static func model(_ line: String = "n=6 m=5 r=2 steps=10") throws -> Model {
    Model(try Scenario(parsing: line), glyphs: .braille, memory: 1e9)
  }

  /// A model whose run is set up and has measured step 0.
  static func running(_ line: String = "n=6 m=5 r=2 steps=10", to step: Int = 0) throws -> Model {
    var model = try model(line)
    var simulation = try Simulation(model.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 1, news: .ready(RunOutline(simulation)))))
    var records = [Record(measuring: &simulation, withSpectra: true)]
    while simulation.step < step {
      simulation.advance()
      records.append(Record(measuring: &simulation, withSpectra: true))
    }
    _ = update(&model, .report(Report(run: 1, news: .records(records))))
    return model
  }

  @Test func aRunThatIsSetUpStartsToMove() throws {
    var model = try Self.model()
    #expect(
      update(&model, .report(Report(run: 1, news: .ready(RunOutline(names: ["full", "lora"]))))) == [
        .advance(nil)
      ])
    #expect(model.history?.names == ["full", "lora"])
  }

  @Test func spaceStopsAndGoesOn() throws {
    var model = try Self.running()
    #expect(update(&model, .key(.character(" "))) == [.stop])
    #expect(model.isPaused)
    #expect(update(&model, .key(.character(" "))) == [.advance(nil)])
    #expect(!model.isPaused)
  }

  @Test func spaceBeforeTheRunIsSetUpKeepsItFromStarting() throws {
    var model = try Self.model()
    #expect(update(&model, .key(.character(" "))) == [])
    #expect(update(&model, .report(Report(run: 1, news: .ready(RunOutline(names: ["full"]))))) == [])
    #expect(update(&model, .key(.character(" "))) == [.advance(nil)])
  }

  @Test func nStopsAndTakesOneStep() throws {
    var model = try Self.running()
    #expect(update(&model, .key(.character("n"))) == [.stop, .advance(1)])
    #expect(model.isPaused)
    #expect(update(&model, .key(.character("n"))) == [.advance(1)])
  }

  @Test func rRunsTheSameSeedAgain() throws {
    var model = try Self.running()
    let scenario = model.scenario
    #expect(update(&model, .key(.character("r"))) == [.prepare(.whole(scenario), run: 2)])
    #expect(model.history == nil)
  }

  @Test func RRunsTheNextSeed() throws {
    var model = try Self.running("n=6 m=5 r=2 seed=41")
    let wanted = try Scenario(parsing: "n=6 m=5 r=2 seed=42")
    #expect(update(&model, .key(.character("R"))) == [.prepare(.whole(wanted), run: 2)])
  }

  @Test func theLastSeedHasNoNext() throws {
    var model = try Self.running("n=6 m=5 r=2 seed=4294967295")
    #expect(update(&model, .key(.character("R"))) == [])
    #expect(model.notice?.contains("4294967296") == true)
  }

  @Test func newsOfAnEarlierRunAreDropped() throws {
    var model = try Self.running()
    _ = update(&model, .key(.character("r")))
    let before = model
    #expect(update(&model, .report(Report(run: 1, news: .finished))) == [])
    #expect(model == before)
  }

  @Test func digitsHideAndShowSeries() throws {
    var model = try Self.running()
    let before = model
    for digit in ["0", "1", "3"] as [Unicode.Scalar] {
      #expect(update(&model, .key(.character(digit))) == [])
      #expect(model.hidden == [Int(digit.value) - 48])
      #expect(view(model, Size(width: 80, height: 24)) != view(before, Size(width: 80, height: 24)))
      _ = update(&model, .key(.character(digit)))
      #expect(model == before)
    }
    _ = update(&model, .key(.character("4")))
    #expect(model.hidden.isEmpty && model.notice?.contains("series 4") == true, "there are three variants")
  }

  @Test func yTurnsTheScaleAndBack() throws {
    var model = try Self.running()
    let before = model
    _ = update(&model, .key(.character("y")))
    #expect(model.scale == .linear)
    _ = update(&model, .key(.character("y")))
    #expect(model == before)
  }

  @Test func wGoesThroughTheLayers() throws {
    var model = try Self.running("task=twolayer n=6 hidden=7 m=5 r=2 steps=10")
    let before = model
    #expect(update(&model, .key(.character("w"))) == [])
    #expect(model.layer == 1)
    _ = update(&model, .key(.character("w")))
    #expect(model == before)
  }

  @Test func oneLayerHasNoNextAndSaysSo() throws {
    var model = try Self.running()
    _ = update(&model, .key(.character("w")))
    #expect(model.layer == 0)
    #expect(model.notice?.contains("one layer") == true)
  }

  @Test func aRunOfOneLayerShowsThatLayer() throws {
    var model = try Self.running("task=twolayer n=6 hidden=7 m=5 r=2 steps=10")
    for key in ["w", "T", "p"] as [Unicode.Scalar] { _ = update(&model, .key(.character(key))) }
    #expect(model.layer == 1 && model.lossSet == .test)
    for key in [Key.up, .right, .enter] { _ = update(&model, .key(key)) }
    #expect(model.scenario == Scenario(task: .matrix))
    #expect(model.layer == 0 && model.lossSet == .train)
  }

  @Test func TTurnsToTheTestLossWhereThereIsOne() throws {
    var model = try Self.running("task=linreg n=6 m=5 r=2 steps=10")
    let before = model
    #expect(update(&model, .key(.character("T"))) == [])
    #expect(model.lossSet == .test)
    _ = update(&model, .key(.character("T")))
    #expect(model == before)
    model = try Self.running("task=linreg n=6 m=5 r=2 steps=10 held=0")
    _ = update(&model, .key(.character("T")))
    #expect(model.lossSet == .train)
    #expect(model.notice?.contains("held") == true)
  }

  @Test func vOpensThePickerAtTheFirstSeries() throws {
    var model = try Self.running()
    #expect(update(&model, .key(.character("v"))) == [.lookAhead(model.scenario)])
    guard case .picker(let picker)? = model.overlay else {
      Issue.record("no picker")
      return
    }
    #expect(picker.focus == .choice(0))
  }

  @Test func theEndSaysHowToGoOn() throws {
    var model = try Self.running()
    _ = update(&model, .report(Report(run: 1, news: .finished)))
    #expect(update(&model, .key(.character(" "))) == [])
    #expect(model.notice?.contains("r runs it again") == true)
    _ = update(&model, .key(.character("y")))
    #expect(model.notice == nil)
  }

  @Test func aRunThatCannotStartSaysWhy() throws {
    var model = try Self.model()
    _ = update(&model, .report(Report(run: 1, news: .failed("no such luck"))))
    #expect(view(model, Size(width: 80, height: 24)).grid.text.contains("no such luck"))
  }

  @Test func theRunGoesOnBehindTheHelp() throws {
    var model = try Self.running()
    let before = model
    _ = update(&model, .key(.character("?")))
    #expect(model.context == .help)
    #expect(update(&model, .key(.character(" "))) == [], "keys of the main screen rest")
    _ = update(&model, .key(.escape))
    #expect(model == before)
  }
}

@Suite("Keys")
struct KeyMapTests {
  @Test(arguments: Context.allCases)
  func noKeyHasTwoMeanings(context: Context) {
    let keys = KeyBinding.all.filter { $0.contexts.contains(context) }.flatMap(\.keys).map(\.key)
    #expect(Set(keys).count == keys.count)
  }

  @Test func namesAreWordsAndDifferent() {
    let names = KeyBinding.commands.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { !$0.isEmpty && !$0.contains(" ") })
  }

  static let mainKeys = KeyBinding.all.filter { $0.contexts.contains(.main) }
    .flatMap { binding in binding.keys.map { ($0.key, binding.name) } }

  @Test(arguments: mainKeys)
  func everyKeyDoesSomething(key: Key, name: String) throws {
    var model = try UpdateTests.running(
      "n=6 m=5 r=2 variants=lora,lora-ga,lora-pro,lora-pro(c=zero),lora-ga(scale=gd),lora-ga(scale=unit)",
      to: 2)
    // From the table to the charts, to something to go back from, and to a step between two others.
    for key in [Key.escape, .enter, .left] { _ = update(&model, .key(key)) }
    #expect(model.context == .main && model.isZoomed)
    let before = model
    let commands = update(&model, .key(key))
    #expect(model != before || !commands.isEmpty, "\(name) does nothing")
  }

  static let overlayKeys = KeyBinding.all.filter { $0.group == .overlay || !$0.contexts.contains(.main) }

  /// What lies on top, in states in one of which each of its keys does something.
  static func models(in context: Context) throws -> [Model] {
    if context == .divergence { return [try DivergenceTests.asked().0] }
    // So small that words and keys take several pages.
    let keys: [[Key]] =
      switch context {
      case .help: [[.character("?"), .down]]
      case .page: [[.character("S"), .escape, .character("c"), .character("i"), .down]]
      case .picker:
        [
          [.character("p"), .down, .right], [.character("v")],
          [.character("p"), .character("7"), .down, .down, .down],
        ]
      case .main, .table, .checks, .sweep, .search, .commandLine, .session, .exports, .divergence, .lesson:
        [[]]
      }
    return try keys.map { keys in
      guard !keys.isEmpty else { return try model(in: context) }
      var model = try UpdateTests.running("n=6 m=5 r=2 steps=9 variants=lora,lora-ga,lora-pro,dora")
      _ = update(&model, .resized(Size(width: 60, height: 16)))
      if context == .page { answerChecks(&model) }
      for key in keys { _ = update(&model, .key(key)) }
      #expect(model.context == context)
      return model
    }
  }

  private static func answerChecks(_ model: inout Model) {
    let verdicts = Dictionary(uniqueKeysWithValues: Check.all.map { ($0.id, Verdict.ok(.atMost(0, 1))) })
    let findings = Findings(step: 2, verdicts: verdicts)
    _ = update(&model, .report(Report(run: model.run, news: .found(findings))))
  }

  /// Of six runs side by side, with the pane on top that the context is of.
  static func model(in context: Context) throws -> Model {
    var model = try UpdateTests.running("n=6 m=5 r=2 steps=9 variants=lora,lora-ga,lora-pro,dora")
    if context == .session {
      // Two runs before the present one: the one in between can be left both ways.
      for _ in 1...2 {
        _ = update(&model, .key(.character("r")))
        SyntheticRun.prepare(&model)
        SyntheticRun.play(&model, 0...2)
      }
    }
    let keys: [Key] =
      switch context {
      case .main, .divergence: [.escape]
      case .table: [.down]
      case .checks: [.character("c"), .down]
      case .sweep:
        [.character(":")] + "sweep r=1,2 lr=0.1,0.2".unicodeScalars.map { .character($0) } + [.enter]
      case .help: [.character("?")]
      case .search: [.character("?"), .character("/"), .character("a")]
      case .picker: [.character("p"), .down, .right]
      case .commandLine: [.character(":"), .character("s")]
      case .page: [.character("i")]
      case .session: [.character("S"), .down]
      case .exports: [.character("e"), .down]
      case .lesson: [.character("L")]
      }
    for key in keys { _ = update(&model, .key(key)) }
    #expect(model.context == context)
    return model
  }

  @Test(arguments: overlayKeys.indices)
  func everyKeyOfAnOverlayDoesSomething(index: Int) throws {
    let binding = Self.overlayKeys[index]
    for context in binding.contexts {
      let models = try Self.models(in: context)
      for (key, _) in binding.keys {
        let isUseful = models.contains { before in
          var model = before
          let commands = update(&model, .key(key))
          return model != before || !commands.isEmpty
        }
        #expect(isUseful, "\(key.label) does nothing in \(context)")
      }
    }
  }

  @Test func whatLiesOnTopHasItsKeysInTheListAndInARoomyHelp() throws {
    var model = try UpdateTests.running()
    _ = update(&model, .resized(Size(width: 200, height: 60)))
    _ = update(&model, .key(.character("?")))
    let help = view(model, model.size).grid.text
    for binding in KeyBinding.overlays {
      let words = [binding.label, binding.help]
      #expect(
        keysHelp.split(separator: "\n").contains { row in words.allSatisfy { row.contains($0) } }, "\(words)")
      #expect(help.contains(binding.help), "\(words)")
    }
  }

  @Test func theHelpShowsEveryKey() throws {
    var model = try UpdateTests.running()
    _ = update(&model, .key(.character("?")))
    let text = view(model, Size(width: 80, height: 24)).grid.text
    var lesson = try LessonTests.page(glyphs: .braille, [.character("?")])
    _ = update(&lesson, .resized(Size(width: 80, height: 24)))
    let lessonText = view(lesson, Size(width: 80, height: 24)).grid.text
    for binding in KeyBinding.commands where !binding.keys.isEmpty {
      let text = binding.group == .lesson ? lessonText : text
      #expect(text.contains(binding.label) && text.contains(binding.help), "\(binding.label)\n\(text)")
    }
  }

  @Test func theBottomRowHasTheLayerAndTheTestLossWhereTheyAre() throws {
    func bottom(_ line: String) throws -> String {
      try #require(view(UpdateTests.running(line), Size(width: 80, height: 24)).grid.rows.last)
    }
    let one = try bottom("n=6 m=5 r=2")
    #expect(!one.contains("w layer") && !one.contains("T test"))
    let two = try bottom("task=twolayer n=6 hidden=7 m=5 r=2")
    #expect(two.contains("w layer") && two.contains("T test"))
    #expect(try !bottom("task=twolayer n=6 hidden=7 m=5 r=2 held=0").contains("T test"))
  }

  @Test func theBottomRowHasWhatIsDoneToTimeInThePast() throws {
    var model = try UpdateTests.running(to: 5)
    func bottom() throws -> String { try #require(view(model, Size(width: 80, height: 24)).grid.rows.last) }
    #expect(try bottom().hasPrefix(" Space pause") && bottom().contains("c checks"))
    _ = update(&model, .key(.left))
    for words in ["← → scrub", "[ ] event", "go to", "m mark"] { #expect(try bottom().contains(words)) }
  }

  @Test(arguments: [60, 80, 120, 200])
  func theBottomRowEndsInHelpAndQuit(width: Int) throws {
    let rows = view(try UpdateTests.running(), Size(width: width, height: 24)).grid.rows
    let last = try #require(rows.last).trimmed
    #expect(last.hasSuffix("? help  q"), "\(last)")
    #expect(last.count <= 78)
  }

  @Test func theBottomRowPromisesNoKeyThatIsTypedInstead() throws {
    for context in Context.allCases {
      let model = try #require(Self.models(in: context).first)
      let last = try #require(view(model, Size(width: 80, height: 24)).grid.rows.last)
      guard last.contains("? help") else { continue }
      #expect(context.action(for: .character("q")) == .quit, "\(context): \(last)")
      #expect(context.action(for: .character("?")) == .toggleHelp, "\(context): \(last)")
    }
  }

  @Test func aFooterWithoutRoomLosesItsLastPartsWhole() throws {
    var model = try UpdateTests.running()
    _ = update(&model, .key(.character("?")))
    let last = try #require(view(model, Size(width: 60, height: 16)).grid.rows.last)
    #expect(last.contains(" · / finds ─") && !last.contains("sam"), "\(last)")
  }
}

extension String {
  /// Without blanks at the end.
  var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
