import Glibc

/// Puts `text` in the place of a file: written beside it, then renamed, so a reader sees the old one or the new one.
/// A link, a pipe, a device is written to and stays what it is: a rename would put a file in the place of /dev/stdout.
package func replace(_ path: String, with text: String) throws(OutputError) {
  guard isFileOrNothing(path) else {
    return try write(text, to: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666), path)
  }
  let temporary = try draft(of: path, text)
  guard rename(temporary, path) == 0 else {
    defer { unlink(temporary) }
    throw OutputError(path)
  }
}

/// The same where there is no file of that name: two who do so at once do not write over each other.
package func create(_ path: String, with text: String) throws(OutputError) {
  guard isFileOrNothing(path) else { return try replace(path, with: text) }
  let temporary = try draft(of: path, text)
  defer { unlink(temporary) }
  guard link(temporary, path) == 0 else {
    throw errno == EEXIST ? OutputError(existing: path) : OutputError(path)
  }
}

/// Beside `path`, under a name of its own.
private func draft(of path: String, _ text: String) throws(OutputError) -> String {
  let temporary = "\(path).\(getpid()).tmp"
  // The user's own mask decides who may read it.
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  do throws(OutputError) {
    try write(text, to: descriptor, path)
    return temporary
  } catch {
    if descriptor >= 0 { unlink(temporary) }
    throw error
  }
}

/// It exists, and has what a writer would write over; a pipe, a device has not.
package func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFREG
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
