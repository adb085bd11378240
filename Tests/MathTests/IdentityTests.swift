import Glibc
import Testing

import Math

/// The named splits of LoRA-GA, and a permutation.
private let splits: [LoRAGAStart.Split] = [.ArB2r, .A2rBr, .ArBr, .permuted([4, 0, 3, 5, 2, 1])]

@Suite("Identities of variants.md")
struct IdentityTests {
  // MARK: LoRA

  @Test("I3: LoRA's SGD step is −ηs²(AAᵀG + GBᵀB) + η²s³GBᵀAᵀG")
  func sgdStep() throws {
    for layer in Layer.all {
      let (A, B, G, s, η) = (layer.A, layer.B, layer.G, layer.s, 0.1)
      let first = A * (A.T * G) + (G * B.T) * B
      let second = (G * B.T) * (A.T * G)
      let wanted = (-η * s * s) * first + (η * η * s * s * s) * second
      // 1e-12 relative.
      #expect(try deviation(layer.change(SGD(learningRate: η)), wanted) <= 1e-12 * max(1, wanted.norm))
    }
  }

  @Test("I20: from B = 0 the first step leaves A alone and moves W by −ηs²A0A0ᵀG; mirrored from A = 0")
  func zeroStarts() throws {
    for layer in Layer.all {
      let (A, B, G, s, η) = (layer.A, layer.B, layer.G, layer.s, 0.1)
      let zeroB = Layer(G: G, A: A, B: Matrix(B.rows, B.columns), s: s)
      let zeroA = Layer(G: G, A: Matrix(A.rows, A.columns), B: B, s: s)
      for rule in [SGD(learningRate: η), Adam(learningRate: η)] as [any Optimizer] {
        #expect(try zeroB.after(1, rule).θ[.A] == A)
        #expect(try zeroA.after(1, rule).θ[.B] == B)
      }
      let (fromB, fromA) = ((-η * s * s) * (A * (A.T * G)), (-η * s * s) * (G * B.T * B))
      // 1e-12 relative.
      #expect(try deviation(zeroB.change(SGD(learningRate: η)), fromB) <= 1e-12 * max(1, fromB.norm))
      #expect(try deviation(zeroA.change(SGD(learningRate: η)), fromA) <= 1e-12 * max(1, fromA.norm))
    }
  }

  @Test("I22: an SGD step changes AᵀA − BBᵀ by exactly η²(g_Aᵀg_A − g_B g_Bᵀ)")
  func balance() throws {
    for layer in Layer.all {
      let η = 0.05
      let g = layer.differentiated().gradients[0]
      let θ = try layer.after(1, SGD(learningRate: η)).θ
      let before = layer.A.T * layer.A - layer.B * layer.B.T
      let after = θ[.A].T * θ[.A] - θ[.B] * θ[.B].T
      let wanted = (η * η) * (g[.A].T * g[.A] - g[.B] * g[.B].T)
      // 1e-10 of the Grams.
      #expect(deviation(after - before, wanted) <= 1e-10 * max(1, before.norm, wanted.norm))
    }
  }

  @Test("I17: s can be moved into the factors and the rate: (1, √s·A0, √s·B0, sη)")
  func scaleIsARate() throws {
    for layer in Layer.all {
      let root = layer.s.squareRoot()
      let moved = Layer(G: layer.G, A: root * layer.A, B: root * layer.B, s: 1)
      let W = try layer.after(6, SGD(learningRate: 0.01)).W
      #expect(try deviation(moved.after(6, SGD(learningRate: layer.s * 0.01)).W, W) <= 1e-11 * max(1, W.norm))
      #expect(deviation(W, layer.G) > 1e-3)
    }
  }

  @Test("I16: α/√r is α√r over r", arguments: ["lora", "lora-ga", "lora-pro"], [1, 2, 3, 4])
  func rankStabilised(variant: String, r: Int) throws {
    let rest = "n=9 m=7 r=\(r) lr=0.02 variants=\(variant)"
    var rooted = try Simulation(line: "\(rest) alpha=2 scaling=alpha/sqrt(r)")
    var plain = try Simulation(line: "\(rest) alpha=\(2 * Double(r).squareRoot()) scaling=alpha/r")
    rooted.advance(steps: 8)
    plain.advance(steps: 8)
    #expect(abs(rooted.scale(1) - 2 / Double(r).squareRoot()) <= 1e-15)
    #expect(deviation(rooted.weight(1), plain.weight(1)) <= 1e-11)
  }

  @Test("I12: LoRA's first Adam step is −ηs(A·sign(AᵀG) + sign(GBᵀ)·B) + sη²·sign(GBᵀ)·sign(AᵀG)")
  func adamStep() throws {
    func sign(_ M: Matrix) -> Matrix {
      Matrix(M.rows, M.columns) { M[$0, $1] < 0 ? -1 : M[$0, $1] > 0 ? 1 : 0 }
    }
    for layer in Layer.all {
      let (A, B, G, s, η) = (layer.A, layer.B, layer.G, layer.s, 0.01)
      let (signA, signB) = (sign(G * B.T), sign(A.T * G))
      let wanted = (-η * s) * (A * signB + signA * B) + (s * η * η) * (signA * signB)
      // 1e-8: ε over the smallest gradient entry, each step η at most.
      #expect(try deviation(layer.change(Adam(learningRate: η)), wanted) <= 1e-8 * max(1, G.norm))
    }
  }

  @Test("I24: full fine-tuning of the matrix problem is W* + (1 − η)ᵗ(W0 − W*)", arguments: [0.1, 1, 1.7])
  func closedForm(η: Double) throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 lr=\(η) variants=full")
    let (W0, wanted) = (simulation.problem.pretrained[0], simulation.problem.examples.Y)
    for t in 1...20 {
      simulation.advance()
      let W = wanted + pow(1 - η, Double(t)) * (W0 - wanted)
      #expect(deviation(simulation.weight(0), W) <= 1e-12 * max(1, W.norm))
    }
  }

  // MARK: LoRA-GA

  @Test("I2: LoRA-GA's first step misses ζηG by ζη times the tail behind 2r, whatever the split and scale")
  func firstOrderResidual() throws {
    let (G, W0) = (Matrix.random(12, 8, seed: 650), Matrix.random(12, 8, seed: 651))
    let (r, s) = (3, 1.5)
    let σ = try SVD.values(G)
    for split in splits {
      for scale in [LoRAGAStart.Scale.gd, .unit, .stable(γ: 16), .weightS, .zeta(0.3)] {
        let (A, B) = try LoRAGAStart(split: split, scale: scale).factors(G: G, W0: W0, rank: r, s: s)
        let f = A.norm / Double(r).squareRoot()
        let ζ = s * s * f * f
        let step = (s * s) * (A * (A.T * G) + (G * B.T) * B)
        let residual = Matrix.distance(step, ζ * G)
        #expect(abs(residual - ζ * tail(σ, after: 2 * r)) <= 1e-12 * G.norm * max(1, ζ), "\(split), \(scale)")
        switch scale {
        case .gd: #expect(abs(ζ - 1) <= 1e-13)
        case .unit: #expect(abs(f - 1) <= 1e-13)
        case .stable: #expect(abs(f * f - 8.0.squareRoot() / 16) <= 1e-13)
        case .weightS:
          let roots = try SVD.values(W0).prefix(r).map { ($0 / s).squareRoot() }
          #expect(abs(f - roots.reduce(0, +) / 3) <= 1e-13)
        case .zeta: #expect(abs(ζ - 0.3) <= 1e-13)
        case .bestSign: Issue.record("not a scale for gradient descent")
        }
      }
    }
  }

  @Test("I2 where 2r exceeds min(n, m): pairs that do not exist are zero, and nothing is missed")
  func residualOfFewPairs() throws {
    for (n, m, r) in [(5, 4, 3), (3, 8, 3), (1, 1, 1), (4, 4, 4)] {
      let G = Matrix.random(n, m, seed: 652)
      let all = Array(0..<2 * r)
      for split in [LoRAGAStart.Split.ArB2r, .A2rBr, .ArBr, .permuted(all.reversed())] {
        let (A, B) = try LoRAGAStart(split: split, scale: .gd).factors(G: G, W0: G, rank: r, s: 2)
        #expect(deviation(4 * (A * (A.T * G) + (G * B.T) * B), G) <= 1e-12 * G.norm)
      }
    }
  }

  @Test("I4: the η² term of LoRA-GA's first step is s√Σ(σ_a·σ_b)² over the pairs, so pairing matters")
  func secondOrderNorm() throws {
    let G = Matrix.random(12, 8, seed: 653)
    let (r, s, η) = (3, 1.5, 0.2)
    let svd = try SVD(G)
    let σ = svd.σ
    let pairs: [[(Int, Int)]] = [
      [(0, 3), (1, 4), (2, 5)], [(3, 0), (4, 1), (5, 2)], [(1, 0), (3, 2), (5, 4)], [(4, 5), (0, 2), (3, 1)],
    ]
    var norms: [Double] = []
    for (split, pairs) in zip(splits, pairs) {
      let (A, B) = try LoRAGAStart(split: split, scale: .gd).factors(G: G, W0: G, rank: r, s: s)
      for (k, pair) in pairs.enumerated() {
        #expect(deviation(A.columns(k..<k + 1), (1 / s) * svd.U.columns(pair.0..<pair.0 + 1)) <= 1e-15)
        #expect(deviation(B.rows(k..<k + 1), (1 / s) * svd.Vt.rows(pair.1..<pair.1 + 1)) <= 1e-15)
      }
      let layer = Layer(G: G, A: A, B: B, s: s)
      let even = 0.5 * (try layer.change(SGD(learningRate: η)) + layer.change(SGD(learningRate: -η)))
      let wanted = s * pairs.reduce(0) { $0 + σ[$1.0] * σ[$1.1] * σ[$1.0] * σ[$1.1] }.squareRoot()
      // f = 1/s puts s³f² = s in front. 1e-11 of |G|².
      #expect(abs(even.norm / (η * η) - wanted) <= 1e-11 * G.squaredNorm / (η * η))
      norms.append(wanted)
    }
    #expect(Set(norms.map { ($0 * 1e6).rounded() }).count == 3, "the first two pair alike: \(norms)")
  }

  @Test("I26: flipping a pair of vectors in A and B leaves every W; flipping it in A alone does not")
  func signs() throws {
    let G = Matrix.random(12, 8, seed: 654)
    let (A, B) = try LoRAGAStart(split: .ArB2r, scale: .gd).factors(G: G, W0: G, rank: 3, s: 1.5)
    let flip = Matrix.diagonal([1, -1, 1])
    let rule = SGD(learningRate: 0.3)
    let W = try Layer(G: G, A: A, B: B, s: 1.5).after(6, rule).W
    #expect(try deviation(Layer(G: G, A: A * flip, B: flip * B, s: 1.5).after(6, rule).W, W) <= 1e-11)
    #expect(try deviation(Layer(G: G, A: A * flip, B: B, s: 1.5).after(6, rule).W, W) > 1e-3)
  }

  @Test("I8: at LoRA-GA's start P_A·G·P_B = 0, every C vanishes, and with scale gd H is the plain gradients")
  func loraGAMeetsLoRAPro() throws {
    let G = Matrix.random(12, 8, seed: 655)
    for split in splits {
      for scale in [LoRAGAStart.Scale.gd, .unit] {
        let (A, B) = try LoRAGAStart(split: split, scale: scale).factors(G: G, W0: G, rank: 3, s: 1.5)
        let layer = Layer(G: G, A: A, B: B, s: 1.5)
        let tolerance = 1e-11 * G.norm
        #expect(try (layer.PA * G * layer.PB).norm <= tolerance)
        let g = layer.differentiated().gradients[0]
        for choice in [LoRAProRule.Choice.symmetric, .sylvester] {
          let (H, C, _) = try layer.projected(choice)
          #expect(C.norm <= tolerance)
          guard scale == .gd else { continue }
          #expect(deviation(H[.A], g[.A]) <= tolerance)
          #expect(deviation(H[.B], g[.B]) <= tolerance)
        }
      }
    }
  }

  @Test("I11: what LoRA-GA's start adds to an output has the second moment ζ²r/(s²m)")
  func forwardStability() throws {
    let (n, m, α) = (20, 16, 3.0)
    let G = Matrix.random(n, m, seed: 656)
    for r in [1, 2, 4, 8] {
      // Of inputs N(0, I), mean over outputs: ‖s·A0B0‖²/m.
      func moment(s: Double, ζ: Double) throws -> Double {
        let (A, B) = try LoRAGAStart(scale: .zeta(ζ)).factors(G: G, W0: G, rank: r, s: s)
        return (s * (A * B)).squaredNorm / Double(m)
      }
      #expect(try abs(moment(s: 0.7, ζ: 0.3) - 0.09 * Double(r) / (0.49 * Double(m))) <= 1e-13)
      // With ζ = √m/r it is 1/(r·s²): the same for all ranks when s ~ 1/√r, and only then.
      let ζ = Double(m).squareRoot() / Double(r)
      #expect(try abs(moment(s: α / Double(r).squareRoot(), ζ: ζ) - 1 / (α * α)) <= 1e-13)
      #expect(try abs(moment(s: α / Double(r), ζ: ζ) - Double(r) / (α * α)) <= 1e-12)
    }
  }

  @Test("I13: the best scale of the sign objective is where it has no slope, and J's gradient its derivative")
  func signObjective() throws {
    for layer in Layer.all {
      let objective = SignObjective(G: layer.G)
      let (A, B) = (layer.A, layer.B)
      let c = objective.bestScale(A, B)
      func J(_ c: Double) -> Double { objective.value(c * A, c * B) }
      // A parabola in c > 0, where no sign changes: 1e-12 of its size.
      #expect(abs(J(1.5 * c) - J(0.5 * c)) <= 1e-12 * J(1.5 * c))
      #expect(J(1.5 * c) > J(c))
      // With the signs held, differences of the quadratic J are exact along any direction.
      let (dA, dB) = objective.gradient(A, B)
      let h = 1e-4
      let (EA, EB) = (
        Matrix.random(A.rows, A.columns, seed: 657), Matrix.random(B.rows, B.columns, seed: 658)
      )
      let slope =
        (objective.value(A + h * EA, B + h * EB) - objective.value(A - h * EA, B - h * EB)) / (2 * h)
      let wanted = Matrix.dot(dA, EA) + Matrix.dot(dB, EB)
      // Rounding of J, over h.
      #expect(abs(slope - wanted) <= 64 * 0x1p-52 * objective.value(A, B) / h, "\(slope), not \(wanted)")
    }
  }

  @Test("Adam's starts are, in the order of Su's article, ever nearer to full fine-tuning's first step")
  func adamStarts() throws {
    var means = [0.0, 0, 0]
    for seed in 1...5 {
      var simulation = try Simulation(
        line: "n=16 m=12 r=2 alpha=6 opt=adam lr=1e-4 seed=\(seed) "
          + "variants=lora-ga(adam=svd),lora-ga(adam=sign-svd),lora-ga(adam=direct,iterations=200)")
      let W0 = simulation.problem.pretrained[0]
      let G = W0 - simulation.problem.examples.Y
      simulation.advance()
      let full = simulation.weight(0) - W0
      for i in 0..<3 {
        // s·T of the factors against sign G, which is what the step shows: to first order in η, s = 3.
        let θ = try Simulation(
          line: "n=16 m=12 r=2 alpha=6 opt=adam lr=1e-4 seed=\(seed) "
            + "variants=lora-ga(adam=svd),lora-ga(adam=sign-svd),lora-ga(adam=direct,iterations=200)"
        ).series[i + 1].chain.parameters[0]
        let J = SignObjective(G: G).value(3 * θ[.A], 3 * θ[.B])
        let missed = (simulation.weight(i + 1) - W0 - full).squaredNorm / 1e-8
        // ε/|g| of Adam, and η against the factors: 1 % of J.
        #expect(abs(missed - J) <= 0.01 * J, "\(missed), not \(J)")
        means[i] += J / (16 * 12) / 5
      }
    }
    // variants.md 3.8 measured .775, .67 and .52, and .33 as the bound, on other draws.
    #expect(means[0] > means[1] && means[1] > means[2] && means[2] > 0.33, "\(means)")
    #expect(means[0] < 0.85)
  }
}
