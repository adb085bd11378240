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

  @Test("a and b are factors of a start, whatever the start", arguments: LoRAStart.allCases)
  func scaledStarts(start: LoRAStart) throws {
    for variant in ["lora", "rslora", "lora-plus", "dora", "serial-lora"] {
      let line = "n=8 m=6 r=2 variants=\(variant)(init=\(start.rawValue)),"
      let simulation = try Simulation(line: line + "\(variant)(init=\(start.rawValue),a=0.25,b=3)")
      let (plain, scaled) = (
        simulation.series[1].chain.parameters[0], simulation.series[2].chain.parameters[0]
      )
      #expect(scaled[.A] == 0.25 * plain[.A] && scaled[.B] == 3 * plain[.B], "\(variant)")
      // I1.
      #expect(deviation(simulation.weight(2), simulation.weight(0)) <= 1e-13)
    }
  }

  @Test("LoRA-Pro with symmetric C does not see A·3 and B/3, gradient descent does")
  func gauge() throws {
    let starts = ["", ",a=3,b=0.3333333333333333"].flatMap {
      ["lora-ga(scale=gd\($0))", "lora-pro(c=symmetric,init=lora-ga\($0))"]
    }
    var simulation = try Simulation(
      line: "n=8 m=6 r=2 alpha=2 lr=0.05 variants=" + starts.joined(separator: ","))
    for i in 1...4 { #expect(deviation(simulation.weight(i), simulation.weight(0)) <= 1e-13) }
    simulation.advance(steps: 20)
    #expect(deviation(simulation.weight(1), simulation.weight(3)) > 1e-2)
    // claims.md: 1e-9 for the symmetric C.
    #expect(deviation(simulation.weight(2), simulation.weight(4)) <= 1e-9)
  }

  @Test("a kick moves both factors of LoRA-GA by that share of their norm, and the weight not at all")
  func kick() throws {
    let simulation = try Simulation(line: "n=8 m=6 r=2 variants=lora-ga,lora-ga(kick=0.1),lora-ga(kick=0.2)")
    let θ = (1...3).map { simulation.series[$0].chain.parameters[0] }
    for role in [Parameters.Role.A, .B] {
      for (kicked, share) in [(θ[1], 0.1), (θ[2], 0.2)] {
        let moved = Matrix.distance(kicked[role], θ[0][role]) / θ[0][role].norm
        #expect(abs(moved - share) <= 1e-14)
      }
    }
    #expect(deviation(simulation.weight(2), simulation.weight(0)) <= 1e-13)
  }

  @Test("LoRA-Pro from LoRA-GA's start has its factor √ζ/s")
  func proStart() throws {
    let simulation = try Simulation(
      line: "n=8 m=6 r=2 alpha=6 variants=lora-ga(scale=zeta,zeta=0.09),lora-pro(init=lora-ga,zeta=0.09),"
        + "lora-ga(scale=gd),lora-pro(init=lora-ga)")
    let θ = (1...4).map { simulation.series[$0].chain.parameters[0] }
    #expect(θ[0][.A] == θ[1][.A] && θ[0][.B] == θ[1][.B])
    #expect(θ[2][.A] == θ[3][.A] && θ[2][.B] == θ[3][.B])
    #expect(deviation(θ[1][.A], 0.3 * θ[3][.A]) <= 1e-14)
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
