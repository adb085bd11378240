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

  /// Every `.yaml` of a folder, by name.
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
      if name.hasSuffix(".yaml"), !name.hasPrefix(".") { names.append(name) }
    }
    guard !names.isEmpty else { throw UsageError("--lessons is \(folder); it takes a folder of .yaml files") }
    self.init([])
    for name in names.sorted() {
      guard let yaml = Self.contents(of: "\(folder)/\(name)") else {
        problems.append(
          LessonProblem(file: name, line: 1, fault: "cannot be read: \(String(cString: strerror(errno)))"))
        continue
      }
      let one = LessonShelf([(name, yaml)])
      lessons += one.lessons
      problems += one.problems
    }
  }

  /// At most what a lesson may have and a byte, so that a device without end does no harm.
  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100_001)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { return nil }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
