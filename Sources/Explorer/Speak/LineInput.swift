import Glibc

/// Lines of standard input, as they come.
struct LineInput {
  private(set) var hasEnded = false
  let isTerminal = isatty(STDIN_FILENO) == 1
  private var rest: [UInt8] = []

  /// Waits for input or a wake-up.
  /// - Returns: the whole lines that came; at the end of input also one without an end.
  mutating func lines(or wakePipe: WakePipe) -> [String] {
    var watched = [
      pollfd(fd: wakePipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasEnded ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&watched, 2, -1) > 0 else { return [] }
    if watched[0].revents != 0 { wakePipe.drain() }
    guard watched[1].revents != 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0 && errno == EINTR { return [] }
    hasEnded = count <= 0
    rest += bytes.prefix(max(0, count))
    var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    rest = hasEnded ? [] : Array(lines.removeLast())
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }
}
