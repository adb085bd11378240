import Foundation
import Testing

/// A file says which run it shows, and opens it again.
@Suite("Replay", .timeLimit(.minutes(5)))
struct ReplayTests {
  private static let line = "n=12 m=9 r=2 steps=20 seed=5 variants=lora,lora-ga(gamma=4) | t=10 lr=0.001"

  /// A folder for one test, with a file of each kind.
  private func files() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let exports = ["csv", "jsonl", "svg", "cast", "checks"].map { "export \($0)\\n" }.joined()
    let script =
      "cd '\(folder.path)' && printf 'step 20\\n\(exports)' | '\(Program.path)' --speak --run '\(Self.line)'"
    #expect(try run(["sh", "-c", script]).status == 0)
    return folder
  }

  @Test func everyFileThatSaysItsRunOpensIt() throws {
    let folder = try files()
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count == 5, "\(names)")
    for name in names {
      let (status, output, errors) = try run(
        [Program.path, "replay", folder.appendingPathComponent(name).path, "--speak"])
      #expect(status == 0 && errors.isEmpty, "\(name): \(errors)")
      let first = output.split(separator: "\n").first ?? ""
      #expect(first.contains("Run 1, branch at step 10 with lr=0.001. W is 12 by 9"), "\(name): \(first)")
      #expect(first.contains("seed 5") && first.contains("Variants: lora, lora-ga."), "\(name): \(first)")
    }
  }

  @Test(
    "what carries no run is refused in a line that does nothing to the terminal",
    arguments: [
      ("", "does not say which run"), ("hello \u{1b}[2J\n", "does not say which run"),
      ("# lora-explorer 0.1.0  r=\u{1b}[2J\n", "r is ?[2J"), ("# lora-explorer 0.1.0  r=0\n", "r is 0"),
    ])
  func wrongFile(content: String, words: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try content.write(toFile: file, atomically: true, encoding: .utf8)
    let (status, output, errors) = try run([Program.path, "replay", file])
    #expect(status == 2 && output.isEmpty)
    #expect(
      errors.filter { $0 == "\n" }.count == 1 && !errors.contains("\u{1b}"), "\(errors.debugDescription)")
    #expect(errors.contains(file) && errors.contains(words), "\(errors)")
  }

  @Test(arguments: [("/none/such", "No such file"), ("/tmp", "is no file to read a run from")])
  func noFile(path: String, words: String) throws {
    let (status, output, errors) = try run([Program.path, "replay", path])
    #expect(status == 2 && output.isEmpty)
    #expect(errors.contains("lora-explorer: \(path)") && errors.contains(words), "\(errors)")
  }
}
