import Assets
import Explorer
import Foundation
import Math
import Testing

/// A lesson's file, right and wrong.
@Suite("Lessons: files")
struct LessonReaderTests {
  /// The lesson of the page's tests with one text in place of another.
  static func fault(_ old: String, _ new: String) throws -> String {
    let yaml = LessonTests.yaml.replacing(old, with: new)
    try #require(yaml != LessonTests.yaml)
    do {
      _ = try LessonReader.read(yaml, file: "01-two.yaml")
      return "read"
    } catch {
      return "\(error)"
    }
  }

  static let wrong: [(String, String, String)] = [
    (
      "title: Two ranks", "titel: Two ranks",
      "01-two.yaml:1: unknown key 'titel' in a lesson; the keys are title"
    ),
    ("ask: Which is nearer?\n", "", "01-two.yaml:1: a lesson has no ask:"),
    ("say: Two ranks of one task.", "say: [1, 2]", "01-two.yaml:2: say is 'a list'; allowed is text"),
    (
      "say: Two ranks of", "say: There are 2 ranks of",
      "01-two.yaml:2: say has the number 2; numbers are computed"
    ),
    (
      "are {one} and", "are {three} and",
      "01-two.yaml:8: {three} in why is 'three'; allowed is one, two, a key"
    ),
    ("are {one} and", "are {r of middle} and", "01-two.yaml:8: {r of middle} in why is"),
    ("are {one} and", "are {r of 2} and", "01-two.yaml:8: {r of 2} in why is"),
    ("low: r=1", "r = 2: r=1", "01-two.yaml:11: the run r = 2 has r=1"),
    ("axis: log", "axis: log, names: [rank 1]", "01-two.yaml:13: names has the number 1"),
    ("are {one} and", "are {one and", "01-two.yaml:8: why has { without }"),
    ("r=1 alpha=1", "r=9 alpha=1", "01-two.yaml:11: r is 9; it takes a whole number from 1 to 6"),
    ("low: r=1 alpha=1", "low: 7", "01-two.yaml:11: '7' is not key=value"),
    ("wrong: it has fewer", "right: it has fewer", "01-two.yaml:5: 2 answers are right; one is to be"),
    ("show: gap", "show: loss", "01-two.yaml:13: floors are those of the gap"),
    ("floors: yes", "floors: yes, gauge: width", "01-two.yaml:13: gauge is 'width'; allowed is sharpness"),
    (
      "steps=20", "steps=600000000",
      "01-two.yaml:9: steps is '600000000'; allowed is at most"
    ),
    (
      "say: Two ranks of one task.", "say: >-\n  Words.\n  Are there 2 of them?",
      "01-two.yaml:4: say has the number 2"
    ),
    (
      "Two ranks of one task.", String(repeating: "A long sentence of a lesson. ", count: 9),
      "01-two.yaml:2: say has 4 lines of 76 characters; it takes at most 3 of them"
    ),
    ("axis: log", "axis: logarithmic", "01-two.yaml:13: axis is 'logarithmic'; allowed is log or linear"),
    ("show: gap", "show: gaps", "01-two.yaml:13: show is 'gaps'; allowed is gap, loss"),
    ("within: 0 to 10", "within: 10 to 0", "01-two.yaml:15: within is '10 to 0'; allowed is two numbers"),
    ("gap 1 at end of low", "gap 1 at 21 of low", "'gap 1 at 21 of low'; allowed is steps from 0 to 20"),
    (
      "gap 1 at end of low", "gap 2 at end of low",
      "01-two.yaml:15: series is '2'; allowed is full, or 1 to 1"
    ),
    (
      "gap 1 at end of low", "width 1 at end of low",
      "01-two.yaml:15: quantity is 'width'; allowed is gap, floor"
    ),
    ("gap 1 at end of low", "gap 1 at end of lowest", "allowed is"),
    ("gap 1 at end of low", "gap 1 at end", "01-two.yaml:15: value is 'gap 1 at end'; allowed is of RUN"),
    ("set: target=flat", "set: target=round", "01-two.yaml:18: target is round; it takes flat"),
    ("title: Two ranks", "title: 'Two ranks", "not YAML"),
    ("title: Two ranks", "title: Two ranks\ntitle: Three", "'title' stands twice"),
  ]

  @Test(arguments: wrong)
  func aWrongFileSaysItsLineTheThingAndWhatIsAllowed(old: String, new: String, wanted: String) throws {
    let fault = try Self.fault(old, new)
    #expect(fault.contains(wanted), "\(fault)")
    let isOneLine = fault.wholeMatch(of: /01-two\.yaml:\d+: .+/) != nil
    #expect(isOneLine, "\(fault)")
  }

  @Test func whatIsSetIsAPlaceholderTooAndAFormulaIsNoNumber() throws {
    let words = "{one} after {step of one}, rank {r of high} with a = {a of 1 of low}: 2/η"
    let yaml = LessonTests.yaml.replacing(
      "why: The gaps are {one} and {two} at step {steps}.", with: "why: \"\(words)\""
    )
    .replacing("one: {value: gap 1 at end of low", with: "one: {value: gap 1 at 7 of low")
    let lesson = try LessonTests.lesson(yaml)
    #expect(
      LessonText(lesson.why).filled(["one": 0.5], in: lesson.scene) == "0.5 after 7, rank 2 with a = 1: 2/η")
  }

  @Test func theMarkOfAnEncodingIsNoPartOfAFile() throws {
    #expect(try LessonReader.read("\u{feff}" + LessonTests.yaml, file: "01-two.yaml") == LessonTests.lesson())
  }

  @Test func theOtherFilesStillLoad() {
    let shelf = LessonShelf([
      ("01-a.yaml", LessonTests.yaml), ("02-b.yaml", "title: alone"), ("03-c.yaml", LessonTests.yaml),
    ])
    #expect(shelf.lessons.map(\.name) == ["01-a", "03-c"])
    #expect(shelf.problems.map(\.file) == ["02-b.yaml"])
  }

  @Test func controlCharactersOfAFileNeverReachTheScreen() throws {
    let lesson = try LessonTests.lesson(
      LessonTests.yaml.replacing(
        "say: Two ranks of one task.", with: "say: \"Two \\e[31mranks\\a \\u202Eback\\u200B\""))
    #expect(lesson.say == "Two ?[31mranks? ?back?")
    let fault = try Self.fault("axis: log", "axis: \"\\e[31m\"")
    let isPrintable = fault.unicodeScalars.allSatisfy { $0.isPrintable }
    #expect(isPrintable)
  }

  @Test func everyLessonOfTheFolderIsBuiltIn() throws {
    let folder = ImportTests.root.appendingPathComponent("assets/lessons")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(Assets.lessons.map { $0.name + ".yaml" } == files)
    for (name, bytes) in Assets.lessons {
      let file = try Data(contentsOf: folder.appendingPathComponent(name + ".yaml"))
      #expect(Array(file) == bytes, "\(name)")
    }
  }

  @Test func everyLessonBuiltInCanBeRead() {
    #expect(LessonShelf.embedded.problems == [])
    #expect(LessonShelf.embedded.lessons.count == Assets.lessons.count)
  }

  /// What could go stale when a teacher edits the scenario; counts up to three are of what is on the page.
  @Test func noLessonHasANumberAsAWord() throws {
    let words =
      #/
      (?i)\b(four|five|fif|six|seven|eight?|nine?|ten|eleven|twel|twelve|\w+teen|hundred|thousand|quarter)(th|s)?\b
      | \b(twen|thir|for|fif|six|seven|eigh|nine)ty
      /#
    for lesson in LessonShelf.embedded.lessons {
      let answers = lesson.answers.flatMap { [$0.text, $0.reason] }
      let changes = lesson.changes.flatMap { [$0.label, $0.ask, $0.say] }
      for text in [lesson.title, lesson.say, lesson.ask, lesson.why, lesson.notes] + answers + changes {
        let said = text.replacing(/\{[^}]*\}/, with: "").firstMatch(of: words)?.output.0
        #expect(said == nil, "\(lesson.name): \(text)")
      }
    }
  }
}
