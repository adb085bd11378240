import Glibc
import Testing

import Math

/// Measures of spectra and of the subspaces they belong to.
extension MeasureTests {
  @Test(
    "angles and overlaps are those of the projectors",
    arguments: MeasuredState.all(["lora", "lora(init=orthogonal)", "lora-ga(scale=gd)"]))
  func angles(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try PlainState(simulation)
    let r = plain.A.columns
    for (role, factor, M) in [("a", plain.A, plain.G), ("b", plain.B.transposed, plain.G.transposed)] {
      let gram = factor.T * factor
      let P = factor * (try pseudoInverse(gram)) * factor.T
      let Q = try PlainState.leading(M, r)
      // trace(PQ)/r.
      let overlap = factor.squaredNorm == 0 && role == "a" ? .nan : Matrix.dot(P, Q) / Double(r)
      expectAgreement(try measured("overlap-\(role)", simulation), overlap, 1e-8, "overlap-\(role)")
      let count = factor.squaredNorm == 0 ? 0 : r
      let cosines = try SVD.values(P * Q).prefix(count)
      // Cosines, of which the projectors' are known to their condition; small angles have a test of their own.
      for (id, wanted) in [("angle-\(role)-min", cosines.first), ("angle-\(role)-max", cosines.last)] {
        expectAgreement(cos(try measured(id, simulation) * .pi / 180), wanted ?? .nan, 1e-9, id)
      }
    }
    let G0 = simulation.problem.firstGradients()[0]
    let drift = Matrix.dot(try PlainState.leading(G0, r), try PlainState.leading(plain.G, r)) / Double(r)
    for i in 0...1 where i == 1 || state.steps == 0 {
      expectAgreement(try measured("drift", simulation, series: i), drift, 1e-8, "drift")
    }
  }

  @Test("principal angles are right where cosines alone are not")
  func smallAngles() throws {
    for θ in [1e-12, 1e-9, 1e-4, 0.5, Double.pi / 2] {
      let P = Matrix(5, 2) { i, j in i == j ? 1 : 0 }
      let Q = Matrix(rows: [[cos(θ), 0], [0, 0.5], [sin(θ), 0], [0, 0.75.squareRoot()], [0, 0]])
      let wanted = [θ, Double.pi / 3].sorted()
      // 1e-15: a few units in the last place of numbers up to 1.
      #expect(try deviation(Matrix.principalAngles(P, Q), wanted) <= 1e-15, "θ = \(θ)")
      #expect(try deviation(Matrix.principalAngles(P.columns(0..<1), Q), [θ]) <= 1e-15)
      #expect(try deviation(Matrix.principalAngles(Q, P.columns(0..<1)), [θ]) <= 1e-15)
    }
    #expect(try Matrix.principalAngles(Matrix(5, 0), Matrix(5, 1)) == [])
  }

  @Test("a basis has the column space's dimension")
  func bases() throws {
    let A = Matrix.random(7, 3, seed: 5)
    let deficient = A.beside(A)
    #expect(try deficient.columnBasis().columns == 3)
    #expect(try Matrix(4, 2).columnBasis().columns == 0)
    let Q = try deficient.columnBasis()
    // 1e-12: rounding, times the condition of a 7×3 Gaussian.
    #expect(deviation(Q * (Q.T * A), A) <= 1e-12)
  }

  @Test(
    "ranks and floors are those of the dense update",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "dora", "galore", "additive"], steps: [1, 4]))
  func spectra(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let (W0, full) = (simulation.problem.pretrained[0], simulation.weight(0))
    let r = try #require(simulation.scenario).r
    for i in 0...1 {
      let W = simulation.weight(i)
      let σ = try SVD.values(W - W0)
      let sum = σ.reduce(0, +)
      let entropy = σ.reduce(0.0) { $1 == 0 ? $0 : $0 - $1 / sum * log($1 / sum) }
      // 1e-9: the update is 1e-2 of W, and values that are rounding enter by −p·ln p.
      expectAgreement(
        try measured("effective-rank", simulation, series: i), exp(entropy), 1e-9, "effective rank")
      expectAgreement(
        try measured("stable-rank", simulation, series: i), (W - W0).squaredNorm / (σ[0] * σ[0]), 1e-9,
        "stable")
      expectAgreement(
        try measured("rank-floor", simulation, series: i), tail(try SVD.values(full - W0), after: r), 1e-12,
        "floor")
    }
    let gap = (simulation.weight(1) - full).norm
    if let reach = simulation.series[1].reach(layer: 0) {
      let floor = try tail(SVD.values(full - reach.frozen), after: reach.rank)
      expectAgreement(try measured("reach-floor", simulation), floor, 1e-12, "reach")
      expectAgreement(
        try measured("gap-over-floor", simulation), floor < 1e-9 ? .nan : gap / floor, 1e-9, "gap over floor")
      var copy = simulation
      expectAgreement(
        try measured("reach-floor", simulation), copy.spectra()[1]?.floor ?? .nan, 1e-15, "spectra's")
    } else {
      #expect(
        try measured("reach-floor", simulation).isNaN && measured("gap-over-floor", simulation).isNaN)
    }
  }

  @Test("gradient descent of the weight itself learns all modes equally, as 1 − (1 − η)^t")
  func modes() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 alpha=2 lr=0.1 k=3 variants=lora")
    simulation.advance(steps: 5)
    for k in 1...3 {
      expectAgreement(try measured("mode-\(k)", simulation, series: 0), 1 - pow(0.9, 5), 1e-12, "mode \(k)")
    }
    // There are three modes to be learned, and LoRA of rank 2 has two.
    #expect(try measured("mode-4", simulation, series: 0).isNaN)
    // 1e-15: what rounding leaves of it.
    #expect(try measured("mode-3", simulation) <= 1e-15)
    let σ = try SVD.values(simulation.weight(1) - simulation.problem.pretrained[0])
    let λ = try SVD.values(simulation.problem.examples.Y - simulation.problem.pretrained[0])
    for k in 1...2 {
      expectAgreement(try measured("mode-\(k)", simulation), σ[k - 1] / λ[k - 1], 1e-12, "mode \(k)")
    }
  }

  @Test(
    "full gradient descent comes to all of every mode of every layer's W*",
    arguments: ["task=matrix cov=0.5 n=7 m=5", "task=linreg n=7 m=5 samples=30 cov=0 noise=0 batch=all"])
  func allModes(task: String) throws {
    var simulation = try Simulation(line: task + " r=2 lr=0.2 variants=full")
    simulation.advance(steps: 4000)
    // 1e-10: (1 − 0.2·0.05)^4000, the smallest curvature being above 0.05, is below rounding.
    for k in 1...4 {
      expectAgreement(try measured("mode-\(k)", simulation, series: 0), 1, 1e-10, "mode \(k)")
    }
  }

  @Test("modes are of each layer of a network, and none are told of data from elsewhere")
  func modesOfLayers() throws {
    var network = try Simulation(line: "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 lr=0.05 variants=lora")
    network.advance(steps: 20)
    let shares = try (0...1).map { try measured("mode-1", network, layer: $0) }
    #expect(shares.allSatisfy { $0 > 0 && $0 < 1 } && shares[0] != shares[1])
    #expect(try measured("mode-1", Simulation(line: "task=digits r=3 variants=lora")).isNaN)
  }

  @Test(
    "what is retained of W0 is its inner product with the orthogonal factor of W0",
    arguments: MeasuredState.all(["lora", "pissa", "galore"]).map { $0.line }
      + ["task=digits r=3 lr=0.5 variants=lora(init=both)"])
  func retained(line: String) throws {
    var simulation = try Simulation(line: line)
    let W0 = simulation.problem.pretrained[0]
    // W0(W0ᵀW0)^−½; the digits' W0 has equal columns, and so a Gram matrix of lower rank.
    let eigen = try SymmetricEigen(W0.T * W0)
    let largest = eigen.λ[eigen.λ.count - 1]
    let σ = eigen.λ.map { $0 > 1e-12 * largest ? $0.squareRoot() : 0 }
    let orthogonal = W0 * eigen.Q * Matrix.diagonal(σ.map { $0 > 0 ? 1 / $0 : 0 }) * eigen.Q.T
    for _ in 0..<2 {
      for i in 0...1 {
        let share = Matrix.dot(orthogonal, simulation.weight(i)) / σ.reduce(0, +)
        // 1e-9: the Gram matrix squares W0's condition.
        expectAgreement(try measured("retained", simulation, series: i), share, 1e-9, "series \(i)")
        if simulation.step == 0 {
          expectAgreement(try measured("retained", simulation, series: i), 1, 1e-13, "at W0")
        }
      }
      simulation.advance(steps: 4)
    }
  }

  @Test(
    "intruders are leading directions of W that lie with none of W0's",
    arguments: ["n=12 m=12", "n=11 m=9", "n=6 m=8"])
  func intruders(size: String) throws {
    var simulation = try Simulation(
      line: "\(size) r=2 alpha=2 k=3 norm=6 lr=0.1 w0=power:0.6 top=4 variants=lora,lora-ga")
    var seen: Set<Double> = []
    while simulation.step <= 60 {
      let W0 = simulation.problem.pretrained[0]
      // Eigenvectors of WWᵀ, largest last.
      let known = try SymmetricEigen(W0 * W0.T)
      let rank = min(W0.rows, W0.columns)
      for i in 0...2 {
        let W = simulation.weight(i)
        let leading = try SymmetricEigen(W * W.T)
        var count = 0.0
        for u in (max(0, W.rows - min(10, rank))..<W.rows) {
          let isNew = (W.rows - rank..<W.rows).allSatisfy { j in
            let product = (0..<W.rows).reduce(0) { $0 + leading.Q[$1, u] * known.Q[$1, j] }
            return abs(product) < 0.6
          }
          if isNew { count += 1 }
        }
        #expect(try measured("intruders", simulation, series: i) == count)
        if simulation.step == 0 { #expect(count == 0) }
        seen.insert(count)
      }
      simulation.advance(steps: 20)
    }
    #expect(seen.count > 1, "some appear")
  }

  @Test("what rounding leaves of a compensated start has no rank")
  func noRankAtTheStart() throws {
    let simulation = try Simulation(line: "n=9 m=7 r=2 variants=lora-ga,pissa,lora(init=both),lora")
    for i in 0...4 {
      #expect(try measured("effective-rank", simulation, series: i).isNaN)
      #expect(try measured("stable-rank", simulation, series: i).isNaN)
    }
  }
}
