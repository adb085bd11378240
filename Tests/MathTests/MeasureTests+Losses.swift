import Testing

import Math

/// Measures of the losses and their curvature.
extension MeasureTests {
  @Test(
    "sharpness is the largest eigenvalue of the dense Hessian",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "lora(init=zero)"], steps: [0, 5]))
  func sharpness(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try PlainState(simulation)
    let λ = try SymmetricEigen(plain.hessian(allData: simulation.problem.examples)).λ
    // 1e-6: where the iteration stops.
    expectAgreement(try measured("sharpness", simulation), λ[λ.count - 1], 1e-6, "LoRA's")
    let moments = try SymmetricEigen(plain.share * (plain.X.T * plain.X)).λ
    expectAgreement(
      try measured("sharpness", simulation, series: 0), moments[moments.count - 1], 1e-6, "full's")
    let edge = try measured("sharpness", simulation) * plain.η / 2
    expectAgreement(try measured("edge", simulation), edge, 1e-12, "edge")
  }

  @Test(
    "sharpness is that of the loss, in the numbers of all layers",
    arguments: [
      "n=4 m=3 r=1 alpha=2 variants=dora", "n=4 m=3 r=1 alpha=2 variants=dora(detach=no)",
      "n=4 m=3 r=2 alpha=2 variants=adalora", "n=4 m=3 r=1 variants=additive",
      "task=linreg n=4 m=3 r=1 samples=20 batch=5 alpha=2 gradient=dense variants=lora",
      "task=linreg n=4 m=3 r=1 samples=20 batch=5 alpha=2 gradient=dense variants=dora",
      "task=twolayer n=3 hidden=4 m=2 r=1 samples=20 held=0 alpha=2 variants=lora(init=both)",
      "task=twolayer n=3 hidden=4 m=2 r=1 samples=20 held=0 alpha=2 loss=ce variants=dora+full",
    ])
  func numericalHessian(line: String) throws {
    var simulation = try Simulation(line: line + " opt=sgd lr=0.05")
    simulation.advance(steps: 3)
    let chain = simulation.series[1].chain
    let layers = zip(chain.adapters, chain.parameters).map { ($0, $1) }
    let entries = layers.indices.flatMap { l in
      layers[l].1.matrices.indices.flatMap { i in
        layers[l].1.matrices[i].storage.indices.map { (l, i, $0) }
      }
    }
    let h = 1e-3
    func loss(_ moves: [(Int, Double)]) -> Double {
      var moved = layers
      for (k, step) in moves {
        let (l, i, e) = entries[k]
        moved[l].1.matrices[i].storage[e] += step
      }
      var probe = Chain(moved, activation: chain.activation)
      return probe.evaluate(simulation.problem.examples, simulation.problem.objective)
    }
    let H = Matrix(entries.count, entries.count) { i, j in
      let sides: Double =
        loss([(i, h), (j, h)]) - loss([(i, h), (j, -h)]) - loss([(i, -h), (j, h)]) + loss([(i, -h), (j, -h)])
      return sides / (4 * h * h)
    }
    let λ = try SymmetricEigen(H).λ
    // 1e-4: second differences with h = 1e-3 are off by h² times fourth derivatives of tens.
    expectAgreement(try measured("sharpness", simulation), λ[λ.count - 1], 1e-4, line)
  }

  @Test("past the edge gradient descent climbs, before it it does not")
  func edge() throws {
    let line = "n=8 m=6 r=2 cov=0.5 opt=sgd"
    let λ = try measured("sharpness", Simulation(line: line), series: 0)
    for (share, falls) in [(0.97, true), (1.03, false)] {
      var simulation = try Simulation(line: "\(line) lr=\(2 * share / λ)")
      expectAgreement(try measured("edge", simulation, series: 0), share, 1e-6, "edge")
      let before = simulation.losses()[0]
      simulation.advance(steps: 300)
      #expect((simulation.losses()[0] < before) == falls, "\(share) of the edge")
    }
  }

  @Test("the edge is told only of plain gradient descent on the loss itself")
  func edgeOfOthers() throws {
    for variant in ["lora-plus", "lora-pro", "dora", "galore", "random-projection", "adalora", "oracle"] {
      #expect(
        try measured("edge", Simulation(line: "n=6 m=5 r=2 opt=sgd variants=\(variant)")).isNaN, "\(variant)")
    }
    for rule in ["momentum", "adam", "signsgd"] {
      #expect(
        try measured("edge", Simulation(line: "n=6 m=5 r=2 opt=\(rule) variants=lora")).isNaN, "\(rule)")
    }
    let mixed = try Simulation(line: "task=twolayer n=4 hidden=4 m=3 r=1 opt=sgd variants=lora+frozen")
    #expect(try measured("edge", mixed).isFinite)
    let decayed = try Simulation(line: "n=6 m=5 r=2 opt=sgd wd=0.5 lr=0.1 variants=lora")
    let λ = try measured("sharpness", decayed)
    expectAgreement(try measured("edge", decayed), (λ + 0.5) * 0.05, 1e-12, "with decay")
  }

  @Test("the test loss is the loss of held-out examples, and none where there are none")
  func testLoss() throws {
    let simulation = try MeasuredState(
      line: "task=linreg n=7 m=5 r=2 samples=30 batch=10 held=12 lr=0.05", steps: 4
    )
    .simulation()
    let heldOut = try #require(simulation.problem.heldOut)
    let error = try #require(heldOut.X) * simulation.weight(1) - heldOut.Y
    expectAgreement(try measured("test-loss", simulation), error.squaredNorm / 24, 1e-13, "test loss")
    #expect(try measured("test-loss", Simulation(line: "n=5 m=4 r=2")).isNaN)
  }

  @Test(
    "the excess is the loss less that of the normal equations",
    arguments: [
      "task=matrix cov=0.5 n=7 m=5", "task=matrix n=7 m=5", "task=linreg n=7 m=5 samples=30 batch=10",
      "task=linreg n=9 m=5 samples=6 batch=3",
    ], ["lora", "dora", "oracle"])
  func excess(task: String, variant: String) throws {
    var simulation = try Simulation(line: "\(task) r=2 lr=0.05 variants=\(variant)")
    simulation.advance(steps: 4)
    let examples = simulation.problem.examples
    let X = examples.X ?? .identity(7)
    let b: Double = simulation.problem.objective == .meanSquaredError ? Double(X.rows) : 1
    let best = X * (try pseudoInverse(X.T * X)) * (X.T * examples.Y)
    let least = (examples.Y - best).squaredNorm / (2 * b)
    let losses = simulation.losses()
    for i in 0...1 {
      // 1e-10: the normal equations square the condition of X, which is below 1e2.
      expectAgreement(try measured("excess", simulation, series: i), losses[i] - least, 1e-10, "series \(i)")
    }
  }

  @Test("the excess over held-out examples is their loss, had they no noise")
  func heldOutExcess() throws {
    let line = "task=linreg n=7 m=5 r=2 samples=30 held=40 lr=0.05 variants=lora(init=both)"
    let (noisy, clean) = (
      try MeasuredState(line: line + " noise=1", steps: 0).simulation(),
      try MeasuredState(line: line + " noise=0", steps: 4).simulation()
    )
    for i in 0...1 {
      expectAgreement(
        try measured("test-excess", clean, series: i), try measured("test-loss", clean, series: i), 1e-13,
        "series \(i)")
      // At the start no noise has been fitted, so both are that of W0.
      let start = try MeasuredState(line: line + " noise=0", steps: 0).simulation()
      expectAgreement(
        try measured("test-excess", noisy, series: i), try measured("test-loss", start, series: i), 1e-13,
        "series \(i)")
      #expect(
        try measured("test-loss", noisy, series: i) > measured("test-excess", noisy, series: i) + 1)
    }
    #expect(try measured("test-excess", Simulation(line: "n=5 m=4 r=2")).isNaN)
    #expect(try measured("test-excess", Simulation(line: "task=digits held=20 r=3")).isNaN)
  }

  @Test("full fine-tuning takes the excess to zero, with noise and with too few examples")
  func noExcess() throws {
    for samples in [30, 5] {
      var simulation = try Simulation(
        line: "task=linreg n=7 m=5 r=2 samples=\(samples) cov=0 batch=\(samples) lr=0.2 noise=1")
      let start = try measured("excess", simulation, series: 0)
      simulation.advance(steps: 2000)
      let end = try measured("excess", simulation, series: 0)
      // 1e-20: the square of what W is known to, a hundred times over.
      #expect(start > 0.1 && end < 1e-20, "\(samples) examples: \(start), then \(end)")
    }
  }

  @Test(
    "forgetting is the quadratic form of the inputs' second moment",
    arguments: MeasuredState.all(["lora(init=both)", "dora", "galore"]).map { $0.line }
      + [
        "n=7 m=5 r=2 lr=0.1 variants=lora", "task=digits r=3 lr=0.1 variants=lora",
        "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 variants=lora",
      ])
  func forgetting(line: String) throws {
    var simulation = try Simulation(line: line)
    simulation.advance(steps: 3)
    let (problem, W0) = (simulation.problem, simulation.problem.pretrained[0])
    let X = problem.examples.X ?? .identity(W0.rows)
    let S = (problem.objective == .squaredDistance ? 1 : 1 / Double(X.rows)) * (X.T * X)
    for i in 0...1 {
      let Δ = simulation.weight(i) - W0
      let form = Δ.T * S * Δ
      let trace = (0..<form.rows).reduce(0) { $0 + form[$1, $1] }
      expectAgreement(try measured("forgetting", simulation, series: i), trace / 2, 1e-13, "series \(i)")
    }
  }
}
