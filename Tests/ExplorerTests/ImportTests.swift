import Foundation
import Testing

/// The arrows of ARCHITECTURE.md.
@Suite("Imports")
struct ImportTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func imports(in folder: String) throws -> [(file: String, module: String)] {
    let url = root.appendingPathComponent("Sources/\(folder)")
    let files = try #require(FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil))
    var found: [(String, String)] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"),
          words[..<place].allSatisfy({ $0 != "//" && $0 != "///" }),
          place <= 2, place + 1 < words.count
        else { continue }
        found.append((file.lastPathComponent, String(words[place + 1])))
      }
    }
    try #require(!found.isEmpty, "no import found below \(folder)")
    return found
  }

  @Test(arguments: [
    ("Math", ["CKernels", "COpenBLAS", "Dispatch", "Glibc", "Synchronization"]),
    ("Theory", ["Math", "Glibc", "Synchronization"]),
    ("Charts", ["Glibc"]),
    (
      "Explorer",
      [
        "Math", "Theory", "Charts", "Assets", "CNcurses", "ArgumentParser", "FoundationEssentials", "Glibc",
        "Darwin",
        "Synchronization", "Yams",
      ]
    ),
  ])
  func aTargetImportsOnlyWhatItsArrowsAllow(target: String, allowed: [String]) throws {
    for (file, module) in try Self.imports(in: target) {
      #expect(allowed.contains(module), "\(file) imports \(module)")
    }
  }

  @Test func oneFileKnowsNcurses() throws {
    #expect(
      try Self.imports(in: "Explorer").filter { $0.module == "CNcurses" }.map(\.file) == [
        "CursesTerminal.swift"
      ])
  }

  @Test func theReaderOfLessonsAloneReadsYAML() throws {
    let files = try Self.imports(in: "Explorer").filter { $0.module == "Yams" }.map(\.file)
    #expect(files.allSatisfy { $0.hasPrefix("LessonReader") } && !files.isEmpty, "\(files)")
  }

  @Test func onlyTheCommandsKnowTheArgumentParser() throws {
    let allowed = try #require(
      FileManager.default.enumerator(
        atPath: Self.root.appendingPathComponent("Sources/Explorer/Commands").path))
    let commands = Set(allowed.compactMap { $0 as? String })
    for (file, module) in try Self.imports(in: "Explorer") where module == "ArgumentParser" {
      #expect(commands.contains(file) || file == "main.swift", "\(file) imports ArgumentParser")
    }
  }

  @Test func mathTheoryAndChartsPrintNothingAndKnowNoClock() throws {
    for target in ["Math", "Theory", "Charts"] {
      let url = Self.root.appendingPathComponent("Sources/\(target)")
      let files = try #require(FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
        for word in [" print(", "ContinuousClock", "FileManager", "getenv"] {
          #expect(!text.contains(word), "\(file.lastPathComponent) uses \(word)")
        }
      }
    }
  }
}
