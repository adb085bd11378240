import Explorer
import Math
import Testing

@Suite struct ManualPageTests {
  private let lines = manualPage.split(separator: "\n", omittingEmptySubsequences: false)

  @Test func itIsASCIIAndNoLineIsARequestByMistake() {
    #expect(manualPage.unicodeScalars.allSatisfy { $0.isASCII })
    let requests = lines.filter { $0.hasPrefix(".") || $0.hasPrefix("'") }
    #expect(requests.allSatisfy { [".TH", ".SH", ".nf", ".fi"].contains($0.prefix(3)) })
    #expect(requests.count { $0 == ".nf" } == requests.count { $0 == ".fi" })
  }

  @Test func itNamesEverythingThatTheProgramTakes() {
    let text = manualPage.replacing(#"\-"#, with: "-")
    for name in ["run", "render", "check", "claim", "sweep", "lesson", "list", "completion"] {
      #expect(text.contains("\n.SH \(name.uppercased())\n"), "\(name)")
    }
    for field in Field.all { #expect(text.contains("\n  \(field.key) "), "\(field.key)") }
    for binding in KeyBinding.commands { #expect(text.contains(":\(binding.name)"), "\(binding.name)") }
    for status in ExitStatus.allCases { #expect(text.contains("\n\(status.rawValue)  "), "\(status)") }
    for option in ["--run", "--calm", "--glyphs", "--seeds", "--format", "NO_COLOR", "XDG_STATE_HOME"] {
      #expect(text.contains(option), "\(option)")
    }
  }

  @Test func whatIsNotASCIIIsWrittenByItsNumber() {
    #expect(manualPage.contains(#"W is n\[u00D7]m"#))
  }
}
