import Testing

import Math

@Suite("LoRA-Pro")
struct LoRAProTests {
  @Test("the equivalent gradient where a Gram is singular: B = 0, A = 0, a rank-deficient A")
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
