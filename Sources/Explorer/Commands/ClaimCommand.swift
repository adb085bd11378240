import ArgumentParser
import Theory

package struct ClaimCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "Run the claims of papers and notes as experiments.",
    discussion: """
      Exit code 1 says that a number fell outside its range, and the claim does not say why.
        lora-explorer claim 37
        lora-explorer claim errata
        lora-explorer claim all --seeds 5 --format json
      """)

  @Argument(help: ArgumentHelp("list, all, a claim's number, or errata.", valueName: "list|N|all|errata"))
  package var topic: String

  @Option(help: ArgumentHelp("Seeds 1 to K; the medians count.", valueName: "K"))
  package var seeds = 5

  @Option(help: "text or json.")
  package var format: ClaimFormat = .text

  @Flag(help: "No progress on stderr.")
  package var quiet = false

  /// Its `--glyphs`, which stands before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "claim")
    try requireSeeds(seeds)
    if topic == "errata" { return try printErrata() }
    let claims = try chosen()
    let results = topic == "list" ? [] : try measured(claims)
    let report = ClaimReport(
      claims, results, isDetailed: claims.count == 1, charts: try charts(claims, results), root.convention)
    var output = Output()
    for line in try report.lines(format) { try output.line(line) }
    try output.flush()
    if report.hasOtherwise { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  /// Of one claim, on paper.
  private func charts(_ claims: [Claim], _ results: [ClaimResult]) throws -> [[String]] {
    guard format == .text, claims.count == 1, let result = results.first else { return [] }
    return try ClaimCharts(
      claim: claims[0], result: result, glyphs: root.drawing.glyphs.here, convention: root.convention,
      isQuiet: quiet
    ).all
  }

  private func chosen() throws -> [Claim] {
    if topic == "list" || topic == "all" { return Claim.all }
    guard let claim = Claim.named(topic) else {
      throw UsageError("unknown claim '\(topic)'; there are list, all, errata, \(Claim.span)")
    }
    return [claim]
  }

  private func measured(_ claims: [Claim]) throws -> [ClaimResult] {
    let seeds = seeds
    return try waited(claims.count(where: \.isRunnable)) { progress in
      try await Claim.results(of: claims, seeds: seeds, progress: progress)
    }
  }

  private func printErrata() throws {
    let seeds = seeds
    let sides = try waited(Erratum.all.count { $0.trial != nil }) { progress in
      try await Erratum.sides(seeds: seeds, progress: progress)
    }
    var output = Output()
    for line in try ErrataReport(sides, root.convention).lines(format) { try output.line(line) }
    try output.flush()
    if sides.values.contains(where: { !$0.speaksForRight }) { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  /// On all cores, while this thread shows how far it is.
  private func waited<Value: Sendable>(
    _ count: Int,
    _ work: @escaping @Sendable (_ progress: @escaping @Sendable (Int) -> Void) async throws -> Value
  ) throws -> Value {
    let work = try Work(work)
    var progress = Progress(isQuiet: quiet, steps: count * seeds, of: "experiment")
    defer { progress.clear() }
    return try work.wait { progress.show($0) }
  }
}

/// How `claim` prints.
package enum ClaimFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
