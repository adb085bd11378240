import ArgumentParser
import Charts
import Glibc
import Math
import Theory

package struct SweepCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run a scenario at many values of a key or two.",
    discussion: """
      KEY is a key of SPEC, several as r+alpha, a setting as lora-ga.zeta, or lr-b,
      the rate of B:
        lora-explorer sweep "variants=lora,rslora" --over r=1,2,4,8 --seeds 3
        lora-explorer sweep steps=60 --over lr=0.01,0.1 --over lr-b=0.01,0.1,1
      """)

  @Argument(help: ArgumentHelp("The run, as key=value words.", valueName: "SPEC"))
  package var words: [String] = []

  @Option(help: ArgumentHelp("Once for lines, twice for heat maps.", valueName: "KEY=a,b,c"))
  package var over: [String] = []

  @Option(help: ArgumentHelp("So many seeds of every place.", valueName: "K"))
  package var seeds = 5

  @Option(help: ArgumentHelp("loss, share of the first loss, gap, or a measure.", valueName: "name"))
  package var measure = "loss"

  @Option(help: "text, json or csv.")
  package var format: SweepFormat = .text

  @Flag(help: "No progress on stderr.")
  package var quiet = false

  /// Its `--glyphs`, which stands before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "sweep")
    try requireSeeds(seeds)
    let line = words.joined(separator: " ")
    guard !line.contains("|") else {
      throw UsageError("a sweep is of whole runs, and '\(line.drop { $0 != "|" })' is a branch; leave it out")
    }
    let sweep = try Sweep(
      Scenario(parsing: line), over: over, measuring: Quantity(named: measure),
      seeds: seeds)
    let result = try sweep.measured(isQuiet: quiet)
    var output = Output()
    for line in SweepReport(result, root.drawing.glyphs.here, root.convention).lines(format) {
      try output.line(line)
    }
    try output.flush()
  }
}

/// How `sweep` prints.
package enum SweepFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

func requireSeeds(_ seeds: Int) throws(UsageError) {
  guard (1...1000).contains(seeds) else {
    throw UsageError("--seeds is \(seeds); it takes a whole number from 1 to 1000")
  }
}

extension Sweep {
  /// How many runs go at once: one a core, as far as there is memory for the largest.
  package func runsAtOnce(memory: Double) throws -> Int {
    var largest = 1.0
    for place in places {
      let scenario = try scenario(at: place)
      try scenario.requireMemory(memory)
      largest = max(largest, scenario.bytesNeeded)
    }
    return max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), Int(memory / largest)))
  }

  /// On all cores, while this thread shows how far it is.
  func measured(isQuiet: Bool) throws -> SweepResult {
    let atOnce = try runsAtOnce(memory: physicalMemory)
    let work = try Work { progress in
      try await result(atOnce: atOnce, digits: { .embedded }) { progress($0.done) }
    }
    var progress = Progress(isQuiet: isQuiet, steps: runCount, of: "run")
    defer { progress.clear() }
    return try work.wait { progress.show($0) }
  }
}
