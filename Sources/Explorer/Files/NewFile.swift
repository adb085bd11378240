import Glibc
import Synchronization

/// Files that did not exist before.
package enum NewFile {
  package struct Name: Equatable, Sendable {
    package let stem: String
    package let suffix: String

    package init(stem: String, suffix: String = "txt") {
      self.stem = stem
      self.suffix = suffix
    }

    /// The one it gets where there is no other.
    package var first: String { numbered(1) }

    /// `stem.txt`, then `stem-2.txt`.
    fileprivate func numbered(_ count: Int) -> String { "\(stem)\(count == 1 ? "" : "-\(count)").\(suffix)" }
  }

  /// Writes lines, and says in a line what came of it.
  package static func answer(_ lines: [String], named stem: String) -> String {
    do throws(OutputError) {
      return "written to \(try write(lines, named: stem))"
    } catch {
      return "\(error)"
    }
  }

  /// Writes lines under a name of their own: `name.txt`, or `name-2.txt` where that exists.
  /// - Returns: the name.
  package static func write(_ lines: [String], named stem: String) throws(OutputError) -> String {
    let draft = try Draft(Name(stem: stem))
    var output = Output(descriptor: draft.descriptor)
    for line in lines { try output.line(line.printable) }
    try output.flush()
    return try draft.publish()
  }

  /// The same of what `body` puts out.
  package static func write(
    _ name: Name, _ body: (inout Output) async throws -> Void
  ) async throws -> String {
    let draft = try Draft(name)
    var output = Output(descriptor: draft.descriptor)
    try await body(&output)
    try output.flush()
    return try draft.publish()
  }

  /// Those that are not whole yet, for the end of the program.
  private static let drafts = Mutex<Set<String>>([])

  /// Takes away what has been begun and not ended.
  package static func dropDrafts() {
    drafts.withLock { for path in $0 { unlink(path) } }
  }

  /// A file under a temporary name, which goes with it.
  private struct Draft: ~Copyable {
    private let name: Name
    private let temporary: String
    let descriptor: Int32

    init(_ name: Name) throws(OutputError) {
      self.name = name
      temporary = ".\(name.stem).\(getpid())"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw OutputError(reason: String(cString: strerror(errno))) }
      drafts.withLock { [temporary] in _ = $0.insert(temporary) }
    }

    deinit {
      guard descriptor >= 0 else { return }
      close(descriptor)
      unlink(temporary)
      drafts.withLock { [temporary] in _ = $0.remove(temporary) }
    }

    /// Gives it its name by a link, which takes no other's place.
    consuming func publish() throws(OutputError) -> String {
      guard fsync(descriptor) == 0 else { throw OutputError(reason: String(cString: strerror(errno))) }
      for count in 1...1000 {
        if link(temporary, name.numbered(count)) == 0 { return name.numbered(count) }
        guard errno == EEXIST else { break }
      }
      throw OutputError(reason: String(cString: strerror(errno)))
    }
  }
}
