import Math
import Testing

/// Where a loss or an angle is zero but for rounding.
@Suite("Rounding of losses and angles")
struct RoundingTests {
  /// η = 1 takes full fine-tuning to W* in one step, and norm=0 leaves it there.
  @Test(
    "a loss that has come to zero is rounding, and what it began with is far from it",
    arguments: [
      "lr=1", "n=1 m=1 r=1 lr=1", "n=2 m=1 r=1 lr=1", "n=200 m=150 r=2 lr=1", "norm=1e-3 lr=1",
      "n=9 m=7 r=2 lr=0.5 steps=400",
    ], 1...4)
  func zeroIsZero(line: String, seed: Int) throws {
    var simulation = try Simulation(line: "\(line) seed=\(seed) variants=lora-ga")
    let start = simulation.losses()[0]
    simulation.advance(steps: max(3, line.contains("steps") ? 400 : 3))
    let end = simulation.losses()[0]
    #expect(end <= simulation.lossRounding, "\(end) of \(simulation.lossRounding)")
    #expect(simulation.lossRounding < 1e-18 * start, "1e-9 of the distance at the start, squared")
  }

  @Test("where nothing is to be learned the losses of all series stay rounding")
  func nothingToLearn() throws {
    var simulation = try Simulation(line: "norm=0 variants=lora,lora-ga,lora-pro,pissa")
    for _ in 0..<20 {
      let losses = simulation.losses()
      #expect(losses.allSatisfy { $0 <= simulation.lossRounding }, "\(losses)")
      simulation.advance()
    }
  }

  /// Full fine-tuning moves along its first gradient, and GaLore on the leading vectors of that.
  @Test("the angle between spaces that are the same is 0, not its rounding", arguments: 1...4)
  func sameSpaces(seed: Int) throws {
    var simulation = try Simulation(line: "n=64 m=48 r=8 seed=\(seed) variants=galore,lora")
    for _ in 0..<5 {
      simulation.advance(steps: 2)
      let angles = simulation.columnAngles()
      #expect(try #require(angles[1]) == Array(repeating: 0, count: 8))
      #expect(try #require(angles[2]?.last) > 1)
    }
  }

  @Test("what a measure needs is said where a run has no number for it", arguments: ProblemFamily.ID.allCases)
  func needs(task: ProblemFamily.ID) throws {
    // DoRA has A and B but is no sum, GaLore has neither.
    for variants in ["lora,dora", "galore"] {
      var simulation = try Simulation(line: "task=\(task) lr=0.01 variants=\(variants)")
      simulation.advance(steps: 2)
      let values = simulation.values(of: Measure.all)
      for (k, measure) in Measure.all.enumerated() where measure.needs == nil {
        let own = values.flatMap { layer in layer.map { $0[k] } }
        #expect(own.contains { $0.isFinite }, "\(measure.id) of \(task) with \(variants)")
      }
    }
  }
}
