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
  func otherwise() throws {
    func result(_ values: [Double], known: [String] = []) throws -> ClaimResult {
      let claim = Claim(
        "0", "x is 1", by: "nobody", on: [], shows: "", criterion: "", differs: "why", in: known
      ) { _ in [] }
      return try ClaimResult(claim, values.map { [Reading("x", $0, in: 0.9...1.1)] })
    }
    let whole = try result([1, 1, 7])
    #expect(whole.ruling == .holds && whole.rows[0].spread?.lowest == 1 && whole.rows[0].spread?.highest == 7)
    #expect(try result([1, 1.2]).rows[0].median == 1.1)
    #expect(try result([1, 7, 7]).ruling == .otherwise(["x"]))
    #expect(try result([1, 7, 7], known: ["y"]).ruling == .otherwise(["x"]), "another one is known to")
    let known = try result([1, 7, 7], known: ["x"]).ruling
    #expect(known == .apart(.holds, from: ["x"], reason: "why"))
    #expect(known.description == "holds. Other numbers than the table's: x; why")
    let broken = try result([1, 1, .nan])
    #expect(broken.ruling == .otherwise(["x"]) && broken.rows[0].spread == nil)
  }

  @Test("two readings of one name would be one key of the json, and are an error")
  func repeatedNames() throws {
    let claim = Claim("0", "x is 1", by: "nobody", on: [], shows: "", criterion: "") { _ in [] }
    #expect(throws: ClaimError.self) {
      try ClaimResult(claim, [[Reading("x", 1, in: 0...2), Reading("x", 1, in: 0...2)]])
    }
  }

  @Test("readings whose names end in a key and its value lie on curves along it")
  func curves() throws {
    let claim = Claim("0", "x", by: "nobody", on: [], shows: "", criterion: "") { _ in [] }
    let names = [
      "gap, r = 1", "gap, r = 2", "floor, r = 1", "floor, r = 2", "at η = 1, C = 0", "alone", "x, σ = 1",
    ]
    let result = try ClaimResult(claim, [names.map { Reading($0, 1, in: 0...2) }])
    let (key, curves) = try #require(result.curves)
    #expect(key == "r" && curves.map(\.name) == ["gap", "floor"])
    #expect(curves.allSatisfy { $0.rows.map(\.value) == ["1", "2"] })
  }

  @Test("what is drawn of a claim exists: its measure, its sweep, and for the fast ones its curves")
  func drawings() async throws {
    #expect(Set(Claim.allDrawings.keys).isSubset(of: Claim.all.filter(\.isRunnable).map(\.id)))
    for claim in Claim.all {
      for drawing in claim.drawings {
        switch drawing {
        case .measure(let id): #expect(Measure.named(id) != nil, "\(claim.id)")
        case .sweep(let line, let keys, let quantity):
          _ = try Sweep(Scenario(parsing: line), over: keys, measuring: quantity)
        case .readings where Self.fast.contains(claim.id) || ["22", "37", "60"].contains(claim.id):
          let result = try #require(try await Claim.results(of: [claim], seeds: 1).first)
          #expect(result.curves?.curves.isEmpty == false, "\(claim.id)")
        case .gap, .loss, .plateaus, .spectrum, .readings: break
        }
      }
    }
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
