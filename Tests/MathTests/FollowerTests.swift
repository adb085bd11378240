import Testing

import Math

/// Weights that follow from others, and rounds of LoRA.
@Suite("Followers and rounds")
struct FollowerTests {
  @Test(
    "the floor's gap is the floor of what starts as it does",
    arguments: [
      ("lora", "zero"), ("dora", "zero"), ("lora-ga", "lora-ga"), ("pissa", "pissa"),
      ("lora(init=both)", "both"),
      ("lora(init=orthogonal)", "orthogonal"),
    ], [ProblemLine.matrix, .covariance, .linreg, .network])
  func floor(pair: (variant: String, start: String), problem: ProblemLine) throws {
    var simulation = try Simulation(
      line: problem.line + " lr=0.05 alpha=2 variants=\(pair.variant),floor(init=\(pair.start))")
    for t in 0...15 {
      for l in 0..<problem.layerCount {
        let (gaps, spectra) = (simulation.gaps(layer: l), simulation.spectra(layer: l))
        let floor = try #require(spectra[2]?.floor)
        // 1e-11: both are the root of the same squares, by another SVD.
        #expect(abs(gaps[2] - floor) <= 1e-11 * max(1, simulation.weight(0, layer: l).norm), "at \(t)")
        if pair.variant != "dora" { #expect(abs(floor - (try #require(spectra[1]?.floor))) <= 1e-11) }
      }
      simulation.advance()
    }
    #expect(try #require(simulation.spectra()[2]?.floor) > 1e-3)
  }

  @Test("the floor of rank r about W0 is tail_r of the full update, a debt is at least 0 and starts at 0")
  func debts() throws {
    var simulation = try Simulation(
      line: "n=9 m=7 r=2 lr=0.1 variants=floor,floor(init=lora-ga),floor(init=both)")
    for t in 0...10 {
      let (W, W0) = (simulation.weight(0), simulation.problem.pretrained[0])
      let rankFloor = try tail(SVD.values(W - W0), after: 2)
      let gaps = simulation.gaps()
      #expect(abs(gaps[1] - rankFloor) <= 1e-11)
      // At the start all that is asked for is within reach.
      if t == 0 { #expect(gaps.allSatisfy { $0 <= 1e-12 }) }
      #expect(gaps.allSatisfy { $0 >= 0 })
      simulation.advance()
    }
  }

  @Test(
    "parallel LoRAs are the sum, or the mean, of what each draw's own run changes",
    arguments: ["sum", "mean"])
  func parallel(merge: String) throws {
    for (rule, start) in [("sgd", "zero-b"), ("adamw", "both"), ("sgd", "zero-a")] {
      let line = "task=linreg n=8 m=6 r=2 alpha=2 samples=30 batch=8 held=0 lr=0.05 opt=\(rule)"
      var simulation = try Simulation(
        line: line + " variants=parallel-lora(count=3,merge=\(merge),init=\(start))")
      let scenario = try Scenario(parsing: line)
      let problem = simulation.problem
      let members = try (0..<3).map { k in
        let site = Site(
          W0: problem.pretrained[0], G0: problem.firstGradients()[0], rank: 2, alpha: 2, scaling: .overRank,
          generator: Generator(seed: 1, .adapters).branch(k), optimizer: scenario.optimizer, steps: 10)
        let attachment = try site.attachment(site.factors(try #require(LoRAStart(rawValue: start))))
        let chain = Chain([(attachment.adapter, attachment.parameters)])
        return Series(name: "\(k)", chain: chain, rule: scenario.optimizer.rule())
      }
      var alone = Simulation(problem: problem, full: scenario.optimizer.rule(), variants: members)
      for _ in 0..<10 {
        simulation.advance()
        alone.advance()
        let W0 = problem.pretrained[0]
        let changes = (1...3).map { alone.weight($0) - W0 }
        let sum = changes[0] + changes[1] + changes[2]
        let wanted = W0 + (merge == "sum" ? 1 : 1.0 / 3) * sum
        // 1e-14: the same three sums.
        #expect(deviation(simulation.weight(1), wanted) <= 1e-14 * max(1, W0.norm))
        #expect(deviation(changes[0], changes[1]) > 1e-4)
      }
    }
  }

  @Test(
    "a round ends where it is: W is continuous, the factors and moments are fresh, the rank grows",
    arguments: ["zero-b", "both", "zero-a"])
  func rounds(start: String) throws {
    let line = "n=10 m=9 r=2 alpha=2 lr=0.02 opt=adam variants=serial-lora(every=3,init=\(start))"
    var simulation = try Simulation(line: line)
    let wanted = simulation.problem.examples
    var (chain, rule) = (simulation.series[1].chain, Adam(learningRate: 0.02) as any Optimizer)
    var ranks: [Int] = []
    for t in 1...12 {
      let frozen = try #require(simulation.series[1].chain.adapters[0] as? Serial).current.frozen
      simulation.advance()
      // By hand: LoRA and Adam begun anew at the weight the round before left.
      _ = chain.differentiate(wanted, .squaredDistance)
      try chain.step(&rule)
      let serial = try #require(simulation.series[1].chain.adapters[0] as? Serial)
      let θ = simulation.series[1].chain.parameters[0]
      var W = Matrix(10, 9)
      chain.weight(layer: 0, into: &W)
      #expect(deviation(simulation.weight(1), W) <= 1e-13, "at \(t)")
      #expect((serial.current.frozen == frozen) == (t % 3 != 0))
      let W0 = simulation.problem.pretrained[0]
      let σ = try SVD.values(W - W0)
      ranks.append(σ.count { $0 > 1e-10 * σ[0] })
      #expect(try deviation(#require(simulation.spectra()[1]).values, σ) <= 1e-12 * max(1, W.norm))
      guard t % 3 == 0 else { continue }
      #expect(
        (θ[.B] == θ[.B].zeroed) == (start == "zero-b") && (θ[.A] == θ[.A].zeroed) == (start == "zero-a"))
      // The draws of a round are its own.
      #expect(start == "zero-a" || θ[.A] != chain.parameters[0][.A])
      let lowRank = LowRank(W0: W, A0: θ[.A], B0: θ[.B], scale: 1)
      (chain, rule) = (Chain([(lowRank, θ)]), Adam(learningRate: 0.02))
    }
    // I23: r a round, 2r with a compensated start.
    let bounds = (0..<12).map { min(9, ($0 / 3 + 1) * (start == "both" ? 4 : 2)) }
    #expect(zip(ranks, bounds).allSatisfy { $0 <= $1 })
    #expect(ranks[11] > (start == "both" ? 4 : 2), "\(ranks)")
  }

  @Test("the warm-up begins anew with every round")
  func warmUps() throws {
    let line = "n=8 m=6 r=2 alpha=2 lr=0.05 variants=serial-lora(every=4,warmup=2),serial-lora(every=4)"
    var simulation = try Simulation(line: line)
    for round in 0..<3 {
      for step in 1...4 {
        let before = simulation.weight(1)
        let θ = simulation.series[1].chain.parameters[0]
        var series = simulation.series[1]
        simulation.advance()
        // From B = 0, SGD's first step is linear in its length.
        guard step == 1 else { continue }
        let serial = try #require(series.chain.adapters[0] as? Serial)
        let G = before - simulation.problem.examples.Y
        let full = (-0.05) * (θ[.A] * (θ[.A].T * G))
        #expect(serial.current.scale == 1)
        // A third of the way: warm-up step 1 of 2.
        #expect(deviation(simulation.weight(1) - before, (1.0 / 3) * full) <= 1e-13, "round \(round)")
        series.advance(simulation.problem.examples, .squaredDistance, step: 4 * round)
        #expect(deviation(series.weight(layer: 0), simulation.weight(1)) <= 1e-15)
      }
    }
  }
}
