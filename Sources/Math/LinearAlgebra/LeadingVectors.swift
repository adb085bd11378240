import COpenBLAS

extension SVD {
  /// The leading r singular triplets of M. For a large M and a small r from the r largest eigenpairs of MMᵀ
  /// or MᵀM, the smaller one, several times cheaper than all of dgesdd; exactly by dgesdd where σ_r is so
  /// small against σ_1 that squaring would cost digits.
  ///
  /// Errors of the Gram form are about 1e-16·(σ_1/σ_r)², so at most 1e-12.
  package static func leading(_ M: Matrix, _ r: Int) throws(LinearAlgebraError) -> SVD {
    let k = min(M.rows, M.columns)
    if k >= 64, 4 * r <= k, let few = try fromGram(M, r), few.σ[r - 1] > 1e-2 * few.σ[0] { return few }
    let all = try SVD(M)
    return SVD(U: all.U.columns(0..<r), σ: Array(all.σ.prefix(r)), Vt: all.Vt.rows(0..<r))
  }

  /// The leading r singular triplets of G = XᵀD, nil for zero. Of few examples from the factors: X = RxᵀQxᵀ and
  /// D = RdᵀQdᵀ leave the decomposition of RxRdᵀ, b×b.
  static func leading(_ G: Gradient, _ r: Int) throws(LinearAlgebraError) -> SVD? {
    let b = G.D.rows
    guard let X = G.X, r <= b, 4 * b <= min(G.shape.rows, G.shape.columns) else {
      let dense = G.dense
      guard dense.isFinite else { throw .notFinite }
      return dense.largestModulus > 0 ? try leading(dense, r) : nil
    }
    let (x, d) = (try QR(X.transposed), try QR(G.D.transposed))
    let core = try SVD(x.R * d.R.T)
    guard core.σ[0] > 0 else { return nil }
    return SVD(
      U: x.Q * core.U.columns(0..<r), σ: Array(core.σ.prefix(r)), Vt: core.Vt.rows(0..<r) * d.Q.T)
  }

  private static func fromGram(_ M: Matrix, _ r: Int) throws(LinearAlgebraError) -> SVD? {
    guard M.isFinite else { throw .notFinite }
    guard M.hasSafeSquares else { return nil }
    let isWide = M.rows <= M.columns
    let gram = isWide ? M * M.T : M.T * M
    let (λ, vectors) = try largestEigenpairs(gram, r, vectors: true)
    let σ = λ.map { max(0, $0).squareRoot() }
    guard let smallest = σ.last, smallest > 0 else { return nil }
    let inverses = Matrix.diagonal(σ.map { 1 / $0 })
    return isWide
      ? SVD(U: vectors, σ: σ, Vt: inverses * (vectors.T * M))
      : SVD(U: M * vectors * inverses, σ: σ, Vt: vectors.transposed)
  }

  /// The r largest eigenvalues of a symmetric matrix, of which the lower triangle is read, descending, and
  /// their eigenvectors as columns, if asked for.
  static func largestEigenpairs(_ S: Matrix, _ r: Int, vectors: Bool) throws(LinearAlgebraError) -> (
    λ: [Double], vectors: Matrix
  ) {
    var S = S
    var (job, range, triangle) = (
      CChar(UInt8(ascii: vectors ? "V" : "N")), CChar(UInt8(ascii: "I")), CChar(UInt8(ascii: "L"))
    )
    var n = Int32(S.rows)
    var (first, last, leading, found, info) = (n - Int32(r) + 1, n, n, Int32(0), Int32(0))
    var (low, high, tolerance) = (0.0, 0.0, 0.0)
    var λ = Array(repeating: 0.0, count: S.rows)
    var Z = Matrix(vectors ? S.rows : 0, vectors ? r : 0)
    var support = Array(repeating: Int32(0), count: 2 * max(1, r))
    var (work, integers) = (
      Array(repeating: 0.0, count: 26 * S.rows), Array(repeating: Int32(0), count: 10 * S.rows)
    )
    var (workCount, integerCount) = (Int32(work.count), Int32(integers.count))
    dsyevr_(
      &job, &range, &triangle, &n, &S.storage, &leading, &low, &high, &first, &last, &tolerance, &found, &λ,
      &Z.storage, &leading, &support, &work, &workCount, &integers, &integerCount, &info)
    guard info == 0, Int(found) == r else { throw .notConverged(routine: "dsyevr") }
    let order = (0..<r).reversed()
    return (order.map { λ[$0] }, Matrix(Z.rows, Z.columns) { i, j in Z[i, r - 1 - j] })
  }
}
