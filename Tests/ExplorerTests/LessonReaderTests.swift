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
    ("are {one} and", "are {one and", "01-two.yaml:8: why has { without }"),
    ("r=1 alpha=1", "r=9 alpha=1", "01-two.yaml:11: r is 9; it takes a whole number from 1 to 6"),
    ("low: r=1 alpha=1", "low: 7", "01-two.yaml:11: '7' is not key=value"),
    ("wrong: it has fewer", "right: it has fewer", "01-two.yaml:5: 2 answers are right; one is to be"),
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

  @Test func theOtherFilesStillLoad() {
    let shelf = LessonShelf([
      ("01-a.yaml", LessonTests.yaml), ("02-b.yaml", "title: alone"), ("03-c.yaml", LessonTests.yaml),
    ])
    #expect(shelf.lessons.map(\.name) == ["01-a", "03-c"])
    #expect(shelf.problems.map(\.file) == ["02-b.yaml"])
  }

  @Test func controlCharactersOfAFileNeverReachTheScreen() throws {
    let lesson = try LessonTests.lesson(
      LessonTests.yaml.replacing("say: Two ranks of one task.", with: "say: \"Two \\e[31mranks\\a\""))
    #expect(lesson.say == "Two ?[31mranks?")
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

  /// On the screen of a projector: with the words a chart of a dozen rows.
  @Test func everyLessonLeavesRoomForItsPicture() {
    for lesson in LessonShelf.embedded.lessons {
      for text in [lesson.say, lesson.why] + lesson.changes.map(\.say) {
        #expect(text.count <= 4 * 76, "\(lesson.name): \(text)")
      }
      #expect(lesson.title.count <= 40 && lesson.ask.count <= 2 * 76, "\(lesson.name)")
    }
  }
}
