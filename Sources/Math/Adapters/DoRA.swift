/// W_:j = μ_j·V_:j/‖V_:j‖ with V = W0 − s·A0B0 + s·AB and one magnitude μ_j an output, starting at ‖W0_:j‖
/// (Liu et al. 2024, arXiv 2402.09353). A column of V that is zero stays a frozen zero.
package struct DoRA: Adapter {
  package let directions: LowRank
  /// The norm ‖V_:j‖ counts as a constant in the pull-back, as the authors' and PEFT's code have it. What
  /// comes out is then not the gradient of the loss.
  package let isNormDetached: Bool
  /// ‖Wfz_:j‖², 1×m: V itself is formed for nobody but who asks for the weight.
  private let squares: Matrix

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
    var squares = Matrix(1, directions.frozen.columns)
    squares.setColumnProducts(directions.frozen, directions.frozen)
    self.squares = squares
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { directions.frozen.shape }

  /// LoRA's own (Z = XA, T, XA0); XV and D' = D·diag(c) b×m; ν, c = μ/ν and q 1×m; U = AᵀWfz, AᵀV and B·diag(q)
  /// r×m; AᵀA and B·diag(q)·Bᵀ r×r; a column of V n×1.
  fileprivate enum Room: Int {
    case Z, T, XA0, XV, D, ν, c, q, U, AtV, Bq, AtA, BqBt, V
  }

  package func scratch(rows b: Int) -> [Matrix] {
    let ((n, m), r) = (directions.frozen.shape, directions.rank)
    return directions.scratch(rows: b) + [
      Matrix(b, m), Matrix(b, m), Matrix(1, m), Matrix(1, m), Matrix(1, m), Matrix(r, m), Matrix(r, m),
      Matrix(r, m), Matrix(r, r), Matrix(r, r), Matrix(n, 1),
    ]
  }

  /// Y = (XV)·diag(c), XV as LoRA computes it.
  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    setNorms(θ, &pass.scratch)
    pass.scratch[.c].setRatios(θ[.μ], pass.scratch[.ν])
    directions.forward(θ, &pass)
    swap(&pass.Y, &pass.scratch[.XV])
    pass.Y.setColumns(of: pass.scratch[.XV], scaledBy: pass.scratch[.c])
  }

  /// ν_j² = ‖V_:j‖² = ‖Wfz_:j‖² + s⟨B_:j, U_:j + (AᵀV)_:j⟩, with U = AᵀWfz and AᵀV = U + s(AᵀA)B.
  private func setNorms(_ θ: Parameters, _ scratch: inout [Matrix]) {
    let s = directions.scale
    scratch[.U].set(θ[.A].T, directions.frozen)
    scratch[.AtA].set(θ[.A].T, θ[.A])
    scratch[.AtV].set(scratch[.U])
    scratch[.AtV].add(s, scratch[.AtA], θ[.B])
    scratch[.U].add(scratch[.AtV])
    scratch[.ν].setColumnProducts(θ[.B], scratch[.U])
    for j in 0..<squares.columns {
      let square: Double = squares[0, j] + s * scratch[.ν][0, j]
      // Where the squares go beyond all numbers, or have no digits left, the column itself.
      let isSafe = square > 1e-4 * squares[0, j] && squares[0, j] > 1e-280 && square < .infinity
      scratch[.ν][0, j] = isSafe ? square.squareRoot() : norm(ofColumn: j, θ, in: &scratch[.V])
    }
  }

  /// ‖V_:j‖ from V_:j itself.
  private func norm(ofColumn j: Int, _ θ: Parameters, in V: inout Matrix) -> Double {
    V.set(j..<j + 1, of: directions.frozen)
    for k in 0..<directions.rank {
      let b: Double = directions.scale * θ[.B][k, j]
      for i in 0..<V.rows { V[i, 0] += b * θ[.A][i, k] }
    }
    return V.columnNorm(0)
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
    g[.A].add(-s, directions.frozen, pass.scratch[.Bq].T)
    pass.scratch[.BqBt].set(θ[.B], pass.scratch[.Bq].T)
    g[.A].add(-s * s, θ[.A], pass.scratch[.BqBt])
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

  /// D·Wᵀ = D'Vᵀ = D'Wfzᵀ + s(D'Bᵀ)Aᵀ.
  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.scratch[.D], directions.frozen.T)
    dX.add(directions.scale, pass.scratch[.T], θ[.A].T)
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

  /// LoRA's, 2nmr for AᵀWfz, and the magnitudes.
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
