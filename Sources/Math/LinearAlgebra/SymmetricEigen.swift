import COpenBLAS

/// The eigendecomposition M = Q diag(λ) Qᵀ of a symmetric matrix, λ ascending, with workspace to be used again.
package struct SymmetricEigen: Sendable {
  /// n eigenvalues, ascending.
  package private(set) var λ: [Double]
  /// Eigenvectors as columns, n×n; of no meaning when only values were asked for.
  package private(set) var Q: Matrix

  /// M while it is turned; 0×0 above `Jacobi.largestOrder`.
  private var turned: Matrix
  private let withVectors: Bool
  private var work: [Double]
  private var integers: [Int32]

  package init(order n: Int, vectors: Bool = true) {
    withVectors = vectors
    λ = Array(repeating: 0, count: n)
    Q = Matrix(n, n)
    turned = n <= Jacobi.largestOrder ? Q : Matrix(0, 0)
    work = [0]
    integers = [0]
    guard n > Jacobi.largestOrder else { return }
    _ = call(workCount: -1, integerCount: -1)
    work = Array(repeating: 0, count: Int(work[0]))
    integers = Array(repeating: 0, count: Int(integers[0]))
  }

  package init(_ M: Matrix) throws(LinearAlgebraError) {
    self.init(order: M.rows)
    try decompose(M)
  }

  /// Reads the lower triangle of M only.
  /// - Throws: `notFinite`, `notConverged`.
  package mutating func decompose(_ M: Matrix) throws(LinearAlgebraError) {
    guard M.isFinite else { throw .notFinite }
    guard λ.count > Jacobi.largestOrder else { return try turn(M) }
    Q.set(M)
    guard call(workCount: Int32(work.count), integerCount: Int32(integers.count)) == 0 else {
      throw .notConverged(routine: "dsyevd")
    }
  }

  private mutating func turn(_ M: Matrix) throws(LinearAlgebraError) {
    for j in 0..<λ.count {
      for i in 0..<λ.count { turned[i, j] = i < j ? M[j, i] : M[i, j] }
    }
    guard Jacobi.diagonalize(&turned, &Q) else { throw .notConverged(routine: "Jacobi") }
    for i in 0..<λ.count { λ[i] = turned[i, i] }
  }

  private mutating func call(workCount: Int32, integerCount: Int32) -> Int32 {
    var job = CChar(UInt8(ascii: withVectors ? "V" : "N"))
    var triangle = CChar(UInt8(ascii: "L"))
    var n = Int32(λ.count)
    var (leading, lwork, liwork, info) = (n, workCount, integerCount, Int32(0))
    dsyevd_(
      &job, &triangle, &n, &Q.storage, &leading, &λ, &work, &lwork, &integers, &liwork, &info)
    return info
  }
}
