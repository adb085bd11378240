import Foundation
import Testing

/// The real program without a screen.
@Suite("The command line", .timeLimit(.minutes(10)))
struct CommandTests {
  struct Line: Decodable {
    var step: Int
    var series: String
    var layer: Int?
    var loss: Double?
    var gap: Double?
    var test: Double?
    var update: Double?
    var cosine: Double?
    var spectrum: [Double]?
    var diverged: Bool?
  }

  static func records(_ arguments: String...) throws -> [Line] {
    let (status, output, errors) = try run([Program.path, "run"] + arguments + ["--format", "jsonl"])
    try #require(status == 0 || status == 1, "\(errors)")
    return try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test(
    "answers a wrong input with one line and exit code 2",
    arguments: [
      ("colour=red", ["colour"]), ("variants=lora,loro", ["loro", "lora-ga"]),
      ("r=0", ["r is 0", "1 to 48"]),
      ("task=digits r=99", ["r is 99", "1 to 10"]), ("lr=-1", ["lr is -1"]), ("steps=abc", ["steps is abc"]),
      ("n=10000000", ["n is 10000000", "GB"]), ("variants=lora(x=1)", ["lora", "'x'"]),
      ("variants=lora-ga(scale=big)", ["big", "unit"]), ("r=2 r=3", ["r is given twice"]),
      ("nonsense", ["nonsense"]),
      ("batch=4", ["batch", "task is matrix"]), ("lr=\u{1b}[31m", ["lr is ?[31m"]),
    ])
  func wrongScenario(line: String, words: [String]) throws {
    for arguments in [["run", line], ["--run", line]] {
      let (status, output, errors) = try run([Program.path] + arguments)
      #expect(status == 2)
      #expect(output.isEmpty)
      #expect(errors.filter { $0 == "\n" }.count == 1 && errors.hasPrefix("lora-explorer: "), "\(errors)")
      #expect(words.allSatisfy(errors.contains), "\(errors)")
    }
  }

  @Test(
    "answers a wrong option with one line and exit code 2",
    arguments: [
      ["run", "--every", "0"], ["run", "--spectrum-every", "-3"], ["run", "--format", "xml"],
      ["run", "--measure", "beauty"], ["run", "--measure", "cosine,cosine"], ["run", "--measure", ""],
      ["list", "cats"], ["render", "--size", "120"], ["render", "--size", "19x3"], ["render", "--at", "-1"],
      ["render", "steps=5", "--at", "6"], ["render", "--format", "png"], ["render", "--glyphs", "runes"],
      ["check", "--only", "I21"], ["check", "r=0"], ["claim", "99"], ["claim"],
      ["claim", "1", "--seeds", "0"], ["claim", "1", "--format", "markdown"], ["check", "--format", "csv"],
      ["sweep"], ["sweep", "--over", "r"], ["sweep", "--over", "r=0"],
      ["sweep", "--over", "r=1", "--seeds", "0"],
      ["sweep", "--over", "r=1", "--measure", "beauty"], ["sweep", "r=0", "--over", "lr=1"],
      ["sweep", "--over", "n=8,1000000000"],
      ["render", "--run", "steps=3"], ["run", "--run", "steps=3"], ["--paused", "check"],
      ["list"], ["help", "cats"], ["--nonsense"], ["dance"], ["--color", "red"],
    ])
  func wrongOption(arguments: [String]) throws {
    let (status, output, errors) = try run([Program.path] + arguments)
    #expect(status == 2)
    #expect(output.isEmpty)
    #expect(errors.filter { $0 == "\n" }.count == 1, "\(errors)")
  }

  @Test func aFrameIsDrawnWithoutATerminal() throws {
    let line = ["render", "n=12 m=9 r=2 steps=20", "--size", "100x30", "--glyphs", "ascii"]
    let (status, output, errors) = try run([Program.path] + line)
    #expect(status == 0 && errors.isEmpty)
    let rows = output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 31 && rows.dropLast().allSatisfy { $0.count == 100 } && rows.last == "")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("frame").path
    let written = try run([Program.path] + line + ["-o", file])
    #expect(written.status == 0 && written.output.isEmpty)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == output)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["frame"])
    let nowhere = try run([Program.path] + line + ["-o", folder.path + "/none/frame"])
    #expect(nowhere.status == 4 && nowhere.errors.contains("none/frame"), "\(nowhere.errors)")
    // A link is written through, not replaced.
    let link = folder.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/other")
    #expect(try run([Program.path] + line + ["-o", link]).status == 0)
    #expect(try String(contentsOfFile: folder.path + "/other", encoding: .utf8) == output)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == folder.path + "/other")
  }

  @Test func aFileIsWrittenOverOnlyWhenThatIsSaid() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try "mine".write(toFile: file, atomically: true, encoding: .utf8)
    let line = [Program.path, "render", "n=12 m=9 r=2 steps=20", "-o", file]
    let refused = try run(line)
    #expect(refused.status == 4 && refused.output.isEmpty)
    #expect(refused.errors == "lora-explorer: cannot write: \(file) exists; --force writes over it\n")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    #expect(try run(line + ["--force"]).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) != "mine")
  }

  @Test func aBranchIsCheckedFromItsStartAndRefusedForASweep() throws {
    let line = "n=12 m=9 r=2 steps=20 variants=lora | t=10 lr=0.0001"
    let checked = try run([Program.path, "check", line])
    #expect(checked.status == 0 && checked.output.contains("✓ C2"), "\(checked.output)")
    let swept = try run([Program.path, "sweep", line, "--over", "r=1,2"])
    #expect(swept.status == 2 && swept.errors.contains("'| t=10 lr=0.0001' is a branch"), "\(swept.errors)")
    #expect(try run([Program.path, "help", "spec"]).output.contains("| t=100 lr=0.001"))
  }

  @Test(arguments: [["--color", "never"], ["--color", "always"]])
  func aFrameHasColourWhereItIsWanted(options: [String]) throws {
    let line = [Program.path, "render", "n=12 m=9 r=2 steps=20", "--format", "ansi"]
    let output = try run(line + options).output
    #expect(output.contains("38;5;") == (options[1] == "always"))
  }

  @Test(
    "explains itself on standard output",
    arguments: [
      ["--help"], ["--version"], ["help"], ["help", "spec"], ["help", "run"], ["help", "claim"],
      ["help", "man"],
      ["completion", "bash"], ["completion", "zsh"], ["completion", "fish"],
      ["run", "--help"],
    ])
  func help(arguments: [String]) throws {
    let (status, output, errors) = try run([Program.path] + arguments)
    #expect(status == 0)
    #expect(!output.isEmpty)
    #expect(errors.isEmpty)
  }

  @Test func checksAndClaimsAreAnsweredWithoutAScreen() throws {
    let check = try run([Program.path, "check", "n=6 m=5 r=2 steps=3", "--only", "i3"])
    #expect(check.status == 0 && check.output.hasPrefix("✓ I3  "), "\(check)")
    let claim = try run([Program.path, "claim", "15", "--seeds", "1", "--format", "json"])
    #expect(claim.status == 0 && claim.output.contains("\"verdict\":\"holds\""), "\(claim)")
  }

  @Test func theHelpFitsOneScreen() throws {
    let output = try run([Program.path, "--help"]).output
    #expect(output.split(separator: "\n", omittingEmptySubsequences: false).count <= 25, "\(output)")
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func helpSpecNamesEveryKeyAndVariant() throws {
    let output = try run([Program.path, "help", "spec"]).output
    for word in [
      "task", "alpha", "scaling", "geometric", "momentum", "lora-ga", "sylvester", "seed", "steps",
    ] {
      #expect(output.contains(word))
    }
  }

  @Test(
    "lists its families, one a line and as JSON", arguments: ["variants", "tasks", "optimizers", "measures"])
  func lists(family: String) throws {
    struct Member: Decodable { var id: String, title: String }
    let lines = try run([Program.path, "list", family]).output.split(separator: "\n")
    let members = try JSONDecoder().decode(
      [Member].self, from: Data(run([Program.path, "list", family, "--json"]).output.utf8))
    #expect(!members.isEmpty)
    #expect(lines.map { String($0.prefix { $0 != " " }) } == members.map(\.id))
  }

  @Test func theDigitsAreLearnedByAllFourSeries() throws {
    let records = try Self.records(
      "task=digits r=4 opt=sgd lr=0.1 steps=300 seed=1 variants=lora,lora-ga,lora-pro")
    for series in ["full", "lora", "lora-ga", "lora-pro"] {
      let own = records.filter { $0.series == series }
      #expect(own.map(\.step) == Array(0...300))
      let (first, last) = (try #require(own.first?.loss), try #require(own.last?.loss))
      #expect(last.isFinite && last < first, "\(series): \(first) to \(last)")
    }
  }

  @Test func theSameSeedGivesTheSameBytesAndAnotherOthers() throws {
    func output(_ seed: Int) throws -> String {
      try run([Program.path, "run", "n=12 m=9 r=2 steps=20 seed=\(seed)", "--format", "jsonl"]).output
    }
    #expect(try output(1) == output(1))
    #expect(try output(1) != output(2))
  }

  @Test func theLineMayBeQuotedOrNot() throws {
    let quoted = try run([Program.path, "run", "n=12 m=9 r=2 steps=5"]).output
    let words = try run([Program.path, "run", "n=12", "m=9", "r=2", "steps=5"]).output
    #expect(quoted == words)
  }

  @Test func recordsComeEveryKStepsAndSpectraOnTheirs() throws {
    let records = try Self.records(
      "n=12 m=9 r=2 steps=20 variants=lora", "--every", "4", "--spectrum-every", "10")
    #expect(Set(records.map(\.step)) == [0, 4, 8, 10, 12, 16, 20])
    for record in records {
      #expect((record.spectrum?.count ?? 0) == (record.step.isMultiple(of: 10) ? 9 : 0))
    }
  }

  @Test func anUnknownMeasureIsAnsweredByThoseThereAre() throws {
    let errors = try run([Program.path, "run", "--measure", "cosine,beauty"]).errors
    #expect(errors.contains("'beauty'") && errors.contains("cosine, tangent"), "\(errors)")
  }

  @Test func measuresAreListedWithFormulaUnitAndCost() throws {
    struct Member: Decodable { var id: String, formula: String, unit: String, cost: String }
    let members = try JSONDecoder().decode(
      [Member].self, from: Data(run([Program.path, "list", "measures", "--json"]).output.utf8))
    for member in members {
      #expect(![member.formula, member.unit, member.cost].contains(""), "\(member.id)")
    }
  }

  @Test func measuresComeWithThePrintedStepsAndChangeNothing() throws {
    let spec = "n=12 m=9 r=2 steps=20 variants=lora"
    let plain = try Self.records(spec, "--every", "5")
    let measured = try Self.records(spec, "--every", "5", "--measure", "update,cosine")
    #expect(plain.allSatisfy { $0.update == nil && $0.cosine == nil })
    #expect(measured.map(\.loss) == plain.map(\.loss) && measured.map(\.gap) == plain.map(\.gap))
    for record in measured {
      #expect((record.update ?? 0) > 0)
      let cosine = try #require(record.cosine)
      // Full fine-tuning steps along its gradient, to rounding; LoRA cannot.
      #expect(record.series == "full" ? abs(cosine - 1) < 1e-9 : cosine < 0.99, "\(record)")
    }
  }

  @Test func everyLayerOfATwoLayerNetworkHasItsLine() throws {
    let records = try Self.records(
      "task=twolayer n=6 hidden=8 m=5 r=2 samples=20 held=7 steps=4 variants=lora")
    #expect(records.count == 5 * 2 * 2)
    #expect(records.map(\.layer) == Array(repeating: [1, 2, 1, 2], count: 5).flatMap { $0 })
    #expect(records.allSatisfy { $0.test != nil })
    let last = records.suffix(2).compactMap(\.gap)
    #expect(last.count == 2 && last[0] > 0 && last[1] > 0 && last[0] != last[1])
    let one = try Self.records("n=6 m=5 r=2 steps=1 variants=lora")
    #expect(one.allSatisfy { $0.layer == nil && $0.test == nil })
  }

  @Test func aDivergedSeriesIsDataAndExitCode1() throws {
    let arguments = [
      Program.path, "run", "n=12 m=9 r=2 alpha=4000 lr=0.5 steps=60 variants=lora", "--format", "jsonl",
    ]
    let (status, output, errors) = try run(arguments)
    #expect(status == 1)
    #expect(errors.isEmpty, "LAPACK must not speak: \(errors)")
    let records = try output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    let lora = records.filter { $0.series == "lora" && $0.step == 60 }
    #expect(lora.map(\.diverged) == [true] && lora.map(\.loss) == [nil])
    let full = records.filter { $0.series == "full" && $0.step == 60 }
    #expect(full.map(\.diverged) == [nil] && full.compactMap(\.loss).count == 1, "full fine-tuning goes on")
  }

  @Test func aFullDiskIsExitCode4() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let (status, _, errors) = try run(["sh", "-c", "'\(Program.path)' run steps=5 >/dev/full"])
    #expect(status == 4)
    #expect(errors.hasPrefix("lora-explorer: cannot write: ") && errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func textAndCsvSayWhichRunTheyAre() throws {
    for format in ["text", "csv"] {
      let output = try run([Program.path, "run", "n=12 m=9 r=2 steps=2", "--format", format]).output
      #expect(output.hasPrefix("# lora-explorer ") && output.contains("seed=1"))
      #expect(!output.contains("\u{1b}"))
    }
  }
}
