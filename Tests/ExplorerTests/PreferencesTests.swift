import Explorer
import Foundation
import Testing

@Suite("Preferences")
struct PreferencesTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  func file() throws -> PreferencesFile {
    try #require(PreferencesFile { $0 == "XDG_STATE_HOME" ? folder : nil })
  }

  @Test func areReadBackAsWritten() throws {
    let file = try file()
    #expect(file.read() == (Preferences(), nil), "nothing is there yet")
    var preferences = Preferences()
    preferences.setTheme(.light, on: .light)
    preferences.setTheme(.mono, on: nil)
    preferences.glyphs = .ascii
    try file.write(preferences)
    #expect(file.read() == (preferences, nil))
    preferences.setTheme(.tritanopia, on: .light)
    try file.write(preferences)
    #expect(file.read().0.theme(on: .light) == .tritanopia)
    #expect(file.read().0.theme(on: .dark) == nil)
    let around = try FileManager.default.contentsOfDirectory(atPath: folder + "/lora-explorer")
    #expect(around == ["state"], "a temporary file was left")
  }

  @Test(
    "are ignored with one notice where the file says something else",
    arguments: [
      "theme.dark=blue\n", "glyphs=\u{1b}[31m\n", "colour=red\n", "theme.middle=light\n", "theme.dark\n",
      "\u{0}\u{1}\n",
    ])
  func broken(text: String) throws {
    let file = try file()
    try file.write(Preferences())
    try text.write(toFile: file.path, atomically: true, encoding: .utf8)
    let (preferences, notice) = file.read()
    #expect(preferences == Preferences())
    #expect(try #require(notice).contains("line 1 is '"))
    #expect(notice?.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
  }

  @Test func sayWhyTheyCannotBeWritten() throws {
    let file = try #require(PreferencesFile { $0 == "XDG_STATE_HOME" ? "/dev/null" : nil })
    #expect(throws: OutputError.self) { try file.write(Preferences()) }
  }

  @Test func lieWhereXDGSays() {
    func path(_ environment: [String: String]) -> String? { PreferencesFile { environment[$0] }?.path }
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/lora-explorer/state")
    #expect(path(["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/lora-explorer/state")
    #expect(path([:]) == nil)
  }
}
