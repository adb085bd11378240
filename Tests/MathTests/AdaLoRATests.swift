import Testing

import Math

@Suite("AdaLoRA")
struct AdaLoRATests {
  /// Parameters of layers of 12×13 with 12 directions, PEFT's default, none of them zero.
  private func start(layers: Int, rank r: Int = 12, seed: UInt64 = 900) -> [Parameters] {
    (0..<layers).map { l in
      let seed = seed + 10 * UInt64(l)
      return Parameters([
        .A: .random(12, r, seed: seed), .E: .random(r, 1, seed: seed + 1), .B: .random(r, 13, seed: seed + 2),
      ])
    }
  }

  private func gradients(_ θ: [Parameters], step t: Int) -> [Parameters] {
    θ.enumerated().map { l, θ in
      var g = θ
      for i in g.matrices.indices {
        g.matrices[i] = .random(
          g.matrices[i].rows, g.matrices[i].columns, seed: 1000 + UInt64(100 * t + 10 * l + i))
      }
      return g
    }
  }

  @Test("the budget of every step is PEFT's cubic, over all layers")
  func budget() throws {
    // f = 1 − (t − 10)/70; 12 directions to 8: int(4f³ + 8), and twice as many in two layers.
    let schedule = AdaLoRARule.Schedule(targetRank: 8, total: 100, warmUp: 10, final: 20)
    // 4(6/7)³ = 2.519, 4(13/14)³ = 3.2, 4(3/7)³ = .315, 4(1/70)³ ≈ 0; twice these for two.
    let wanted: [Int: [Int]] = [
      1: [12, 24], 10: [12, 24], 15: [11, 22], 20: [10, 21], 50: [8, 16], 79: [8, 16], 80: [8, 16],
      81: [8, 16],
      100: [8, 16],
    ]
    for layers in [1, 2] {
      var rule = AdaLoRARule(base: SGD(learningRate: 0.01), schedule: schedule, orthogonality: 0)
      var θ = start(layers: layers)
      var seen = 0
      for t in 1...100 {
        var g = gradients(θ, step: t)
        try rule.step(&θ, &g)
        let kept = rule.kept.joined().count { $0 }
        if t <= 10 { #expect(kept == 12 * layers) } else { #expect(kept == rule.budget) }
        let masked = zip(rule.kept, θ).map { kept, θ in
          kept.indices.allSatisfy { kept[$0] || θ[.E][$0, 0] == 0 }
        }
        #expect(masked == Array(repeating: true, count: layers))
        guard let budget = wanted[t] else { continue }
        #expect(rule.budget == budget[layers - 1], "at \(t)")
        seen += 1
      }
      #expect(seen == wanted.count)
    }
  }

  @Test("masks come every interval steps, once more as the last phase begins, and stay as they are then")
  func intervals() throws {
    let schedule = AdaLoRARule.Schedule(targetRank: 4, total: 30, warmUp: 5, final: 8, interval: 4)
    var rule = AdaLoRARule(base: SGD(learningRate: 0.05), schedule: schedule)
    var θ = start(layers: 1)
    var masks: [Int] = []
    var before = rule.chosenScores
    var last: [[Bool]] = []
    for t in 1...34 {
      var g = gradients(θ, step: t)
      try rule.step(&θ, &g)
      if rule.chosenScores != before, t > 1 { masks.append(t) }
      before = rule.chosenScores
      // Masked directions come back between masks, and no more in the last phase.
      let zeros = θ[0][.E].storage.count { $0 == 0 }
      if t == 9 { #expect(zeros == 0) }
      if t >= 22 {
        if t == 22 { last = rule.kept }
        #expect(zeros == 8 && rule.kept == last)
      }
    }
    #expect(masks == [8, 12, 16, 20, 22])
  }

  @Test("the importance of a step is |new parameter · old gradient|, penalty included, as the formulas say")
  func scores() throws {
    let (β1, β2, orth, η) = (0.7, 0.6, 0.3, 0.05)
    for isSquared in [false, true] {
      var rule = AdaLoRARule(
        base: SGD(learningRate: η), schedule: .init(targetRank: 1, total: 100), β1: β1, β2: β2,
        orthogonality: orth, isPenaltySquared: isSquared)
      var θ = start(layers: 2, rank: 3)
      var plain = θ
      var (I, U) = (θ.map(\.zeros), θ.map(\.zeros))
      for t in 1...3 {
        var g = gradients(θ, step: t)
        for l in 0..<2 {
          let (A, B) = (plain[l][.A], plain[l][.B])
          let (a, b) = (A.T * A - .identity(3), B * B.T - .identity(3))
          // orth over two factors of two layers; d‖M‖² = 2M and d‖M‖ = M/‖M‖, each twice for AᵀA.
          let w = orth / 4
          var step = g[l]
          step[.A] = step[.A] + (w * (isSquared ? 4 : 2 / a.norm)) * (A * a)
          step[.B] = step[.B] + (w * (isSquared ? 4 : 2 / b.norm)) * (b * B)
          for i in 0..<3 {
            plain[l].matrices[i] = plain[l].matrices[i] - η * step.matrices[i]
            for e in step.matrices[i].storage.indices {
              let now = abs(plain[l].matrices[i].storage[e] * step.matrices[i].storage[e])
              I[l].matrices[i].storage[e] = β1 * I[l].matrices[i].storage[e] + (1 - β1) * now
              let off = abs(now - I[l].matrices[i].storage[e])
              U[l].matrices[i].storage[e] = β2 * U[l].matrices[i].storage[e] + (1 - β2) * off
            }
          }
        }
        try rule.step(&θ, &g)
        for l in 0..<2 {
          for k in 0..<3 {
            func mean(_ role: Parameters.Role, _ entries: [(Int, Int)]) -> Double {
              entries.reduce(0) { $0 + I[l][role][$1.0, $1.1] * U[l][role][$1.0, $1.1] }
                / Double(entries.count)
            }
            let score: Double =
              mean(.E, [(k, 0)]) + mean(.A, (0..<12).map { ($0, k) }) + mean(.B, (0..<13).map { (k, $0) })
            // 1e-12 relative: some hundred addends.
            #expect(abs(rule.chosenScores[l][k] - score) <= 1e-12 * score, "\(isSquared), at \(t)")
            if !rule.kept[l][k] { plain[l][.E][k, 0] = 0 }
          }
          for i in 0..<3 { #expect(deviation(θ[l].matrices[i], plain[l].matrices[i]) <= 1e-13) }
        }
      }
    }
  }

  @Test("a budget of all directions masks none, and orthonormal factors have no penalty")
  func nothingToMask() throws {
    var rule = AdaLoRARule(base: SGD(learningRate: 0.01), schedule: .init(targetRank: 12, total: 10))
    var θ = start(layers: 1)
    for t in 1...10 {
      var g = gradients(θ, step: t)
      try rule.step(&θ, &g)
      #expect(rule.kept == [Array(repeating: true, count: 12)])
    }
    var generator = Generator(seed: 3, stream: 81)
    let Q = Matrix.identity(4).columns(0..<2)
    var still = [Parameters([.A: Q, .E: generator.normalMatrix(2, 1), .B: Q.transposed])]
    let before = still
    var zero = still.map(\.zeros)
    var penalized = AdaLoRARule(
      base: SGD(learningRate: 1), schedule: .init(targetRank: 2, total: 10), orthogonality: 5)
    try penalized.step(&still, &zero)
    #expect(still == before)
  }

  @Test("scores that are not numbers end the series, they do not mask everything")
  func notFinite() throws {
    var rule = AdaLoRARule(base: SGD(learningRate: 1), schedule: .init(targetRank: 4, total: 10))
    var θ = start(layers: 1)
    θ[0][.A][0, 0] = 1e200
    #expect(throws: LinearAlgebraError.notFinite) {
      var g = gradients(θ, step: 1)
      try rule.step(&θ, &g)
    }
  }
}
