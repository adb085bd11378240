import COpenBLAS

/// The thin QR decomposition M = QR, Q n×k with orthonormal columns, R k×m upper triangular, k = min(n, m).
package struct QR: Sendable {
  package let Q: Matrix
  package let R: Matrix

  /// - Parameter positiveDiagonal: makes the decomposition of a full-rank matrix unique.
  /// - Throws: `notFinite`.
  package init(_ M: Matrix, positiveDiagonal: Bool = false) throws(LinearAlgebraError) {
    let k = min(M.rows, M.columns)
    let (reflectors, τ) = try QR.reflectors(of: M)
    var R = QR.upperTriangle(of: reflectors)
    var Q = reflectors.columns(0..<k)
    var (n, inner, info) = (Int32(Q.rows), Int32(k), Int32(0))
    var columns = inner
    var size = 64 * inner
    var work = Array(repeating: 0.0, count: Int(size))
    var leading = n
    dorgqr_(&n, &columns, &inner, &Q.storage, &leading, τ, &work, &size, &info)
    precondition(info == 0, "dorgqr refused argument \(-info)")
    if positiveDiagonal {
      for j in 0..<k where R[j, j] < 0 {
        for i in 0..<Q.rows { Q[i, j].negate() }
        for c in 0..<R.columns { R[j, c].negate() }
      }
    }
    self.Q = Q
    self.R = R
  }

  /// R alone, k×m: enough for singular values of a product.
  package static func triangle(of M: Matrix) throws(LinearAlgebraError) -> Matrix {
    upperTriangle(of: try reflectors(of: M).packed)
  }

  private static func reflectors(of M: Matrix) throws(LinearAlgebraError) -> (packed: Matrix, τ: [Double]) {
    guard M.isFinite else { throw .notFinite }
    var packed = M
    var (n, m, info) = (Int32(M.rows), Int32(M.columns), Int32(0))
    var τ = Array(repeating: 0.0, count: min(M.rows, M.columns))
    var size = 64 * m
    var work = Array(repeating: 0.0, count: Int(size))
    var leading = n
    dgeqrf_(&n, &m, &packed.storage, &leading, &τ, &work, &size, &info)
    precondition(info == 0, "dgeqrf refused argument \(-info)")
    return (packed, τ)
  }

  private static func upperTriangle(of packed: Matrix) -> Matrix {
    Matrix(min(packed.rows, packed.columns), packed.columns) { $0 <= $1 ? packed[$0, $1] : 0 }
  }
}
