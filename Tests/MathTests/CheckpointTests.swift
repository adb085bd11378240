import Math
import Testing

/// Bit for bit: `==` on doubles, since the same operations in the same order give the same numbers.
@Suite("Checkpoints and branches")
struct CheckpointTests {
  /// All that a step leaves, as it was measured; NaN is written like any number.
  private func state(_ simulation: inout Simulation) -> String {
    let losses = simulation.losses()
    let layers = (0..<simulation.layerCount).map { l in
      "\(simulation.gaps(layer: l)) \(simulation.spectra(layer: l).map { "\($0?.values ?? []) \($0?.floor ?? 0)" })"
    }
    let parameters = simulation.series.map { $0.chain.parameters.map { $0.matrices.map(\.storage) } }
    return "\(simulation.step) \(losses) \(simulation.heldOutLosses() ?? []) \(layers) \(parameters)"
  }

  /// As a run is watched: losses at every step.
  private func advance(_ simulation: inout Simulation, to step: Int) {
    while simulation.step < step {
      simulation.advance()
      _ = simulation.losses()
    }
  }

  @Test("gives the same steps from a checkpoint as at first", arguments: RunSample.all)
  func replay(sample: RunSample) throws {
    var live = try sample.start("opt=adam")
    _ = live.losses()
    var kept = [live.checkpoint]
    for step in [1, 5, 9, 12] {
      advance(&live, to: step)
      kept.append(live.checkpoint)
      let wanted = state(&live)
      for checkpoint in kept {
        var replayed = checkpoint
        advance(&replayed, to: step)
        #expect(state(&replayed) == wanted, "from \(checkpoint.step) to \(step)")
      }
    }
  }

  @Test("goes on as before when nothing changes at a branch", arguments: RunSample.all)
  func sameScenario(sample: RunSample) throws {
    for family in ["sgd", "momentum", "adamw"] {
      var live = try sample.start("opt=\(family)")
      advance(&live, to: 5)
      var branch = try live.branched(to: try #require(live.scenario))
      advance(&live, to: 12)
      advance(&branch, to: 12)
      #expect(state(&branch) == state(&live), "\(family)")
    }
  }

  @Test("stands still without a learning rate", arguments: ["sgd", "adam"], RunSample.ids)
  func learningRateZero(family: String, variant: String) throws {
    let sample = RunSample(variant, .linreg, seed: 3)
    var live = try sample.start("opt=\(family)")
    advance(&live, to: 5)
    var scenario = try #require(live.scenario)
    try scenario.set("lr", to: "0")
    // LoRA after LoRA and AdaLoRA also move by rules that no learning rate scales.
    guard !["adalora", "oracle"].contains(variant) else { return }
    var branch = try live.branched(to: scenario)
    let before = branch.losses()
    advance(&branch, to: 9)
    for (a, b) in zip(before, branch.losses()) {
      // 1e-12: factors and merged weights are summed in another order.
      #expect(abs(a - b) <= 1e-12 * max(1, abs(a)), "\(variant)")
    }
    advance(&live, to: 9)
    #expect(live.losses()[0] != before[0])
  }

  @Test func momentsOutliveAnotherLearningRateAndDieWithTheirFamily() throws {
    var live = try Simulation(line: "n=6 m=5 r=2 opt=adam lr=0.01 steps=20 variants=lora")
    advance(&live, to: 5)
    func step(_ keys: String) throws -> Matrix {
      let line = "n=6 m=5 r=2 steps=20 variants=lora \(keys)"
      var branch = try live.branched(to: Scenario(parsing: line))
      let before = branch.weight(0)
      branch.advance()
      return branch.weight(0) - before
    }
    // Adam's step is proportional to η when the moments stay; 1e-12: one rounding an entry.
    let (once, twice) = (try step("opt=adam lr=0.01"), try step("opt=adam lr=0.02"))
    #expect((twice - 2 * once).norm <= 1e-12 * twice.norm)
    // The first step of fresh moments is η·sign(g); ε is 1e-8 of |g| here at most times 1e2.
    let signs = try step("opt=signsgd lr=0.01")
    var other = try live.branched(to: Scenario(parsing: "n=6 m=5 r=2 steps=20 variants=lora opt=sgd"))
    other = try other.branched(to: Scenario(parsing: "n=6 m=5 r=2 steps=20 variants=lora opt=adam lr=0.01"))
    let before = other.weight(0)
    other.advance()
    #expect((other.weight(0) - before - signs).norm <= 1e-4 * signs.norm)
    #expect((once - signs).norm > 1e-2 * signs.norm)
  }

  @Test func aBranchSeesTheMinibatchesOfItsOwnBatch() throws {
    let line = "task=linreg n=6 m=5 r=2 samples=20 steps=20 variants=lora"
    var live = try Simulation(line: line + " batch=5")
    advance(&live, to: 4)
    var branch = try live.branched(to: Scenario(parsing: line + " batch=all"))
    #expect(branch.nextExamples().count == 20)
    #expect(live.nextExamples().count == 5)
  }

  @Test(arguments: [
    ("r=3", "r cannot change at a branch; the optimiser with its numbers, batch and steps can"),
    ("seed=2", "seed cannot change at a branch; the optimiser with its numbers, batch and steps can"),
    (
      "variants=lora",
      "variants cannot change at a branch; the optimiser with its numbers, batch and steps can"
    ),
    ("steps=4", "steps is 4; it takes more than 4, where it branches off"),
  ])
  func aBranchSaysWhatCannotChange(key: String, message: String) throws {
    var live = try Simulation(line: "n=6 m=5 r=2 steps=20 variants=lora,dora")
    advance(&live, to: 4)
    var words = ["n=6", "m=5", "r=2", "steps=20", "variants=lora,dora"]
    words = words.filter { $0.prefix { $0 != "=" } != key.prefix { $0 != "=" } } + [key]
    let scenario = try Scenario(parsing: words.joined(separator: " "))
    let error = #expect(throws: ScenarioError.self) { try live.branched(to: scenario) }
    #expect("\(try #require(error))" == message)
  }

  @Test func aCheckpointIsAsLargeAsItsParametersAndMoments() throws {
    var simulation = try Simulation(line: "n=6 m=5 r=2 opt=adam steps=20 variants=lora")
    // W, and A with B, each with two moments.
    #expect(simulation.checkpointBytes == 8 * 3 * (30 + 22))
    simulation.advance()
    #expect(simulation.checkpointBytes == 8 * 3 * (30 + 22))
    // After a merge there is a frozen weight of its own.
    var serial = try Simulation(line: "n=6 m=5 r=2 steps=20 variants=serial-lora(every=3)")
    #expect(serial.checkpointBytes == 8 * (30 + 22))
    advance(&serial, to: 3)
    #expect(serial.checkpointBytes == 8 * (30 + 22 + 30))
  }
}
