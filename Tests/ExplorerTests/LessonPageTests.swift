import Charts
import Explorer
import Math
import Testing

/// What a class can read off the page, and when.
@Suite("Lessons: the picture")
struct LessonPageTests {
  static let size = Size(width: 80, height: 24)

  /// Rows of the plot: those with the vertical axis behind the labels.
  static func plotRows(_ model: Model) -> Int {
    view(model, size).grid.rows.count {
      $0.contains(/^.{5}[│┤|+]/) && !$0.contains("└") && !$0.contains("++")
    }
  }

  static func labels(_ model: Model) -> [String] {
    view(model, size).grid.rows.filter { $0.contains(/^.{5}┤/) }.map { String($0.prefix(5)) }
  }

  /// A projector shows 80×24, and lines of four shades of dots cannot be told apart on less.
  @Test func aDrawThatTheWordsDoNotHoldForIsDoubted() throws {
    let lesson = try #require(
      LessonShelf.embedded.lessons.first { $0.outside.isEmpty && !$0.scene.numbers.isEmpty })
    let number = try #require(lesson.scene.numbers.first { $0.range != nil })
    let range = try #require(number.range)
    #expect(lesson.doubt([:]) == nil && lesson.doubt([number.name: range.lowerBound]) == nil)
    let doubt = try #require(lesson.doubt([number.name: range.upperBound + 1]))
    #expect(doubt.contains("seed \(lesson.seed)") && doubt.contains(number.name))
    let declared = try #require(LessonShelf.embedded.lessons.first { !$0.outside.isEmpty })
    let seed = try #require(declared.outside.keys.first)
    #expect(declared.with(seed: seed).doubt([:])?.contains(declared.outside[seed] ?? "?") == true)
  }

  @Test(arguments: LessonShelf.embedded.lessons)
  func afterTheAnswerThePictureHasTenRows(_ lesson: Lesson) throws {
    for choice in lesson.answers.indices {
      var model = try SyntheticRun.model(steps: 10)
      model.teach([lesson])
      for key in [Key.character(["a", "b", "c"][choice]), .enter] { _ = update(&model, .key(key)) }
      for step in 1..<lesson.stepCount {
        #expect(model.lessons?.step == step)
        #expect(Self.plotRows(model) >= 10, "\(lesson.name), step \(step), answer \(choice)")
        play(&model)
        #expect(Self.plotRows(model) >= 10, "\(lesson.name), step \(step), answer \(choice)")
        if step + 1 < lesson.stepCount { _ = update(&model, .key(.right)) }
      }
    }
  }

  /// Runs of written numbers, and lesson's numbers as long as most.
  private func play(_ model: inout Model) {
    guard let play = model.lessons, !play.isSeen else { return }
    for _ in play.scene.runs {
      SyntheticRun.prepare(&model)
      SyntheticRun.play(&model, 0...min(20, model.scenario.steps))
      SyntheticRun.finish(&model)
    }
    var numbers: LessonNumbers = [:]
    for number in play.scene.numbers { numbers[number.name] = 0.125 }
    _ = update(
      &model, .report(Report(run: 0, news: .measured(play.place, SceneTrial(numbers: numbers)))))
  }

  @Test func theAxesBeforeTheRunAreThoseAfterIt() throws {
    var model = try LessonTests.page(glyphs: .braille, [.character("b")])
    let before = Self.labels(model)
    let trial = try #require(model.lessons).scene.tried()
    LessonTests.tell(&model, trial.histories)
    let foreseen = Self.labels(model)
    #expect(foreseen != before && !foreseen.isEmpty)
    for _ in 1...2 { _ = update(&model, .key(.enter)) }
    #expect(model.lessons?.isSeen == true)
    let after = Set(Self.labels(model))
    #expect(after.isSuperset(of: foreseen), "the picture is higher, and its ends are the same")
  }

  @Test(arguments: [Key.enter, .right, .character("v")])
  func aKeyDuringTheRunShowsItsEndAndGivesNothingAwayBefore(key: Key) throws {
    var model = try LessonTests.page(glyphs: .braille, [.character("b"), .enter])
    let trial = try #require(model.lessons).scene.tried()
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...7)
    _ = update(&model, .key(key))
    #expect(model.lessons?.step == 1 && model.notice == "the run goes on; its end is not known yet")
    #expect(model.history?.step == 7, "it was not started again")
    #expect(model.lessons?.score == "0 of 0 right", "the count would tell")
    LessonTests.tell(&model, trial.histories)
    let commands = update(&model, .key(key))
    let play = try #require(model.lessons)
    #expect(play.step == 1 && play.isSeen && !LessonTests.startsRun(commands))
    #expect(play.finished[0] == trial.histories && play.score == "1 of 1 right")
    _ = update(&model, .key(key))
    #expect(model.lessons?.step == (key == .character("v") ? 3 : 2))
  }

  @Test func whoComesBackSeesTheFinishedPicture() throws {
    var model = try LessonTests.page(glyphs: .braille, [.character("b"), .enter])
    LessonTests.tell(&model, try #require(model.lessons).scene.tried().histories)
    SyntheticRun.prepare(&model)
    SyntheticRun.play(&model, 0...3)
    _ = update(&model, .key(.escape))
    let commands = update(&model, .key(.character("L")))
    #expect(model.lessons?.isSeen == true && !LessonTests.startsRun(commands))
  }

  @Test func theReasonOfTheSeedInUseStandsWithTheWhy() throws {
    let yaml = LessonTests.yaml + "\noutside: {2: this draw is another}"
    let lesson = try LessonTests.lesson(yaml)
    for (seed, isSaid) in [(2, true), (3, false)] {
      let drawn = lesson.with(seed: seed)
      let script = try LessonScript(drawn, number: 1).lines().joined(separator: "\n")
      #expect(script.contains("With seed 2: this draw is another.") == isSaid)
      var model = try SyntheticRun.model(steps: 10)
      model.teach([drawn])
      for key in [Key.character("b"), .enter] { _ = update(&model, .key(key)) }
      LessonTests.play(&model)
      _ = update(&model, .key(.right))
      #expect(view(model, Self.size).grid.text.contains("this draw is another") == isSaid)
    }
    let notes = try LessonScript(lesson, number: 1).notes().joined(separator: "\n")
    #expect(notes.contains("With seed 2: this draw is another."), "the teacher is told of every seed")
  }

  @Test func aShareInThePictureIsTheNumberInTheText() throws {
    let yaml = LessonTests.yaml
      .replacing("{show: gap, axis: log, floors: yes}", with: "{show: share}")
      .replacing("gap 1 at end of low", with: "share 1 at end of low")
    let lesson = try LessonTests.lesson(yaml)
    let trial = try lesson.scene.tried()
    let losses = trial.histories[0].losses[1]
    #expect(trial.numbers["one"] == losses.last.map { $0 / (losses.value(at: 0) ?? 0) })
    let words = try LessonScript(lesson, number: 1).lines()
    #expect(words.contains { $0.hasPrefix("Share of the loss left") })
  }

  @Test func theGaugeHasTheSharpnessBesideItsLimit() throws {
    let yaml = LessonTests.yaml.replacing("floors: yes", with: "floors: yes, gauge: sharpness")
    let lesson = try LessonTests.lesson(yaml)
    let sharpness = try lesson.scene.tried().histories.map { $0.layers[0].measures["sharpness"]?[1].last }
    let low = try #require(sharpness[0])
    let row = try LessonScript(lesson, number: 1).lines().first { $0.contains("sharpness now, of 2/η") }
    // 2/η = 2/0.1
    #expect(row?.contains("1 \(significant(low, 3)) of 20") == true, "\(row ?? "")")
    #expect(throws: LessonProblem.self) {
      try LessonTests.lesson(yaml.replacing("norm=4 lr=0.1", with: "opt=adam norm=4 lr=0.1"))
    }
  }

  /// Ranks stand at their ticks, and no glyph of a lesson is unknown to a screen of ASCII.
  @Test func ranksAreTheTicksOfAPictureOverTheRank() throws {
    let yaml = LessonTests.yaml.replacing(
      "{show: gap, axis: log, floors: yes}", with: "{show: gap, against: r}")
    let script = try LessonScript(try LessonTests.lesson(yaml), number: 1, glyphs: .ascii).lines()
    let axis = try #require(script.firstIndex { $0.contains("++---") })
    #expect(script[axis + 1].split(separator: " ") == ["1", "2"])
  }

  @Test(arguments: LessonShelf.embedded.lessons)
  func everyCharacterHasASpellingInASCII(_ lesson: Lesson) {
    let texts =
      [lesson.title, lesson.say, lesson.ask, lesson.why, lesson.notes]
      + lesson.answers.flatMap { [$0.text, $0.reason] }
      + lesson.changes.flatMap { [$0.label, $0.ask, $0.say] }
    for text in texts {
      let unknown = Glyphs.ascii.spell(text).count { $0 == "?" } - text.count { $0 == "?" }
      #expect(unknown == 0, "\(text)")
    }
  }

  @Test func aLessonIsChosenFromTheList() throws {
    var model = try LessonTests.page(glyphs: .braille, [.character("b"), .enter], seen: true)
    _ = update(&model, .key(.character("l")))
    let text = view(model, Self.size).grid.text
    #expect(text.contains("▸  1  Two ranks") && text.contains("right") && !text.contains("your answer"))
    // Answers are no keys of the list.
    for key in [Key.down, .down, .enter] { _ = update(&model, .key(key)) }
    #expect(model.lessons?.index == 1 && model.lessons?.step == 0 && model.lessons?.listed == nil)
    for key in [Key.character("l"), .escape] { _ = update(&model, .key(key)) }
    #expect(model.context == .lesson && model.lessons?.index == 1, "Esc closes the list, not the lesson")
  }

  @Test(arguments: [60, 80], [false, true])
  func theWayOutStandsInTheLastRow(width: Int, isSeen: Bool) throws {
    let keys = isSeen ? [Key.character("a"), .enter] : []
    let model = try LessonTests.page(glyphs: .braille, keys, seen: isSeen)
    let row = view(model, Size(width: width, height: width == 60 ? 16 : 24)).grid.rows.last ?? ""
    #expect(row.contains("Esc leave  ? help  q"), "\(row)")
    #expect(row.contains(isSeen ? "→ ← pages" : "a b c answer  Enter run it"), "\(row)")
  }
}
