import ArgumentParser
import Charts

package struct LessonCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Teach: predict, run, and why.",
    discussion: """
      'lesson' opens the first, 'lesson N' one; 'lesson list' names them; 'lesson check [N]' runs them and says \
      whether their numbers fall where they should, exit code 1 if not.
      """)

  @Argument(help: ArgumentHelp("list, check, or the number of a lesson.", valueName: "list|check|N"))
  package var words: [String] = []

  @Option(help: ArgumentHelp("Another draw.", valueName: "K"))
  package var seed: Int?

  @Flag(help: "Check with seeds 1 to 5.")
  package var seeds = false

  @Flag(help: "The teacher's notes, and leave.")
  package var notes = false

  @Flag(help: "The lesson with its numbers and charts as text, and leave.")
  package var script = false

  @Option(help: ArgumentHelp("Lessons of your own.", valueName: "folder"))
  package var lessons: String?

  /// Its way of drawing, which stands before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  /// On the first thread, since it may open the screen.
  @MainActor
  package func open() throws {
    if let seed, !(0...4_294_967_295).contains(seed) {
      throw UsageError("--seed is \(seed); it takes a whole number from 0 to 4294967295")
    }
    try refuseConflicts()
    let isOnScreen = !notes && !script && words.first != "list" && words.first != "check"
    if !isOnScreen {
      try root.requireNoScreen(for: notes || script ? "notes and scripts" : "lesson \(words[0])")
    }
    let shelf = try shelf()
    switch words.first {
    case "list": try printList(shelf)
    case "check": try check(shelf)
    case let word:
      let index = try index(word, in: shelf) ?? 0
      try expect(words: 1)
      guard !isOnScreen else {
        return try root.open(lessons: LessonPlay(shelf.lessons.map { $0.with(seed: seed) }, at: index))
      }
      var output = Output()
      let printed = LessonScript(
        shelf.lessons[index].with(seed: seed), number: index + 1, glyphs: root.drawing.glyphs.here,
        convention: root.convention)
      for line in try notes ? printed.notes() : printed.lines() { try output.line(line) }
      try output.flush()
    }
  }

  /// An option that another makes meaningless would be lost without a word.
  private func refuseConflicts() throws(UsageError) {
    let word = words.first ?? ""
    let isList = word == "list"
    let isCheck = word == "check"
    let conflicts = [
      (notes && script, "--notes and --script each print a text of their own; leave one out"),
      (seeds && seed != nil, "--seeds checks with 1 to 5 and --seed with one; leave one out"),
      (seeds && !isCheck, "--seeds is for lesson check; a lesson takes --seed"),
      (isList && seed != nil, "--seed is for a lesson and for lesson check, not for lesson list"),
      ((isList || isCheck) && notes, "--notes is for one lesson, as in lesson 5 --notes"),
      ((isList || isCheck) && script, "--script is for one lesson, as in lesson 5 --script"),
    ]
    if let conflict = conflicts.first(where: \.0) { throw UsageError(conflict.1) }
  }

  /// What is left of the files can be taught; what is wrong with the others is said.
  private func shelf() throws -> LessonShelf {
    let shelf =
      try lessons.map { (folder) throws(UsageError) in try LessonShelf(folder: folder) } ?? .embedded
    var errors = Output(descriptor: 2)
    for problem in shelf.problems { try errors.line("lora-explorer: \(problem)") }
    try errors.flush()
    guard !shelf.lessons.isEmpty else { throw UsageError("no lesson could be read") }
    return shelf
  }

  private func printList(_ shelf: LessonShelf) throws {
    try expect(words: 1)
    var output = Output()
    for (i, lesson) in shelf.lessons.enumerated() {
      try output.line(root.drawing.glyphs.here.spell("\(i + 1)".aligned(2) + "  \(lesson.title)"))
    }
    try output.flush()
    if !shelf.problems.isEmpty { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  /// The index of the lesson that a word names; nil without a word.
  private func index(_ word: String?, in shelf: LessonShelf) throws -> Int? {
    guard let word else { return nil }
    guard let number = Int(word), (1...shelf.lessons.count).contains(number) else {
      throw UsageError("lesson is '\(word)'; there are list, check, and 1 to \(shelf.lessons.count)")
    }
    return number - 1
  }

  private func expect(words count: Int) throws {
    guard words.count > count else { return }
    throw UsageError("lesson \(words[0]) takes nothing after it, not '\(words[count])'")
  }

  // MARK: check

  private func check(_ shelf: LessonShelf) throws {
    try expect(words: 2)
    let chosen = try index(words.dropFirst().first, in: shelf).map { [$0] } ?? Array(shelf.lessons.indices)
    var output = Output()
    let glyphs = root.drawing.glyphs.here
    var hasFailed = !shelf.problems.isEmpty
    for i in chosen {
      let all: [Int?] = seeds ? Array(1...5) : [seed]
      for seed in all {
        let result = try LessonCheck(shelf.lessons[i], number: i + 1, seed: seed)
        for line in result.lines { try output.line(glyphs.spell(line)) }
        try output.flush()
        hasFailed = hasFailed || result.hasFailed
      }
    }
    if hasFailed { throw ExitCode(ExitStatus.diverged.rawValue) }
  }
}
