import Testing

import Math

/// A registered variant with its settings, on a problem, with a seed.
struct RunSample: Sendable, CustomTestStringConvertible {
  var variant: String
  var task: ProblemFamily.ID
  var seed: Int

  var testDescription: String { "\(variant) on \(task) with seed \(seed)" }

  func line(seed: Int? = nil) -> String {
    let rest =
      switch task {
      case .matrix: "n=12 m=9 r=3 k=7 lr=0.1"
      case .linreg: "n=10 m=7 r=2 samples=40 batch=16 lr=0.05"
      case .digits: "r=3 batch=64 lr=0.05"
      case .twolayer: "n=8 hidden=10 m=6 r=2 samples=40 lr=0.05"
      }
    return "task=\(task) \(rest) alpha=6 seed=\(seed ?? self.seed) variants=\(variant)"
  }

  /// Each variant as it is by default and with each of its words, on each problem, with two seeds.
  static let all: [RunSample] = variants.flatMap { variant in
    ProblemFamily.ID.allCases.flatMap { task in
      [1, 7].map { RunSample(variant: variant, task: task, seed: $0) }
    }
  }

  static let variants: [String] = Variant.all.flatMap { variant in
    [variant.id]
      + variant.knobs.flatMap { knob -> [String] in
        guard case .word(let words) = knob.kind else { return [] }
        return words.dropFirst().map { "\(variant.id)(\(knob.name)=\($0))" }
      }
  }

  func start() throws -> Simulation { try Simulation(line: line()) }
}

@Suite("Variants")
struct VariantTests {
  @Test("W(0) = W0", arguments: RunSample.all)
  func startsAtW0(sample: RunSample) throws {
    var simulation = try sample.start()
    let W0 = simulation.problem.pretrained[0]
    // I1: 1e-13 relative; the compensation W0 − sA0B0 + sA0B0 rounds twice.
    #expect(deviation(simulation.weight(1), W0) <= 1e-13 * max(1, W0.largestEntry))
    #expect(simulation.weight(0) == W0)
    let losses = simulation.losses()
    #expect(abs(losses[1] - losses[0]) <= 1e-13 * max(1, losses[0]))
    #expect(simulation.gaps()[0] == 0)
  }

  @Test("the same seed gives the same run, bit by bit, another seed another", arguments: RunSample.all)
  func reproducible(sample: RunSample) throws {
    var (first, second) = (try sample.start(), try sample.start())
    var other = try Simulation(line: sample.line(seed: sample.seed + 1))
    first.advance(steps: 6)
    second.advance(steps: 6)
    other.advance(steps: 6)
    #expect(bits(first) == bits(second))
    #expect(deviation(first.weight(1), other.weight(1)) > 1e-9)
  }

  @Test("asking for measures moves nothing", arguments: RunSample.all)
  func measuringIsSilent(sample: RunSample) throws {
    var (measured, plain) = (try sample.start(), try sample.start())
    for _ in 0..<6 {
      _ = measured.losses()
      _ = measured.gaps()
      _ = measured.spectra()
      _ = measured.losses()
      measured.advance()
      plain.advance()
    }
    #expect(bits(measured) == bits(plain))
  }

  @Test("a copy is a checkpoint: advanced again it takes the same way", arguments: RunSample.all)
  func copies(sample: RunSample) throws {
    var simulation = try sample.start()
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

  @Test("the update stays within reach, the gap above its floor, the spectrum true", arguments: RunSample.all)
  func measures(sample: RunSample) throws {
    for optimizer in ["sgd", "adam"] {
      var simulation = try Simulation(line: sample.line() + " opt=\(optimizer)")
      let W0 = simulation.problem.pretrained[0]
      for t in 0...12 {
        let (gaps, spectra) = (simulation.gaps(), simulation.spectra())
        let (W, full) = (simulation.weight(1), simulation.weight(0))
        let spectrum = try #require(spectra[1])
        let reach = try #require(simulation.series[1].reach(layer: 0))
        let outside = try SVD.values(W - reach.frozen).dropFirst(reach.rank).first ?? 0
        // Rounding of the merge, in numbers of W's size.
        #expect(
          outside <= 1e-13 * max(1, W.norm, reach.frozen.norm), "σ_\(reach.rank + 1) = \(outside) at \(t)")
        #expect(abs(gaps[1] - (W - full).norm) <= 1e-12)
        let floor = try #require(spectrum.floor)
        #expect(gaps[1] >= floor - 1e-9, "gap \(gaps[1]) below \(floor) at \(t)")
        #expect(
          try abs(floor - tail(SVD.values(full - reach.frozen), after: reach.rank)) <= 1e-11
            * max(1, full.norm))
        // I25: 1e-11 of the factors' size, which exceeds that of W − W0 they cancel to.
        let θ = simulation.series[1].chain.parameters[0]
        let size = max(1, W.norm, simulation.scale(1) * θ[.A].norm * θ[.B].norm)
        #expect(try deviation(spectrum.values, SVD.values(W - W0)) <= 1e-11 * size, "at \(t)")
        #expect(
          try deviation(#require(spectra[0]).values, SVD.values(full - W0)) <= 1e-11 * max(1, full.norm))
        #expect(spectra[0]?.floor == nil)
        // I23: a compensated start may reach 2r.
        #expect(spectrum.values.dropFirst(2 * reach.rank).allSatisfy { $0 <= 1e-10 * size })
        simulation.advance()
      }
    }
  }

  @Test("training lowers the loss", arguments: RunSample.all)
  func learns(sample: RunSample) throws {
    // Without the start's words: those may ask for factors of any size, and so for another rate.
    guard !sample.variant.contains("scale=") else { return }
    var simulation = try sample.start()
    let before = simulation.losses()
    simulation.advance(steps: 60)
    let after = simulation.losses()
    #expect(after[0] < before[0])
    #expect(after[1] < before[1], "from \(before[1]) to \(after[1])")
  }

  @Test(
    "sizes at the edge run: one number, full rank, 2r beyond min(n, m)", arguments: RunSample.variants,
    ["n=1 m=1 r=1", "n=5 m=3 r=3", "n=3 m=5 r=3", "n=6 m=5 r=4", "n=1 m=6 r=1", "n=6 m=1 r=1", "n=4 m=4 r=2"])
  func edges(variant: String, sizes: String) throws {
    for task in ["matrix", "linreg samples=9 batch=4"] {
      for rule in ["sgd", "momentum", "adam", "adamw"] {
        var simulation = try Simulation(
          line: "task=\(task) \(sizes) lr=0.01 alpha=2 opt=\(rule) variants=\(variant)")
        let W0 = simulation.problem.pretrained[0]
        #expect(deviation(simulation.weight(1), W0) <= 1e-13 * max(1, W0.largestEntry))
        for t in 0..<8 {
          let gap = simulation.gaps()[1]
          let spectrum = try #require(simulation.spectra()[1])
          #expect(gap >= (spectrum.floor ?? .infinity) - 1e-9, "\(task), \(rule), at \(t)")
          let W = simulation.weight(1)
          let size = max(1, W.norm, simulation.series[1].chain.parameters[0][.A].norm)
          #expect(
            try deviation(spectrum.values, SVD.values(W - W0)) <= 1e-11 * size, "\(task), \(rule), at \(t)")
          simulation.advance()
        }
        #expect(simulation.losses().filter(\.isFinite).count == 2)
        #expect(!simulation.series[1].hasDiverged)
      }
    }
  }

  @Test("a gradient of zero leaves every variant at W0", arguments: RunSample.variants)
  func zeroGradient(variant: String) throws {
    for rule in ["sgd", "adam"] {
      var simulation = try Simulation(
        line: "n=7 m=5 r=2 norm=0 alpha=2 opt=\(rule) lr=0.1 variants=\(variant)")
      let W0 = simulation.problem.pretrained[0]
      #expect(deviation(simulation.weight(1), W0) <= 1e-13 * max(1, W0.largestEntry))
      if variant.contains("lora-ga") {
        // variants.md 3.8: there is nothing to decompose, so the factors are random and orthonormal.
        let θ = simulation.series[1].chain.parameters[0]
        #expect(deviation(θ[.A].T * θ[.A], .identity(2)) <= 1e-13)
        #expect(deviation(θ[.B] * θ[.B].T, .identity(2)) <= 1e-13)
        #expect(θ[.A].largestEntry < 0.999)
      }
      simulation.advance(steps: 5)
      // The compensated start leaves a gradient of rounding size; Adam makes steps of it, SGD does not.
      if rule == "sgd" { #expect(deviation(simulation.weight(1), W0) <= 1e-12) }
      #expect(simulation.weight(0) == W0)
      #expect(simulation.losses().filter(\.isFinite).count == 2)
    }
  }

  @Test("alpha = 0 freezes every variant where it starts", arguments: RunSample.variants)
  func zeroAlpha(variant: String) throws {
    var simulation = try Simulation(line: "n=8 m=6 r=2 alpha=0 lr=0.1 variants=\(variant)")
    simulation.advance(steps: 5)
    #expect(!simulation.series[1].hasDiverged)
    #expect(simulation.weight(1) == simulation.problem.pretrained[0])
    #expect(simulation.series[1].chain.parameters[0].isFinite)
  }

  @Test("ids, knobs and their values are words a scenario line can hold")
  func registry() throws {
    #expect(Set(Variant.all.map(\.id)).count == Variant.all.count)
    for variant in Variant.all {
      #expect(Variant.named(variant.id)?.title == variant.title)
      #expect(variant.id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "+" })
      #expect(!variant.equation.isEmpty && !variant.source.isEmpty)
      #expect(Set(variant.knobs.map(\.name)).count == variant.knobs.count)
      for knob in variant.knobs {
        let spoken = knob.defaultValue.description
        #expect(knob.value(spoken) == knob.defaultValue, "\(variant.id), \(knob.name)")
        #expect(!spoken.contains { $0.isWhitespace || "(),=".contains($0) })
        #expect(!knob.help.isEmpty && !knob.allowed.isEmpty)
      }
    }
  }

  @Test("series that share an id are called by their settings")
  func names() throws {
    let simulation = try Simulation(line: "n=6 m=5 r=1 variants=lora,lora-ga,lora-ga(scale=gd)")
    #expect(simulation.series.map(\.name) == ["full", "lora", "lora-ga", "lora-ga(scale=gd)"])
  }

  @Test("variants side by side are what each is alone")
  func independent() throws {
    let line = "n=9 m=7 r=2 opt=adam lr=0.01 variants="
    var together = try Simulation(line: line + "lora,lora-ga,lora-pro")
    together.advance(steps: 7)
    for (i, id) in Variant.all.map(\.id).enumerated() {
      var alone = try Simulation(line: line + id)
      alone.advance(steps: 7)
      #expect(alone.weight(1) == together.weight(i + 1), "\(id)")
    }
  }
}

extension Simulation {
  /// s of a series' low-rank adapter.
  func scale(_ i: Int) -> Double { (series[i].chain.adapters[0] as? LowRank)?.scale ?? 0 }
}
