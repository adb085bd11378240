import Testing

import Math

@Suite("Muon")
struct MuonTests {
  @Test("Muon's step has all singular values η, and is the steepest of those in the mean of the gradients")
  func muon() throws {
    let (η, μ) = (0.1, 0.7)
    for (rows, columns) in [(6, 4), (4, 6), (5, 5), (5, 1)] {
      var rule = Muon(learningRate: η, momentum: μ)
      var θ = [Parameters([.A: Matrix(rows, columns)])]
      var mean = Matrix(rows, columns)
      for seed in 260..<263 as Range<UInt64> {
        let G = Matrix.random(rows, columns, seed: seed)
        mean = μ * mean + (1 - μ) * G
        let before = θ[0][.A]
        var g = [Parameters([.A: G])]
        try rule.step(&θ, &g)
        let step = before - θ[0][.A]
        #expect(deviation(try SVD.values(step), Array(repeating: η, count: min(rows, columns))) <= 1e-13)
        // ⟨Δ, M⟩ ≤ ‖Δ‖₂·Σσ(M), the duality of spectral and nuclear norm, with equality for UVᵀ alone.
        let most = η * (try SVD.values(mean).reduce(0, +))
        #expect(abs(Matrix.dot(step, mean) - most) <= 1e-13 * most)
      }
    }
  }

  @Test("a gradient of zero or of low rank moves Muon in its own directions alone")
  func muonOfLowRank() throws {
    var rule = Muon(learningRate: 0.1)
    var θ = [Parameters([.A: Matrix(6, 4), .B: Matrix(2, 3)])]
    let G = Matrix.random(6, 2, seed: 270) * Matrix.random(2, 4, seed: 271)
    var g = [Parameters([.A: G, .B: Matrix(2, 3)])]
    try rule.step(&θ, &g)
    #expect(θ[0][.B] == Matrix(2, 3))
    #expect(deviation(try SVD.values(θ[0][.A]), [0.1, 0.1, 0, 0]) <= 1e-13)
  }

  // MARK: LoRA-Muon

  private static let line = "n=9 m=7 r=2 alpha=5 lr=0.05 variants=lora-muon(init=both)"

  /// One step of `rule` from the factors given, as a change of s·AB, G being fixed.
  private func change(_ A: Matrix, _ B: Matrix, _ G: Matrix, s: Double, η: Double) throws -> Matrix {
    var rule = LoRAMuonRule(scale: s, learningRate: η, momentum: 0)
    var θ = [Parameters([.A: A, .B: B])]
    var g = [Parameters([.A: s * (G * B.T), .B: s * (A.T * G)])]
    try rule.step(&θ, &g)
    return s * (θ[0][.A] * θ[0][.B] - A * B)
  }

  @Test("LoRA-Muon's step is the same for AC and C⁻¹B, Muon's on the factors is not", arguments: [1, 2.5])
  func gauge(s: Double) throws {
    let (A, B, G) = (Matrix.random(9, 2, seed: 1), Matrix.random(2, 7, seed: 2), Matrix.random(9, 7, seed: 3))
    let C = Matrix(2, 2, storage: [3, 0.5, -1, 0.4])
    let determinant: Double = 3 * 0.4 + 0.5
    let inverse = (1 / determinant) * Matrix(2, 2, storage: [0.4, -0.5, 1, 3])
    #expect(deviation(C * inverse, .identity(2)) <= 1e-15)
    let plain = try change(A, B, G, s: s, η: 0.05)
    // claims.md: 1e-9; these factors are well conditioned.
    #expect(deviation(try change(A * C, inverse * B, G, s: s, η: 0.05), plain) <= 1e-12)
    func muon(_ A: Matrix, _ B: Matrix) throws -> Matrix {
      var rule = Muon(learningRate: 0.05)
      var θ = [Parameters([.A: A, .B: B])]
      var g = [Parameters([.A: G * B.T, .B: A.T * G])]
      try rule.step(&θ, &g)
      return θ[0][.A] * θ[0][.B] - A * B
    }
    #expect(deviation(try muon(A * C, inverse * B), try muon(A, B)) > 1e-2)
  }

  @Test("LoRA-Muon's halves each move W by η/2 in every direction, downhill", arguments: [1, 2.5])
  func halves(s: Double) throws {
    let (A, B, G) = (Matrix.random(9, 2, seed: 4), Matrix.random(2, 7, seed: 5), Matrix.random(9, 7, seed: 6))
    let η = 0.05
    var rule = LoRAMuonRule(scale: s, learningRate: η, momentum: 0)
    var θ = [Parameters([.A: A, .B: B])]
    var g = [Parameters([.A: s * (G * B.T), .B: s * (A.T * G)])]
    try rule.step(&θ, &g)
    for half in [s * (θ[0][.A] - A) * B, s * A * (θ[0][.B] - B)] {
      #expect(deviation(Array(try SVD.values(half).prefix(2)), [η / 2, η / 2]) <= 1e-13)
      #expect(Matrix.dot(half, G) < 0)
    }
  }

  @Test("from B = 0 the first step moves B alone, and the loss falls on")
  func zeroStart() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 lr=0.05 variants=lora-muon")
    let before = (simulation.series[1].chain.parameters[0], simulation.losses()[1])
    simulation.advance()
    let after = simulation.series[1].chain.parameters[0]
    #expect(after[.A] == before.0[.A] && after[.B] != before.0[.B])
    simulation.advance(steps: 20)
    #expect(simulation.losses()[1] < before.1)
  }

  @Test("a mean of gradients is kept by beta, and the weight decays by 1 − ηλ")
  func meanAndDecay() throws {
    var (plain, kept) = (
      try Simulation(line: Self.line),
      try Simulation(line: Self.line.replacing("init=both", with: "init=both,beta=0.9"))
    )
    plain.advance()
    kept.advance()
    // The first mean is a multiple of the first gradient, which msign does not see.
    #expect(deviation(plain.weight(1), kept.weight(1)) <= 1e-13)
    plain.advance(steps: 4)
    kept.advance(steps: 4)
    #expect(deviation(plain.weight(1), kept.weight(1)) > 1e-3)
    var rule = LoRAMuonRule(scale: 1, learningRate: 0.1, momentum: 0, weightDecay: 2)
    let (A, B) = (Matrix.random(9, 2, seed: 7), Matrix.random(2, 7, seed: 8))
    var θ = [Parameters([.A: A, .B: B])]
    var g = [Parameters([.A: Matrix(9, 2), .B: Matrix(2, 7)])]
    try rule.step(&θ, &g)
    #expect(deviation(θ[0][.A] * θ[0][.B], 0.8 * (A * B)) <= 1e-13)
  }
}
