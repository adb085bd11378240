import Glibc

/// Files that did not exist before.
package enum NewFile {
  /// Writes lines as `write` does, and says in a line what came of it.
  package static func answer(_ lines: [String], named stem: String) -> String {
    do throws(OutputError) {
      return "written to \(try write(lines, named: stem))"
    } catch {
      return "\(error)"
    }
  }

  /// Writes lines under a name of their own: `name.txt`, or `name-2.txt` where that exists.
  ///
  /// They are whole under a temporary name before they get their own, by a link, which takes no other's place.
  /// - Returns: the name.
  package static func write(_ lines: [String], named stem: String) throws(OutputError) -> String {
    let temporary = ".\(stem).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputError(reason: String(cString: strerror(errno))) }
    defer { unlink(temporary) }
    var output = Output(descriptor: descriptor)
    do throws(OutputError) {
      for line in lines { try output.line(line.printable) }
      try output.flush()
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw OutputError(reason: String(cString: strerror(errno))) }
    for count in 1...1000 {
      let name = count == 1 ? "\(stem).txt" : "\(stem)-\(count).txt"
      if link(temporary, name) == 0 { return name }
      guard errno == EEXIST else { break }
    }
    throw OutputError(reason: String(cString: strerror(errno)))
  }
}
