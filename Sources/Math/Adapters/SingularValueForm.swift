/// W = W0 + s'·(A·diag E)·B with A n×r, E r×1 and B r×m: AdaLoRA's form (Zhang et al. 2023,
/// arXiv 2303.10512), in which single directions can be masked by E_k = 0. E starts at 0.
package struct SingularValueForm: Adapter {
  package let W0: Matrix
  package let scale: Double
  package let rank: Int

  package init(W0: Matrix, rank: Int, scale: Double) {
    self.W0 = W0
    self.rank = rank
    self.scale = scale
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { W0.shape }

  /// Z = XA, Z·diag E, T = DBᵀ and T·diag E, all b×r.
  package func scratch(rows: Int) -> [Matrix] { Array(repeating: Matrix(rows, rank), count: 4) }

  /// Y = XW0 + s'·(Z·diag E)B.
  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    pass.gradient.multiplyInput(θ[.A], into: &pass.scratch[0])
    pass.scratch[1].setColumns(of: pass.scratch[0], scaledBy: θ[.E])
    pass.setPretrainedOutput(W0)
    pass.Y.add(scale, pass.scratch[1], θ[.B])
  }

  /// ∂L/∂A = s'·Xᵀ(T·diag E), ∂L/∂E_k = s'·⟨Z_:k, T_:k⟩ and ∂L/∂B = s'·(Z·diag E)ᵀD.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.scratch[2].set(pass.gradient.D, θ[.B].T)
    pass.scratch[3].setColumns(of: pass.scratch[2], scaledBy: θ[.E])
    pass.gradient.multiplyInputTransposed(scale, pass.scratch[3], into: &g[.A])
    for k in 0..<rank { g[.E][k, 0] = scale * pass.scratch[0].columnProduct(k, pass.scratch[2]) }
    g[.B].set(scale, pass.scratch[1].T, pass.gradient.D)
  }

  /// ∂L/∂A = s'·GBᵀ·diag E, ∂L/∂E = s'·diag(AᵀGBᵀ) and ∂L/∂B = s'·diag E·AᵀG.
  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    let E = Matrix.diagonal(θ[.E].storage)
    let core = θ[.A].T * (G * θ[.B].T)
    g[.A].set(scale, G * θ[.B].T, E)
    for k in 0..<rank { g[.E][k, 0] = scale * core[k, k] }
    g[.B].set(scale, E, θ[.A].T * G)
  }

  /// D·Wᵀ = D·W0ᵀ + s'·(T·diag E)Aᵀ.
  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, W0.T)
    dX.add(scale, pass.scratch[3], θ[.A].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) {
    var AE = Matrix(W0.rows, rank)
    AE.setColumns(of: θ[.A], scaledBy: θ[.E])
    W.set(W0)
    W.add(scale, AE, θ[.B])
  }

  package var usesPretrainedOutput: Bool { true }

  package var reach: Reach? { Reach(frozen: W0, rank: rank) }

  package var rankBound: Int? { rank }

  package var factoring: Factoring { .partly }

  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    let (n, m) = (Double(W0.rows), Double(W0.columns))
    let r = Double(rank)
    guard let b = b.map(Double.init) else { return 6 * n * m * r }
    let inputGradient: Double = isFirst ? 0 : 2 * b * n * m + 2 * b * r * n
    return 2 * b * n * m + b * r * (4 * n + 6 * m) + inputGradient
  }
}
