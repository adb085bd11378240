// What the next step does to the weight.

extension Measure {
  static let steps = [
    Measure(
      "gradient", "norm of the gradient", formula: "‖G‖_F,  G = ∂L/∂W on what the next step sees",
      cost: "a gradient"
    ) { $0.G?.norm },
    Measure(
      "update", "effective update", formula: "‖U_t‖_F,  U_t = (W_t − W_{t+1})/η",
      cost: "a step"
    ) { $0.U?.norm },
    Measure(
      "cosine", "alignment of the step with the gradient", formula: "⟨U_t,G⟩/(‖U_t‖‖G‖)",
      cost: "a step, 4nm"
    ) { snapshot in
      guard let U = snapshot.U, let G = snapshot.G else { return nil }
      return cosine(U, G)
    },
    Measure(
      "sign-cosine", "alignment of the step with the gradient's signs, Adam's first direction",
      formula: "⟨U_t,sign G⟩/(‖U_t‖‖sign G‖)", cost: "a step, 4nm"
    ) { snapshot in
      guard let U = snapshot.U, let G = snapshot.G else { return nil }
      return cosine(U, G.signs)
    },
    Measure(
      "adam-cosine", "alignment of the step with that of full fine-tuning",
      formula: "⟨U_t,U_t^full⟩/(‖U_t‖‖U_t^full‖),  U_t^full = (W_t^full − W_{t+1}^full)/η",
      cost: "a step, 4nm", needs: "Adam"
    ) { snapshot in
      guard snapshot.simulation.series[0].rule(layer: snapshot.layer) is Adam, let U = snapshot.U,
        let fullU = snapshot.fullU
      else { return nil }
      return cosine(U, fullU)
    },
    Measure(
      "tangent", "share of the gradient that no first-order step of the factors reaches",
      formula: "ρ = ‖(I−P_A)G(I−P_B)‖/‖G‖,  of W = Wfz + s·AB", cost: "8nmr", needs: productNeeded
    ) { $0.tangentResidual },
    Measure(
      "missed", "share of the gradient that a step misses, to first order and at its best length",
      formula: "min_c ‖c·T − G‖/‖G‖,  T = AAᵀG + GBᵀB, LoRA-Pro: G − (I−P_A)G(I−P_B)", cost: "8nmr",
      needs: productNeeded
    ) { snapshot in
      if snapshot.rule is LoRAProRule { return snapshot.tangentResidual }
      guard case .product = snapshot.adapter.factoring, let (A, B) = snapshot.factors, let G = snapshot.G,
        G.squaredNorm > 0
      else { return nil }
      let T: Matrix = A * (A.T * G) + (G * B.T) * B
      let c = T.squaredNorm > 0 ? Matrix.dot(T, G) / T.squaredNorm : 0
      return Matrix.distance(c * T, G) / G.norm
    },
    Measure(
      "missed-least", "least share of the gradient that any first step of rank 2r misses",
      formula: "tail_2r(G)/‖G‖,  r of the run", cost: "SVD of G"
    ) { snapshot in
      guard let r = snapshot.rank, let σ = snapshot.svdG?.σ else { return nil }
      return tail(σ, after: 2 * r) / tail(σ, after: 0)
    },
    Measure(
      "optimality", "distance of the step from the gradient, over the least possible",
      formula: "‖U_t − G‖/(ρ‖G‖),  none where ρ < 1e-10", cost: "a step, 8nmr", needs: productNeeded
    ) { snapshot in
      guard let U = snapshot.U, let G = snapshot.G, let ρ = snapshot.tangentResidual, ρ >= 1e-10 else {
        return nil
      }
      return Matrix.distance(U, G) / (ρ * G.norm)
    },
    Measure(
      "second-order", "share of the step that is quadratic in the rate",
      formula: "η‖d_A·d_B‖/‖d_A·B + A·d_B‖,  d = (θ_t − θ_{t+1})/η, of W = Wfz + s·AB",
      cost: "a step, 10r²(n+m)", needs: productNeeded
    ) { (snapshot) throws(LinearAlgebraError) in
      guard let η = snapshot.η, let (A, B) = snapshot.factors, case .product = snapshot.adapter.factoring,
        let (changeA, changeB) = snapshot.factorChanges
      else { return nil }
      let (dA, dB) = ((-1 / η) * changeA, (-1 / η) * changeB)
      let first = try normOfProduct(dA.beside(A), B.transposed.beside(dB.transposed))
      return try η * normOfProduct(dA, dB.transposed) / first
    },
    Measure(
      "role-balance", "what A's change does to the weight over what B's does",
      formula: "‖d_A·B‖/‖A·d_B‖,  d = (θ_t − θ_{t+1})/η, of W = Wfz + s·AB", cost: "a step, 4r²(n+m)",
      needs: productNeeded
    ) { (snapshot) throws(LinearAlgebraError) in
      guard let (A, B) = snapshot.factors, case .product = snapshot.adapter.factoring,
        let (changeA, changeB) = snapshot.factorChanges
      else { return nil }
      return try ratio(normOfProduct(changeA, B.transposed), normOfProduct(A, changeB.transposed))
    },
    Measure(
      "change-a", "relative change of A by the step", formula: "‖A_{t+1} − A_t‖/‖A_t‖,  none for A = 0",
      cost: "a step, 4nr", needs: factorsNeeded
    ) { snapshot in
      guard let (A, _) = snapshot.factors, let change = snapshot.factorChanges?.A else { return nil }
      return ratio(change.norm, A.norm)
    },
    Measure(
      "change-b", "relative change of B by the step", formula: "‖B_{t+1} − B_t‖/‖B_t‖,  none for B = 0",
      cost: "a step, 4mr", needs: factorsNeeded
    ) { snapshot in
      guard let (_, B) = snapshot.factors, let change = snapshot.factorChanges?.B else { return nil }
      return ratio(change.norm, B.norm)
    },
    Measure(
      "zeta", "share of full fine-tuning's step that the factors take along the gradient",
      formula: "⟨T,G⟩/‖G‖²,  T = s²(AAᵀG + GBᵀB), LoRA-Pro: G − (I−P_A)G(I−P_B)", cost: "4nmr",
      needs: productNeeded
    ) { snapshot in
      guard case .product(_, let s) = snapshot.adapter.factoring, let (A, B) = snapshot.factors,
        let G = snapshot.G
      else { return nil }
      if snapshot.rule is LoRAProRule { return snapshot.tangentResidual.map { 1 - $0 * $0 } }
      // ⟨AAᵀG,G⟩ = ‖AᵀG‖² and ⟨GBᵀB,G⟩ = ‖GBᵀ‖².
      let squares: Double = (A.T * G).squaredNorm + (G * B.T).squaredNorm
      return s * s * squares / G.squaredNorm
    },
    Measure(
      "effective-rate", "the rate that alpha, r and the rates of A and B come to together",
      formula: "SGD s√(η_A·η_B), Adam and signs √(s·η_A·η_B),  of W = Wfz + s·AB", cost: "0",
      needs: productNeeded + " and SGD, momentum, Adam or signs"
    ) { snapshot in
      guard case .product(_, let s) = snapshot.adapter.factoring else { return nil }
      func rates(_ η: LearningRate) -> Double { η[.A] * η[.B] }
      return switch snapshot.rule {
      case let rule as SGD: s * rates(rule.learningRate).squareRoot()
      case let rule as Momentum: s * rates(rule.learningRate).squareRoot()
      case let rule as Adam: (s * rates(rule.learningRate)).squareRoot()
      case let rule as SignSGD: (s * rates(rule.learningRate)).squareRoot()
      default: nil
      }
    },
  ]
}

extension Snapshot {
  /// A_{t+1} − A_t and B_{t+1} − B_t, unless those after the step are of another round.
  fileprivate var factorChanges: (A: Matrix, B: Matrix)? {
    mutating get {
      let next = own.run.next.series[own.index]
      guard let (A, B) = factors, !next.hasDiverged,
        next.chain.adapters[layer].factoring == adapter.factoring
      else { return nil }
      return (next.chain.parameters[layer][.A] - A, next.chain.parameters[layer][.B] - B)
    }
  }
}

/// x/y, none for y = 0.
private func ratio(_ x: Double, _ y: Double) -> Double? { y == 0 ? nil : x / y }

private func cosine(_ X: Matrix, _ Y: Matrix) -> Double { Matrix.dot(X, Y) / (X.norm * Y.norm) }

/// ‖XYᵀ‖_F for X n×k and Y m×k, from the triangles of their QR decompositions.
private func normOfProduct(_ X: Matrix, _ Y: Matrix) throws(LinearAlgebraError) -> Double {
  (try QR.triangle(of: X) * QR.triangle(of: Y).T).norm
}
