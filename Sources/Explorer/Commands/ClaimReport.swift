import FoundationEssentials
import Theory

/// Claims, with what was measured where they were run.
package struct ClaimReport {
  private let claims: [Claim]
  private let results: [String: ClaimResult]
  private let isDetailed: Bool
  private let charts: [[String]]
  private let written: (String) -> String

  /// - Parameter charts: under the numbers of a claim in detail.
  package init(
    _ claims: [Claim], _ results: [ClaimResult], isDetailed: Bool = false, charts: [[String]] = [],
    _ convention: Convention = .house
  ) {
    self.claims = claims
    written = convention.written
    self.charts = charts
    // Of a claim that is named twice, the last counts.
    self.results = Dictionary(results.map { ($0.id, $0) }) { $1 }
    self.isDetailed = isDetailed
  }

  /// A number fell outside its range that the claim's text does not name.
  package var hasOtherwise: Bool {
    results.values.contains { if case .otherwise = $0.ruling { true } else { false } }
  }

  package func lines(_ format: ClaimFormat) throws -> [String] {
    switch format {
    case .json: return jsonArray(try jsonLines)
    case .text where isDetailed: return claims.flatMap(details)
    case .text:
      let apart = claims.filter { !$0.isRunnable }
      let lines = claims.filter(\.isRunnable).flatMap(summary)
      return lines + (apart.isEmpty ? [] : ["", "Not to be run in a terminal:"] + apart.flatMap(summary))
    }
  }

  private func ruling(_ claim: Claim) -> String {
    written("\(results[claim.id]?.ruling ?? claim.ruling)")
  }

  // MARK: text

  /// The sentence, and when it was run what became of it.
  private func summary(_ claim: Claim) -> [String] {
    let head = claim.id.padded(4) + written(claim.statement)
    guard !results.isEmpty || !claim.isRunnable else { return [head] }
    let outside = (results[claim.id]?.rows ?? []).filter { !$0.isInside }
    return [head, "    → \(ruling(claim))"] + outside.map { "      \(row($0))" }
  }

  private func details(_ claim: Claim) -> [String] {
    var lines = ["\(claim.id)  \(written(claim.statement))", "", "  \(ruling(claim))"]
    if let result = results[claim.id] {
      lines += ["", "  medians of \(result.seeds) seed\(result.seeds == 1 ? "" : "s")"]
      let width = result.rows.map(\.name.count).max() ?? 0
      lines += result.rows.map { "  \($0.isInside ? "✓" : "✗") \(row($0, width: width))" }
    }
    let notes = [
      ("criterion", written(claim.criterion)), ("drawn", written(claim.shows)),
      ("note", written(claim.remark)), ("source", claim.source),
      ("look at", claim.scenarios.first.map { "lora-explorer --run \"\($0)\"" } ?? ""),
    ]
    lines += charts.flatMap { [""] + $0 }
    return lines + [""] + notes.filter { !$0.1.isEmpty }.map { "  \($0.0.padded(10)) \($0.1)" }
  }

  private func row(_ row: ClaimResult.Row, width: Int = 0) -> String {
    let spread =
      row.spread.map { "seeds \(significant($0.lowest, 3)) … \(significant($0.highest, 3))" } ?? ""
    return written(row.name).padded(width) + "  " + significant(row.median, 4).padded(10) + "  "
      + "wanted \(row.range.text)".padded(24) + "  " + spread
  }

  // MARK: json

  /// Without a verdict for what was not run.
  private struct Row: Encodable {
    var id, claim, source, verdict: String
    var measured: [String: Double?]
    var range: [String: [Double?]]
    var seeds: Int
  }

  private var jsonLines: [String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try claims.map { claim in
        let rows = results[claim.id]?.rows ?? []
        let isOpen = claim.isRunnable && results[claim.id] == nil
        let row = Row(
          id: claim.id, claim: written(claim.statement), source: claim.source,
          verdict: isOpen ? "not run" : ruling(claim),
          measured: Dictionary(uniqueKeysWithValues: rows.map { (written($0.name), $0.median.finite) }),
          range: Dictionary(
            uniqueKeysWithValues: rows.map {
              (written($0.name), [$0.range.lowerBound.finite, $0.range.upperBound.finite])
            }),
          seeds: results[claim.id]?.seeds ?? 0)
        return String(decoding: try encoder.encode(row), as: UTF8.self)
      }
    }
  }
}

extension ClosedRange<Double> {
  /// `≤ 1e-12`, `0.1 to 0.2`, `16`.
  var text: String {
    if significant(lowerBound) == significant(upperBound) { return significant(lowerBound) }
    if isRounding || lowerBound == -.infinity { return "≤ \(significant(upperBound))" }
    return upperBound == .infinity
      ? "≥ \(significant(lowerBound))" : "\(significant(lowerBound)) to \(significant(upperBound))"
  }

  /// How wide it is for its size; what holds to rounding, by counting or on one side alone says less.
  var looseness: Double {
    guard lowerBound > 0, upperBound < .infinity, upperBound > lowerBound * (1 + 1e-6) else { return 2 }
    return (upperBound - lowerBound) / upperBound
  }

  /// Of a modulus that should be zero but for rounding.
  var isRounding: Bool { lowerBound == 0 && upperBound < 1e-5 }
}
