import Math

/// A number that an experiment measured, and where it should fall.
package struct Reading: Equatable, Sendable {
  package let name: String
  package let value: Double
  package let range: ClosedRange<Double>

  package init(_ name: String, _ value: Double, in range: ClosedRange<Double>) {
    self.name = name
    self.value = value
    self.range = range
  }

  /// At most `bound` in modulus: a difference that should be rounding.
  static func zero(_ name: String, _ value: Double, within bound: Double) -> Reading {
    Reading(name, abs(value), in: 0...bound)
  }

  static func yes(_ name: String, _ isSo: Bool) -> Reading { Reading(name, isSo ? 1 : 0, in: 1...1) }
}

/// What a claim came to over several seeds.
package struct ClaimResult: Equatable, Sendable {
  /// One reading over the seeds.
  package struct Row: Equatable, Sendable {
    package let name: String
    package let median: Double
    /// From the least to the largest; nil when one is not a number.
    package let spread: ClosedRange<Double>?
    package let range: ClosedRange<Double>

    package var isInside: Bool { range.contains(median) }
  }

  package let id: String
  package let seeds: Int
  package let rows: [Row]
  package let ruling: Ruling

  /// - Parameter readings: of each seed, the same names in the same order.
  package init(_ claim: Claim, _ readings: [[Reading]]) {
    id = claim.id
    seeds = readings.count
    rows = (readings.first ?? []).enumerated().map { i, first in
      let values = readings.map { $0[i].value }
      let isWhole = !values.contains(where: \.isNaN)
      return Row(
        name: first.name, median: median(values),
        spread: isWhole ? (values.min() ?? 0)...(values.max() ?? 0) : nil, range: first.range)
    }
    let outside = rows.filter { !$0.isInside }.map(\.name)
    ruling = outside.isEmpty ? claim.ruling : .otherwise(outside)
  }
}

/// NaN when one of them is.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? 0.5 * (sorted[middle - 1] + sorted[middle]) : sorted[middle]
}

extension Claim {
  /// Every claim that can be run with seeds 1 to `seeds`, as many at a time as there are cores.
  /// - Parameter progress: hears how many of claims × seeds are done, not always on the same thread.
  package static func results(
    of claims: [Claim], seeds: Int, progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) async throws -> [ClaimResult] {
    let runnable = claims.filter(\.isRunnable)
    var readings = runnable.map { _ in Array(repeating: [Reading](), count: seeds) }
    try await withThrowingTaskGroup(of: (claim: Int, seed: Int, readings: [Reading]).self) { group in
      for (i, claim) in runnable.enumerated() {
        for seed in 1...seeds {
          group.addTask {
            try Task.checkCancellation()
            return (i, seed, try claim.measure?(seed) ?? [])
          }
        }
      }
      var done = 0
      for try await one in group {
        readings[one.claim][one.seed - 1] = one.readings
        done += 1
        progress(done)
      }
    }
    return zip(runnable, readings).map { ClaimResult($0, $1) }
  }
}
