import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import Testing

/// What a user reads off a run: a step of the past, a table, a check, a saved session; by their numbers.
@Suite("Acceptance: reading a run", .serialized, .timeLimit(.minutes(10)))
struct ReadingTests {
  /// What stands behind a chart's axis, row by row; labels stand before it.
  private func plot(_ screen: String, _ rows: Range<Int>) -> String {
    let lines = screen.components(separatedBy: "\n")
    return rows.map { String(lines[$0].drop { $0 != "│" && $0 != "┤" }) }.joined(separator: "\n")
  }

  private func gap(_ screen: String) throws -> Double {
    let match = try #require(screen.firstMatch(of: /gap 1 ([.\d]+)/), "\(screen)")
    return try #require(Double("0\(match.1)") ?? Double(match.1))
  }

  @Test(
    "scenario 4: a step of the past, its numbers those of the exported table to four digits, in every panel"
  )
  func scenario4() throws {
    let spec = "steps=300 variants=lora"
    let terminal = try Tmux.running(line: spec)
    try terminal.waitFor("● 300/300")
    try terminal.send(":", "export csv", "Enter")
    let table = try written(by: terminal).text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let header = try #require(table.first)
    let (step, series, column) = (
      try #require(header.firstIndex(of: "step")), try #require(header.firstIndex(of: "series")),
      try #require(header.firstIndex(of: "gap"))
    )
    let row = try #require(table.first { $0[step] == "2" && $0[series] == "lora" })
    let wanted = try #require(Double(row[column]))
    try terminal.send("Home")
    try terminal.waitFor("t=0")
    try terminal.send(".", ".", ".", ",")
    // Four digits are shown, the last one rounded.
    let screen = try terminal.waitFor("the gap \(wanted) of step 2") {
      $0.contains(/t=2\s/) && abs(((try? gap($0)) ?? .nan) - wanted) <= 0.0005 * wanted
    }
    #expect(screen.contains("t=2  log y"), "the title of the singular values\n\(screen)")
    // The plot is 70 columns for 300 steps: step 2 is in its first one.
    #expect(screen.contains("└▲") || screen.contains("└┬▲"), "\(screen)")
    try terminal.send("End")
    try terminal.waitFor("t=300")
  }

  @Test("scenario 5, second half: the table of six is sorted, and one of them goes and comes back")
  func scenario5() throws {
    let terminal = try Tmux.running(
      line: "n=16 m=12 r=2 alpha=4 steps=400 variants=lora,rslora,lora-plus,pissa,lora-ga,lora-pro")
    let before = try terminal.waitFor("● 400/400")
    let gaps = before.matches(of: /(?m)^[ ▸]([1-6]) \S+ {4,}([.\de-]+)/).map { Double($0.2) ?? .nan }
    #expect(gaps.count == 6 && gaps == gaps.sorted(), "\(before)")
    for digit in "123456" { #expect(plot(before, 2..<11).contains(digit), "line \(digit)\n\(before)") }
    try terminal.send("3")
    let without = try terminal.waitFor("no line 3") { !self.plot($0, 2..<10).contains("3") }
    #expect(without.contains(/(?m)^[ ▸]3 lora/), "the row stays")
    #expect(try terminal.captureWithColours().contains(/\u{1b}\[[0-9;]*2m[^\u{1b}]*3 lora-plus/), "dim")
    try terminal.send("3")
    try terminal.waitFor("the screen as it was") { $0 == before }
  }

  @Test(
    "scenario 7: checks with measured value, bound and margin; one over time; the command prints the same")
  func scenario7() throws {
    let spec = "n=12 m=9 r=3 alpha=3 steps=100 variants=lora"
    let terminal = try Tmux.running(line: spec)
    try terminal.waitFor("● 100/100")
    try terminal.send("c")
    var screen = try terminal.waitFor("the checks at step 100") { $0.contains("checks at t=100") }
    for id in ["C1", "C2", "C3", "C4"] { #expect(screen.contains("✓ \(id)"), "\(screen)") }
    try terminal.send("Down", "Enter")
    screen = try terminal.waitFor("C2 over the steps") {
      $0.contains(/(?m)^C2  gap ≥ floor/) && !$0.contains("no number yet")
    }
    let (status, output, _) = try run([Program.path, "check", spec])
    #expect(status == 0, "\(output)")
    // The command names the step at which each is nearest to failing: there the panel has the same numbers. Others
    // measure rounding, which depends on what was computed before.
    for id in ["C2", "C3", "C5", "I17"] {
      let pattern = try Regex("✓ \(id) +(\\S+) [≤≥] (\\S+) +\\S+( decades)?  (t=\\d+)?")
      let line = try #require(output.firstMatch(of: pattern), "\(id)\n\(output)")
      let step = line[4].substring.map { String($0.dropFirst(2)) } ?? "100"
      try terminal.send(":", "goto \(step)", "Enter", ":", "checks \(id)", "Enter")
      let wanted = try Regex("▸✓ \(id) .* \(line[1].substring ?? "?") +[≤≥] \(line[2].substring ?? "?") ")
      try terminal.waitFor("\(id) \(line[0].substring ?? "")") {
        $0.contains("checks at t=\(step) ") && $0.contains(wanted)
      }
    }
    try terminal.send("Escape")
    try terminal.waitFor("the charts") { $0.contains("Loss") && !$0.contains("checks at") }
  }

  @Test(
    "scenario 15: files of a run, and a saved session that opens on the same frame, which render draws, too")
  func scenario15() throws {
    let spec = "steps=200 seed=4 variants=lora,lora-ga"
    let terminal = try Tmux.running(line: spec)
    let frame = try terminal.waitFor("● 200/200")
    let files = try exports(of: terminal)
    let spoken = try #require(files["csv"]?.firstMatch(of: /# lora-explorer \S+  (.*)/)?.1)
    // In the terminal's environment: OpenBLAS's kernels can be chosen by it, and round differently.
    let printed = try run([Program.path, "run", String(spoken), "--format", "csv"], environment: [:])
    #expect(printed.output == files["csv"], "\(printed.errors)")
    #expect(trimmed(files["txt"] ?? "").prefix(24) == trimmed(frame).prefix(24))
    let parser = XMLParser(data: Data((files["svg"] ?? "").utf8))
    #expect(parser.parse(), "\(parser.parserError.debugDescription)")
    #expect(try shown(byFilm: files["cast"] ?? "") == trimmed(frame).prefix(24))
    try terminal.send("S")
    try terminal.waitFor("This run on one line")
    try terminal.send("Enter")
    try terminal.waitFor("saved in")
    let line = try #require(try terminal.file("lora-explorer/runs").split(separator: "\n").last)
    try terminal.send("q")
    #expect(try terminal.exitCode() == 0)

    let again = try Tmux.running(line: String(line))
    #expect(try again.waitFor("● 200/200") == frame)
    let (status, drawn, _) = try run(
      ["env", "LC_ALL=C.UTF-8", Program.path, "render", String(line), "--size", "80x24"])
    #expect(status == 0)
    #expect(trimmed(drawn).prefix(24) == trimmed(frame).prefix(24))
  }

  /// A pane is asked without the blanks at the ends of its rows.
  private func trimmed(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// What `e` and `:export` write into the terminal's folder, by suffix.
  private func exports(of terminal: Tmux) throws -> [String: String] {
    var files: [String: String] = [:]
    for what in ["csv", "text", "svg", "cast"] {
      if what == "csv" {
        try terminal.send("e")
        try terminal.waitFor("Write to a new file here")
        try terminal.send("Enter")
      } else {
        try terminal.send(":", "export \(what)", "Enter")
      }
      let (suffix, text) = try written(by: terminal)
      files[suffix] = text
      try terminal.send("Escape")
      try terminal.waitFor("no message") { !$0.contains("written to") }
    }
    return files
  }

  /// The file that the terminal says it has written.
  private func written(by terminal: Tmux) throws -> (suffix: String, text: String) {
    let screen = try terminal.waitFor("written to a file") { $0.contains("written to lora-explorer-") }
    let name = try #require(
      screen.firstMatch(of: /written to (lora-explorer-[0-9a-f]{8}-[a-z]+\.([a-z]+))/))
    return (String(name.2), try terminal.file(String(name.1)))
  }

  /// The rows of a terminal that prints all that a film has.
  private func shown(byFilm film: String) throws -> ArraySlice<String> {
    let player = try Tmux()
    let texts = try film.split(separator: "\n").dropFirst().map { line in
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
      return try #require(event?[2] as? String)
    }
    try (texts.joined() + "\u{1b}[24;79H").write(
      to: player.folder.appendingPathComponent("film"), atomically: true, encoding: .utf8)
    try player.send("clear; cat $D/film; cat", "Enter")
    return trimmed(try player.waitFor("● 200/200")).prefix(24)
  }
}
