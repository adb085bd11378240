/// What a claim came to over several seeds.
package struct ClaimResult: Equatable, Sendable {
  /// One reading over the seeds.
  package struct Row: Equatable, Sendable {
    package let name: String
    /// nil when one is not a number.
    package let spread: Spread?
    package let range: ClosedRange<Double>

    package var median: Double { spread?.median ?? .nan }
    package var isInside: Bool { range.contains(median) }
  }

  package let id: String
  package let seeds: Int
  package let rows: [Row]
  package let ruling: Ruling

  /// - Parameter readings: of each seed, the same names in the same order.
  /// - Throws: `ClaimError` where two readings have one name, which would be one key of the json.
  package init(_ claim: Claim, _ readings: [[Reading]]) throws(ClaimError) {
    id = claim.id
    seeds = readings.count
    var names: Set<String> = []
    for reading in readings.first ?? [] where !names.insert(reading.name).inserted {
      throw ClaimError(claim: claim.id, name: reading.name)
    }
    rows = (readings.first ?? []).enumerated().map { i, first in
      Row(name: first.name, spread: Spread(readings.map { $0[i].value }), range: first.range)
    }
    let outside = rows.filter { !$0.isInside }.map(\.name)
    let (known, reason) = claim.difference
    let isExpected = outside.allSatisfy { name in known.contains { name.hasPrefix($0) } }
    ruling =
      outside.isEmpty
      ? claim.ruling : isExpected ? .apart(claim.ruling, from: outside, reason: reason) : .otherwise(outside)
  }
}

package struct ClaimError: Error, CustomStringConvertible {
  let claim: String
  let name: String

  package var description: String { "claim \(claim) has two readings named '\(name)'" }
}

extension ClaimResult {
  /// Numbers of one kind at several values of a key: readings named `gap, r = 1`, `gap, r = 2`, ….
  package struct Curve: Equatable, Sendable {
    package let name: String
    package var rows: [(value: String, spread: Spread?)]

    package static func == (a: Curve, b: Curve) -> Bool {
      a.name == b.name && a.rows.map(\.value) == b.rows.map(\.value)
        && a.rows.map(\.spread) == b.rows.map(\.spread)
    }
  }

  /// The key that most readings lie along, and their curves, of two values at least.
  package var curves: (key: String, curves: [Curve])? {
    var byKey: [(key: String, curves: [Curve])] = []
    for row in rows {
      guard let place = row.place else { continue }
      let k = byKey.firstIndex { $0.key == place.key } ?? byKey.count
      if k == byKey.count { byKey.append((place.key, [])) }
      let c = byKey[k].curves.firstIndex { $0.name == place.curve } ?? byKey[k].curves.count
      if c == byKey[k].curves.count { byKey[k].curves.append(Curve(name: place.curve, rows: [])) }
      byKey[k].curves[c].rows.append((place.value, row.spread))
    }
    for k in byKey.indices { byKey[k].curves.removeAll { $0.rows.count < 2 } }
    return byKey.filter { !$0.curves.isEmpty }.max { $0.curves.count < $1.curves.count }
  }
}

extension ClaimResult.Row {
  /// `gap`, `r`, `4` of `gap, r = 4`.
  fileprivate var place: (curve: String, key: String, value: String)? {
    let parts = name.split(separator: ", ")
    let words = parts.last?.split(separator: " = ").map(String.init) ?? []
    guard parts.count > 1, words.count == 2, Double(words[1]) != nil else { return nil }
    return (parts.dropLast().joined(separator: ", "), words[0], words[1])
  }
}

extension Claim {
  /// Every claim that can be run with seeds 1 to `seeds`, as many at a time as there are cores.
  /// - Parameter progress: hears how many of claims × seeds are done, on the threads that do them.
  package static func results(
    of claims: [Claim], seeds: Int, progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) async throws -> [ClaimResult] {
    let runnable = claims.filter(\.isRunnable)
    let readings = try await measured(runnable.compactMap(\.measure), seeds: seeds, progress: progress)
    return try zip(runnable, readings).map { try ClaimResult($0, $1) }
  }
}
