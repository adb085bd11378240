import Testing

import Math

@Suite("Systems")
struct SystemTests {
  // MARK: Factors

  @Test("LoRA+ with ratio 1 is LoRA, with another it is not", arguments: OptimizerChoice.Family.allCases)
  func loraPlusRatio(family: OptimizerChoice.Family) throws {
    var simulation = try Simulation(
      line: "n=8 m=6 r=2 lr=0.01 opt=\(family.rawValue) variants=lora,lora-plus(ratio=1),lora-plus(ratio=2)")
    simulation.advance(steps: 5)
    #expect(simulation.weight(1) == simulation.weight(2))
    #expect(deviation(simulation.weight(1), simulation.weight(3)) > 1e-4)
  }

  @Test("rsLoRA scales by α/√r, whatever the others do", arguments: [1, 2, 3, 4])
  func rsLoRA(r: Int) throws {
    let rest = "n=9 m=7 r=\(r) lr=0.02"
    for start in ["zero-b", "both"] {
      var simulation = try Simulation(
        line: "\(rest) alpha=2 scaling=alpha/sqrt(r) variants=rslora(init=\(start)),lora(init=\(start))")
      var overRank = try Simulation(
        line: "\(rest) alpha=2 scaling=alpha/r variants=rslora(init=\(start)),lora(init=\(start))")
      simulation.advance(steps: 8)
      overRank.advance(steps: 8)
      #expect(simulation.weight(1) == simulation.weight(2))
      #expect(simulation.weight(1) == overRank.weight(1))
      #expect((deviation(overRank.weight(1), overRank.weight(2)) > 1e-3) == (r > 1))
    }
  }

  @Test(
    "of the factors that start, the one beside a zero stays in the first step",
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

  // MARK: GaLore

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
