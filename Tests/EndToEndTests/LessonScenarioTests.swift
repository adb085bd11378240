import Explorer
import Foundation
import Testing

/// A class at the terminal.
@Suite("Acceptance: lessons", .serialized, .timeLimit(.minutes(10)))
struct LessonScenarioTests {
  @Test("scenario 9: a prediction is wanted, the run plays, and the verdict stands where the question was")
  func scenario9() throws {
    let terminal = try Tmux.running(line: "steps=300 variants=lora")
    try terminal.send("L")
    let question = try Self.row("Question", try terminal.waitFor("Question  "))
    try terminal.send("Enter")
    try terminal.waitFor("a prediction is wanted first")
    try terminal.send("b", "Enter")
    let screen = try terminal.waitFor("the verdict") { $0.contains(/your answer b: (right|wrong): \w/) }
    #expect(!screen.contains("Question") && screen.hasPrefix(" Lesson 1 of "))
    let verdict = try Self.row("your answer b", screen)
    // Among the rows of the question, since the picture takes those that the verdict does not need.
    #expect(verdict >= question, "\(screen)")
    try terminal.send("Escape")
    try terminal.waitFor("/300")
    try terminal.send("L")
    try terminal.waitFor("your answer b")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
  }

  private static func row(_ text: String, _ screen: String) throws -> Int {
    let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
    let row = rows.firstIndex { $0.contains(text) }
    return try #require(row)
  }

  @Test("every lesson from its first page to its last", arguments: [true, false])
  func everyLesson(isRight: Bool) throws {
    let lessons = LessonShelf.embedded.lessons
    let terminal = try Tmux()
    try "exec \"$P\" lesson\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.start()
    try terminal.waitFor("Question  ")
    try terminal.type(":speed max")
    for (i, lesson) in lessons.enumerated() {
      try terminal.waitFor("Lesson \(i + 1) of \(lessons.count)")
      try terminal.waitFor("Predict first")
      let chosen = lesson.answers.firstIndex { $0.isRight == isRight }
      let answer = try #require(chosen)
      try terminal.send(lesson.letter(answer), "Enter")
      try terminal.waitFor("your answer \(lesson.letter(answer)): \(isRight ? "right" : "wrong"): ")
      for step in 3...lesson.stepCount {
        try terminal.send("Right")
        let end = "step \(step) of \(lesson.stepCount)"
        let screen = try terminal.waitFor("the numbers of \(lesson.name), \(end)") { screen in
          screen.contains(end) && !screen.contains("…") && !screen.contains("nan")
            && (step == 3 || Self.onOneLine(screen).contains(Self.opening(lesson.changes[step - 4].say)))
        }
        #expect(screen.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 80 }, "\(screen)")
      }
      let plotRows = try terminal.capture().split(separator: "\n").count {
        $0.contains(/^.{5}[│┤]/)
      }
      #expect(plotRows >= 10, "\(lesson.name) at 80×24")
      let score = isRight ? i + 1 : 0
      // Shorter beside a long title.
      try terminal.waitFor("the score") {
        $0.contains("\(score) of \(i + 1) right") || $0.contains("\(score)/\(i + 1) ")
      }
      try terminal.send("Right")
    }
    try terminal.waitFor("this was the last lesson")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
  }

  private static func onOneLine(_ screen: String) -> String {
    screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The first words of a text, before any number.
  private static func opening(_ text: String) -> String {
    String(text.prefix { $0 != "{" && $0 != "." && $0 != "," }.prefix(24))
      .trimmingCharacters(in: .whitespaces)
  }

  @Test("a folder of one's own: the wrong file says so, the others are taught")
  func ownFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lessons-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = ImportPlace.root.appendingPathComponent("assets/lessons/05-floor.yaml")
    let yaml = try String(contentsOf: source, encoding: .utf8)
    try yaml.write(to: folder.appendingPathComponent("1.yaml"), atomically: true, encoding: .utf8)
    try yaml.replacingOccurrences(of: "title:", with: "titel:").write(
      to: folder.appendingPathComponent("2.yaml"), atomically: true, encoding: .utf8)
    let listed = try run([Program.path, "lesson", "list", "--lessons", folder.path])
    #expect(listed.status == 1 && listed.output == " 1  The rank floor\n")
    #expect(
      listed.errors.hasPrefix("lora-explorer: 2.yaml:1: unknown key 'titel' in a lesson; the keys are title,")
    )
    #expect(listed.errors.split(separator: "\n").count == 1)
    let checked = try run([Program.path, "lesson", "check", "--lessons", folder.path])
    #expect(checked.status == 1 && checked.output.hasPrefix("✓  1 The rank floor"), "a file is wrong")
  }

  @Test(arguments: [
    (["lesson", "99"], "lesson is '99'; there are list, check, and 1 to "),
    (["lesson", "list", "2"], "lesson list takes nothing after it, not '2'"),
    (["lesson", "--lessons", "/no/such/folder"], "--lessons is /no/such/folder: No such file or directory"),
    (["lesson", "3", "--notes", "--script"], "--notes and --script each print a text of their own"),
    (["lesson", "check", "--seeds", "--seed", "3"], "--seeds checks with 1 to 5 and --seed with one"),
    (["lesson", "3", "--seeds"], "--seeds is for lesson check"),
    (["lesson", "list", "--seed", "3"], "--seed is for a lesson and for lesson check"),
    (["lesson", "check", "--script"], "--script is for one lesson"),
    (["lesson", "1", "--seed=-1", "--script"], "--seed is -1; it takes a whole number from 0 to 4294967295"),
  ])
  func wrongArgumentsAreSaidInOneLine(arguments: [String], wanted: String) throws {
    let (status, output, errors) = try run([Program.path] + arguments)
    #expect(status == 2 && output.isEmpty && errors.contains(wanted), "\(errors)")
    #expect(errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [["--glyphs", "ascii"], []])
  func inASCIITheScriptIsBytesOfASCII(options: [String]) throws {
    let environment = ["LC_ALL": options.isEmpty ? "C" : "C.UTF-8", "PATH": "/usr/bin:/bin"]
    for print in [["1", "--script"], ["3", "--notes"], ["list"], ["check", "1"]] {
      let (status, output, _) = try run(
        [Program.path] + options + ["lesson"] + print, environment: environment)
      let isASCII = output.utf8.allSatisfy { $0 == 10 || (0x20..<0x7f).contains($0) }
      #expect(status == 0 && isASCII, "\(print)")
    }
  }

  @Test("a pipe, a link to nothing, other bytes: each is said and nothing waits")
  func filesThatAreNone() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lessons-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = { folder.appendingPathComponent($0) }
    #expect(mkfifo(file("1.yaml").path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(at: file("2.yaml"), withDestinationURL: file("nothing"))
    try Data([0x74, 0x3a, 0x0a, 0xff, 0x0a]).write(to: file("3.yml"))
    let source = ImportPlace.root.appendingPathComponent("assets/lessons/05-floor.yaml")
    try (Data([0xef, 0xbb, 0xbf]) + Data(contentsOf: source)).write(to: file("4.yml"))
    let (status, output, errors) = try run([Program.path, "lesson", "list", "--lessons", folder.path])
    #expect(status == 1 && output == " 1  The rank floor\n")
    #expect(
      errors.split(separator: "\n") == [
        "lora-explorer: 1.yaml:1: cannot be read: it is no regular file",
        "lora-explorer: 2.yaml:1: cannot be read: No such file or directory",
        "lora-explorer: 3.yml:2: cannot be read: it is not UTF-8",
      ])
  }

  @Test func theScriptAndTheNotesAreTextWithTheRunsNumbers() throws {
    let (status, output, _) = try run([Program.path, "lesson", "1", "--script"])
    let lesson = LessonShelf.embedded.lessons[0]
    #expect(status == 0 && output.hasPrefix("1. \(lesson.title)\n"))
    #expect(!output.contains("{") && !output.contains("…") && !output.contains("\u{1b}"))
    #expect(output.contains("┤") && output.contains("is right: "))
    let notes = try run([Program.path, "lesson", "1", "--notes"]).output
    #expect(notes.hasPrefix("1. \(lesson.title): for the teacher\n"))
  }

  @Test func aLessonCanBeSpoken() throws {
    let lesson = LessonShelf.embedded.lessons[0]
    let answer = lesson.answers.firstIndex { $0.isRight }
    let right = try #require(answer)
    let script = "go\\n\(lesson.letter(right))\\ngo\\nturn next\\nnotes\\nquit\\n"
    let (status, output, errors) = try run(
      ["sh", "-c", "printf '\(script)' | '\(Program.path)' lesson 1 --speak"])
    #expect(status == 0 && errors.isEmpty, "\(errors)")
    let lines = output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("Lesson 1 of ") == true)
    #expect(lines.contains { $0.hasPrefix("Question: ") })
    #expect(lines.contains { $0.hasPrefix("a prediction is wanted first") })
    let title = "Loss, |Share of the loss left, "
    #expect(
      lines.contains { line in title.split(separator: "|").contains { line.hasPrefix($0) } }, "\(output)")
    #expect(lines.contains { $0.hasPrefix("your answer \(lesson.letter(right)): right: ") }, "\(output)")
    #expect(output.utf8.allSatisfy { $0 == 10 || 0x20..<0x7f ~= $0 })
  }
}

private enum ImportPlace {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}
