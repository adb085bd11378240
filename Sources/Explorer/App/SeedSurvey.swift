import Charts
import Math
import Theory

/// One scenario with many seeds: the median of every series and the band from the lowest to the highest.
package struct SeedSurvey: Equatable, Sendable {
  package let scenario: Scenario
  /// How many seeds there will be.
  package let total: Int
  /// Those that have been run.
  package private(set) var runs: [SeedRun] = []
  /// Series by series, full fine-tuning first.
  package private(set) var losses: [SeedBand] = []
  /// The same by layer.
  package private(set) var gaps: [[SeedBand]] = []

  package init(_ scenario: Scenario, total: Int) {
    self.scenario = scenario
    self.total = total
  }

  package var isComplete: Bool { runs.count == total }

  package mutating func add(_ run: SeedRun) {
    guard !runs.contains(where: { $0.seed == run.seed }) else { return }
    runs.append(run)
    let steps = scenario.sampledSteps
    losses = run.losses.indices.map { i in SeedBand(runs.map { $0.losses[i] }, at: steps) }
    gaps = run.gaps.indices.map { l in
      run.gaps[l].indices.map { i in SeedBand(runs.map { $0.gaps[l][i] }, at: steps) }
    }
  }
}

/// Lowest, middle and highest of a quantity over seeds, step by step. A seed that has diverged counts as
/// infinite, which a curve does not draw.
package struct SeedBand: Equatable, Sendable {
  package private(set) var lowest = Curve()
  package private(set) var median = Curve()
  package private(set) var highest = Curve()
  /// Of the last step; infinite where seeds have diverged.
  package private(set) var end = (lowest: Double.nan, median: Double.nan, highest: Double.nan)
  /// Seeds that are not finite at the last step.
  package private(set) var diverged = 0

  /// - Parameter runs: of each seed the values at `steps`.
  package init(_ runs: [[Double]], at steps: [Int]) {
    for (k, step) in steps.enumerated() {
      guard let spread = Spread(runs.map { $0[k].isFinite ? $0[k] : .infinity }) else { return }
      end = (spread.lowest, spread.median, spread.highest)
      diverged = spread.diverged
      lowest.append(spread.lowest, at: step)
      median.append(spread.median, at: step)
      highest.append(spread.highest, at: step)
    }
  }

  package static func == (a: SeedBand, b: SeedBand) -> Bool {
    a.lowest == b.lowest && a.median == b.median && a.highest == b.highest
  }
}
