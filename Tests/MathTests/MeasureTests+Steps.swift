import Glibc
import Testing

import Math

/// Measures of one step.
extension MeasureTests {
  @Test(
    "the step's measures are their formulas",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "rslora"]))
  func steps(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try PlainState(simulation)
    let (G, U) = (plain.G, plain.update)
    // W_t − W_{t+1} over η = 0.02 rounds at 1e-16·‖W‖/η.
    let tolerance = 1e-12
    expectAgreement(try measured("gradient", simulation), G.norm, 1e-13, "‖G‖")
    expectAgreement(try measured("update", simulation), U.norm, tolerance, "‖U‖")
    expectAgreement(
      try measured("cosine", simulation), Matrix.dot(U, G) / (U.norm * G.norm), tolerance, "cosine")
    // The Gram matrices of the projectors square the factors' condition.
    let ρ = try plain.unreachable.norm / G.norm
    expectAgreement(try measured("tangent", simulation), ρ, 1e-9, "ρ")
    let optimality = ρ < 1e-8 ? Double.nan : (U - G).norm / (ρ * G.norm)
    expectAgreement(try measured("optimality", simulation), optimality, 1e-9, "optimality")
    let first = plain.s * (plain.gA * plain.B + plain.A * plain.gB)
    let second = (plain.η * plain.s) * (plain.gA * plain.gB)
    expectAgreement(
      try measured("second-order", simulation), second.norm / first.norm, tolerance, "second order")
    let signs = Matrix(G.rows, G.columns) { i, j in G[i, j] > 0 ? 1 : G[i, j] < 0 ? -1 : 0 }
    let signCosine = Matrix.dot(U, signs) / (U.norm * signs.norm)
    expectAgreement(try measured("sign-cosine", simulation), signCosine, tolerance, "with signs")
    #expect(try measured("adam-cosine", simulation).isNaN)
    let (byA, byB) = ((plain.gA * plain.B).norm, (plain.A * plain.gB).norm)
    // 1e-11: A_t − A_{t+1} rounds at 1e-16·‖A‖, some 1e-12 of the smallest changes here.
    expectAgreement(try measured("role-balance", simulation), byA / byB, 1e-11, "roles")
    for (id, factor, g) in [("change-a", plain.A, plain.gA), ("change-b", plain.B, plain.gB)] {
      let change = factor.norm == 0 ? Double.nan : plain.η * g.norm / factor.norm
      expectAgreement(try measured(id, simulation), change, tolerance, id)
    }
    let ζ = Matrix.dot(plain.equivalent, G) / G.squaredNorm
    expectAgreement(try measured("zeta", simulation), ζ, tolerance, "ζ")
  }

  @Test("LoRA-Pro steps as near to the gradient as can be, and no other variant nearer")
  func optimality() throws {
    for start in ["zero-b", "lora-ga"] {
      var simulation = try Simulation(
        line: "n=12 m=9 r=3 cov=0.5 lr=1e-6 variants=lora-pro(init=\(start),c=zero),lora,lora-ga,pissa")
      // Once B is not zero: from there H_A is of size 1/B, and η small beside that.
      if start == "lora-ga" { simulation.advance(steps: 2) }
      // 1e-4: the η² term, η = 1e-6 times factors of G's size.
      let pro = try measured("optimality", simulation)
      #expect(abs(pro - 1) <= 1e-4, "\(start): \(pro)")
      for i in 2..<5 { #expect(try measured("optimality", simulation, series: i) >= 1 - 1e-4) }
      // ⟨g̃, G⟩ = ‖G‖² − ‖(I − P_A)G(I − P_B)‖².
      let plain = try PlainState(simulation)
      let ρ: Double = try plain.unreachable.norm / plain.G.norm
      expectAgreement(try measured("zeta", simulation), 1 - ρ * ρ, 1e-9, "ζ")
      expectAgreement(
        try measured("update", simulation) * measured("cosine", simulation)
          / measured("gradient", simulation),
        1 - ρ * ρ, 1e-4, "⟨U,G⟩/‖G‖²")
    }
  }

  @Test(
    "what a first-order step misses is what the nearest multiple of it leaves",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "lora(init=orthogonal)", "lora-ga(scale=unit)"]))
  func missed(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try PlainState(simulation)
    let T = plain.A * plain.A.T * plain.G + plain.G * plain.B.T * plain.B
    let cosine = Matrix.dot(T, plain.G) / (T.norm * plain.G.norm)
    // 1e-7: 1 − cos² loses half the digits where the sine is small.
    expectAgreement(
      try measured("missed", simulation), max(0, 1 - cosine * cosine).squareRoot(), 1e-7, "\(state)")
    let least = try measured("missed-least", simulation)
    let σ = try SVD.values(plain.G)
    let r = try #require(simulation.scenario).r
    let squares = σ.map { $0 * $0 }
    let tail = squares.dropFirst(2 * r).reduce(0, +) / squares.reduce(0, +)
    expectAgreement(least, tail.squareRoot(), 1e-13, "\(state)")
    // AAᵀG + GBᵀB has rank 2r: Eckart and Young.
    #expect(try measured("missed", simulation) >= least - 1e-12)
    if state.steps == 0, state.line.hasSuffix("lora-ga(scale=unit)") {
      expectAgreement(try measured("missed", simulation), least, 1e-12, "\(state)")
    }
  }

  @Test("full fine-tuning steps along its gradient, of the next minibatch")
  func fullStep() throws {
    let simulation = try MeasuredState(line: "task=linreg n=9 m=7 r=2 samples=40 batch=8 lr=0.02", steps: 7)
      .simulation()
    // 1e-12: see above.
    expectAgreement(try measured("cosine", simulation, series: 0), 1, 1e-12, "cosine")
    expectAgreement(
      try measured("update", simulation, series: 0), try measured("gradient", simulation, series: 0), 1e-12,
      "‖U‖")
    #expect(try measured("tangent", simulation, series: 0).isNaN)
  }

  @Test(
    "alignment with full Adam is that with Adam by hand",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "dora"], rule: "opt=adam"))
  func fullAdam(state: MeasuredState) throws {
    var simulation = try MeasuredState(line: state.line, steps: 0).simulation()
    var W = simulation.problem.pretrained[0]
    var (m, v, direction) = (Matrix(W.rows, W.columns), Matrix(W.rows, W.columns), W)
    for t in 1...state.steps + 1 {
      if t > 1 { simulation.advance() }
      var copy = simulation
      let examples = copy.nextExamples()
      let X = try #require(examples.X)
      let b: Double = simulation.problem.objective == .meanSquaredError ? Double(examples.count) : 1
      let G = (1 / b) * (X.T * (X * W - examples.Y))
      m = 0.9 * m + 0.1 * G
      v = 0.999 * v + 0.001 * Matrix(G.rows, G.columns) { G[$0, $1] * G[$0, $1] }
      direction = Matrix(G.rows, G.columns) { i, j in
        m[i, j] / (1 - pow(0.9, Double(t))) / ((v[i, j] / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
      }
      W = W - 0.02 * direction
    }
    var next = simulation
    next.advance()
    let U = 50 * (simulation.weight(1) - next.weight(1))
    let cosine = Matrix.dot(U, direction) / (U.norm * direction.norm)
    // 1e-10: Adam divides by gradients, which are known to 1e-16 of W and may be 1e-5.
    expectAgreement(try measured("adam-cosine", simulation), cosine, 1e-10, "with Adam")
    expectAgreement(try measured("adam-cosine", simulation, series: 0), 1, 1e-15, "full's own")
  }

  @Test("a step across a restart is no step of the factors")
  func restart() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 lr=0.02 variants=serial-lora(every=3)")
    for t in 0..<9 {
      let isLastOfRound = (t + 1).isMultiple(of: 3)
      for id in ["second-order", "role-balance", "change-a"] {
        #expect(try measured(id, simulation).isNaN == isLastOfRound, "\(id) at \(t)")
      }
      #expect(try measured("update", simulation).isFinite)
      // Balance counts from the round's own start.
      if t.isMultiple(of: 3) { #expect(try measured("balance", simulation) == 0, "at \(t)") }
      simulation.advance()
    }
  }

  @Test("the effective rate is what the normal form says: equal rates, equal runs")
  func effectiveRate() throws {
    // claims.md row 59, B0 = 0: s√(η_A·η_B) and σ_A√s(η_B/η_A)^¼ are all that SGD knows. A third has both by
    // s·4, η/4 and A0/2.
    func run(s: Double, η: Double, ratio: Double, size: Double) throws -> Simulation {
      let W0 = Matrix.random(7, 5, seed: 3)
      let (A, B) = (size * Matrix.random(7, 2, seed: 4), Matrix(2, 5))
      let chain = Chain([(LowRank(W0: W0, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))])
      let problem = Problem(
        pretrained: [W0], examples: Examples(X: nil, Y: .random(7, 5, seed: 5)), objective: .squaredDistance)
      var simulation = Simulation(
        problem: problem, full: SGD(learningRate: η),
        variants: [Series(name: "lora", chain: chain, rule: SGD(learningRate: η, ratioB: ratio))])
      simulation.advance(steps: 10)
      return simulation
    }
    let runs = [
      try run(s: 1, η: 0.02, ratio: 1, size: 0.5), try run(s: 1, η: 0.005, ratio: 16, size: 0.25),
      try run(s: 4, η: 0.005, ratio: 1, size: 0.25),
    ]
    for other in runs {
      expectAgreement(try measured("effective-rate", other), 0.02, 1e-15, "η̄")
      // 1e-9: claims.md section 3.
      #expect(deviation(other.weight(1), runs[0].weight(1)) <= 1e-9)
    }
    let adam = try Simulation(line: "n=7 m=5 r=2 alpha=8 opt=adam lr=0.01 variants=lora-plus(ratio=9)")
    expectAgreement(try measured("effective-rate", adam), (4 * 0.01 * 0.09).squareRoot(), 1e-15, "Adam's")
    let pro = try Simulation(line: "n=7 m=5 r=2 variants=lora-pro")
    #expect(try measured("effective-rate", pro).isNaN)
  }
}
