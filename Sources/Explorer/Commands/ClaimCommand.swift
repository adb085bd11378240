import ArgumentParser
import Theory

package struct ClaimCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "Run the claims of papers and notes as experiments.",
    discussion: "Exit code 1 says that a number fell outside the range it should be in.")

  @Argument(help: ArgumentHelp("list, all, or the number of a claim.", valueName: "list|N|all"))
  package var topic: String

  @Option(help: ArgumentHelp("Seeds 1 to K; the medians count.", valueName: "K"))
  package var seeds = 5

  @Option(help: "text or json.")
  package var format: ClaimFormat = .text

  @Flag(help: "No progress on stderr.")
  package var quiet = false

  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "claim")
    try requireSeeds(seeds)
    let claims = try chosen()
    let results = topic == "list" ? [] : try measured(claims)
    let report = ClaimReport(claims, results, isDetailed: claims.count == 1)
    var output = Output()
    for line in try report.lines(format) { try output.line(line) }
    try output.flush()
    if report.hasOtherwise { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  private func chosen() throws -> [Claim] {
    if topic == "list" || topic == "all" { return Claim.all }
    guard let claim = Claim.named(topic) else {
      let known = Claim.all.map(\.id).joined(separator: ", ")
      throw UsageError("unknown claim '\(topic)'; there are list, all, \(known)")
    }
    return [claim]
  }

  /// On all cores, while this thread shows how far it is.
  private func measured(_ claims: [Claim]) throws -> [ClaimResult] {
    let seeds = seeds
    let work = try Work { progress in
      try await Claim.results(of: claims, seeds: seeds, progress: progress)
    }
    var progress = Progress(
      isQuiet: quiet, steps: claims.count(where: \.isRunnable) * seeds, of: "experiment")
    defer { progress.clear() }
    return try work.wait { progress.show($0) }
  }
}

/// How `claim` prints.
package enum ClaimFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
