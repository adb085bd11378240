import Glibc

/// Buffered text to a file descriptor. What is written is whole lines, so a reader never sees half a record.
package struct Output: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  package init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

  package mutating func line(_ text: String) throws(OutputError) {
    try self.text(text + "\n")
  }

  package mutating func text(_ text: String) throws(OutputError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  package mutating func flush() throws(OutputError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw OutputError(reason: String(cString: strerror(errno))) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

package struct OutputError: Error, CustomStringConvertible {
  let reason: String

  init(reason: String) { self.reason = reason }

  /// What went wrong with a file just now, by errno.
  init(_ path: String) { reason = "\(path): \(String(cString: strerror(errno)))" }

  init(existing path: String) { reason = "\(path) exists; --force writes over it" }

  package var description: String { "cannot write: \(reason)" }
}
