import Testing

import Math

@Suite("Registry")
struct RegistryTests {
  @Test("W(0) = W0", arguments: RunSample.all)
  func startsAtW0(sample: RunSample) throws {
    for form in GradientForm.allCases {
      var simulation = try sample.start("gradient=\(form)")
      for (l, W0) in simulation.problem.pretrained.enumerated() {
        // I1: 1e-13 relative; the compensation W0 − sA0B0 + sA0B0 rounds twice.
        #expect(deviation(simulation.weight(1, layer: l), W0) <= 1e-13 * max(1, W0.largestEntry))
        #expect(simulation.weight(0, layer: l) == W0)
        #expect(simulation.gaps(layer: l)[0] == 0)
        #expect(simulation.gaps(layer: l)[1] <= simulation.rounding(layer: l), "a gap of zero counts as one")
      }
      let losses = simulation.losses()
      #expect(abs(losses[1] - losses[0]) <= 1e-13 * max(1, losses[0]))
    }
  }

  @Test(
    "the same seed gives the same run, bit by bit, side by side too, another seed another",
    arguments: RunSample.all)
  func reproducible(sample: RunSample) throws {
    var (first, second) = (try sample.start(), try sample.start())
    var other = try Simulation(line: sample.line(seed: sample.seed + 1))
    first.advance(steps: 6)
    second.isConcurrent = true
    second.advance(steps: 6)
    #expect(first.losses().map(\.bitPattern) == second.losses().map(\.bitPattern))
    #expect(first.gaps().map(\.bitPattern) == second.gaps().map(\.bitPattern))
    #expect(first.spectra() == second.spectra())
    other.advance(steps: 6)
    #expect(bits(first) == bits(second))
    // The digits' W0 is no draw.
    if sample.ids == ["frozen"], sample.problem == .digits { return }
    #expect(deviation(first.weight(1), other.weight(1)) > 1e-9)
  }

  @Test("asking for measures moves nothing", arguments: RunSample.all)
  func measuringIsSilent(sample: RunSample) throws {
    var (measured, plain) = (try sample.start(), try sample.start())
    for _ in 0..<6 {
      _ = measured.losses()
      _ = measured.heldOutLosses()
      for l in 0..<sample.problem.layerCount {
        _ = measured.gaps(layer: l)
        _ = measured.spectra(layer: l)
      }
      _ = measured.losses()
      measured.advance()
      plain.advance()
    }
    #expect(bits(measured) == bits(plain))
  }

  @Test("a copy is a checkpoint: advanced again it takes the same way", arguments: RunSample.all)
  func copies(sample: RunSample) throws {
    var simulation = try sample.start("opt=adam")
    simulation.advance(steps: 4)
    let checkpoint = simulation
    let before = bits(checkpoint)
    simulation.advance(steps: 5)
    _ = simulation.losses()
    #expect(bits(checkpoint) == before)
    #expect(bits(simulation) != before)
    var again = checkpoint
    again.advance(steps: 5)
    #expect(bits(again) == bits(simulation))
    #expect(again.losses() == simulation.losses())
    #expect(again.gaps() == simulation.gaps())
  }

  @Test("every system trains on every problem, and the layer it leaves alone stays", arguments: RunSample.all)
  func learns(sample: RunSample) throws {
    var simulation = try sample.start(sample.ids.contains("lora-plus") ? "lr=0.001" : "lr=0.01")
    let before = simulation.losses()
    simulation.advance(steps: 40)
    let after = simulation.losses()
    #expect(after[0] < before[0])
    let isStationary = sample.variant.contains("init=zero)") && sample.ids != ["dora"]
    if sample.ids == ["frozen"] || isStationary {
      #expect(after[1] == before[1])
    } else {
      #expect(after[1] < before[1], "from \(before[1]) to \(after[1])")
    }
    for l in 0..<sample.problem.layerCount where sample.ids[l % sample.ids.count] == "frozen" {
      #expect(simulation.weight(1, layer: l) == simulation.problem.pretrained[l])
    }
  }
}
