import Foundation
import Testing

/// What must stand on the screen when the program is up and running.
enum Screen {
  static func isUp(_ screen: String) -> Bool { screen.contains("? help  q") }
}

extension Tmux {
  /// A terminal with a line on it that must be there again afterwards, and the program started.
  /// - Parameter line: the scenario; the default run when nil.
  static func running(_ prefix: String = "", line: String? = nil, environment: [String: String] = [:]) throws
    -> Tmux
  {
    let terminal = try Tmux(environment: environment)
    if let line {
      try "cd \"$D\" && exec \"$P\" --run '\(line)'\n".write(
        to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    }
    try terminal.type("echo the line before")
    try terminal.waitFor("the line") { $0.contains(/(?m)^the line before/) }
    try terminal.start(prefix)
    try terminal.waitFor("the program", Screen.isUp)
    return terminal
  }

  /// The shell's screen, modes and cursor are as they were.
  func expectRestored(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let screen = try capture()
    #expect(screen.contains(/(?m)^the line before/), "\(screen)", sourceLocation: sourceLocation)
    #expect(!Screen.isUp(screen), "\(screen)", sourceLocation: sourceLocation)
    #expect(try !isOnAlternateScreen, sourceLocation: sourceLocation)
    #expect(try showsCursor, sourceLocation: sourceLocation)
    #expect(try file("a") == file("b"), sourceLocation: sourceLocation)
  }
}

@Suite("The terminal", .serialized, .timeLimit(.minutes(10)))
struct TerminalTests {
  @Test("is given back on q and Ctrl-C", arguments: [("q", 0), ("C-c", 130)])
  func quits(key: String, code: Int) throws {
    let terminal = try Tmux.running()
    #expect(try terminal.isOnAlternateScreen)
    #expect(try !terminal.showsCursor)
    try terminal.send(key)
    #expect(try terminal.exitCode() == code)
    try terminal.expectRestored()
  }

  @Test(
    "is given back when a signal ends the program",
    arguments: [SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP])
  func endsBySignal(number: Int32) throws {
    let terminal = try Tmux.running()
    kill(try terminal.processID(), number)
    #expect(try terminal.exitCode() == 128 + Int(number))
    try terminal.expectRestored()
  }

  @Test("is repainted at its new size after a resize during a stop from outside")
  func suspendsFromOutside() throws {
    let terminal = try Tmux.running()
    kill(try terminal.processID(), SIGTSTP)
    _ = try terminal.exitCode()
    try terminal.expectRestored()
    try terminal.resize(width: 100, height: 30)
    try terminal.type("fg; echo again=$?")
    try terminal.waitFor("30 rows") { screen in
      let rows = screen.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
      return rows.count == 30 && Screen.isUp(rows[29])
    }
    try terminal.send("q")
    try terminal.waitFor("again=0")
  }

  @Test("stays the shell's when the stopped program is ended")
  func endsWhileStopped() throws {
    let terminal = try Tmux.running()
    try terminal.send("C-z")
    _ = try terminal.exitCode()
    try terminal.type("kill %1; fg; echo gone=$?; stty -a >$D/b; echo end=$?")
    try terminal.waitFor("the end") { $0.contains(/(?m)^end=0/) }
    #expect(try terminal.capture().contains(/(?m)^gone=143/))
    try terminal.expectRestored()
  }

  @Test("gets a new size while the program is paused and waits for nothing else")
  func resizesWhilePaused() throws {
    let terminal = try Tmux.running()
    try terminal.send("Space")
    for height in [30, 20, 40, 24, 33] {
      try terminal.resize(width: 90, height: height)
      try terminal.waitFor("\(height) rows") { screen in
        let rows = screen.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
        return rows.count == height && Screen.isUp(rows[height - 1])
      }
    }
  }

  @Test("has its own size, not the environment's")
  func staleSize() throws {
    let terminal = try Tmux.running("LINES=10 COLUMNS=40")
    let rows = try terminal.capture().trimmingCharacters(in: .newlines).components(separatedBy: "\n")
    #expect(rows.count == 24)
  }

  @Test("gets no colour code with NO_COLOR, but bold")
  func noColor() throws {
    let terminal = try Tmux(environment: ["NO_COLOR": "1"])
    try terminal.recordBytes()
    try terminal.start()
    try terminal.waitFor("the program", Screen.isUp)
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    try terminal.waitFor("the bytes") { _ in try terminal.file("bytes").contains("over=0") }
    let codes = try terminal.file("bytes").matches(of: /\e\[([0-9;]*)m/).flatMap {
      $0.1.split(separator: ";").compactMap { Int($0) }
    }
    #expect(codes.contains(1))
    #expect(codes.filter { 30...49 ~= $0 || 90...107 ~= $0 } == [])
  }

  @Test("gets colours when nothing forbids them")
  func color() throws {
    let screen = try Tmux.running().captureWithColours()
    #expect(screen.contains(/\e\[[0-9;]*38;5;74/))
  }

  @Test("may have eight colours or none", arguments: ["screen", "xterm", "vt100", "linux"])
  func otherTypes(type: String) throws {
    let terminal = try Tmux.running("TERM=\(type)")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    #expect(try terminal.showsCursor)
    #expect(try terminal.file("a") == terminal.file("b"))
  }

  @Test("may send arrows with modifiers that its description does not know")
  func unknownKeys() throws {
    let terminal = try Tmux(type: "screen")
    try terminal.type("sh $D/run --run steps=200")
    try terminal.waitFor("● 200/200")
    let before = try terminal.settled()
    try terminal.send("C-Up", "M-Left", "C-Home")
    try terminal.send("S-Left")
    // A hundredth of the run back; had a letter of the others been a key, a series were hidden or the cursor elsewhere.
    let screen = try terminal.waitFor("t=198")
    #expect(screen.contains("gap 1") && screen.contains(" 2 ") && screen.contains(" 3 "))
    try terminal.send("End")
    #expect(try terminal.waitFor("the end") { $0.contains("t=200") } == before)
  }

  @Test("must be one that is known", arguments: ["nosuch"])
  func unusableType(type: String) throws {
    let terminal = try Tmux()
    try terminal.recordBytes()
    try terminal.type("TERM=\(type) $P 2>$D/errors; echo rc=$?")
    try terminal.waitFor("rc=3")
    try terminal.waitFor("the bytes") { _ in try terminal.file("bytes").contains("rc=3") }
    let (bytes, errors) = (try terminal.file("bytes"), try terminal.file("errors"))
    #expect(!bytes.contains("\u{1b}"), "\(bytes.debugDescription)")
    #expect(errors.contains("'\(type)'") && errors.contains("lora-explorer run"), "\(errors)")
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }

  @Test("is missed in one line when there is none")
  func pipes() throws {
    let (status, output, errors) = try run([Program.path])
    #expect(status == 3)
    #expect(output == "")
    #expect(
      errors
        == "lora-explorer: the screen needs a terminal; 'lora-explorer run SPEC' and 'lora-explorer render SPEC' print without one\n"
    )
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }

  @Test("leaves no process behind when it vanishes", arguments: ["", "trap '' HUP;"])
  func vanishes(prefix: String) throws {
    let terminal = try Tmux.running(prefix)
    let process = try terminal.processID()
    try terminal.command(["kill-server"])
    #expect(hasEnded(process))
  }
}
