import Foundation

/// The program on a pseudo-terminal where the test is the terminal: it sees every byte and gives every answer.
final class Pty {
  let process: pid_t
  private(set) var bytes: [UInt8] = []
  private let descriptor: Int32
  private var status: Int32?

  /// - Parameter arguments: of the program.
  init(
    _ arguments: [String] = [], width: Int = 80, height: Int = 24, environment: [String: String] = [:]
  ) throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    // glibc hides unlockpt and ptsname from Swift: what they do on Linux.
    var (lock, number): (Int32, UInt32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, 0x4004_5431, &lock) == 0,
      ioctl(descriptor, 0x8004_5430, &number) == 0
    else { throw Failure(description: "no pseudo-terminal: errno \(errno)") }
    let path = "/dev/pts/\(number)"
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)

    var variables = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    process = try spawn(
      [Program.path] + arguments, environment: variables, inSession: true,
      files: [(0, path, O_RDWR), (1, path, O_RDWR), (2, path, O_RDWR)])
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(descriptor)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  func send(_ text: String) {
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
  }

  /// What was written up to the first moment when `condition` holds of it.
  @discardableResult
  func waitFor(_ what: String, seconds: Double = 20, _ condition: (String) -> Bool) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !condition(text) {
      guard ContinuousClock.now < deadline, read() else {
        throw Failure(description: "waited in vain for \(what) in \(text.debugDescription)")
      }
    }
    return text
  }

  @discardableResult
  func waitFor(_ words: String) throws -> String { try waitFor("'\(words)'") { $0.contains(words) } }

  /// Forgets what was written so far.
  func forget() { bytes = [] }

  /// Everything up to the program's end.
  /// - Returns: the exit code, 128 + n by signal n.
  func exitCode() throws -> Int {
    while read() {}
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    self.status = status
    return code(ofStatus: status)
  }

  /// - Returns: false at the end, when the program has closed its side, or after 20 s without a byte.
  private func read() -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, 20_000) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // Linux answers EIO when the other side is closed.
    let count = Foundation.read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return false }
    bytes += buffer.prefix(count)
    return true
  }
}
