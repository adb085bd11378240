import COpenBLAS

/// The thin QR decomposition M = QR, Q n×k with orthonormal columns, R k×m upper triangular, k = min(n, m), with
/// workspace to be used again.
package struct QR: Sendable {
  package private(set) var Q: Matrix
  package private(set) var R: Matrix
  /// R above Householder's reflectors, n×m.
  private var packed: Matrix
  private var τ: [Double]
  private var work: [Double]

  /// Room for n×m matrices; 0×0 for Q when only R is wanted.
  package init(rows n: Int, columns m: Int, onlyR: Bool = false) {
    let k = min(n, m)
    packed = Matrix(n, m)
    Q = onlyR ? Matrix(0, 0) : Matrix(n, k)
    R = Matrix(k, m)
    τ = Array(repeating: 0, count: k)
    work = Array(repeating: 0, count: 64 * m)
  }

  /// - Parameter positiveDiagonal: makes the decomposition of a full-rank matrix unique.
  /// - Throws: `notFinite`.
  package init(_ M: Matrix, positiveDiagonal: Bool = false) throws(LinearAlgebraError) {
    self.init(rows: M.rows, columns: M.columns)
    try decompose(M, positiveDiagonal: positiveDiagonal)
  }

  /// - Throws: `notFinite`.
  package mutating func decompose(_ M: Matrix, positiveDiagonal: Bool = false) throws(LinearAlgebraError) {
    try reflect(M)
    guard Q.rows > 0 else { return }
    Q.set(0..<Q.columns, of: packed)
    var (n, inner, size, info) = (Int32(Q.rows), Int32(Q.columns), Int32(work.count), Int32(0))
    var (columns, leading) = (inner, n)
    dorgqr_(&n, &columns, &inner, &Q.storage, &leading, τ, &work, &size, &info)
    precondition(info == 0, "dorgqr refused argument \(-info)")
    guard positiveDiagonal else { return }
    for j in 0..<R.rows where R[j, j] < 0 {
      for i in 0..<Q.rows { Q[i, j].negate() }
      for c in 0..<R.columns { R[j, c].negate() }
    }
  }

  /// R alone, k×m: enough for singular values of a product.
  package static func triangle(of M: Matrix) throws(LinearAlgebraError) -> Matrix {
    var qr = QR(rows: M.rows, columns: M.columns, onlyR: true)
    try qr.decompose(M)
    return qr.R
  }

  private mutating func reflect(_ M: Matrix) throws(LinearAlgebraError) {
    guard M.isFinite else { throw .notFinite }
    packed.set(M)
    var (n, m, size, info) = (Int32(M.rows), Int32(M.columns), Int32(work.count), Int32(0))
    var leading = n
    dgeqrf_(&n, &m, &packed.storage, &leading, &τ, &work, &size, &info)
    precondition(info == 0, "dgeqrf refused argument \(-info)")
    for j in 0..<R.columns {
      for i in 0...min(j, R.rows - 1) { R[i, j] = packed[i, j] }
    }
  }
}
