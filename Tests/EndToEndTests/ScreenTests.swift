import Foundation
import Testing

/// The real program on a real screen, as a newcomer uses it.
@Suite("The screen", .serialized, .timeLimit(.minutes(10)))
struct ScreenTests {
  /// Of `▶ 640/2000`.
  static func step(_ screen: String) -> Int? {
    screen.firstMatch(of: /(?:▶|‖|●|✗ stopped) (\d+)\/\d+/).flatMap { Int($0.1) }
  }

  /// A screen whose step counter has gone beyond `step`.
  @discardableResult
  static func waitForStep(beyond step: Int, _ terminal: Tmux) throws -> String {
    try terminal.waitFor("a step beyond \(step)") { (Self.step($0) ?? -1) > step }
  }

  @Test("starts, moves, stops, takes another rank, and gives the terminal back")
  func newcomer() throws {
    let terminal = try Tmux.running()
    var screen = try Self.waitForStep(beyond: 0, terminal)
    try Self.waitForStep(beyond: try #require(Self.step(screen)), terminal)
    #expect(screen.hasPrefix(" 64×48  r 8  α 16  seed 1"))
    #expect(screen.contains("‖W_LoRA − W_full‖_F") && screen.contains("Loss") && screen.contains("σ_i(W−W0)"))
    #expect(screen.components(separatedBy: "\n").allSatisfy { $0.count <= 80 })

    try terminal.send("Space")
    screen = try terminal.waitFor("‖ ")
    let (first, second) = (try terminal.settled(), try terminal.settled())
    #expect(first == second)
    try terminal.send("Space")
    try terminal.waitFor("▶")

    try terminal.send("p")
    try terminal.waitFor("Set up a run")
    try terminal.send("Down")
    try terminal.send("1", "6")
    // r(n + m) = 16·112.
    try terminal.waitFor("1792 trained")
    try terminal.send("Enter")
    screen = try terminal.waitFor("r 16  α 16")
    try Self.waitForStep(beyond: 0, terminal)

    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    try terminal.expectRestored()
  }

  // Before, about every third of these ended in a crash: the library's memory was freed under a step.
  @Test("leaves at once and cleanly while a step is in hand", arguments: 1...12)
  func leavesUnderLoad(attempt: Int) throws {
    let terminal = try Tmux.running(line: "task=digits r=4 steps=20000")
    try Self.waitForStep(beyond: 0, terminal)
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    try terminal.expectRestored()
  }

  @Test("shows the digits, live, in all three charts")
  func digits() throws {
    let terminal = try Tmux.running(line: "task=digits r=4")
    var screen = try Self.waitForStep(beyond: 0, terminal)
    screen = try Self.waitForStep(beyond: try #require(Self.step(screen)) + 20, terminal)
    #expect(screen.hasPrefix(" digits  64×10  r 4"))
    let rows = screen.components(separatedBy: "\n")
    func hasCurve(_ rows: ArraySlice<String>) -> Bool {
      rows.joined().unicodeScalars.contains { (0x2801...0x28ff).contains($0.value) }
    }
    #expect(hasCurve(rows[2..<10]), "\(screen)")
    #expect(hasCurve(rows[13..<19]), "\(screen)")
    #expect(rows[13..<19].joined().contains("█"), "\(screen)")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
  }

  @Test("names the layer of two and turns to the next, and to the test loss")
  func layers() throws {
    let terminal = try Tmux()
    try "exec \"$P\" --run 'task=twolayer'\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.start()
    var screen = try Self.waitForStep(beyond: 20, terminal)
    #expect(screen.hasPrefix(" twolayer  layer 1 of 2  16×32  r 2"))
    #expect(screen.contains("w layer") && screen.contains("Training loss"))
    try terminal.send("w")
    // Rows are drawn from above: a capture between them has the first alone.
    screen = try terminal.waitFor("‖W_LoRA − W_full‖_F, layer 2")
    #expect(screen.contains("layer 2 of 2  32×8"))
    try terminal.send("T")
    try terminal.waitFor("Test loss")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
  }

  @Test("sets a knob of a variant, and adds a variant")
  func knobs() throws {
    let terminal = try Tmux.running()
    try terminal.send("v")
    // The first series is LoRA; below the seven rows of variants stands its start.
    let down = Array(repeating: "Down", count: 7)
    for key in down { try terminal.send(key) }
    try terminal.waitFor("‹ zero-b ›")
    try terminal.send("Right")
    try terminal.waitFor("‹ gaussian ›")
    try terminal.send("Enter")
    try terminal.waitFor("no picker") { !$0.contains("Set up") }
    try terminal.send("v")
    for key in down { try terminal.send(key) }
    try terminal.waitFor("‹ gaussian ›")
    // The last row of variants has floor and frozen.
    try terminal.send("Left", "Up", "Right", "Space", "Enter")
    try terminal.waitFor("4 frozen")
  }

  @Test("takes one step at a time")
  func singleSteps() throws {
    let terminal = try Tmux.running()
    try terminal.send("n")
    try terminal.waitFor("‖ ")
    let step = try #require(Self.step(try terminal.settled()))
    try terminal.send("n")
    try terminal.waitFor("‖ \(step + 1)/2000")
    try terminal.send("n")
    try terminal.waitFor("‖ \(step + 2)/2000")
  }

  @Test("refuses a rank that cannot be and keeps the old run")
  func refuses() throws {
    let terminal = try Tmux.running()
    try terminal.send("p")
    try terminal.waitFor("Set up a run")
    try terminal.send("Down", "4", "9", "Enter")
    try terminal.waitFor("a whole number from 1 to 48")
    try terminal.send("Escape")
    let screen = try terminal.waitFor("no picker") { !$0.contains("Set up") }
    #expect(screen.contains("r 8  α 16"))
  }

  @Test("says what is wrong with a run before it touches the screen")
  func wrongRun() throws {
    let terminal = try Tmux()
    try terminal.type("$P --run 'r=0'; echo rc=$?")
    let screen = try terminal.waitFor("rc=2")
    #expect(screen.contains("lora-explorer: r is 0; it takes a whole number from 1 to 48"))
  }
}
