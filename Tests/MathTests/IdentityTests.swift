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

  // MARK: LoRA-Pro

  @Test("I5: the equivalent gradient is G without (I − P_A)G(I − P_B), orthogonally, for every C")
  func equivalentGradient() throws {
    for layer in Layer.all {
      let G = layer.G
      let unreachable = try layer.unreachable
      let (a, b) = (try SVD.values(layer.A), try SVD.values(layer.B))
      let condition = pow(a[0] / a.last!, 2) * pow(b[0] / b.last!, 2)
      let tolerance = max(1e-11, 1e-13 * condition) * max(1, G.norm)
      for choice in layer.choices {
        let equivalent = try layer.projected(choice).equivalent
        #expect(deviation(equivalent, G - unreachable) <= tolerance)
        let parts = equivalent.squaredNorm + unreachable.squaredNorm
        #expect(abs(G.squaredNorm - parts) <= tolerance * max(1, G.norm))
        // G − g~ is orthogonal to every step H·B + A·K of the factors.
        for seed: UInt64 in 660..<664 {
          let step =
            Matrix.random(G.rows, layer.A.columns, seed: seed) * layer.B
            + layer.A * Matrix.random(layer.A.columns, G.columns, seed: seed + 10)
          #expect(abs(Matrix.dot(G - equivalent, step)) <= tolerance * step.norm)
        }
      }
    }
  }

  @Test("I5 where a Gram is singular: B = 0, A = 0, a rank-deficient A")
  func singularGrams() throws {
    for layer in Layer.all {
      let (A, B, G, s) = (layer.A, layer.B, layer.G, layer.s)
      let (zeroA, zeroB) = (Matrix(A.rows, A.columns), Matrix(B.rows, B.columns))
      let twice = A.columns(0..<1) * Matrix(1, A.columns, repeating: 1)
      for (A, B) in [(A, zeroB), (zeroA, B), (twice, B), (twice, zeroB), (zeroA, zeroB)] {
        let layer = Layer(G: G, A: A, B: B, s: s)
        for choice in layer.choices {
          let (H, C, equivalent) = try layer.projected(choice)
          #expect(H.isFinite && C.isFinite)
          #expect(try deviation(equivalent, G - layer.unreachable) <= 1e-10 * max(1, G.norm))
        }
      }
      // variants.md 3.9: from B = 0, H_A = 0 and the step is −ηP_A·G, for the three named C.
      let start = Layer(G: G, A: A, B: zeroB, s: s)
      for choice in [LoRAProRule.Choice.zero, .symmetric, .sylvester] {
        #expect(try start.projected(choice).H[.A].largestEntry == 0)
        let change = try start.change(LoRAProRule(.factors(SGD(learningRate: 0.1)), scale: s, choice: choice))
        #expect(try deviation(change, -0.1 * (start.PA * G)) <= 1e-11 * max(1, G.norm))
      }
    }
  }

  @Test("δ is added to both Grams before they are inverted")
  func shiftedGrams() throws {
    for layer in Layer.all {
      let (A, B, s, δ) = (layer.A, layer.B, layer.s, 0.3)
      let g = layer.differentiated().gradients[0]
      let r = A.columns
      let KA = try pseudoInverse(A.T * A + δ * .identity(r))
      let KB = try pseudoInverse(B * B.T + δ * .identity(r))
      // The formula of variants.md 3.9 in its plain form.
      let inner = (1 / (s * s)) * (KA * g[.B] * B.T * KB)
      for choice in layer.choices {
        var H = g
        var projection = LoRAProProjection(A: A, B: B)
        try projection.project(A: A, B: B, g: &H, scale: s, choice: choice, δ: δ)
        let C = projection.C
        let HA = (1 / (s * s)) * (g[.A] * KB) + A * C
        let HB = (1 / (s * s)) * (KA * g[.B]) - inner * B - C * B
        #expect(deviation(H[.A], HA) <= 1e-12 * max(1, HA.norm))
        #expect(deviation(H[.B], HB) <= 1e-12 * max(1, HB.norm))
        switch choice {
        case .zero: #expect(C == Matrix(r, r))
        case .symmetric: #expect(deviation(C, -0.5 * inner) <= 1e-12 * max(1, inner.norm))
        case .sylvester:
          let R = (-1 / (s * s)) * (A.T * g[.A] * KB)
          #expect(deviation(A.T * A * C + C * (B * B.T), R) <= 1e-10 * max(1, R.norm))
        case .given(let given): #expect(C == given)
        }
      }
    }
  }

  @Test("I6: Sylvester's C solves its equation and is where H is nearest to the plain gradients")
  func sylvesterIsStationary() throws {
    for layer in Layer.all {
      let g = layer.differentiated().gradients[0]
      let (H, C, _) = try layer.projected(.sylvester)
      let (A, B, s) = (layer.A, layer.B, layer.s)
      let R = (-1 / (s * s)) * (A.T * g[.A] * (try pseudoInverse(B * B.T)))
      #expect(deviation(A.T * A * C + C * (B * B.T), R) <= 1e-10 * max(1, R.norm))
      expectStationary(layer) { E in (H[.A] + A * E - g[.A]).squaredNorm + (H[.B] - E * B - g[.B]).squaredNorm
      }
    }
  }

  @Test("I6: the symmetric C is where both factors contribute alike")
  func symmetricIsStationary() throws {
    for layer in Layer.all {
      let (H, _, _) = try layer.projected(.symmetric)
      let (A, B, G, s) = (layer.A, layer.B, layer.G, layer.s)
      expectStationary(layer) { E in ((H[.A] + A * E) * B - A * (H[.B] - E * B)).squaredNorm }
      expectStationary(layer) { E in
        (s * ((H[.A] + A * E) * B) - G).squaredNorm + (s * (A * (H[.B] - E * B)) - G).squaredNorm
      }
    }
  }

  /// A quadratic function of C + E has no slope in any direction E: differences of it are exact.
  private func expectStationary(_ layer: Layer, _ f: (Matrix) -> Double) {
    let r = layer.A.columns
    for seed: UInt64 in 670..<674 {
      let E = Matrix.random(r, r, seed: seed)
      let (up, down, here) = (f(E), f(-1 * E), f(Matrix(r, r)))
      #expect(abs(up - down) <= 1e-10 * max(1, up), "\(up) and \(down)")
      #expect(up > here)
    }
  }

  @Test("I7: LoRA-Pro with C zero or symmetric does not see (AR, R⁻¹B); with Sylvester's and in LoRA it does")
  func invariance() throws {
    for layer in Layer.all where layer.A.columns > 1 {
      let r = layer.A.columns
      let R = Matrix.random(r, r, seed: 680) + 3 * .identity(r)
      let moved = Layer(G: layer.G, A: layer.A * R, B: (try inverse(R)) * layer.B, s: layer.s)
      func difference(_ rule: any Optimizer) throws -> Double {
        try deviation(layer.after(5, rule).W, moved.after(5, rule).W)
      }
      func pro(_ choice: LoRAProRule.Choice) -> any Optimizer {
        LoRAProRule(.factors(SGD(learningRate: 0.05)), scale: layer.s, choice: choice)
      }
      #expect(try difference(pro(.zero)) <= 1e-9)
      #expect(try difference(pro(.symmetric)) <= 1e-9)
      #expect(try difference(pro(.sylvester)) > 1e-6)
      #expect(try difference(SGD(learningRate: 0.01)) > 1e-3)
    }
  }

  private func inverse(_ R: Matrix) throws -> Matrix { try pseudoInverse(R.T * R) * R.transposed }

  @Test("I27: along LoRA-Pro's SGD step the loss falls by η|g~|²")
  func steepness() throws {
    for layer in Layer.all {
      let η = 1e-6
      for choice in layer.choices {
        let equivalent = try layer.projected(choice).equivalent
        let W = try layer.after(
          1, LoRAProRule(.factors(SGD(learningRate: η)), scale: layer.s, choice: choice)
        ).W
        // ½‖W‖² with target zero; the difference as a product, which loses no digits.
        let fall = 0.5 * Matrix.dot(W + layer.G, W - layer.G)
        #expect(abs(fall / η + equivalent.squaredNorm) <= 1e-5 * equivalent.squaredNorm)
      }
    }
  }

  @Test("C enters the η² term alone: it moves W by η²s·(H_A·H_B)")
  func secondOrderOfLoRAPro() throws {
    for layer in Layer.all {
      for choice in layer.choices {
        let η = 0.1
        let (H, _, equivalent) = try layer.projected(choice)
        let change = try layer.change(
          LoRAProRule(.factors(SGD(learningRate: η)), scale: layer.s, choice: choice))
        let wanted = -η * equivalent + (η * η * layer.s) * (H[.A] * H[.B])
        #expect(deviation(change, wanted) <= 1e-11 * max(1, wanted.norm, layer.G.norm))
      }
    }
  }
}
