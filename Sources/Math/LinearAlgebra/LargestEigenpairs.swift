import COpenBLAS

/// The r largest eigenvalues of a symmetric n×n matrix, descending, and their eigenvectors, with workspace to be
/// used again.
struct LargestEigenpairs: Sendable {
  /// r eigenvalues, descending.
  private(set) var λ: [Double]
  /// Eigenvectors as columns, n×r.
  private(set) var vectors: Matrix

  /// Ascending, as LAPACK gives them: of the values the first r count.
  private var values: [Double]
  private var ascending: Matrix
  private var support: [Int32]
  private var work: [Double]
  private var integers: [Int32]

  init(order n: Int, _ r: Int) {
    λ = Array(repeating: 0, count: r)
    vectors = Matrix(n, r)
    ascending = vectors
    values = Array(repeating: 0, count: n)
    support = Array(repeating: 0, count: 2 * max(1, r))
    work = Array(repeating: 0, count: 26 * n)
    integers = Array(repeating: 0, count: 10 * n)
  }

  /// Reads the lower triangle of S only, and overwrites it.
  /// - Throws: `notConverged`.
  mutating func decompose(_ S: inout Matrix) throws(LinearAlgebraError) {
    let r = λ.count
    var (job, range, triangle) = (
      CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), CChar(UInt8(ascii: "L"))
    )
    var (n, workCount, integerCount) = (Int32(S.rows), Int32(work.count), Int32(integers.count))
    var (first, last, leading, found, info) = (n - Int32(r) + 1, n, n, Int32(0), Int32(0))
    var (low, high, tolerance) = (0.0, 0.0, 0.0)
    dsyevr_(
      &job, &range, &triangle, &n, &S.storage, &leading, &low, &high, &first, &last, &tolerance, &found,
      &values, &ascending.storage, &leading, &support, &work, &workCount, &integers, &integerCount, &info)
    guard info == 0, Int(found) == r else { throw .notConverged(routine: "dsyevr") }
    for k in 0..<r {
      λ[k] = values[r - 1 - k]
      for i in 0..<vectors.rows { vectors[i, k] = ascending[i, r - 1 - k] }
    }
  }
}
