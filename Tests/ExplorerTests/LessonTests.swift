import Charts
import Explorer
import Math
import Testing

/// A lesson on the screen, without a terminal.
@Suite("Lessons: the page")
struct LessonTests {
  static let yaml = """
    title: Two ranks
    say: Two ranks of one task.
    ask: Which is nearer?
    answers:
      - {text: the first, wrong: it has fewer directions}
      - {text: the second, right: it has more directions}
      - {text: neither, wrong: their floors differ}
    why: The gaps are {one} and {two} at step {steps}.
    scenario: n=8 m=6 k=6 norm=4 lr=0.1 steps=20 variants=lora(init=normal)
    runs:
      low: r=1 alpha=1
      high: r=2 alpha=2
    picture: {show: gap, axis: log, floors: yes}
    numbers:
      one: {value: gap 1 at end of low, within: 0 to 10}
      two: {value: gap 1 at end of high}
    changes:
      - {label: flat, set: target=flat, say: "Now {two}.", numbers: {two: {value: gap 1 at end of high}}}
    notes: Say nothing.
    """

  static func lesson(_ yaml: String = yaml) throws -> Lesson {
    try LessonReader.read(yaml, file: "01-two.yaml")
  }

  /// The lesson's page after some keys; with both runs played to their end by written numbers.
  static func page(glyphs: Glyphs, _ keys: [Key], seen: Bool = false) throws -> Model {
    var model = try SyntheticRun.model(steps: 10, glyphs: glyphs)
    model.teach([try lesson(), try lesson()])
    for key in keys { _ = update(&model, .key(key)) }
    if seen { play(&model) }
    return model
  }

  /// The runs of the scene, and its numbers.
  static func play(_ model: inout Model) {
    for _ in model.lessons?.scene.runs ?? [] {
      SyntheticRun.prepare(&model)
      SyntheticRun.play(&model, 0...20)
      SyntheticRun.finish(&model)
    }
    tell(&model)
  }

  /// What the program finds out beforehand of the scene.
  static func tell(_ model: inout Model, _ histories: [RunHistory] = []) {
    guard let place = model.lessons?.place else { return }
    let trial = SceneTrial(numbers: ["one": 1.25, "two": 0.5], histories: histories)
    _ = update(&model, .report(Report(run: 0, news: .measured(place, trial))))
  }

  static func startsRun(_ commands: [Command]) -> Bool {
    for case .prepare in commands { return true }
    return false
  }

  @Test func aPredictionIsWantedBeforeTheRun() throws {
    for key in [Key.enter, .right] {
      var model = try Self.page(glyphs: .braille, [])
      let commands = update(&model, .key(key))
      #expect(model.notice == "a prediction is wanted first: a, b or c")
      #expect(model.lessons?.step == 0 && !Self.startsRun(commands))
    }
  }

  @Test func theRunsPlayOneAfterAnotherAndThenTheVerdictStands() throws {
    var model = try Self.page(glyphs: .braille, [.character("a"), .enter])
    #expect(model.scenario.r == 1 && model.lessons.map { verdict($0) } == "your answer a: the first")
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...20)
    SyntheticRun.finish(&model)
    #expect(model.scenario.r == 2, "the second run follows")
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...20)
    SyntheticRun.finish(&model)
    let play = try #require(model.lessons)
    #expect(play.isSeen && play.finished[0]?.count == 2)
    #expect(
      verdict(play) == "your answer a: wrong: it has fewer directions. Right is b: the second")
    #expect(play.score == "0 of 1 right")
    #expect(model.past.runs.isEmpty, "a lesson's runs are not the user's")
  }

  @Test func anAnswerCountsOnce() throws {
    var model = try Self.page(glyphs: .braille, [.character("b"), .enter], seen: true)
    for key in [Key.left, .character("a"), .enter] { _ = update(&model, .key(key)) }
    #expect(model.lessons?.answer == 1 && model.lessons?.score == "1 of 1 right")
  }

  @Test func wordsHaveTheirNumbersOnceTheyAreMeasured() throws {
    var model = try Self.page(glyphs: .braille, [.character("b"), .enter])
    #expect(model.lessons?.filled("{one} and {two} at {steps}") == "… and … at 20")
    Self.play(&model)
    #expect(model.lessons?.filled("{one} and {two} at {steps}") == "1.25 and 0.5 at 20")
  }

  @Test func theChangeIsRunAndTheFirstPictureComesBack() throws {
    var model = try Self.page(glyphs: .braille, [.character("b"), .enter], seen: true)
    let before = lessonPicture(model, Size(width: 70, height: 12))
    _ = update(&model, .key(.character("v")))
    #expect(model.scenario.target == .flat && model.lessons?.step == 3)
    Self.play(&model)
    _ = update(&model, .key(.left))
    #expect(lessonPicture(model, Size(width: 70, height: 12)) == before)
    // Nothing is computed again.
    let commands = update(&model, .key(.right))
    #expect(!Self.startsRun(commands))
  }

  @Test func leavingGivesBackTheRunAndLTheLesson() throws {
    var model = try SyntheticRun.model("steps=300 variants=lora,lora-ga", steps: 40)
    model.teach([try Self.lesson(), try Self.lesson()])
    for key in [Key.character("b"), .enter] { _ = update(&model, .key(key)) }
    Self.play(&model)
    _ = update(&model, .key(.right))
    let page = model.lessons
    _ = update(&model, .key(.escape))
    #expect(model.scenario.steps == 300 && model.context == .main && model.lessons?.isOpen == false)
    _ = update(&model, .key(.character("L")))
    #expect(model.lessons?.step == 2 && model.lessons?.finished == page?.finished)
    #expect(model.context == .lesson)
  }

  @Test func theExplorerWaitsForThePrediction() throws {
    var model = try Self.page(glyphs: .braille, [])
    #expect(!Self.startsRun(update(&model, .key(.character("o")))))
    #expect(model.context == .lesson && model.notice == "a prediction is wanted first")
  }

  @Test func oneKeyOpensTheRunInTheExplorer() throws {
    var model = try Self.page(glyphs: .braille, [.character("b"), .enter], seen: true)
    let commands = update(&model, .key(.character("o")))
    #expect(model.context == .main && model.scenario.r == 2)
    #expect(Self.startsRun(commands))
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...20)
    let last = view(model, Size(width: 80, height: 24)).grid.rows.last ?? ""
    #expect(last.contains("L lesson  ? help  q"), "\(last)")
    // Esc goes back too, where nothing else is to be closed.
    _ = update(&model, .key(.escape))
    #expect(model.context == .lesson && model.lessons?.isSeen == true)
  }

  @Test func pagesGoOnToTheNextLessonAndBack() throws {
    var model = try Self.page(glyphs: .braille, [.left])
    #expect(model.notice == "this is the first lesson")
    for key in [Key.character("b"), .enter] { _ = update(&model, .key(key)) }
    Self.play(&model)
    for _ in 1...2 { _ = update(&model, .key(.right)) }
    Self.play(&model)
    _ = update(&model, .key(.right))
    #expect(model.lessons?.index == 1 && model.lessons?.step == 0)
    _ = update(&model, .key(.left))
    #expect(model.lessons?.index == 0)
  }

  @Test func nothingOnThePageIsDim() throws {
    for keys in [[], [Key.character("b"), .enter]] {
      let model = try Self.page(glyphs: .braille, keys, seen: !keys.isEmpty)
      let grid = view(model, Size(width: 80, height: 24)).grid
      for row in 0..<24 {
        for column in 0..<80 {
          let style = grid.style(row: row, column: column)
          #expect(!style.attributes.contains(.dim) && style.ink != .theory, "at \(row), \(column)")
        }
      }
    }
  }

  @Test func theNotesAreForTheTeacherAlone() throws {
    var model = try Self.page(glyphs: .braille, [])
    #expect(!view(model, Size(width: 80, height: 24)).grid.text.contains("Say nothing."))
    _ = update(&model, .key(.character("T")))
    #expect(view(model, Size(width: 80, height: 24)).grid.text.contains("Say nothing."))
    _ = update(&model, .key(.escape))
    #expect(model.context == .lesson)
  }
}
