import Glibc

/// Puts `text` in the place of a file: written beside it, then renamed, so a reader sees the old one or the new one.
package func replace(_ path: String, with text: String) throws(OutputError) {
  var name = Array((path + ".XXXXXX").utf8CString)
  let descriptor = mkstemp(&name)
  guard descriptor >= 0 else { throw OutputError(path) }
  let temporary = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  defer { close(descriptor) }
  do throws(OutputError) {
    var output = Output(descriptor: descriptor)
    try output.text(text)
    try output.flush()
    guard rename(temporary, path) == 0 else { throw OutputError(path) }
  } catch {
    unlink(temporary)
    throw error
  }
}
