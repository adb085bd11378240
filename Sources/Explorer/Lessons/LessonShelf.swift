import Assets
import Glibc

/// The lessons there are, and the files that could not be read.
package struct LessonShelf: Equatable, Sendable {
  package private(set) var lessons: [Lesson] = []
  package private(set) var problems: [LessonProblem] = []

  /// In the order given, which is that of teaching.
  package init(_ files: [(name: String, yaml: String)]) {
    for (name, yaml) in files {
      do throws(LessonProblem) {
        lessons.append(try LessonReader.read(yaml, file: name))
      } catch {
        problems.append(error)
      }
    }
  }

  /// Those built in.
  package static let embedded = LessonShelf(
    Assets.lessons.map { ("\($0.name).yaml", String(decoding: $0.bytes, as: UTF8.self)) })

  package static let endings = [".yaml", ".yml"]

  /// Every file of a folder that ends so, by name.
  package init(folder: String) throws(UsageError) {
    guard let directory = opendir(folder) else {
      throw UsageError(
        "--lessons is \(folder): \(String(cString: strerror(errno))); it takes a folder of .yaml")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if Self.endings.contains(where: name.hasSuffix), !name.hasPrefix(".") { names.append(name) }
    }
    guard !names.isEmpty else { throw UsageError("--lessons is \(folder); it takes a folder of .yaml files") }
    self.init([])
    for name in names.sorted() {
      do throws(LessonProblem) {
        lessons.append(try LessonReader.read(try Self.contents(of: name, in: folder), file: name))
      } catch {
        problems.append(error)
      }
    }
  }

  /// At most what a lesson may have and a byte.
  private static func contents(of name: String, in folder: String) throws(LessonProblem) -> String {
    func problem(_ fault: String, line: Int = 1) -> LessonProblem {
      LessonProblem(file: name, line: line, fault: "cannot be read: \(fault)")
    }
    let path = "\(folder)/\(name)"
    var status = stat()
    guard stat(path, &status) == 0 else { throw problem(String(cString: strerror(errno))) }
    // A pipe would be waited for, and a device may have no end.
    guard status.st_mode & S_IFMT == S_IFREG else { throw problem("it is no regular file") }
    guard let file = fopen(path, "r") else { throw problem(String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100_001)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw problem(String(cString: strerror(errno))) }
    bytes.removeLast(bytes.count - count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      // What is wrong is replaced, and stands on the same line.
      let lines = String(decoding: bytes, as: UTF8.self).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      throw problem("it is not UTF-8", line: 1 + (lines.firstIndex { $0.contains("\u{fffd}") } ?? 0))
    }
    return text
  }
}
