import Testing

import Math

/// Measures of the factors.
extension MeasureTests {
  @Test(
    "norms, conditions and balance are those of the Gram matrices",
    arguments: MeasuredState.all(["lora(init=both)"]))
  func factors(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try PlainState(simulation)
    let (A, B) = (plain.A, plain.B)
    let start = try PlainState(try MeasuredState(line: state.line, steps: 0).simulation())
    expectAgreement(try measured("norm-a", simulation), A.norm, 1e-15, "‖A‖")
    expectAgreement(try measured("norm-b", simulation), B.norm, 1e-15, "‖B‖")
    for (id, gram) in [("condition-a", A.T * A), ("condition-b", B * B.T)] {
      let λ = try SymmetricEigen(gram).λ
      let κ = λ[λ.count - 1] / λ[0]
      // The Gram matrix's least eigenvalue is known to 1e-16·κ of itself.
      expectAgreement(try measured(id, simulation), κ, 1e-14 * max(100, κ), id)
    }
    let Q0 = start.A.T * start.A - start.B * start.B.T
    let balance = (A.T * A - B * B.T - Q0).norm
    expectAgreement(try measured("balance", simulation), balance, 1e-13, "balance")
    let size = (start.A.T * start.A).norm + (start.B * start.B.T).norm
    expectAgreement(try measured("balance-share", simulation), balance / size, 1e-13, "share")
  }

  @Test(
    "the gauge shift is that of the dense product's SVD",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "pissa"]))
  func gaugeShift(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let θ = simulation.series[1].chain.parameters[0]
    let (A, B) = (θ[.A], θ[.B])
    let svd = try SVD(A * B)
    let k = min(A.columns, svd.σ.count)
    let root = Matrix.diagonal(svd.σ.prefix(k).map { $0.squareRoot() })
    let (balancedA, balancedB) = (svd.U.columns(0..<k) * root, root * svd.Vt.rows(0..<k))
    // The largest ⟨R, M⟩ of an orthogonal R is the sum of M's singular values.
    let match = try SVD.values(balancedA.T * A + balancedB * B.T).reduce(0, +)
    let size: Double = A.squaredNorm + B.squaredNorm
    let squared: Double = size + 2 * svd.σ.prefix(k).reduce(0, +) - 2 * match
    // 1e-7: the difference is known to 1e-15 of the size, and its root to that over itself.
    expectAgreement(
      try measured("gauge-shift", simulation), (max(0, squared) / size).squareRoot(), 1e-7, "gauge")
  }

  @Test("the gauge shift sees the factors' sizes and not their rotation", arguments: [1, 2, 0.25])
  func gaugeOfScaledFactors(c: Double) throws {
    let σ = [3.0, 3, 0.5]
    let U = try Matrix.random(7, 3, seed: 1).columnBasis()
    let V = try Matrix.random(6, 3, seed: 2).columnBasis()
    let Q = try Matrix.random(3, 3, seed: 3).columnBasis()
    let root = Matrix.diagonal(σ.map { $0.squareRoot() })
    let (A, B) = (c * (U * root * Q), (1 / c) * (Q.T * root * V.T))
    let W0 = Matrix.random(7, 6, seed: 4)
    let chain = Chain([(LowRank(W0: W0, A0: A, B0: B, scale: 2), Parameters([.A: A, .B: B]))])
    let problem = Problem(
      pretrained: [W0], examples: Examples(X: nil, Y: .random(7, 6, seed: 5)), objective: .squaredDistance)
    let simulation = Simulation(
      problem: problem, full: SGD(learningRate: 0.1),
      variants: [Series(name: "lora", chain: chain, rule: SGD(learningRate: 0.1))])
    // (c − 1)²Σσ and (1/c − 1)²Σσ, of (c² + 1/c²)Σσ.
    let squared: Double = ((c - 1) * (c - 1) + (1 / c - 1) * (1 / c - 1)) / (c * c + 1 / (c * c))
    // 1e-14: some roundings of numbers up to 3.
    expectAgreement(try measured("gauge-shift", simulation), squared.squareRoot(), 1e-14, "c = \(c)")
  }

  @Test("I22: one SGD step moves the balance by η²(g_Aᵀg_A − g_B·g_Bᵀ)")
  func balanceOfAStep() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=3 lr=0.05 variants=lora(init=both)")
    let θ = simulation.series[1].chain.parameters[0]
    let (W, T) = (simulation.weight(1), simulation.problem.examples.Y)
    let s = simulation.scale(1)
    let (gA, gB) = (s * ((W - T) * θ[.B].T), s * (θ[.A].T * (W - T)))
    simulation.advance()
    // 1e-10 of the Grams, as variants.md has it.
    expectAgreement(
      try measured("balance", simulation), 0.05 * 0.05 * (gA.T * gA - gB * gB.T).norm, 1e-10, "balance")
  }

  @Test("a zero factor has no condition and no angles, and is no error")
  func zeroFactor() throws {
    let simulation = try Simulation(line: "n=9 m=7 r=3 variants=lora")
    for id in ["condition-b", "angle-b-max", "angle-b-min"] {
      #expect(try measured(id, simulation).isNaN, "\(id)")
    }
    #expect(try measured("norm-b", simulation) == 0 && measured("overlap-b", simulation) == 0)
    // With P_B = 0 the factors reach P_A·G.
    let θ = simulation.series[1].chain.parameters[0]
    let G = simulation.weight(1) - simulation.problem.examples.Y
    let left = G - θ[.A] * (try pseudoInverse(θ[.A].T * θ[.A])) * θ[.A].T * G
    expectAgreement(try measured("tangent", simulation), left.norm / G.norm, 1e-12, "ρ")
  }
}
