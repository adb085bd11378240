import COpenBLAS

/// The thin singular value decomposition M = U diag(σ) Vᵀ, σ descending, with workspace to be used again.
///
/// Signs are fixed: in every column of U the first entry whose modulus is at least (1 − 1e-6) times the
/// column's largest is positive. Trajectories that start from singular vectors depend on them.
package struct SVD: Sendable {
  /// Left singular vectors, n×k with k = min(n, m); 0×0 when only values were asked for.
  package private(set) var U: Matrix
  /// k singular values, descending.
  package private(set) var σ: [Double]
  /// Right singular vectors as rows, k×m.
  package private(set) var Vt: Matrix

  private let withVectors: Bool
  private var scratch: Matrix
  private var work: [Double]
  private var integers: [Int32]

  /// Room for n×m matrices, n and m at least 1.
  package init(rows n: Int, columns m: Int, vectors: Bool = true) {
    let k = min(n, m)
    withVectors = vectors
    scratch = Matrix(n, m)
    U = vectors ? Matrix(n, k) : Matrix(0, 0)
    Vt = vectors ? Matrix(k, m) : Matrix(0, 0)
    σ = Array(repeating: 0, count: k)
    integers = Array(repeating: 0, count: 8 * k)
    work = [0]
    _ = call(workCount: -1)
    work = Array(repeating: 0, count: Int(work[0]))
  }

  /// A decomposition found otherwise, its signs fixed; it cannot decompose again.
  init(U: Matrix, σ: [Double], Vt: Matrix) {
    (self.U, self.σ, self.Vt) = (U, σ, Vt)
    (withVectors, scratch, work, integers) = (true, Matrix(0, 0), [], [])
    fixSigns()
  }

  package init(_ M: Matrix) throws(LinearAlgebraError) {
    self.init(rows: M.rows, columns: M.columns)
    try decompose(M)
  }

  /// - Throws: `notFinite`, `notConverged`.
  package mutating func decompose(_ M: Matrix) throws(LinearAlgebraError) {
    guard M.isFinite else { throw .notFinite }
    scratch.set(M)
    guard call(workCount: Int32(work.count)) == 0 else { throw .notConverged(routine: "dgesdd") }
    fixSigns()
  }

  /// The best approximation of M of rank r: U_r diag(σ_1 … σ_r) V_rᵀ.
  package func truncated(to r: Int) -> Matrix {
    let k = min(r, σ.count)
    return U.columns(0..<k) * Matrix.diagonal(Array(σ.prefix(k))) * Vt.rows(0..<k)
  }

  /// Whether the leading k singular vectors are determined up to signs, as far as where they end goes: σ_k and
  /// σ_{k+1} differ by more than 1e-8·σ_1.
  package func isUnique(at k: Int) -> Bool {
    k >= σ.count || k == 0 || σ[k - 1] - σ[k] > 1e-8 * σ[0]
  }

  /// The singular values of M, descending.
  package static func values(_ M: Matrix) throws(LinearAlgebraError) -> [Double] {
    // An update that has not begun.
    if M.storage.allSatisfy({ $0 == 0 }) { return Array(repeating: 0, count: min(M.rows, M.columns)) }
    var svd = SVD(rows: M.rows, columns: M.columns, vectors: false)
    try svd.decompose(M)
    return svd.σ
  }

  private mutating func call(workCount: Int32) -> Int32 {
    var job = CChar(UInt8(ascii: withVectors ? "S" : "N"))
    var (n, m) = (Int32(scratch.rows), Int32(scratch.columns))
    var (ldScratch, ldU, ldVt) = (n, n, min(n, m))
    var (lwork, info) = (workCount, Int32(0))
    dgesdd_(
      &job, &n, &m, &scratch.storage, &ldScratch, &σ, &U.storage, &ldU, &Vt.storage, &ldVt, &work, &lwork,
      &integers, &info)
    return info
  }

  private mutating func fixSigns() {
    guard withVectors else { return }
    for k in 0..<σ.count where U.pointsBackwards(column: k) {
      for i in 0..<U.rows { U[i, k].negate() }
      for j in 0..<Vt.columns { Vt[k, j].negate() }
    }
  }
}

extension Matrix {
  /// Whether the first entry whose modulus is at least (1 − 1e-6) times the column's largest is negative.
  func pointsBackwards(column k: Int) -> Bool {
    var largest = 0.0
    for i in 0..<rows { largest = max(largest, abs(self[i, k])) }
    for i in 0..<rows where abs(self[i, k]) >= (1 - 1e-6) * largest { return self[i, k] < 0 }
    return false
  }
}
