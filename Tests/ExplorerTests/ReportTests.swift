import Explorer
import FoundationEssentials
import Math
import Testing
import Theory

@Suite("Reports of checks and claims")
struct ReportTests {
  struct CheckRow: Decodable {
    var id, statement, verdict, scenario: String
    var measured, bound, margin: Double?
    var step: Int?
  }

  struct ClaimRow: Decodable {
    var id, claim, source, verdict: String
    var measured: [String: Double?]
    var range: [String: [Double?]]
    var seeds: Int
  }

  static let comparison = Comparison.atMost(1e-15, 1e-12)
  static let results: [CheckResult] = {
    var results = Check.all.prefix(3).map { CheckResult(check: $0) }
    results[0].add(.ok(comparison), on: "seed=1", at: 20)
    results[0].add(.notApplicable(needs: ""), on: "seed=2", at: 50)
    results[1].add(.ok(comparison), on: "seed=1")
    results[1].add(.failed(.atLeast(1, 2)), on: "seed=2")
    return results
  }()

  @Test func aFailureOutweighsWhatHoldsAndThatWhatDoesNotApply() {
    #expect(Self.results.map(\.mark) == ["✓", "✗", "–"])
    #expect(Self.results.map(\.scenario) == ["seed=1", "seed=2", nil])
  }

  @Test func checksAsJSON() throws {
    let text = try CheckReport(Self.results).lines(.json).joined(separator: "\n")
    let rows = try JSONDecoder().decode([CheckRow].self, from: Data(text.utf8))
    #expect(rows.map(\.verdict) == ["ok", "fail", "n/a"])
    #expect(rows[0].measured == 1e-15 && rows[0].bound == 1e-12 && abs((rows[0].margin ?? 0) - 1000) < 1e-6)
    #expect(rows[1].margin == 0.5 && rows[2].measured == nil)
    #expect(rows.map(\.step) == [20, nil, nil])
    // Eight keys a row, null where there is no number.
    for line in text.split(separator: "\n").dropFirst().dropLast() {
      #expect(line.split(separator: "\":").count - 1 == 8, "\(line)")
    }
  }

  @Test func checksAsTextAndMarkdown() throws {
    let report = CheckReport(Self.results)
    let lines = try report.lines(.text)
    #expect(lines.last?.hasPrefix("1 hold, 1 fail, 1 do not apply; ") == true)
    #expect(lines[0].hasPrefix("✓ C1  1e-15 ≤ 1e-12          3 decades  t=20    \(Check.all[0].statement)"))
    #expect(lines[1].hasSuffix("on seed=2"))
    let rows = try report.lines(.markdown).filter { $0.hasPrefix("|") }
    #expect(rows.count == 2 + 3)
    #expect(Set(rows.map { $0.replacing("\\|", with: "").split(separator: "|").count }).count == 1)
  }

  @Test func claimsAsJSON() async throws {
    let claims = ["1", "23"].compactMap(Claim.named)
    let results = try await Claim.results(of: claims, seeds: 1)
    let text = try ClaimReport(claims, results).lines(.json).joined(separator: "\n")
    let rows = try JSONDecoder().decode([ClaimRow].self, from: Data(text.utf8))
    #expect(rows.map(\.id) == ["1", "23"] && rows.map(\.seeds) == [1, 0])
    #expect(rows[0].measured.count == 3 && Set(rows[0].measured.keys) == Set(rows[0].range.keys))
    #expect(rows[0].verdict == "holds" && rows[1].verdict.hasPrefix("erratum: "))
    let objects = try JSONDecoder().decode([[String: Anything]].self, from: Data(text.utf8))
    let keys: Set = ["id", "claim", "source", "verdict", "measured", "range", "seeds"]
    #expect(objects.allSatisfy { Set($0.keys) == keys })
    // What was not run has no verdict.
    let listed = try ClaimReport(claims, []).lines(.json).joined()
    #expect(listed.contains(#""verdict":"not run""#) && !listed.contains("holds"))
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  @Test func mistakesOfTheNotesAreShownFromBothSides() throws {
    let report = ErrataReport([
      "E3": .init(note: 1, right: 4, measured: 3.999), "E5": .init(note: .nan, right: 1, measured: 1),
    ])
    let lines = try report.lines(.text)
    #expect(
      lines.contains { $0.hasPrefix("E3") }
        && lines.contains { $0.hasSuffix("note 1, right 4, measured 3.999") })
    #expect(lines.contains { $0.hasSuffix("note has none, right 1, measured 1") })
    let json = try report.lines(.json).joined()
    #expect(json.contains(#""values":{"measured":1,"note":null,"right":1}"#), "\(json)")
  }

  @Test func whatCannotBeRunStandsApart() throws {
    let lines = try ClaimReport(Claim.all, []).lines(.text)
    let apart = try #require(lines.firstIndex(of: "Not to be run in a terminal:"))
    for claim in Claim.all {
      let place = try #require(lines.firstIndex { $0 == claim.id.padded(4) + claim.statement })
      #expect((place < apart) == claim.isRunnable)
    }
  }
}
