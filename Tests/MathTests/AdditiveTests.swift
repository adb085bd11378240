import Testing

import Math

/// I10: W = Wfz + s(AR + CB).
@Suite("Additive")
struct AdditiveTests {
  static let shapes = [(n: 6, m: 4, r: 2), (4, 6, 2), (5, 3, 1), (3, 3, 3)]

  /// The map (A, B) → s(AR + CB) as an nm×r(n+m) matrix.
  private func map(_ n: Int, _ m: Int, _ r: Int, s: Double) -> Matrix {
    let adapter = Additive(W0: Matrix(n, m), A0: Matrix(n, r), B0: Matrix(r, m), scale: s)
    let count = r * (n + m)
    var columns: [Double] = []
    for k in 0..<count {
      var θ = Parameters([.A: Matrix(n, r), .B: Matrix(r, m)])
      if k < n * r { θ[.A].storage[k] = 1 } else { θ[.B].storage[k - n * r] = 1 }
      columns += adapter.weight(θ).storage
    }
    return Matrix(n * m, count, storage: columns)
  }

  /// R = [I_r … I_r] and C = [I_r; …; I_r].
  private func repeated(_ n: Int, _ m: Int, _ r: Int) -> (R: Matrix, C: Matrix) {
    (Matrix(r, m) { $1 % r == $0 ? 1 : 0 }, Matrix(n, r) { $0 % r == $1 ? 1 : 0 })
  }

  @Test("the weight is the formula's, RRᵀ = (m/r)I, and A = CK, B = −KR changes nothing", arguments: shapes)
  func weight(n: Int, m: Int, r: Int) {
    let (R, C) = repeated(n, m, r)
    #expect(R * R.T == (Double(m) / Double(r)) * .identity(r))
    let W0 = Matrix.random(n, m, seed: 850)
    let (A, B) = (Matrix.random(n, r, seed: 851), Matrix.random(r, m, seed: 852))
    let adapter = Additive(W0: W0, A0: Matrix(n, r), B0: Matrix(r, m), scale: 0.7)
    let W = adapter.weight(Parameters([.A: A, .B: B]))
    // 1e-14: two products of one addend each.
    #expect(deviation(W, W0 + 0.7 * (A * R + C * B)) <= 1e-14)
    let K = Matrix.random(r, r, seed: 853)
    let moved = Parameters([.A: A + C * K, .B: B - K * R])
    #expect(deviation(adapter.weight(moved), W) <= 1e-14)
  }

  @Test("it reaches r(n + m − r) dimensions, and its curvature is s²(n + m)/r at most", arguments: shapes)
  func dimension(n: Int, m: Int, r: Int) throws {
    let s = 0.7
    let σ = try SVD.values(map(n, m, r, s: s))
    #expect(σ.filter { $0 > 1e-10 * σ[0] }.count == r * (n + m - r))
    let wanted: Double = s * s * Double(n + m) / Double(r)
    // 1e-12 as I10 states. L = ½‖W − W*‖² has the Hessian JᵀJ.
    #expect(abs(σ[0] * σ[0] - wanted) <= 1e-12 * wanted)
  }

  @Test("one SGD step is exactly −ηs²(G·RᵀR + CCᵀG), also from both factors zero", arguments: shapes)
  func step(n: Int, m: Int, r: Int) throws {
    let (R, C) = repeated(n, m, r)
    let (W0, G) = (Matrix.random(n, m, seed: 854), Matrix.random(n, m, seed: 855))
    let (s, η) = (0.7, 0.1)
    for scale in [0.0, 1] {
      let (A, B) = (scale * .random(n, r, seed: 856), scale * .random(r, m, seed: 857))
      let adapter = Additive(W0: W0, A0: A, B0: B, scale: s)
      var chain = Chain([(adapter, Parameters([.A: A, .B: B]))])
      var rule: any Optimizer = SGD(learningRate: η)
      _ = chain.differentiate(Examples(X: nil, Y: W0 - G), .squaredDistance)
      try chain.step(&rule)
      let wanted = (-η * s * s) * (G * R.T * R + C * (C.T * G))
      #expect(deviation(adapter.weight(chain.parameters[0]) - W0, wanted) <= 1e-12 * max(1, wanted.norm))
    }
  }

  @Test("scale=safe is √(r/(n+m)), at which full fine-tuning's largest rate still is stable")
  func safeScale() throws {
    // Both have curvature 1 at most: η = 1.9 is stable, 2.1 is not.
    for (η, isStable) in [(1.9, true), (2.1, false)] {
      var simulation = try Simulation(line: "n=6 m=4 r=2 lr=\(η) variants=additive")
      let before = simulation.losses()
      simulation.advance(steps: 200)
      #expect(simulation.losses().enumerated().map { $1 < before[$0] } == [isStable, isStable])
    }
    let simulation = try Simulation(line: "n=6 m=4 r=2 alpha=3 variants=additive,additive(scale=alpha)")
    let scales = simulation.series.dropFirst().map { ($0.chain.adapters[0] as? Additive)?.scale }
    #expect(scales == [(2.0 / 10).squareRoot(), 1.5])
  }

  @Test("of a random rank-one target it captures (n + m − 1)/(nm) with r = 1")
  func capture() throws {
    let (n, m, N) = (5, 4, 4000)
    let svd = try SVD(map(n, m, 1, s: 1))
    let rank = svd.σ.filter { $0 > 1e-10 * svd.σ[0] }.count
    let basis = svd.U.columns(0..<rank)
    var generator = Generator(seed: 1, stream: 80)
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<N {
      let M = generator.normalMatrix(n, 1) * generator.normalMatrix(1, m)
      let vector = Matrix(n * m, 1, storage: M.storage)
      let share = (basis.T * vector).squaredNorm / M.squaredNorm
      sum += share
      squares += share * share
    }
    let mean = sum / Double(N)
    let error = ((squares / Double(N) - mean * mean) / Double(N)).squareRoot()
    // Five standard errors.
    #expect(abs(mean - Double(n + m - 1) / Double(n * m)) <= 5 * error, "\(mean) ± \(error)")
  }
}
