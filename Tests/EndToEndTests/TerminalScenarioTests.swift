import Foundation
import Testing

/// Scenarios 11 to 14 of the interface's acceptance: sizes, suspension, signals, plain terminals.
@Suite("Acceptance: sizes, suspension, signals, plain terminals", .serialized, .timeLimit(.minutes(10)))
struct TerminalScenarioTests {
  static let spec = "steps=400"

  /// The frame at step 40 as it is drawn without a terminal; blanks at the ends of rows cut off, as tmux does.
  static func rendered(width: Int, height: Int) throws -> String {
    let environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    let size = "\(width)x\(height)"
    let output = try run(
      [Program.path, "render", spec, "--at", "40", "--size", size], environment: environment
    ).output
    return output.components(separatedBy: "\n").map { $0.replacing(#/ +$/#, with: "") }.joined(
      separator: "\n")
  }

  static func start(_ terminal: Tmux) throws {
    try "echo $$ >$D/pid\nexec \"$P\" --run '\(spec)' --paused\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.start()
  }

  /// The screen at rest, drawn for this many rows: its words stand, and stay for longer than a frame.
  static func settled(_ terminal: Tmux, height: Int) throws -> String {
    var before = ""
    return try terminal.waitFor("a screen of \(height) rows at rest") { screen in
      usleep(150_000)
      defer { before = screen }
      let rows = screen.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
      let isDrawn =
        height < 16 ? screen.contains("too small") : rows.count == height && Screen.isUp(rows[height - 1])
      return isDrawn && screen == before && !screen.contains("preparing")
    }
  }

  @Test("scenario 11: every size has its layout and no cell of another, also after a hundred sizes")
  func scenario11() throws {
    let terminal = try Tmux()
    try Self.start(terminal)
    _ = try Self.settled(terminal, height: 24)
    try terminal.send(":", "step 40", "Enter")
    try terminal.waitFor("step 40") { $0.contains("‖ 40/400") }
    let first = try Self.settled(terminal, height: 24)
    for (width, height) in [(200, 60), (120, 40), (30, 8), (80, 24)] {
      try terminal.resize(width: width, height: height)
      let wanted = try Self.rendered(width: width, height: height)
      // What a larger screen wants besides is measured a moment later.
      try terminal.waitFor("what render draws at \(width)×\(height)") { $0 == wanted }
    }
    // The same sizes every time (Knuth's multiplier for 64 bits).
    var state: UInt64 = 11
    func number(_ range: ClosedRange<Int>) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return range.lowerBound + Int(state >> 33) % range.count
    }
    var commands: [String] = []
    for _ in 0..<100 {
      let (width, height) = (number(20...200), number(5...60))
      commands += ["resize-window", "-x", "\(width)", "-y", "\(height)", ";"]
    }
    try terminal.command(commands + ["resize-window", "-x", "80", "-y", "24"])
    #expect(try Self.settled(terminal, height: 24) == first)
  }

  @Test(
    "scenario 11: a small terminal shows what is needed, and nothing over its edge",
    arguments: [(20, 5), (30, 8), (59, 15)])
  func scenario11Small(width: Int, height: Int) throws {
    let terminal = try Tmux(width: width, height: height)
    try "exec \"$P\"\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.type("sh $D/run")
    let screen = try terminal.waitFor("too small")
    #expect(screen.contains("need"))
    #expect(screen.components(separatedBy: "\n").allSatisfy { $0.count <= width })
    try terminal.send("q")
    try terminal.waitFor("a prompt") { $0.contains("$") && !$0.contains("too small") }
  }

  @Test("scenario 12: between Ctrl-Z and fg the terminal is the shell's, then the same frame is there again")
  func scenario12() throws {
    let terminal = try Tmux()
    try Self.start(terminal)
    let before = try Self.settled(terminal, height: 24)
    try terminal.send("C-z")
    #expect(try terminal.exitCode() == 128 + Int(SIGTSTP))
    #expect(try !terminal.isOnAlternateScreen && terminal.showsCursor)
    #expect(try terminal.format("mouse_any_flag") == "0")
    let modes = try terminal.file("b")
    #expect(modes.contains(" icanon") && modes.contains(" echo "))
    try terminal.type("clear; echo o''k")
    try terminal.waitFor("the shell's answer") { $0.contains(/(?m)^ok/) }
    try terminal.type("fg; echo again=$?")
    try terminal.waitFor("the program", Screen.isUp)
    #expect(try Self.settled(terminal, height: 24) == before)
    #expect(try terminal.format("mouse_any_flag") == "1")
    try terminal.send("q")
    try terminal.waitFor("again=0")
  }

  @Test("scenario 12: a run that moved moves on after fg")
  func scenario12Moving() throws {
    let terminal = try Tmux.running()
    let step = try #require(ScreenTests.step(try ScreenTests.waitForStep(beyond: 0, terminal)))
    try terminal.send("C-z")
    #expect(try terminal.exitCode() == 128 + Int(SIGTSTP))
    try terminal.type("clear; fg")
    try ScreenTests.waitForStep(beyond: step, terminal)
  }

  @Test(
    "scenario 13: a signal's exit code is 128 + n, and the terminal is as it was",
    arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGSEGV, 139), (SIGTRAP, 133)])
  func scenario13(number: Int32, code: Int) throws {
    let terminal = try Tmux.running()
    #expect(try terminal.format("mouse_any_flag") == "1")
    kill(try terminal.processID(), number)
    #expect(try terminal.exitCode() == code)
    try terminal.expectRestored()
    #expect(try terminal.format("mouse_any_flag") == "0")
  }

  @Test("scenario 13: no process is left when the pane is killed")
  func scenario13KilledPane() throws {
    let terminal = try Tmux.running()
    let process = try terminal.processID()
    try terminal.command(["new-window", "-d", ";", "kill-pane"])
    #expect(hasEnded(process))
  }

  @Test("scenario 14: in the locale C every byte is ASCII")
  func scenario14ASCII() throws {
    let terminal = try Tmux(environment: ["LC_ALL": "C"])
    try terminal.recordBytes()
    try terminal.start()
    try terminal.waitFor("the program", Screen.isUp)
    try terminal.send("?")
    try terminal.waitFor("Help")
    try terminal.send("?", "p")
    try terminal.waitFor("Set up a run")
    try terminal.send("Escape", "q")
    #expect(try terminal.exitCode() == 0)
    try terminal.waitFor("the bytes") { _ in try terminal.file("bytes").contains("over=0") }
    #expect(try terminal.file("bytes").utf8.allSatisfy { $0 < 128 })
  }

  @Test("scenario 14: without colour the focus is still bold", arguments: ["NO_COLOR=1", "TERM=vt100"])
  func scenario14Monochrome(setting: String) throws {
    let terminal = try Tmux.running(setting)
    let screen = try terminal.captureWithColours()
    let codes = screen.matches(of: /\e\[([0-9;]*)m/).flatMap {
      $0.1.split(separator: ";").compactMap { Int($0) }
    }
    #expect(codes.contains(1))
    // 39 and 49 go back to the terminal's own.
    #expect(codes.filter { 30...48 ~= $0 && $0 != 39 || 90...107 ~= $0 } == [])
  }

  @Test("scenario 14: TERM=dumb gets sentences")
  func scenario14Dumb() throws {
    let terminal = try Tmux()
    try terminal.recordBytes()
    try terminal.type("TERM=dumb $P --run steps=100 </dev/null; echo rc=$?")
    try terminal.waitFor("rc=3")
    try terminal.type("clear; TERM=dumb $P --run steps=100; echo rc=$?")
    try terminal.waitFor("The run is over.")
    try terminal.type("quit")
    try terminal.waitFor("rc=0")
    try terminal.waitFor("the bytes") { _ in try terminal.file("bytes").contains("rc=0") }
    let bytes = try terminal.file("bytes")
    #expect(bytes.contains("10 %. Step 10. Gap of lora "))
    #expect(bytes.utf8.allSatisfy { $0 < 128 })
    // The shell's `clear` alone.
    #expect(!bytes.contains("?1049"))
  }

  @Test("scenario 14: into a pipe goes one line on stderr that names run and render, and exit code 3")
  func scenario14Pipe() throws {
    let terminal = try Tmux()
    try terminal.type("($P 2>$D/errors; echo $? >$D/code) | cat >$D/out; echo over=$?")
    try terminal.waitFor("the end") { $0.contains(/(?m)^over=0/) }
    #expect(try terminal.file("code") == "3\n")
    #expect(try terminal.file("out") == "")
    let errors = try terminal.file("errors")
    #expect(errors.contains("'lora-explorer run SPEC'") && errors.contains("render"))
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }
}
