import Charts
import Explorer
import Math
import Testing

@Suite("Command line of the screen")
struct CommandLineTests {
  /// Types a line after `:` and ends it with Enter.
  static func enter(_ line: String, _ model: inout Model) -> [Command] {
    _ = update(&model, .key(.character(":")))
    for scalar in line.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    return update(&model, .key(.enter))
  }

  @Test func aNameDoesWhatItsKeyDoes() throws {
    for binding in KeyBinding.commands where binding.contexts.contains(.main) {
      for (key, argument) in binding.keys where binding.name != "command" {
        var byKey = try KeyMapTests.model(in: .main)
        var byName = byKey
        let commands = update(&byKey, .key(key))
        #expect(Self.enter("\(binding.name) \(argument)", &byName) == commands, "\(binding.name)")
        byName.lastLine = ""
        #expect(byName == byKey, "\(binding.name)")
      }
    }
  }

  @Test func completionsEndInAMarkAndNotInHalfAName() throws {
    var model = try UpdateTests.running()
    _ = update(&model, .key(.character(":")))
    for scalar in "set ".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let row = view(model, Size(width: 80, height: 24)).grid.rows[23].trimmed
    let names = row.dropFirst(":set ".count).split(separator: " ").map(String.init)
    #expect(names.last == "…" && names.count > 5, "\(row)")
    for name in names.dropLast() { #expect(Field.named(name) != nil, "\(name)") }
  }

  @Test func theLastLineComesBack() throws {
    var model = try UpdateTests.running()
    _ = Self.enter("set r 99", &model)
    _ = update(&model, .key(.character(":")))
    _ = update(&model, .key(.up))
    _ = update(&model, .key(.backspace))
    _ = update(&model, .key(.backspace))
    guard case .commandLine(let prompt)? = model.overlay else { Issue.record("no command line"); return }
    #expect(prompt.text == "set r ")
  }

  @Test func setChangesAKeyOfTheRunAndStartsIt() throws {
    var model = try UpdateTests.running()
    let wanted = try Scenario(parsing: "n=6 m=5 r=2 steps=10 lr=0.01")
    #expect(Self.enter("set lr 0.01", &model) == [.prepare(.whole(wanted), run: 2)])
    #expect(Self.enter("seed 5", &model).count == 1)
    #expect(model.scenario.line.contains("seed=5"))
    #expect(Self.enter("open task=linreg n=7 m=6 r=2", &model).count == 1)
    #expect(model.scenario.task == .linreg)
  }

  @Test func sortTakesAColumnAndGoesToTheTable() throws {
    var model = try UpdateTests.running()
    for column in TableColumn.allCases {
      _ = Self.enter("sort \(column.rawValue)", &model)
      #expect(model.table.column == column && model.focus == .table && model.notice == nil)
    }
  }

  @Test(arguments: [
    ("sort size", "gap, floor, loss, full, angle, rank, half, checks"), ("speed fast", "slower, faster, max"),
    ("set r 99", "1 to 5"), ("set nosuch 1", "nosuch"), ("seed x", "seed"), ("open n=0", "n is 0"),
    ("show 7", "0 to 3"), ("step -4", "from 1"), ("pause now", "takes nothing"), ("log z", "y, x"),
    ("quti", "quit"), ("zooom", "zoom"), ("set", "a key of the run"),
  ])
  func whatCannotBeIsSaidInOneLine(line: String, said: String) throws {
    var model = try UpdateTests.running()
    let scenario = model.scenario
    #expect(Self.enter(line, &model) == [])
    #expect(model.notice?.contains(said) == true, "\(model.notice ?? "nothing is said")")
    #expect(model.scenario == scenario)
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    // What is longer than a row takes those above it.
    #expect(rows[15...21].contains { $0.contains(model.notice?.prefix(60) ?? "?") }, "\(rows[15...21])")
    let words = rows[15...21].joined().split(separator: " ").joined(separator: " ")
    #expect(words.contains(model.notice ?? "?"), "\(words)")
  }

  @Test func tabGoesThroughWhatFits() throws {
    var model = try UpdateTests.running()
    func bottom() -> String { view(model, Size(width: 80, height: 24)).grid.rows[23].trimmed }
    for key in [":", "s", "e"] as [Unicode.Scalar] { _ = update(&model, .key(.character(key))) }
    let names = KeyBinding.commands.map(\.name).filter { $0.hasPrefix("se") }
    #expect(names.count >= 3)
    for name in names + [names[0]] {
      _ = update(&model, .key(.tab))
      #expect(bottom().hasPrefix(":\(name)"), "\(bottom())")
    }
    _ = update(&model, .key(.escape))
    for scalar in ":set al".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    _ = update(&model, .key(.tab))
    #expect(bottom() == ":set alpha")
  }

  @Test func theLineOpensOverAPageAndTakesWhatIsPastedWithoutItsEnd() throws {
    var model = try UpdateTests.running()
    for key in ["i", ":"] as [Unicode.Scalar] { _ = update(&model, .key(.character(key))) }
    #expect(model.context == .commandLine)
    _ = update(&model, .pasted("open n=7\n m=5\n"))
    guard case .commandLine(let prompt)? = model.overlay else { Issue.record("no command line"); return }
    #expect(prompt.text == "open n=7  m=5")
  }

  @Test func escapeAndEmptyLinesLeaveWithoutAnything() throws {
    var model = try UpdateTests.running()
    let before = model
    for scalar in ":quit".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    #expect(update(&model, .key(.escape)) == [])
    #expect(model == before)
    #expect(Self.enter("", &model) == [] && model == before)
    for key in [Key.character(":"), .backspace] { _ = update(&model, .key(key)) }
    #expect(model == before)
  }

  @Test func theCursorStandsBehindWhatIsTyped() throws {
    var model = try UpdateTests.running()
    for scalar in ":go".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let cursor = view(model, Size(width: 80, height: 24)).cursor
    #expect(cursor?.row == 23 && cursor?.column == 3)
  }
}

@Suite("Help")
struct HelpTests {
  @Test func slashMarksWhatIsLookedForAndTwoEscapesGiveTheScreenBack() throws {
    var model = try UpdateTests.running()
    let size = Size(width: 80, height: 24)
    let before = view(model, size)
    for scalar in "?/seed".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let grid = view(model, size).grid
    let marked = grid.rows.indices.filter { row in
      (0..<80).contains { grid.style(row: row, column: $0).attributes.contains(.reverse) }
    }
    #expect(!marked.isEmpty && marked.allSatisfy { grid.rows[$0].contains("seed") }, "\(grid.text)")
    #expect(
      grid.rows.indices.filter { grid.rows[$0].contains("seed") && grid.rows[$0].hasPrefix("│") }.allSatisfy(
        marked.contains))
    _ = update(&model, .key(.escape))
    #expect(model.context == .help)
    _ = update(&model, .key(.escape))
    #expect(view(model, size) == before)
  }

  @Test func lettersTypedIntoTheSearchDoNothingElse() throws {
    var model = try UpdateTests.running()
    for scalar in "?/q?r1 ".unicodeScalars {
      #expect(update(&model, .key(.character(scalar))) == [])
    }
    #expect(model.context == .search)
  }

  @Test(arguments: [
    ("phase", "no key, but :phase  two measures as paths"), ("restart", "marked, and :seed"),
    ("zzz", "nothing found"), ("scrub", "Enter keeps the marks"),
  ])
  func whatHasNoKeyIsFoundByItsName(query: String, words: String) throws {
    var model = try UpdateTests.running()
    for scalar in "?/\(query)".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("find: \(query)▏ \(words)"), "\(text)")
  }

  @Test func aPasteIsSearchedFor() throws {
    var (typed, pasted) = (try UpdateTests.running(), try UpdateTests.running())
    for scalar in "?/seed".unicodeScalars { _ = update(&typed, .key(.character(scalar))) }
    for scalar in "?/".unicodeScalars { _ = update(&pasted, .key(.character(scalar))) }
    _ = update(&pasted, .pasted("seed\n"))
    #expect(pasted == typed)
  }

  @Test func glyphsThatTheTerminalHasNotAreRefused() throws {
    var model = try UpdateTests.running()
    model.glyphSets = [.braille, .block, .ascii]
    for scalar in ":glyphs octant".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    _ = update(&model, .key(.enter))
    #expect(model.glyphs == .braille && model.notice?.contains("octant") == true)
    model.glyphSets = [.ascii]
    _ = update(&model, .key(.character("b")))
    #expect(model.glyphs == .ascii)
  }

  @Test(arguments: [(60, 16), (80, 20), (100, 24)])
  func everyKeyIsOnAPageOfTheHelpAtEverySize(width: Int, height: Int) throws {
    var model = try UpdateTests.running()
    let size = Size(width: width, height: height)
    _ = update(&model, .resized(size))
    _ = update(&model, .key(.character("?")))
    var pages: [String] = []
    while pages.last != view(model, size).grid.text {
      pages.append(view(model, size).grid.text)
      _ = update(&model, .key(.down))
    }
    for binding in KeyBinding.commands where !binding.keys.isEmpty && binding.group != .lesson {
      #expect(pages.contains { $0.contains(binding.help) }, "\(binding.name)")
    }
    for scalar in "/magnify".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    #expect(view(model, size).grid.text.contains("zoom in, out, reset"), "the page that has it")
    for scalar in "qqq".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    #expect(view(model, size).grid.text.contains("nothing found"))
  }

  @Test func theOverlayFits24RowsAndTheListNamesEveryCommand() throws {
    let lines = keysHelp.split(separator: "\n")
    for binding in KeyBinding.commands {
      let call = " :\(binding.name)" + (binding.argument.map { " \($0.name)" } ?? "")
      let line = lines.first { $0.hasSuffix(call) }
      #expect(
        line?.contains(binding.help) == true && line?.contains(binding.label) == true, "\(binding.name)")
    }
    var model = try UpdateTests.running()
    _ = update(&model, .key(.character("?")))
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(rows.contains { $0.hasPrefix("┌─ Help") } && rows.contains { $0.hasPrefix("└─ ? or Esc") })
  }
}
