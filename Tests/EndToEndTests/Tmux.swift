import Foundation
import Testing

/// The program under test, beside the test bundle.
enum Program {
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("lora-explorer").path
}

struct Failure: Error, CustomStringConvertible {
  let description: String
}

/// Runs `command`, found on PATH, to its end, with nothing to read from standard input.
///
/// Foundation's `Process` waits for whoever inherited its descriptors, here the tmux server, for ever.
@discardableResult
func run(_ command: [String], environment: [String: String] = ProcessInfo.processInfo.environment) throws
  -> (status: Int, output: String, errors: String)
{
  let stem = FileManager.default.temporaryDirectory.appendingPathComponent("lora-\(UUID().uuidString)").path
  let (output, errors) = (stem + ".out", stem + ".err")
  defer {
    unlink(output)
    unlink(errors)
  }
  let process = try spawn(
    command, environment: environment,
    files: [
      (0, "/dev/null", O_RDONLY), (1, output, O_WRONLY | O_CREAT), (2, errors, O_WRONLY | O_CREAT),
    ])
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  return (
    code(ofStatus: status),
    String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self),
    String(decoding: FileManager.default.contents(atPath: errors) ?? Data(), as: UTF8.self)
  )
}

/// The exit code of a process, 128 + n by signal n.
func code(ofStatus status: Int32) -> Int {
  let signal = status & 0x7f
  return signal == 0 ? Int(status >> 8 & 0xff) : 128 + Int(signal)
}

/// Starts `command`, found on PATH, with these files on its descriptors.
/// - Parameter inSession: as the leader of a session of its own, whose terminal is the first file that is one.
func spawn(
  _ command: [String], environment: [String: String], inSession: Bool = false,
  files: [(descriptor: Int32, path: String, flags: Int32)]
) throws -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // Threads of the test runner block signals; a server that inherits that cannot be killed.
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  // POSIX_SPAWN_SETSID, which glibc's header hides from Swift.
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | (inSession ? 0x80 : 0))
  for file in files {
    posix_spawn_file_actions_addopen(&actions, file.descriptor, file.path, file.flags, 0o600)
  }

  let arguments = command.map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
  defer { (arguments + variables).forEach { free($0) } }
  var process: pid_t = 0
  let problem = posix_spawnp(&process, command[0], &actions, &attributes, arguments, variables)
  guard problem == 0 else { throw Failure(description: "cannot start \(command[0]): errno \(problem)") }
  return process
}

/// Whether a process is gone, at the latest after 20 s.
func hasEnded(_ process: pid_t) -> Bool {
  let deadline = ContinuousClock.now + .seconds(20)
  while ContinuousClock.now < deadline {
    let state = (try? run(["ps", "-o", "stat=", "-p", "\(process)"]).output) ?? ""
    // One that nobody waits for stays as a zombie in some containers.
    if state.isEmpty || state.hasPrefix("Z") { return true }
    usleep(20_000)
  }
  return false
}

/// A shell in a terminal of its own tmux server, which ends with this object.
///
/// The shell knows `$P`, the program, and `$D`, a folder of this terminal. `sh $D/run` becomes the program
/// and leaves its process id in `$D/pid`.
final class Tmux {
  let folder: URL
  private let socket = "lora-\(UUID().uuidString.prefix(8))"

  init(width: Int = 80, height: Int = 24, type: String = "tmux-256color", environment: [String: String] = [:])
    throws
  {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(socket)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "echo $$ >$D/pid\nexec \"$P\" \"$@\"\n".write(
      to: folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)

    var variables = [
      "P": Program.path, "D": folder.path, "PS1": "$ ", "ENV": "", "LANG": "C.UTF-8",
      "XDG_STATE_HOME": folder.path,
    ]
    variables.merge(environment) { $1 }
    let settings = variables.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
    try command(
      ["start-server", ";", "set-option", "-g", "default-terminal", type]
        + [";", "set-option", "-sg", "escape-time", "0", ";", "new-session", "-d"]
        + ["-x", "\(width)", "-y", "\(height)"] + settings + ["exec /bin/sh -i"])
    try waitFor("a prompt") { $0.hasPrefix("$") }
  }

  deinit {
    _ = try? command(["kill-server"])
    try? FileManager.default.removeItem(at: folder)
  }

  /// A command to the server; its output.
  @discardableResult
  func command(_ arguments: [String]) throws -> String {
    let environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": folder.path, "TMUX_TMPDIR": folder.path, "LANG": "C.UTF-8", "SHELL": "/bin/sh",
    ]
    let (status, output, errors) = try run(
      ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments, environment: environment)
    guard status == 0 else { throw Failure(description: "tmux \(arguments): \(errors)") }
    return output
  }

  // MARK: Input

  /// Keys by tmux's names, such as `Space`, `C-z`, `Up`.
  func send(_ keys: String...) throws {
    try command(["send-keys"] + keys)
  }

  /// Types a line for the shell. Keep it shorter than the screen is wide.
  func type(_ line: String) throws {
    try command(["send-keys", "-l", line])
    try send("Enter")
  }

  func resize(width: Int, height: Int) throws {
    try command(["resize-window", "-x", "\(width)", "-y", "\(height)"])
  }

  /// Starts the program by `sh $D/run`; the shell then prints `rc=` and its exit code, and leaves the terminal's
  /// modes before and after in `$D/a` and `$D/b`.
  func start(_ prefix: String = "") throws {
    try type("stty -a >$D/a; \(prefix) sh $D/run; echo rc=$?; stty -a >$D/b; echo over=$?")
  }

  /// The process of the last `start`.
  func processID() throws -> pid_t {
    let text = try file("pid")
    guard let id = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Failure(description: "no process id in '\(text)'")
    }
    return id
  }

  func file(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  // MARK: Output

  func capture() throws -> String { try command(["capture-pane", "-p"]) }

  func captureWithColours() throws -> String { try command(["capture-pane", "-p", "-e"]) }

  /// Copies the bytes that reach the terminal from now on to `$D/bytes`.
  func recordBytes() throws {
    try command(["pipe-pane", "-O", "cat >'\(folder.path)/bytes'"])
  }

  var isOnAlternateScreen: Bool {
    get throws { try format("alternate_on") == "1" }
  }

  var showsCursor: Bool {
    get throws { try format("cursor_flag") == "1" }
  }

  func format(_ name: String) throws -> String {
    try command(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The first screen for which `condition` holds; fails with the last one when it does not in `seconds`.
  @discardableResult
  func waitFor(_ what: String, seconds: Double = 20, _ condition: (String) throws -> Bool) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var screen = ""
    repeat {
      screen = try capture()
      if try condition(screen) { return screen }
      usleep(20_000)
    } while ContinuousClock.now < deadline
    throw Failure(description: "waited in vain for \(what); the screen:\n\(screen)")
  }

  @discardableResult
  func waitFor(_ text: String) throws -> String {
    try waitFor("'\(text)'") { $0.contains(text) }
  }

  /// What stands on the screen once what was under way has been drawn: the same for longer than a frame.
  func settled() throws -> String {
    var before = ""
    return try waitFor("a screen that stays") { screen in
      usleep(200_000)
      defer { before = screen }
      return screen == before
    }
  }

  /// Waits for the shell to take over after `start`.
  /// - Returns: the program's exit code.
  func exitCode() throws -> Int {
    let screen = try waitFor("the exit code") { $0.contains(/(?m)^over=0/) }
    guard let code = screen.matches(of: /(?m)^rc=(\d+)/).last.flatMap({ Int($0.1) }) else {
      throw Failure(description: "no exit code on\n\(screen)")
    }
    return code
  }
}
