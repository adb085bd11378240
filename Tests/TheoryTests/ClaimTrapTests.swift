import Testing
import Theory

@Suite("Traps of the theory")
struct ClaimTrapTests {
  @Test("every row from 1 to 66 stands in the list, with 58b, 58c and 58d")
  func rows() {
    let ids = (1...66).map(String.init) + ["58b", "58c", "58d"]
    #expect(ids.filter { Claim.named($0) == nil } == [])
  }

  @Test(
    "a row's numbers fall where it says, or it says why they do not",
    arguments: Claim.all.filter(\.isRunnable))
  func everyRow(claim: Claim) async throws {
    let result = try #require(try await Claim.results(of: [claim], seeds: 3).first)
    if case .otherwise(let names) = result.ruling {
      Issue.record("\(names): \(result.rows.filter { !$0.isInside })")
    }
    #expect(result.rows.count > 0)
  }

  /// What a claim measured with two seeds.
  private func measured(_ id: String) async throws -> [String: Double] {
    let claim = try #require(Claim.named(id))
    let result = try #require(try await Claim.results(of: [claim], seeds: 2).first)
    if case .otherwise(let names) = result.ruling { Issue.record("\(names)") }
    return Dictionary(uniqueKeysWithValues: result.rows.map { ($0.name, $0.median) })
  }

  /// Of pairs of modes with energies 0.64ⁱ a slot keeps the first and loses the second.
  @Test("the plateau of a pairing is the energy of the modes that lose their slot")
  func plateau() async throws {
    let shares = try await measured("36")
    let halves = try #require(shares["L/L0 at 200, halves, c = 0.3"])
    let interleaved = try #require(shares["L/L0 at 200, interleaved, c = 0.3"])
    let lost = 0.64 * 0.64 * 0.64 * 0.64
    // 0.005: the start has c² = 0.09 in it, and 200 steps are not for ever.
    #expect(abs(halves - lost / (1 + lost)) < 0.005)
    #expect(abs(interleaved - 0.64 / 1.64) < 0.005)
  }

  @Test("the debt of a start grows like the square of its size, and a start at zero has none")
  func debt() async throws {
    let floors = try await measured("37")
    let one = try #require(floors["floor of the gap, c = 1"])
    for (name, c) in [("0.6", 0.6), ("0.3", 0.3), ("0.1", 0.1)] {
      let floor = try #require(floors["floor of the gap, c = \(name)"])
      // Towards c = 1 the fourth order takes a tenth away.
      #expect(abs(floor / (c * c * one) - 1) < 0.2, "c = \(name)")
    }
    #expect(try #require(floors["floor of the gap, LoRA"]) < 1e-9)
  }

  @Test("fresh factors of rank 1 give 2G on average, not G")
  func redrawing() async throws {
    let draws = try await measured("22")
    // 3.94/√1e5, the length of a draw over that of the mean, is 0.0125.
    #expect(try #require(draws["‖mean − 2G‖/‖2G‖ of 1e5 draws"]) < 0.02)
    #expect(abs(try #require(draws["‖mean − G‖/‖G‖"]) - 1) < 0.05)
  }

  @Test("the first step from a sample's factors is nearer to the true gradient the more samples there are")
  func sampling() async throws {
    let cosines = try await measured("45")
    let values = try [4, 8, 16, 64, 256, 1024].map { try #require(cosines["cosine, N = \($0)"]) }
    #expect(values == values.sorted())
  }

  @Test("an erratum with a number shows what the note says beside what is right")
  func erratum() async throws {
    let residuals = try await measured("49")
    let (wrong, right) = (try #require(residuals["the last r"]), try #require(residuals["r + 1 to 2r"]))
    #expect(wrong > 1.5 * right)
  }

  @Test("errata without a number are listed apart, with what should stand there", arguments: ["50", "58d"])
  func statements(id: String) throws {
    let claim = try #require(Claim.named(id))
    #expect(!claim.isRunnable && claim.ruling.description.hasPrefix("erratum: "))
  }
}
