import Foundation
import Testing

/// What is switched on at the terminal besides ncurses' own, seen byte by byte.
@Suite("The terminal's modes", .serialized, .timeLimit(.minutes(10)))
struct ModeTests {
  static let modes = ["1002", "1006", "2004", "2026"]

  /// The last thing said of each mode is that it is off.
  func expectOff(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for mode in Self.modes {
      let on = text.range(of: "\u{1b}[?\(mode)h", options: .backwards)
      let off = text.range(of: "\u{1b}[?\(mode)l", options: .backwards)
      guard let on else { continue }
      #expect(off != nil && off!.lowerBound > on.lowerBound, "mode \(mode)", sourceLocation: sourceLocation)
    }
  }

  func running(_ arguments: String..., environment: [String: String] = [:]) throws -> Pty {
    let terminal = try Pty(arguments, environment: environment)
    try terminal.waitFor("? help")
    return terminal
  }

  @Test("are off on every way out", arguments: [0, SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGABRT, SIGTRAP])
  func waysOut(signal: Int32) throws {
    let terminal = try running()
    try terminal.waitFor("\u{1b}[?2026$p")
    terminal.send("\u{1b}[?2026;2$y")
    try terminal.waitFor("\u{1b}[?2026h")
    if signal == 0 { terminal.send("q") } else { kill(terminal.process, signal) }
    #expect(try terminal.exitCode() == (signal == 0 ? 0 : 128 + Int(signal)))
    for mode in Self.modes { #expect(terminal.text.contains("\u{1b}[?\(mode)h"), "mode \(mode)") }
    expectOff(terminal.text)
    #expect(!terminal.text.contains("\u{1b}[?1003h"))
  }

  @Test func theMouseIsLeftAloneIfAsked() throws {
    let terminal = try running("--no-mouse")
    terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    #expect(!terminal.text.contains("\u{1b}[?1002h"))
  }

  @Test func f9GivesTheMouseAwayAndTakesItBack() throws {
    let terminal = try running()
    terminal.forget()
    terminal.send("\u{1b}[20~")
    try terminal.waitFor("\u{1b}[?1006l\u{1b}[?1002l")
    terminal.send("\u{1b}[20~")
    try terminal.waitFor("\u{1b}[?1002h\u{1b}[?1006h")
  }

  @Test func theFirstFrameDoesNotWaitForTheQuestionOfWholeFrames() throws {
    let terminal = try Pty()
    let text = try terminal.waitFor("\u{1b}[?2026$p")
    let frame = try #require(text.range(of: "? help"))
    let question = try #require(text.range(of: "\u{1b}[?2026$p"))
    #expect(frame.lowerBound < question.lowerBound)
    #expect(!text.contains("\u{1b}[?2026h"))
  }

  @Test(
    "frames are wrapped only where the terminal can show them whole",
    arguments: [(2, true), (0, false), (4, false)])
  func synchronizedUpdate(answer: Int, isWrapped: Bool) throws {
    let terminal = try running()
    try terminal.waitFor("\u{1b}[?2026$p")
    terminal.send("\u{1b}[?2026;\(answer)$y")
    terminal.send("?")
    try terminal.waitFor("Esc")
    terminal.forget()
    terminal.send("?")
    try terminal.waitFor("? help")
    terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    #expect(terminal.text.contains("\u{1b}[?2026h") == isWrapped)
    // None of the answer was taken for a key.
    expectOff(terminal.text)
  }

  @Test("the question is not asked where it would be printed")
  func questions() throws {
    let terminal = try running(environment: ["TERM_PROGRAM": "Apple_Terminal"])
    terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    #expect(!terminal.text.contains("$p"))
  }

  @Test("a simple terminal is sent nothing it does not know", arguments: ["linux", "vt100"])
  func simpleTerminals(type: String) throws {
    let terminal = try running(environment: ["TERM": type])
    terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    for mode in Self.modes { #expect(!terminal.text.contains("[?\(mode)"), "mode \(mode)") }
  }

  @Test("a key that the terminal's description does not know is none, and Shift-← is known everywhere")
  func unknownKeysDoNotFallApart() throws {
    let terminal = try Tmux(type: "screen-256color")
    try "exec \"$P\" --paused --run steps=100\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.start()
    try terminal.waitFor("‖ 0/100")
    try terminal.send("N")
    let before = try terminal.waitFor("● 100/100")
    // Ctrl-↑, Alt-←, Ctrl-Home: `[` and digits are keys of ours.
    for bytes in ["1b5b313b3541", "1b5b313b3344", "1b5b313b3548"] {
      let pairs = stride(from: 0, to: bytes.count, by: 2).map {
        String(bytes.dropFirst($0).prefix(2))
      }
      try terminal.command(["send-keys", "-H"] + pairs)
    }
    #expect(try terminal.settled() == before)
    try terminal.command(["send-keys", "-H", "1b", "5b", "31", "3b", "32", "44"])
    try terminal.waitFor("t=99 ")
  }

  @Test func whatIsPastedOutsideAFieldIsNoCommand() throws {
    let terminal = try running()
    terminal.send("\u{1b}[200~q\u{7}q\u{1b}[201~")
    terminal.forget()
    terminal.send("?")
    try terminal.waitFor("Help")
    terminal.send("q")
    #expect(try terminal.exitCode() == 0)
  }

  @Test func whatIsPastedIntoAFieldIsTyped() throws {
    let terminal = try Tmux.running()
    try terminal.send("p")
    try terminal.waitFor("Set up a run")
    try terminal.send("Down")
    try terminal.command(["set-buffer", "16", ";", "paste-buffer", "-p"])
    try terminal.waitFor("1792 trained")
  }
}
