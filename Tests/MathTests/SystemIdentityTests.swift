import Testing

import Math

/// Identities of variants.md section 6 about single systems.
@Suite("Identities of the systems")
struct SystemIdentityTests {
  // MARK: Factors

  @Test("LoRA+'s first step is −ηs²(ratio·AAᵀG + GBᵀB) + ratio·η²s³·GBᵀAᵀG")
  func loraPlusStep() throws {
    for layer in Layer.all {
      let (A, B, G, s, η, ratio) = (layer.A, layer.B, layer.G, layer.s, 0.1, 7.0)
      let first = ratio * (A * (A.T * G)) + (G * B.T) * B
      let second = (G * B.T) * (A.T * G)
      let wanted = (-η * s * s) * first + (ratio * η * η * s * s * s) * second
      // 1e-12 relative.
      let change = try layer.change(SGD(learningRate: η, ratioB: ratio))
      #expect(deviation(change, wanted) <= 1e-12 * max(1, wanted.norm))
    }
  }

  @Test("LoRA+ with ratio 1 is LoRA, with another it is not", arguments: OptimizerChoice.Family.allCases)
  func loraPlusRatio(family: OptimizerChoice.Family) throws {
    var simulation = try Simulation(
      line: "n=8 m=6 r=2 lr=0.01 opt=\(family.rawValue) variants=lora,lora-plus(ratio=1),lora-plus(ratio=2)")
    simulation.advance(steps: 5)
    #expect(simulation.weight(1) == simulation.weight(2))
    #expect(deviation(simulation.weight(1), simulation.weight(3)) > 1e-4)
  }

  @Test("I16: rsLoRA is LoRA with α√r, whatever the scaling of the others", arguments: [1, 2, 3, 4])
  func rsLoRA(r: Int) throws {
    let rest = "n=9 m=7 r=\(r) lr=0.02"
    for start in ["zero-b", "both"] {
      var simulation = try Simulation(
        line: "\(rest) alpha=2 scaling=alpha/sqrt(r) variants=rslora(init=\(start)),lora(init=\(start))")
      var overRank = try Simulation(
        line: "\(rest) alpha=2 scaling=alpha/r variants=rslora(init=\(start)),lora(init=\(start))")
      var moved = try Simulation(
        line: "\(rest) alpha=\(2 * Double(r).squareRoot()) variants=lora(init=\(start))")
      simulation.advance(steps: 8)
      overRank.advance(steps: 8)
      moved.advance(steps: 8)
      #expect(simulation.weight(1) == simulation.weight(2))
      #expect(simulation.weight(1) == overRank.weight(1))
      // 1e-11 as I16 states; s is rounded otherwise.
      #expect(deviation(simulation.weight(1), moved.weight(1)) <= 1e-11)
      #expect((deviation(overRank.weight(1), overRank.weight(2)) > 1e-3) == (r > 1))
    }
  }

  @Test(
    "I20: of the factors that start, the one beside a zero stays in the first step",
    arguments: OptimizerChoice.Family.allCases)
  func oneFactorMoves(family: OptimizerChoice.Family) throws {
    for variant in ["lora", "rslora", "lora-plus", "dora", "serial-lora"] {
      for (start, still, moving) in [
        ("zero-b", Parameters.Role.A, Parameters.Role.B), ("gaussian", .A, .B), ("normal", .A, .B),
        ("zero-a", .B, .A),
      ] {
        var simulation = try Simulation(
          line: "n=8 m=6 r=2 lr=0.01 opt=\(family.rawValue) variants=\(variant)(init=\(start))")
        let before = simulation.series[1].chain.parameters[0]
        #expect(before[moving] == before[moving].zeroed && before[still] != before[still].zeroed)
        simulation.advance()
        let after = simulation.series[1].chain.parameters[0]
        #expect(after[still] == before[still], "\(variant), \(start)")
        #expect(after[moving] != before[moving], "\(variant), \(start)")
      }
    }
  }

  @Test("the starts have the shapes and moments of variants.md 3.2")
  func starts() throws {
    let (n, m, r) = (400, 300, 40)
    let cases: [(LoRAStart, A: Double, B: Double)] = [
      (.zeroB, 1 / (3.0 * 400), 0), (.gaussian, 1 / 1600.0, 0), (.normal, 1 / 400.0, 0),
      (.zeroA, 0, 1 / 300.0),
      (.both, 1 / 400.0, 1 / 300.0), (.orthogonal, 1 / 400.0, 1 / 300.0), (.zero, 0, 0),
    ]
    #expect(cases.count == LoRAStart.allCases.count)
    for (start, a, b) in cases {
      let (A, B) = try start.factors(n, m, rank: r, Generator(seed: 5, .adapters))
      for (M, variance) in [(A, a), (B, b)] {
        let mean = M.storage.reduce(0, +) / Double(M.storage.count)
        // Five standard errors of a mean, and of a square whose own deviation is at most √2.
        #expect(abs(mean) <= 5 * (variance / Double(M.storage.count)).squareRoot())
        let off = abs(M.squaredNorm / Double(M.storage.count) - variance)
        #expect(off <= 5 * variance * (2 / Double(M.storage.count)).squareRoot(), "\(start)")
      }
      if start == .zeroB { #expect(A.largestEntry <= 0.05 && A.largestEntry > 0.0499) }
      if start == .orthogonal {
        #expect(deviation(A.T * A, .identity(r)) <= 1e-13)
        #expect(deviation(B * B.T, .identity(r)) <= 1e-13)
      }
    }
  }

  // MARK: PiSSA

  @Test("I14: PiSSA freezes what is behind σ_r, and A0ᵀA0 = B0B0ᵀ = diag(σ/s)", arguments: [1, 3, 6])
  func pissa(r: Int) throws {
    let simulation = try Simulation(line: "n=9 m=6 r=\(r) alpha=5 variants=pissa")
    let (W0, s) = (simulation.problem.pretrained[0], 5 / Double(r))
    let σ = try SVD.values(W0)
    let series = simulation.series[1]
    let θ = series.chain.parameters[0]
    let frozen = try #require(series.reach(layer: 0)).frozen
    // 1e-12 as I14 states.
    let rest = Array(σ.dropFirst(r)) + Array(repeating: 0, count: r)
    #expect(try deviation(SVD.values(frozen), rest) <= 1e-12 * σ[0])
    let gram = Matrix.diagonal(σ.prefix(r).map { $0 / s })
    #expect(deviation(θ[.A].T * θ[.A], gram) <= 1e-12 * σ[0])
    #expect(deviation(θ[.B] * θ[.B].T, gram) <= 1e-12 * σ[0])
    #expect(try deviation(s * (θ[.A] * θ[.B]), SVD(W0).truncated(to: r)) <= 1e-12 * σ[0])
  }

  @Test("a randomised decomposition of enough iterations starts where the exact one does")
  func randomized() throws {
    for variant in ["pissa", "lora-ga"] {
      let line = "n=12 m=9 r=2 target=geometric:0.3 variants=\(variant),\(variant)(niter="
      // The error of a singular vector falls by (σ_{q+1}/σ_q)² an iteration, below rounding in 300.
      let far = try Simulation(line: line + "300)")
      let near = try Simulation(line: line + "1)")
      let exact = far.series[1].chain.parameters[0]
      #expect(deviation(far.series[2].chain.parameters[0][.A], exact[.A]) <= 1e-10, "\(variant)")
      #expect(deviation(far.series[2].chain.parameters[0][.B], exact[.B]) <= 1e-10, "\(variant)")
      #expect(near.series[2].chain.parameters[0][.A] != exact[.A])
    }
  }

  // MARK: DoRA

  @Test("I18: ‖W_:j‖ = |μ_j| at every step", arguments: ["yes", "no"], ["zero-b", "both", "zero-a"])
  func doraNorms(detach: String, start: String) throws {
    var simulation = try Simulation(line: "n=8 m=6 r=2 lr=0.1 variants=dora(detach=\(detach),init=\(start))")
    for _ in 0..<20 {
      let (W, μ) = (simulation.weight(1), simulation.series[1].chain.parameters[0][.μ])
      for j in 0..<6 { #expect(abs(W.columns(j..<j + 1).norm - abs(μ[0, j])) <= 1e-12 * abs(μ[0, j])) }
      simulation.advance()
    }
  }

  @Test("I18: the full gradient of V is orthogonal to V, the detached one G·diag(c)")
  func doraGradients() throws {
    let (W0, G) = (Matrix.random(6, 5, seed: 820), Matrix.random(6, 5, seed: 821))
    // With A = I, ∂L/∂B is s·∂L/∂V.
    let (A, B, s) = (Matrix.identity(6), Matrix.random(6, 5, seed: 822), 0.8)
    for isNormDetached in [true, false] {
      let lowRank = LowRank(W0: W0, A0: A, B0: Matrix(6, 5), scale: s)
      let (dora, μ) = DoRA.attach(lowRank, W0: W0, isNormDetached: isNormDetached)
      let θ = Parameters([.A: A, .B: B, .μ: μ])
      var g = θ.zeros
      dora.pullback(θ, dense: G, into: &g)
      let (V, dV) = (W0 + s * B, (1 / s) * g[.B])
      for j in 0..<5 {
        let (v, dv, c) = (V.columns(j..<j + 1), dV.columns(j..<j + 1), μ[0, j] / V.columns(j..<j + 1).norm)
        let G = G.columns(j..<j + 1)
        #expect(abs(g[.μ][0, j] - Matrix.dot(G, v) / v.norm) <= 1e-12 * G.norm)
        if isNormDetached {
          #expect(deviation(dv, c * G) <= 1e-12 * G.norm)
          #expect(abs(Matrix.dot(dv, v)) > 1e-3)
        } else {
          #expect(abs(Matrix.dot(dv, v)) <= 1e-12 * G.norm * v.norm)
          let along = (Matrix.dot(G, v) / v.squaredNorm) * v
          #expect(deviation(dv, c * (G - along)) <= 1e-12 * G.norm)
        }
      }
    }
  }

  // MARK: GaLore

  @Test(
    "I15: GaLore's first SGD step misses G by the tail behind r", arguments: GaLoreRule.Side.allCases,
    ["n=9 m=7", "n=6 m=8"])
  func galoreResidual(side: GaLoreRule.Side, sizes: String) throws {
    var simulation = try Simulation(
      line: "\(sizes) r=3 lr=0.1 variants=galore(side=\(side.rawValue),scale=0.5)")
    let (W0, wanted) = (simulation.problem.pretrained[0], simulation.problem.examples.Y)
    let G = W0 - wanted
    let svd = try SVD(G)
    simulation.advance()
    let step = (-1 / (0.1 * 0.5)) * (simulation.weight(1) - W0)
    // 1e-11 as I15 states.
    #expect(deviation(step, svd.truncated(to: 3)) <= 1e-11 * G.norm)
    #expect(abs((step - G).norm - tail(svd.σ, after: 3)) <= 1e-11 * G.norm)
  }

  @Test(
    "I15: of full rank, with gap 1 and scale 1, GaLore under SGD is full fine-tuning",
    arguments: GaLoreRule.Side.allCases)
  func galoreOfFullRank(side: GaLoreRule.Side) throws {
    for sizes in ["n=7 m=4 r=4", "n=4 m=7 r=4", "n=5 m=5 r=5"] {
      var simulation = try Simulation(
        line: "\(sizes) lr=0.2 variants=galore(side=\(side.rawValue),gap=1,scale=1)")
      for _ in 0..<10 { simulation.advance() }
      #expect(deviation(simulation.weight(1), simulation.weight(0)) <= 1e-11 * simulation.weight(0).norm)
    }
  }

  @Test("between renewals GaLore moves within its projector, at renewals it takes G's leading vectors")
  func galoreProjector() throws {
    for (n, m) in [(8, 5), (5, 8)] {
      for side in GaLoreRule.Side.allCases {
        var θ = [Parameters([.W: .random(n, m, seed: 830)])]
        let choice = OptimizerChoice(.adam, learningRate: 0.1)
        var rule = GaLoreRule(base: choice, rank: 2, gap: 3, scale: 0.5, side: side)
        for t in 0..<7 as Range<UInt64> {
          let (G, before) = (Matrix.random(n, m, seed: 840 + t), θ[0][.W])
          var g = [Parameters([.W: G])]
          try rule.step(&θ, &g)
          let ((P, Q), change) = (rule.projector(layer: 0), θ[0][.W] - before)
          let isLeft: Bool? =
            switch side {
            case .std: n <= m
            case .reverseStd: n > m
            case .left: true
            case .right: false
            case .full: nil
            }
          #expect((P == nil) == (isLeft == false) && (Q == nil) == (isLeft == true))
          let svd = try SVD(G)
          for (basis, leading) in [(P, svd.U.columns(0..<2)), (Q, svd.Vt.rows(0..<2).transposed)] {
            guard let basis else { continue }
            #expect((basis == leading) == (t % 3 == 0))
          }
          var inside = change
          if let P { inside = P * (P.T * inside) }
          if let Q { inside = (inside * Q) * Q.T }
          #expect(deviation(change, inside) <= 1e-14)
          #expect(change.norm > 0.01)
        }
      }
    }
  }

  // MARK: Oracle

  @Test("the oracle is full fine-tuning where that has rank r, and never above r where it has more")
  func oracle() throws {
    var enough = try Simulation(line: "n=9 m=7 r=3 k=3 lr=0.2 variants=oracle")
    var short = try Simulation(line: "n=9 m=7 r=3 k=7 lr=0.2 variants=oracle")
    for _ in 0..<20 {
      enough.advance()
      short.advance()
      // 1e-13 as claims.md section 0 measured, of weights of norm 4.
      #expect(enough.gaps()[1] <= 1e-12)
      let floor = try #require(short.spectra()[1]?.floor)
      #expect(short.gaps()[1] >= floor - 1e-9 && floor > 1e-3)
      // Isotropic inputs: every step keeps the leading directions, so the oracle stays on the floor.
      #expect(short.gaps()[1] <= floor + 1e-9)
    }
  }
}

extension Matrix {
  var zeroed: Matrix { Matrix(rows, columns) }
}
