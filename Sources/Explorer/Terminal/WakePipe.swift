#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ends another thread's `poll`. Bytes carry no meaning and may merge.
package final class WakePipe: Sendable {
  package let readEnd: CInt
  package let writeEnd: CInt

  package init() throws(TerminalError) {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .noPipe(errno: errno) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// From any thread. A full pipe wakes as well as one byte more.
  package func wake() {
    var byte: UInt8 = 0
    while write(writeEnd, &byte, 1) < 0 && errno == EINTR {}
  }

  /// Takes out all bytes.
  /// - Returns: whether there were any.
  @discardableResult
  package func drain() -> Bool {
    var bytes: [UInt8] = Array(repeating: 0, count: 256)
    var hadAny = false
    while true {
      let count = read(readEnd, &bytes, bytes.count)
      guard count > 0 || (count < 0 && errno == EINTR) else { return hadAny }
      hadAny = true
    }
  }

  /// Waits for a byte, at most `milliseconds` (negative: no limit).
  package func wait(milliseconds: Int) -> Bool {
    var watched = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, CInt(clamping: milliseconds)) > 0
  }
}
