import Foundation
import Testing

/// Whole tasks that a user carries out, by their numbers.
@Suite("Acceptance: setting up", .serialized, .timeLimit(.minutes(10)))
struct SettingUpTests {
  @Test("scenario 3: another rank in the picker, with its consequences, and a lower floor")
  func scenario3() throws {
    let terminal = try Tmux.running(line: "steps=300 variants=lora")
    /// What the read-out says when the run is over.
    func floor() throws -> Double {
      let screen = try terminal.waitFor("● 300/300")
      let match = try #require(screen.firstMatch(of: /gap 1 [.\d]+ floor ([.\d]+)/), "\(screen)")
      return try #require(Double("0\(match.1)"))
    }
    let before = try floor()
    try terminal.send("p")
    try terminal.waitFor("896 trained  29.2 %")
    try terminal.send("Down")
    try terminal.send("1", "6")
    var screen = try terminal.waitFor("1792 trained  58.3 %")
    #expect(screen.contains("‹ 16 ›"))
    try terminal.send("Enter")
    screen = try terminal.waitFor("r 16  α 16")
    #expect(!screen.contains("Set up"))
    #expect(try floor() < before)
  }

  @Test("scenario 5, first half: six variants are chosen and run, told apart by their digits")
  func scenario5() throws {
    let terminal = try Tmux.running(line: "n=16 m=12 r=2 alpha=4 steps=400 variants=lora")
    try terminal.send("v")
    try terminal.waitFor("1 of at most 6")
    // They stand side by side: LoRA, rsLoRA, LoRA+, PiSSA, OLoRA, DoRA, AdaLoRA.
    for rights in [1, 1, 1, 1, 2] {
      for _ in 1...rights { try terminal.send("Right") }
      try terminal.send("Space")
    }
    try terminal.waitFor("[6] adalora")
    try terminal.send("Enter")
    let screen = try terminal.waitFor("● 400/400")
    for i in 1...6 { #expect(screen.contains(" \(i) "), "\(screen)") }
  }

  @Test("scenario 8: a run that diverges is explained, its first remedy runs to the end, and `run` exits 1")
  func scenario8() throws {
    let spec = "steps=300 variants=lora"
    let terminal = try Tmux()
    // In a folder of its own, where the report is written.
    try "cd $D\nexec \"$P\" --run '\(spec)'\n".write(
      to: terminal.folder.appendingPathComponent("run"), atomically: true, encoding: .utf8)
    try terminal.start()
    try terminal.waitFor("/300")
    try terminal.send("p")
    try terminal.waitFor("Set up a run")
    try terminal.send("Tab", "Tab", "Tab", "1", "2", "8")
    for _ in 1...5 { try terminal.send("Tab") }
    try terminal.send("0", ".", "2")
    try terminal.waitFor("η ‹ 0.2 ›")
    try terminal.waitFor("α                  ‹ 128 ›")
    try terminal.send("Enter")
    let screen = try terminal.waitFor("diverged at step")
    #expect(screen.contains("✗ stopped") && screen.contains("stable below 2"), "\(screen)")
    for choice in ["1  set η to", "2  set α to", "3  keep and look", "4  edit by hand"] {
      #expect(screen.contains(choice), "\(screen)")
    }
    try terminal.send("!")
    let written = try terminal.waitFor("written to lora-explorer-diverged")
    let name = try #require(written.firstMatch(of: /written to (\S+\.txt)/)?.1)
    #expect(try terminal.file(String(name)).contains("cause   η·λ_max = "))
    try terminal.send("1")
    let end = try terminal.waitFor("● 300/300")
    #expect(!end.contains("✗"), "\(end)")
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)
    let (status, _, _) = try run([Program.path, "run", "alpha=128 lr=0.2 \(spec)", "--quiet"])
    #expect(status == 1)
  }
}
