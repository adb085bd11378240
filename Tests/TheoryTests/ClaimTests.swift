import Math
import Testing
import Theory

@Suite("Claims")
struct ClaimTests {
  @Test("rows stand once each, in the order of their numbers, and say what they run and want")
  func registry() {
    let numbers = Claim.all.map { Int($0.id.prefix { $0.isNumber }) ?? 0 }
    #expect(numbers == numbers.sorted() && Set(Claim.all.map(\.id)).count == Claim.all.count)
    for claim in Claim.all {
      #expect(!claim.statement.isEmpty && !claim.source.isEmpty)
      #expect(claim.isRunnable != claim.scenarios.isEmpty && claim.isRunnable != claim.criterion.isEmpty)
    }
  }

  @Test("every scenario line is one", arguments: Claim.all)
  func lines(claim: Claim) throws {
    for line in claim.scenarios { _ = try Scenario(parsing: line + " seed=1") }
  }

  /// Those of a fraction of a second; `claim all` runs the others.
  private static let fast = ["1", "2", "3", "7", "9", "16", "18", "24", "26", "27", "28", "29", "31", "32"]

  @Test("its numbers fall where the row says", arguments: fast.compactMap(Claim.named))
  func measured(claim: Claim) async throws {
    let result = try #require(try await Claim.results(of: [claim], seeds: 2).first)
    #expect(result.ruling == claim.ruling, "\(result.rows.filter { !$0.isInside })")
    #expect(result.rows.count > 0 && result.seeds == 2)
    // They are the keys of the json.
    #expect(Set(result.rows.map(\.name)).count == result.rows.count)
  }

  @Test("a median outside its range, or not a number, is said and not hidden")
  func otherwise() {
    let claim = Claim("0", "x is 1", by: "nobody", on: [], shows: "", criterion: "") { _ in [] }
    func result(_ values: [Double]) -> ClaimResult {
      ClaimResult(claim, values.map { [Reading("x", $0, in: 0.9...1.1)] })
    }
    #expect(result([1, 1, 7]).ruling == .holds && result([1, 1, 7]).rows[0].spread == 1...7)
    #expect(result([1, 1.2]).rows[0].median == 1.1)
    #expect(result([1, 7, 7]).ruling == .otherwise(["x"]))
    #expect(result([1, 1, .nan]).ruling == .otherwise(["x"]) && result([1, 1, .nan]).rows[0].spread == nil)
  }

  @Test("the same seeds give the same numbers, however they are spread over the cores")
  func repeatable() async throws {
    let claims = ["1", "15"].compactMap(Claim.named)
    let once = try await Claim.results(of: claims, seeds: 3)
    #expect(try await Claim.results(of: claims, seeds: 3) == once && once.map(\.id) == ["1", "15"])
  }
}

extension Claim: CustomTestStringConvertible {
  package var testDescription: String { "\(id): \(statement)" }
}
