import Testing

import Math

@Suite("Measures")
struct MeasureTests {
  @Test("ids are words of their own in a record, and everything is said")
  func registry() {
    let ids = Measure.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    let taken = [
      "step", "series", "layer", "loss", "gap", "test", "floor", "spectrum", "unique", "diverged",
    ]
    #expect(Set(ids).isDisjoint(with: taken))
    for measure in Measure.all {
      #expect(measure.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(measure.id)")
      #expect(
        ![measure.title, measure.formula, measure.unit, measure.cost].contains(""), "\(measure.id)")
      #expect(Measure.named(measure.id)?.title == measure.title)
    }
    #expect(Measure.named("beauty") == nil)
  }

  @Test("measuring moves nothing", arguments: Variant.all.map(\.id), ProblemLine.allCases)
  func silent(variant: String, problem: ProblemLine) throws {
    let sample = RunSample(variant, problem, seed: 3)
    for rule in ["sgd", "adam"] {
      let line = sample.line() + " opt=\(rule)"
      var (measured, plain) = (try Simulation(line: line), try Simulation(line: line))
      for _ in 0..<3 {
        _ = measured.values(of: Measure.all)
        _ = measured.losses()
        measured.advance()
        plain.advance()
      }
      _ = measured.values(of: Measure.all)
      // The losses first: who follows others is brought up to date by being looked at.
      #expect(measured.losses() == plain.losses())
      #expect(bits(measured) == bits(plain), "\(rule)")
    }
  }

  @Test("where the formula has no meaning there is no number")
  func undefined() throws {
    let network = "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 variants=lora"
    #expect(try measured("excess", Simulation(line: network)).isNaN)
    #expect(try measured("excess", Simulation(line: "task=digits r=3 variants=lora")).isNaN)
    #expect(try measured("forgetting", Simulation(line: network), layer: 1).isNaN)
    #expect(
      try measured("adam-cosine", Simulation(line: "n=6 m=5 r=2 opt=signsgd variants=lora")).isNaN)
    for id in ["gauge-shift", "role-balance"] {
      for variant in ["frozen", "dora", "adalora", "galore"] {
        #expect(try measured(id, Simulation(line: "n=6 m=5 r=2 variants=\(variant)")).isNaN, "\(id)")
      }
    }
    let zero = try Simulation(line: "n=6 m=5 r=2 variants=lora")
    #expect(try measured("change-b", zero).isNaN && measured("role-balance", zero) == 0)
    // AB = 0: all balanced factors of it are zero.
    #expect(try measured("gauge-shift", zero) == 1)
  }

  @Test(
    "no state traps: one number, zero gradients, frozen factors, divergence", arguments: RunSample.variants,
    [
      "n=1 m=1 r=1", "n=6 m=1 r=1", "n=3 m=5 r=3", "n=7 m=5 r=2 norm=0", "n=8 m=6 r=2 alpha=0",
      "task=linreg n=6 m=5 r=2 samples=9 batch=4", "n=12 m=9 r=2 alpha=4000 lr=0.5",
      "n=6 m=5 r=2 lr=1e6", "task=twolayer n=5 hidden=4 m=3 r=2 samples=9 lr=1e6 phi=relu",
    ])
  func neverTraps(variant: String, line: String) throws {
    var simulation = try Simulation(line: "\(line) variants=\(variant)")
    let counts = ["trained", "state", "flops", "memory", "effective-rate"]
    for step in 0..<40 {
      defer { simulation.advance() }
      guard step < 3 || step > 37 else { continue }
      for layer in simulation.values(of: Measure.all) {
        for (i, values) in layer.enumerated() where simulation.series[i].hasDiverged {
          for (measure, x) in zip(Measure.all, values) where !counts.contains(measure.id) {
            #expect(
              x.isNaN || measure.id == "rank-floor", "\(measure.id) of a diverged series is \(x)")
          }
        }
      }
    }
  }
}
