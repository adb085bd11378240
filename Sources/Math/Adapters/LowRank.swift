/// W(θ) = Wfz + s·AB with Wfz = W0 − s·A0B0, A n×r and B r×m (Hu et al. 2021, eq. 3, transposed; with the
/// compensation that any start needs whose product is not zero).
package struct LowRank: Adapter {
  /// Wfz, n×m.
  package private(set) var frozen: Matrix
  package let scale: Double
  /// The factors at the start when their product is not zero; else nil.
  package private(set) var start: (A: Matrix, B: Matrix)?
  package let rank: Int

  /// - Parameter scale: s = α/r or α/√r.
  package init(W0: Matrix, A0: Matrix, B0: Matrix, scale: Double) {
    self.scale = scale
    rank = A0.columns
    let isZero = A0.squaredNorm == 0 || B0.squaredNorm == 0
    start = isZero ? nil : (A0, B0)
    frozen = isZero ? W0 : W0 - scale * (A0 * B0)
  }

  /// Wfz ← W(θ): what the factors have learned is kept, whatever they become.
  mutating func merge(_ θ: Parameters) { frozen.add(scale, θ[.A], θ[.B]) }

  /// Wfz ← Wfz − s·AB: the factors of θ are a start at which nothing has been learned.
  mutating func begin(at θ: Parameters) {
    guard θ[.A].squaredNorm > 0, θ[.B].squaredNorm > 0 else { return start = nil }
    frozen.add(-scale, θ[.A], θ[.B])
    if start == nil { start = (Matrix(frozen.rows, rank), Matrix(rank, frozen.columns)) }
    start?.A.set(θ[.A])
    start?.B.set(θ[.B])
  }

  /// The same in room of its own, which a restart then need not make.
  var unshared: LowRank {
    var copy = self
    copy.frozen = 1 * frozen
    copy.start = start.map { (1 * $0.A, 1 * $0.B) }
    return copy
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { frozen.shape }

  /// Z = XA, T = DBᵀ and, if there is an A0, XA0, all b×r: with them G is never formed.
  package func scratch(rows: Int) -> [Matrix] {
    [Matrix(rows, rank), Matrix(rows, rank), Matrix(start == nil ? 0 : rows, rank)]
  }

  /// Y = X·Wfz + s·ZB; with XW0 known, X·Wfz = XW0 − s·(XA0)B0.
  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    pass.gradient.multiplyInput(θ[.A], into: &pass.scratch[0])
    if let start, pass.pretrainedOutput != nil {
      pass.setPretrainedOutput(frozen)
      pass.gradient.multiplyInput(start.A, into: &pass.scratch[2])
      pass.Y.add(-scale, pass.scratch[2], start.B)
    } else {
      pass.setPretrainedOutput(frozen)
    }
    pass.Y.add(scale, pass.scratch[0], θ[.B])
  }

  package var usesPretrainedOutput: Bool { true }

  /// ∂L/∂A = s·GBᵀ = s·XᵀT and ∂L/∂B = s·AᵀG = s·ZᵀD.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.scratch[1].set(pass.gradient.D, θ[.B].T)
    pass.gradient.multiplyInputTransposed(scale, pass.scratch[1], into: &g[.A])
    g[.B].set(scale, pass.scratch[0].T, pass.gradient.D)
  }

  /// ∂L/∂A = s·GBᵀ and ∂L/∂B = s·AᵀG.
  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    g[.A].set(scale, G, θ[.B].T)
    g[.B].set(scale, θ[.A].T, G)
  }

  /// D·Wᵀ = D·Wfzᵀ + s·TAᵀ.
  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, frozen.T)
    dX.add(scale, pass.scratch[1], θ[.A].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) {
    W.set(frozen)
    W.add(scale, θ[.A], θ[.B])
  }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    tile.distance(frozen, plus: scale, θ[.A], θ[.B], to: W)
  }

  /// From the factors: W − W0 = s·[A −A0]·[B; B0], so QR of both sides and the SVD of a 2r×2r core suffice.
  package func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double] {
    let left = start.map { θ[.A].beside(-1 * $0.A) } ?? θ[.A]
    let right = start.map { θ[.B].transposed.beside($0.B.transposed) } ?? θ[.B].transposed
    let core = try QR.triangle(of: left) * QR.triangle(of: right).T
    let values = try SVD.values(scale * core)
    let count = min(W0.rows, W0.columns)
    return Array(values.prefix(count)) + Array(repeating: 0, count: max(0, count - values.count))
  }

  package var reach: Reach? { Reach(frozen: frozen, rank: rank) }

  package var rankBound: Int? { start == nil ? rank : 2 * rank }

  package var factoring: Factoring { .product(frozen: frozen, scale: scale) }

  /// 4bnm + 6br(n + m): the form (XA)B.
  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    let (n, m) = (Double(frozen.rows), Double(frozen.columns))
    let r = Double(rank)
    guard let b = b.map(Double.init) else { return 6 * n * m * r }
    let inputGradient: Double = isFirst ? 0 : 2 * b * n * m + 2 * b * r * n
    return 2 * b * n * m + b * r * (4 * n + 6 * m) + inputGradient
  }
}

extension Matrix {
  /// [self other], side by side.
  package func beside(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) rows do not stand beside \(other.rows)")
    return Matrix(rows, columns + other.columns, storage: storage + other.storage)
  }
}
