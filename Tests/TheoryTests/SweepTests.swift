import Math
import Testing
import Theory

@Suite struct SweepTests {
  private static let line =
    "task=matrix n=8 m=6 r=2 alpha=2 k=4 lr=0.1 steps=30 variants=lora,lora-ga(scale=zeta)"

  private static func sweep(
    _ line: String = Self.line, over keys: String..., measuring quantity: Quantity = .loss, seeds: Int = 1
  ) throws -> Sweep {
    try Sweep(Scenario(parsing: line), over: keys, measuring: quantity, seeds: seeds)
  }

  private static var noDigits: Digits { preconditionFailure("no run here is of the digits") }

  private func result(_ sweep: Sweep, atOnce: Int = 2) async throws -> SweepResult {
    try await sweep.result(atOnce: atOnce, digits: { Self.noDigits })
  }

  @Test("every place is a run of its own line", arguments: [("r=1,2,4", ["r=1", "r=2", "r=4"])])
  func placesAreRuns(key: String, words: [String]) async throws {
    let result = try await result(Self.sweep(over: key, seeds: 2))
    for (place, word) in zip(result.sweep.places, words) {
      for seed in 0..<2 {
        let line = Self.line.replacing("r=2", with: word) + " seed=\(1 + seed)"
        var run = try Simulation(Scenario(parsing: line), digits: Self.noDigits)
        for _ in 0..<30 { run.advance() }
        let losses = run.losses()
        #expect((0..<3).map { result.values($0, at: place)[seed] } == losses)
      }
    }
  }

  @Test func numbersAreTheSameHoweverManyRunsGoAtOnce() async throws {
    let sweep = try Self.sweep(over: "lr=0.05,0.1", "r=1,3", seeds: 3)
    let (one, four) = try await (result(sweep, atOnce: 1), result(sweep, atOnce: 4))
    #expect(one == four)
    #expect(one.isComplete && one.done == 12)
  }

  @Test("a key may be a word of the line, several at once, a setting, or B's rate")
  func keys() throws {
    let sweep = try Self.sweep(over: "r+k=1,3", "lora-ga.zeta=0.25,0.5")
    let last = try sweep.scenario(at: #require(sweep.places.last), seed: 4)
    #expect(last.line.contains("r=3 ") && last.line.contains("k=3 ") && last.line.contains("zeta=0.5"))
    #expect(last.seed == 5)
    let rates = try Self.sweep(over: "lr=0.1,0.2", "lr-b=0.1,0.4")
    #expect(try rates.scenario(at: rates.places[3]).line.contains("lr=0.2 ratio=2 "))
    #expect(try rates.scenario(at: rates.places[2]).line.contains("lr=0.1 ratio=4 "))
  }

  @Test func aDivergedRunIsInfiniteAndSoIsTheMedianOfMany() async throws {
    let result = try await result(Self.sweep(over: "lr=0.1,1e6", seeds: 3))
    let (slow, fast) = (result.sweep.places[0], result.sweep.places[1])
    #expect(try #require(result.spread(0, at: slow)).diverged == 0)
    #expect(try #require(result.spread(0, at: fast)).median == .infinity)
    #expect(result.spread(0, at: fast)?.diverged == 3)
  }

  @Test func whatIsNotDefinedHasNoSpread() async throws {
    let line = "task=matrix n=6 m=6 r=2 steps=3 variants=lora"
    let result = try await result(Self.sweep(line, over: "r=1,2", measuring: .measure("norm-a")))
    #expect(result.spread(0, at: result.sweep.places[0]) == nil)
    #expect(result.spread(1, at: result.sweep.places[0]) != nil)
  }

  @Test(
    "what cannot be swept over is said in one line",
    arguments: [
      ("r", "'r' is not swept over; it takes a key and its values, as r=1,2,4,8"),
      ("r=", "'r=' is not swept over; it takes a key and its values, as r=1,2,4,8"),
      ("r=1,,2", "'r=1,,2' is not swept over; it takes a key and its values, as r=1,2,4,8"),
      ("r=1,2,1", "r has 1 twice"), ("r+r=1", "r is swept over twice"),
      ("r=1,99", "r is 99; it takes a whole number from 1 to 6"),
      ("seed=1,2", "seed is not swept over: every place has the same seeds, as many as are asked for"),
      ("mu=0.9", "mu does not apply: it belongs to opt=momentum"),
      ("pissa.r=1", "pissa.r does not apply: variants has no pissa"),
      ("lora-ga.zeta=x", "lora-ga(zeta) is x; it takes 1e-12 to 1000000000000"),
      ("lora-ga.zoom=1", "lora-ga has no setting 'zoom'; it has"),
      ("rank=1", "unknown key 'rank'; a sweep goes over a key of the run"),
      ("lr-b=-1", "lr-b is -1; it takes a number from 0, where lr is above 0"),
    ])
  func wrongKeys(key: String, message: String) {
    #expect {
      _ = try Self.sweep(over: key)
    } throws: { error in
      "\(error)".hasPrefix(message)
    }
  }

  @Test func wrongQuantitiesAndCountsAreSaidInOneLine() throws {
    #expect(throws: SweepError.unknownQuantity("speed")) { try Quantity(named: "speed") }
    #expect(throws: SweepError.keys(3)) { try Self.sweep(over: "r=1", "k=4", "lr=1") }
    #expect(throws: SweepError.repeatedKey("r")) { try Self.sweep(over: "r=1", "r+k=2") }
    #expect(throws: SweepError.tooMany(200_000)) { try Self.sweep(over: "r=1,2", seeds: 100_000) }
    #expect(throws: SweepError.nothingHeldOut) {
      try Self.sweep("task=linreg held=0", over: "r=1", measuring: .measure("test-loss"))
    }
  }

  @Test func theMiddleOfAnEvenNumberIsTheMeanOfTwo() throws {
    let spread = try #require(Spread([3, 1, 2, .infinity]))
    #expect(spread.median == 2.5 && spread.lowest == 1 && spread.highest == .infinity && spread.diverged == 1)
    #expect(Spread([]) == nil && Spread([1, .nan]) == nil)
  }
}
