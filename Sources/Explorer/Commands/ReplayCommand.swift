import ArgumentParser
import Glibc
import Math

package struct ReplayCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Open the run of an exported file.",
    discussion: """
      Files that e, run, check and render write say which run they show: CSV, JSON lines, SVG, asciicast, \
      Markdown, and the text of run. Screens as text or with colours are their cells alone.
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "FILE"))
  package var file: String

  /// Its options of the screen, which stand before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  /// On the first thread, since it opens the screen.
  @MainActor
  package func open() throws {
    guard root.spec == nil else { throw UsageError("--run has a run, and so has the file; leave one out") }
    let signature = try Self.signature(in: file)
    let course: Course
    do {
      course = try Course.checked(signature.line)
    } catch {
      throw UsageError("the run in \(file): \(error)")
    }
    let isOld = signature.version != LoraExplorer.version
    try root.open(
      course,
      notice: isOld
        ? "written by \(signature.version), this is \(LoraExplorer.version): numbers may differ" : nil)
  }

  /// It stands at the head of every file.
  private static let head = 1 << 16

  package static func signature(in path: String) throws(UsageError) -> Signature {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path) }
    // A pipe would be waited for.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw UsageError("\(path) is no file to read a run from")
    }
    guard let text = contents(of: path, limit: head) else { throw unreadable(path) }
    guard let signature = Signature(in: text) else {
      throw UsageError(
        "\(path) does not say which run it shows; files written by e do, but for text and ansi")
    }
    return signature
  }

  private static func unreadable(_ path: String) -> UsageError {
    UsageError("\(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}
