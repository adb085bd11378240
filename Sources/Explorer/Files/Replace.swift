import Glibc

/// Puts `text` in the place of a file: written beside it, then renamed, so a reader sees the old one or the new one.
/// A link, a pipe, a device is written to and stays what it is: a rename would put a file in the place of /dev/stdout.
package func replace(_ path: String, with text: String) throws(OutputError) {
  guard isFileOrNothing(path) else {
    return try write(text, to: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666), path)
  }
  let temporary = "\(path).\(getpid()).tmp"
  // The user's own mask decides who may read it.
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  do throws(OutputError) {
    try write(text, to: descriptor, path)
    guard rename(temporary, path) == 0 else { throw OutputError(path) }
  } catch {
    if descriptor >= 0 { unlink(temporary) }
    throw error
  }
}

private func isFileOrNothing(_ path: String) -> Bool {
  var status = stat()
  guard lstat(path, &status) == 0 else { return errno == ENOENT }
  return (status.st_mode & S_IFMT) == S_IFREG
}

private func write(_ text: String, to descriptor: CInt, _ path: String) throws(OutputError) {
  guard descriptor >= 0 else { throw OutputError(path) }
  defer { close(descriptor) }
  var output = Output(descriptor: descriptor)
  try output.text(text)
  try output.flush()
}
