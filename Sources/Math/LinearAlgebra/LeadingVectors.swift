/// The leading r singular triplets of an n×m matrix, with workspace to be used again. For a large M and a small
/// r from the r largest eigenpairs of MMᵀ or MᵀM, the smaller one, several times cheaper than all of dgesdd;
/// exactly by dgesdd where σ_r is so small against σ_1 that squaring would cost digits.
///
/// Errors of the Gram form are about 1e-16·(σ_1/σ_r)², so at most 1e-12. Signs are those of `SVD`.
struct LeadingVectors: Sendable {
  /// nil where the Gram form is not cheaper.
  private var gram: Gram?
  /// nil until the Gram form does not do.
  private var whole: SVD?

  /// MMᵀ or MᵀM and its largest eigenpairs.
  private struct Gram: Sendable {
    var S: Matrix
    var eigen: LargestEigenpairs

    mutating func decompose(_ M: Matrix) throws(LinearAlgebraError) {
      if M.rows <= M.columns { S.set(M, M.T) } else { S.set(M.T, M) }
      try eigen.decompose(&S)
    }
  }

  init(rows n: Int, columns m: Int, _ r: Int) {
    let k = min(n, m)
    if k >= 64, 4 * r <= k {
      gram = Gram(S: Matrix(k, k), eigen: LargestEigenpairs(order: k, r))
    } else {
      whole = SVD(rows: n, columns: m)
    }
  }

  /// - Throws: `notFinite`, `notConverged`.
  mutating func decompose(_ M: Matrix, into found: inout Triplets) throws(LinearAlgebraError) {
    guard M.isFinite else { throw .notFinite }
    if M.hasSafeSquares, try decomposeGram(M, into: &found) { return }
    if whole == nil { whole = SVD(rows: M.rows, columns: M.columns) }
    try whole?.decompose(M)
    if let whole { found.set(whole) }
  }

  /// - Returns: false where squaring would cost digits.
  private mutating func decomposeGram(_ M: Matrix, into found: inout Triplets) throws(LinearAlgebraError)
    -> Bool
  {
    try gram?.decompose(M)
    guard let eigen = gram?.eigen else { return false }
    for k in eigen.λ.indices { found.σ[k] = max(0, eigen.λ[k]).squareRoot() }
    guard let smallest = found.σ.last, smallest > 1e-2 * found.σ[0] else { return false }
    if M.rows <= M.columns {
      found.U.set(eigen.vectors)
      found.V.set(M.T, eigen.vectors)
      for k in eigen.λ.indices { found.V.scaleColumn(k, by: 1 / found.σ[k]) }
    } else {
      found.V.set(eigen.vectors)
      found.U.set(M, eigen.vectors)
      for k in eigen.λ.indices { found.U.scaleColumn(k, by: 1 / found.σ[k]) }
    }
    found.fixSigns()
    return true
  }
}

/// Some singular triplets of an n×m matrix.
struct Triplets: Sendable {
  /// Left singular vectors, n×r.
  var U: Matrix
  /// r singular values, descending.
  var σ: [Double]
  /// Right singular vectors, m×r.
  var V: Matrix

  /// Room for r of them.
  init(rows n: Int, columns m: Int, _ r: Int) {
    U = Matrix(n, r)
    σ = Array(repeating: 0, count: r)
    V = Matrix(m, r)
  }

  /// The first r of `svd`.
  mutating func set(_ svd: SVD) {
    U.set(0..<σ.count, of: svd.U)
    V.setTransposed(svd.Vt)
    for k in σ.indices { σ[k] = svd.σ[k] }
  }

  /// Signs as `SVD` has them.
  mutating func fixSigns() {
    for k in σ.indices where U.pointsBackwards(column: k) {
      U.scaleColumn(k, by: -1)
      V.scaleColumn(k, by: -1)
    }
  }
}

extension SVD {
  /// The leading r singular triplets of M.
  package static func leading(_ M: Matrix, _ r: Int) throws(LinearAlgebraError) -> SVD {
    var room = LeadingVectors(rows: M.rows, columns: M.columns, r)
    var found = Triplets(rows: M.rows, columns: M.columns, r)
    try room.decompose(M, into: &found)
    return SVD(U: found.U, σ: found.σ, Vt: found.V.transposed)
  }
}
