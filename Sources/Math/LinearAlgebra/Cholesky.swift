import COpenBLAS

/// The Cholesky decomposition M = LLᵀ of a symmetric positive definite matrix.
package struct Cholesky: Sendable {
  /// Lower triangular, n×n.
  package let L: Matrix

  /// Reads the lower triangle of M only.
  /// - Throws: `notFinite`, `notPositiveDefinite`.
  package init(_ M: Matrix) throws(LinearAlgebraError) {
    precondition(M.rows == M.columns, "Cholesky needs a square matrix, not \(M.rows)×\(M.columns)")
    guard M.isFinite else { throw .notFinite }
    var factor = M
    var triangle = CChar(UInt8(ascii: "L"))
    var (n, info) = (Int32(M.rows), Int32(0))
    var leading = n
    dpotrf_(&triangle, &n, &factor.storage, &leading, &info)
    guard info == 0 else { throw .notPositiveDefinite(order: Int(info)) }
    L = Matrix(M.rows, M.rows) { $0 >= $1 ? factor[$0, $1] : 0 }
  }

  /// X with M·X = B.
  package func solve(_ B: Matrix) -> Matrix {
    precondition(B.rows == L.rows, "\(L.rows)×\(L.rows) cannot be solved for \(B.rows)×\(B.columns)")
    var X = B
    var triangle = CChar(UInt8(ascii: "L"))
    var (n, count, info) = (Int32(L.rows), Int32(B.columns), Int32(0))
    var (leading, leadingX) = (n, n)
    dpotrs_(&triangle, &n, &count, L.storage, &leading, &X.storage, &leadingX, &info)
    precondition(info == 0, "dpotrs refused argument \(-info)")
    return X
  }
}
