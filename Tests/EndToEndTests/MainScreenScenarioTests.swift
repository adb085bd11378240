import Foundation
import Testing

/// Scenarios 1, 2, 6 and 10 of the interface's acceptance: the first screen, a pause, the scales, the help.
@Suite("Acceptance: the main screen", .serialized, .timeLimit(.minutes(10)))
struct MainScreenScenarioTests {
  /// A run at its end, where nothing moves.
  static func finished() throws -> (terminal: Tmux, screen: String) {
    let terminal = try Tmux.running(line: "steps=200")
    try terminal.waitFor("● 200/200")
    return (terminal, try terminal.settled())
  }

  @Test("scenario 1: without an argument the default run is there and moves")
  func scenario1() throws {
    let terminal = try Tmux()
    try terminal.start()
    let screen = try ScreenTests.waitForStep(beyond: 0, terminal)
    let rows = screen.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
    #expect(rows[0].contains("64×48  r 8"))
    #expect(rows[1].contains("‖W_LoRA − W_full‖_F"))
    #expect(rows.count == 24 && rows[23].hasSuffix("? help  q"))
    #expect(rows.allSatisfy { $0.count <= 80 })
    #expect(screen.contains("▶"))
    try ScreenTests.waitForStep(beyond: try #require(ScreenTests.step(screen)), terminal)
  }

  @Test("scenario 2: paused, nothing moves and not a byte is sent; resumed, it moves on")
  func scenario2() throws {
    let terminal = try Tmux.running()
    try ScreenTests.waitForStep(beyond: 0, terminal)
    try terminal.send("Space")
    try terminal.waitFor("‖ ")
    let first = try terminal.settled()
    try terminal.recordBytes()
    // The time watched, not a time waited for something.
    usleep(1_000_000)
    #expect(try terminal.capture() == first)
    #expect(try terminal.file("bytes") == "")
    try terminal.send("Space")
    try terminal.waitFor("▶")
    try ScreenTests.waitForStep(beyond: try #require(ScreenTests.step(first)), terminal)
    // The bytes are counted indeed.
    #expect(try terminal.file("bytes") != "")
  }

  @Test(
    "scenario 6: y and x switch the scales there and back, and a log axis is labelled by decades or by 1, 2, 5"
  )
  func scenario6() throws {
    let (terminal, first) = try Self.finished()
    #expect(first.contains("log y"))
    Self.expectLogLabels(first)
    try terminal.send("y")
    try terminal.waitFor("linear axes") { !$0.contains("log y") }
    try terminal.send("y")
    try terminal.waitFor("log y")
    #expect(try terminal.settled() == first)
    try terminal.send("x")
    try terminal.waitFor("log x")
    try terminal.send("x")
    try terminal.waitFor("a linear x") { !$0.contains("log x") }
    #expect(try terminal.settled() == first)
  }

  /// The labels left of each axis: powers of ten, or where they span less than two decades also twice and five times.
  static func expectLogLabels(_ screen: String) {
    var axes: [Int: [Double]] = [:]
    for (row, line) in screen.components(separatedBy: "\n").enumerated() {
      for match in line.matches(of: /([\d.e-]+)┤/) {
        let column = line.distance(from: line.startIndex, to: match.range.upperBound)
        // The gap is above, the two others below.
        axes[column + (row < 12 ? 0 : 1000), default: []].append(Double(match.1) ?? .nan)
      }
    }
    #expect(axes.count == 3, "\(screen)")
    for labels in axes.values {
      let isLong = (labels.max() ?? 1) / (labels.min() ?? 1) > 99
      for label in labels {
        let leading = label / pow(10, floor(log10(label) + 1e-9))
        let allowed: [Double] = isLong ? [1] : [1, 2, 5]
        #expect(allowed.contains { abs($0 - leading) < 1e-9 }, "\(label) of \(labels)")
      }
    }
  }

  @Test("scenario 10: the help fits one page, marks what is looked for, and leaves the screen as it was")
  func scenario10() throws {
    let (terminal, before) = try Self.finished()
    try terminal.send("?")
    let page = try terminal.waitFor("? or Esc closes")
    #expect(page.trimmingCharacters(in: .newlines).components(separatedBy: "\n").count == 24)
    try terminal.send("/")
    try terminal.waitFor("find: ")
    try terminal.send("-l", "scrub")
    try terminal.waitFor("find: scrub")
    let marked = try terminal.captureWithColours().matches(of: /\e\[(?:[0-9;]*;)?7m([^\e]*)/).map {
      String($0.1)
    }
    #expect(marked.contains { $0.contains("scrub") }, "\(marked)")
    #expect(marked.allSatisfy { $0.contains("scrub") }, "\(marked)")
    try terminal.send("Escape")
    try terminal.waitFor("? or Esc closes")
    try terminal.send("Escape")
    try terminal.waitFor("no help") { !$0.contains("Esc closes") }
    #expect(try terminal.settled() == before)
  }

  @Test("theme and glyphs are those chosen last, after a restart")
  func remembers() throws {
    let terminal = try Tmux.running(line: "steps=200")
    try terminal.waitFor("● 200/200")
    #expect(try Self.hasBraille(terminal.settled()))
    #expect(try terminal.captureWithColours().contains("38;5;74"))
    try terminal.send("t")
    try terminal.waitFor("theme light")
    try terminal.send("b")
    try terminal.waitFor("quarters") { !Self.hasBraille($0) }
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    try terminal.type("clear")
    try terminal.start()
    try terminal.waitFor("● 200/200")
    #expect(try !Self.hasBraille(terminal.settled()))
    let colours = try terminal.captureWithColours()
    // Sky blue of the light theme, and not that of the default.
    #expect(colours.contains("38;5;62") && !colours.contains("38;5;74"))
  }

  static func hasBraille(_ screen: String) -> Bool {
    screen.unicodeScalars.contains { (0x2801...0x28ff).contains($0.value) }
  }
}
