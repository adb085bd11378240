import Foundation
import Testing

/// The program for those who hear it, or have a terminal that only prints.
@Suite("Sentences instead of a screen", .timeLimit(.minutes(10)))
struct SpeakTests {
  /// What is said when `script` is standard input.
  func said(_ script: String, _ line: String) throws -> [String] {
    let (status, output, errors) = try run(
      ["sh", "-c", "printf '\(script)' | '\(Program.path)' --speak --run '\(line)'"])
    #expect(status == 0 && errors.isEmpty, "\(errors)")
    #expect(output.utf8.allSatisfy { $0 == 10 || 0x20..<0x7f ~= $0 }, "\(output.debugDescription)")
    return output.split(separator: "\n").map(String.init)
  }

  @Test func tellEveryTenthAndTheEndIntoAPipe() throws {
    let sentences = try said("", "n=12 m=9 r=2 steps=200 seed=5 variants=lora")
    #expect(sentences[0].hasPrefix("Run 1. W is 12 by 9, rank 2, alpha "))
    #expect(sentences[0].contains("seed 5"))
    let tenths = sentences.compactMap { $0.firstMatch(of: #/^(\d+) %\. Step (\d+)\. Gap /#) }
    #expect(tenths.compactMap { Int($0.1) } == Array(stride(from: 0, through: 100, by: 10)))
    #expect(tenths.compactMap { Int($0.2) } == Array(stride(from: 0, through: 200, by: 20)))
    #expect(sentences.last == "The run is over.")
  }

  @Test func theNumbersAreThoseOfTheRun() throws {
    let line = "n=12 m=9 r=2 steps=20 variants=lora"
    let record = try CommandTests.records(line).filter { $0.step == 20 && $0.series == "lora" }
    let gap = try #require(record.first?.gap)
    let last = try said("", line).filter { $0.hasPrefix("100 %") }
    let match = try #require(last.first?.firstMatch(of: #/Gap ([0-9.e-]+)/#))
    // Four digits are said.
    #expect(abs(try #require(Double(match.1)) - gap) <= 5e-4 * gap)
  }

  @Test func commandsFollowOneAnotherAtTheStepsAskedFor() throws {
    let sentences = try said(
      "pause\\nstep 3\\nstep 2\\nset r 1\\nfoo\\nquit\\n", "n=12 m=9 r=2 steps=1000000")
    let steps = sentences.compactMap {
      $0.firstMatch(of: #/^Step (\d+)\. Gap of lora \d/#).flatMap { Int($0.1) }
    }
    // A step may have been taken before the pause, which then says where it stands.
    #expect(steps.count == 2 || (steps.count == 3 && steps[1] == steps[0] + 3), "\(sentences)")
    #expect(steps.count > 1 && steps[steps.count - 1] == steps[steps.count - 2] + 2, "\(sentences)")
    #expect(sentences.contains { $0.hasPrefix("Run 2. ") && $0.contains("rank 1") })
    #expect(sentences.contains { $0.contains("no command 'foo'") })
  }

  @Test func whatIsAskedForIsAnsweredInSentences() throws {
    let sentences = try said(
      "pause\\nstep 20\\ngoto 7\\nchecks\\nseeds 3\\ndescribe\\nlog y\\nquit\\n",
      "n=12 m=9 r=2 steps=40 variants=lora")
    #expect(sentences.contains { $0.contains(#/^Step 7\. Gap .*Loss: /#) }, "\(sentences)")
    let checks = try #require(sentences.first { $0.hasPrefix("Checks at 7: C1 to C5") }, "\(sentences)")
    #expect(checks.contains(" hold."), "\(checks)")
    #expect(!sentences.contains { $0.hasPrefix("C2") }, "\(sentences)")
    #expect(sentences.contains("3 seeds at step 40."), "\(sentences)")
    #expect(
      sentences.contains { $0.contains(#/^Gap of lora: median \S+, from \S+ to \S+\.$/#) }, "\(sentences)")
    #expect(sentences.contains { $0.hasPrefix("Gap of lora: 0 at first") }, "\(sentences)")
    #expect(sentences.last?.contains("changes what a screen shows") == true, "\(sentences)")
  }

  @Test func helpHasWhatCanBeSaidAndOneCheckIsToldInFull() throws {
    let sentences = try said(
      "pause\\nstep 5\\nchecks C2\\nsession\\nexport\\nhelp\\nquit\\n", "n=12 m=9 r=2 steps=40 variants=lora")
    #expect(sentences.contains { $0.contains(#/^C2 at \d+ holds, \S+ >= /#) }, "\(sentences)")
    #expect(sentences.contains { $0.contains("lora-explorer --run 'task=matrix n=12 m=9") }, "\(sentences)")
    #expect(sentences.contains("export takes csv, jsonl, text, ansi, svg, cast, checks"), "\(sentences)")
    #expect(sentences.contains("set KEY VALUE: change KEY of the run to VALUE."), "\(sentences)")
    for name in ["zoom", "log", "magnify", "glyphs", "theme", "mouse", "row", "answer"] {
      #expect(!sentences.contains { $0.hasPrefix("\(name):") || $0.hasPrefix("\(name) ") }, "\(name)")
    }
  }

  @Test func aBranchSaysOfWhichRunAndFromWhere() throws {
    let sentences = try said(
      "pause\\nstep 20\\ngoto 7\\nbranch lr=0.001\\nquit\\n", "n=12 m=9 r=2 steps=40 variants=lora")
    #expect(
      sentences.contains { $0.hasPrefix("Run 2, branch of run 1 at step 7 with lr=0.001. W is 12 by 9") },
      "\(sentences)")
  }

  @Test func aDivergedSeriesIsNamedWithItsStep() throws {
    let sentences = try said("", "n=12 m=9 r=2 alpha=4000 lr=0.5 steps=60 variants=lora")
    #expect(sentences.contains { $0.contains(#/^Step \d+\. lora diverged/#) }, "\(sentences)")
    // The numbers of the screen's choices answer here, too.
    #expect(
      sentences.contains { $0.contains(#/^Say 1: set lr to \S+ .*3: keep and look at steps/#) },
      "\(sentences)")
    // Also at the end of input its cause is waited for.
    #expect(sentences.contains { $0.contains(#/^lora diverged at step \d+: .*2/#) }, "\(sentences)")
  }
}
