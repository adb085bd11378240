/// msign(M): UVᵀ of UΣVᵀ, from σ > 1e-10·σ_1; zero for zero, and for what rounding leaves of it, below 1e-12; with
/// workspace to be used again.
struct MatrixSign: Sendable {
  private(set) var value: Matrix
  private var svd: SVD
  private var U: Matrix

  init(_ shape: (rows: Int, columns: Int)) {
    value = Matrix(shape.rows, shape.columns)
    svd = SVD(rows: shape.rows, columns: shape.columns)
    U = svd.U
  }

  /// value ← msign(M).
  /// - Throws: `notFinite`, `notConverged`.
  mutating func update(_ M: Matrix) throws(LinearAlgebraError) {
    try svd.decompose(M)
    U.set(svd.U)
    let cut = svd.σ[0] > 1e-12 ? 1e-10 * svd.σ[0] : .infinity
    for k in svd.σ.indices where svd.σ[k] <= cut { U.scaleColumn(k, by: 0) }
    value.set(U, svd.Vt)
  }
}
