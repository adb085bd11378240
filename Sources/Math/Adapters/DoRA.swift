/// W_:j = μ_j·V_:j/‖V_:j‖ with V = W0 − s·A0B0 + s·AB and one magnitude μ_j an output, starting at ‖W0_:j‖
/// (Liu et al. 2024, arXiv 2402.09353). A column of V that is zero stays a frozen zero.
package struct DoRA: Adapter {
  package let directions: LowRank
  /// The norm ‖V_:j‖ counts as a constant in the pull-back, as the authors' and PEFT's code have it. What
  /// comes out is then not the gradient of the loss.
  package let isNormDetached: Bool

  /// - Returns: the adapter and μ at the start, 1×m.
  package static func attach(_ directions: LowRank, W0: Matrix, isNormDetached: Bool = true) -> (
    adapter: DoRA, μ: Matrix
  ) {
    var μ = Matrix(1, W0.columns)
    μ.setColumnNorms(of: W0)
    return (DoRA(directions: directions, isNormDetached: isNormDetached), μ)
  }

  private init(directions: LowRank, isNormDetached: Bool) {
    self.directions = directions
    self.isNormDetached = isNormDetached
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { directions.frozen.shape }

  /// LoRA's own (Z = XA, T, XA0); V n×m; XV and D' = D·diag(c) b×m; ν, c = μ/ν and q 1×m; B·diag(q) and
  /// AᵀV r×m.
  fileprivate enum Room: Int {
    case Z, T, XA0, V, XV, D, ν, c, q, Bq, AtV
  }

  package func scratch(rows b: Int) -> [Matrix] {
    let (n, m) = directions.frozen.shape
    let r = directions.rank
    return directions.scratch(rows: b) + [
      Matrix(n, m), Matrix(b, m), Matrix(b, m), Matrix(1, m), Matrix(1, m), Matrix(1, m), Matrix(r, m),
      Matrix(r, m),
    ]
  }

  /// Y = (XV)·diag(c), XV as LoRA computes it.
  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    directions.weight(θ, into: &pass.scratch[.V])
    pass.scratch[.ν].setColumnNorms(of: pass.scratch[.V])
    pass.scratch[.c].setRatios(θ[.μ], pass.scratch[.ν])
    directions.forward(θ, &pass)
    swap(&pass.Y, &pass.scratch[.XV])
    pass.Y.setColumns(of: pass.scratch[.XV], scaledBy: pass.scratch[.c])
  }

  package var usesPretrainedOutput: Bool { true }

  /// With D' = D·diag(c): ∂L/∂A = s·Xᵀ(D'Bᵀ), ∂L/∂B = s·(XA)ᵀD' and ∂L/∂μ_j = ⟨D_:j, XV_:j⟩/ν_j. With the
  /// norm not detached, −V·diag(q) joins ∂L/∂V, q_j = ∂L/∂μ_j·c_j/ν_j.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    let s = directions.scale
    pass.scratch[.D].setColumns(of: pass.gradient.D, scaledBy: pass.scratch[.c])
    pass.scratch[.T].set(pass.scratch[.D], θ[.B].T)
    pass.gradient.multiplyInputTransposed(s, pass.scratch[.T], into: &g[.A])
    g[.B].set(s, pass.scratch[.Z].T, pass.scratch[.D])
    pass.scratch[.q].setColumnProducts(pass.gradient.D, pass.scratch[.XV])
    g[.μ].setRatios(pass.scratch[.q], pass.scratch[.ν])
    guard !isNormDetached else { return }
    // q_j = ∂L/∂μ_j·c_j/ν_j.
    for j in 0..<g[.μ].columns {
      let ν = pass.scratch[.ν][0, j]
      pass.scratch[.q][0, j] = ν == 0 ? 0 : g[.μ][0, j] * pass.scratch[.c][0, j] / ν
    }
    pass.scratch[.Bq].setColumns(of: θ[.B], scaledBy: pass.scratch[.q])
    g[.A].add(-s, pass.scratch[.V], pass.scratch[.Bq].T)
    pass.scratch[.AtV].set(θ[.A].T, pass.scratch[.V])
    pass.scratch[.Bq].setColumns(of: pass.scratch[.AtV], scaledBy: pass.scratch[.q])
    g[.B].add(-s, pass.scratch[.Bq])
  }

  /// The same from V̂ = V·diag(1/ν): ∂L/∂μ_j = ⟨G_:j, V̂_:j⟩ and ∂L/∂V_:j = c_j(G_:j − V̂_:j·∂L/∂μ_j), the
  /// second term only with the norm not detached.
  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    let V = directions.weight(θ)
    let (n, m) = V.shape
    var dV = Matrix(n, m)
    for j in 0..<m {
      let ν = V.columns(j..<j + 1).norm
      let c = ν == 0 ? 0 : θ[.μ][0, j] / ν
      let dμ = ν == 0 ? 0 : (0..<n).reduce(0) { $0 + G[$1, j] * V[$1, j] } / ν
      g[.μ][0, j] = dμ
      for i in 0..<n where ν != 0 {
        dV[i, j] = c * (G[i, j] - (isNormDetached ? 0 : V[i, j] / ν * dμ))
      }
    }
    directions.pullback(θ, dense: dV, into: &g)
  }

  /// D·Wᵀ = D'Vᵀ.
  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.scratch[.D], pass.scratch[.V].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) {
    directions.weight(θ, into: &W)
    for j in 0..<W.columns {
      let ν = W.columnNorm(j)
      W.scaleColumn(j, by: ν == 0 ? 0 : θ[.μ][0, j] / ν)
    }
  }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    tile.normalizedDistance(
      directions.frozen, plus: directions.scale, θ[.A], θ[.B], magnitudes: θ[.μ], to: W)
  }

  package var factoring: Factoring { .partly }

  package var withTrueGradient: (any Adapter)? {
    isNormDetached ? DoRA(directions: directions, isNormDetached: false) : nil
  }

  /// LoRA's, 2nmr for V, and the magnitudes.
  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    let (n, m) = (Double(directions.frozen.rows), Double(directions.frozen.columns))
    let r = Double(directions.rank)
    let merge: Double = 2 * n * m * r
    guard let b = b.map(Double.init) else { return 6 * n * m * r }
    let lowRank: Double = 2 * b * n * m + b * r * (4 * n + 4 * m)
    return merge + lowRank + 2 * b * m + (isFirst ? 0 : 2 * b * n * m)
  }
}

extension [Matrix] {
  fileprivate subscript(room: DoRA.Room) -> Matrix {
    get { self[room.rawValue] }
    _modify { yield &self[room.rawValue] }
  }
}
