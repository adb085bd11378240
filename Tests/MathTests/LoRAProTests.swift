import Glibc
import Testing

import Math

@Suite("Identities of LoRA-Pro")
struct LoRAProTests {
  @Test("I19: of rank min(n, m) LoRA-Pro misses nothing, of random factors (1 − r/n)(1 − r/m) on average")
  func fullRank() throws {
    for (n, m) in [(5, 3), (3, 5), (4, 4)] {
      let layer = Layer(n, m, rank: min(n, m), s: 1.5, seed: 690)
      for choice in layer.choices {
        #expect(try deviation(layer.projected(choice).equivalent, layer.G) <= 1e-10 * layer.G.norm)
      }
    }
    let (n, m, r, N) = (8, 6, 2, 600)
    let shares = try (0..<N).map { i in
      let layer = Layer(n, m, rank: r, s: 1, seed: 10_000 + 3 * UInt64(i))
      return try (layer.projected(.zero).equivalent - layer.G).squaredNorm / layer.G.squaredNorm
    }
    let mean = shares.reduce(0, +) / Double(N)
    let spread = (shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(N)).squareRoot()
    let wanted: Double = (1 - Double(r) / Double(n)) * (1 - Double(r) / Double(m))
    // Five standard errors.
    #expect(abs(mean - wanted) <= 5 * spread / Double(N).squareRoot(), "\(mean), not \(wanted)")
  }

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

  @Test("from B = 0 with δ the first step is −ηA(AᵀA + δI)⁻¹AᵀG, and nothing is infinite")
  func shiftedZeroStart() throws {
    for layer in Layer.all {
      let (A, G, s, r) = (layer.A, layer.G, layer.s, layer.A.columns)
      let start = Layer(G: G, A: A, B: Matrix(r, layer.B.columns), s: s)
      for δ in [1e-8, 0.3] {
        let wanted = -0.1 * (A * (try pseudoInverse(A.T * A + δ * .identity(r))) * (A.T * G))
        for choice in [LoRAProRule.Choice.zero, .symmetric, .sylvester] {
          let rule = LoRAProRule(.factors(SGD(learningRate: 0.1)), scale: s, choice: choice, δ: δ)
          #expect(try deviation(start.change(rule), wanted) <= 1e-11 * max(1, G.norm))
        }
      }
    }
  }

  @Test("full moments under gradient descent are the factors' own descent, for every C")
  func momentsOfDescent() throws {
    for layer in Layer.all {
      for choice in layer.choices {
        let full = LoRAProRule(
          .full(OptimizerChoice(.sgd, learningRate: 0.05), stepOffset: 0), scale: layer.s, choice: choice)
        let factors = LoRAProRule(.factors(SGD(learningRate: 0.05)), scale: layer.s, choice: choice)
        let ((W, θ), (plainW, plainθ)) = (try layer.after(4, full), try layer.after(4, factors))
        // 1e-9: rounding times the Grams' conditions, over four steps.
        #expect(deviation(W, plainW) <= 1e-9 * max(1, plainW.norm), "\(choice)")
        #expect(deviation(θ[.A], plainθ[.A]) <= 1e-9 * max(1, plainθ[.A].norm))
      }
    }
  }

  @Test("under Adam the factors take the step nearest to Adam's direction for the equivalent gradient")
  func momentsOfAdam() throws {
    for layer in Layer.all {
      let η = 0.01
      for choice in layer.choices {
        let equivalent = try layer.projected(.zero).equivalent
        let U = Matrix(layer.G.rows, layer.G.columns) {
          equivalent[$0, $1] / (abs(equivalent[$0, $1]) + 1e-8)
        }
        // The layer whose gradient is U.
        let target = Layer(G: U, A: layer.A, B: layer.B, s: layer.s)
        let (H, _, nearest) = try target.projected(choice)
        let rule = LoRAProRule(
          .full(OptimizerChoice(.adam, learningRate: η), stepOffset: 0), scale: layer.s, choice: choice)
        let wanted = -η * nearest + (η * η * layer.s) * (H[.A] * H[.B])
        #expect(try deviation(layer.change(rule), wanted) <= 1e-10 * max(1, layer.G.norm, wanted.norm))
        #expect(try deviation(nearest, U - target.unreachable) <= 1e-10 * max(1, U.norm))
      }
    }
  }
}
