/// Jacobi's rotations: a symmetric matrix is turned, one pair of rows and columns after another, until it is
/// diagonal. For matrices so small that a call of LAPACK takes longer than the work.
enum Jacobi {
  /// Up to this order it takes less time than dsyevd; at 4 a third.
  static let largestOrder = 8

  /// Four or five are enough, convergence being quadratic.
  private static let sweeps = 30

  /// A ← diag(λ) and Q ← the eigenvectors as columns, λ ascending, A and Q n×n. As exact as rounding allows, against
  /// ‖A‖.
  /// - Returns: false when it has not converged.
  static func diagonalize(_ A: inout Matrix, _ Q: inout Matrix) -> Bool {
    let n = A.rows
    let negligible = 0.1 * Double.ulpOfOne * A.largestModulus
    Q.scale(by: 0)
    for i in 0..<n { Q[i, i] = 1 }
    return A.storage.withUnsafeMutableBufferPointer { a in
      Q.storage.withUnsafeMutableBufferPointer { q in
        for _ in 0..<sweeps {
          if sweep(a, q, n, negligible) { continue }
          sort(a, q, n)
          return true
        }
        return false
      }
    }
  }

  private typealias Entries = UnsafeMutableBufferPointer<Double>

  /// One sweep over all pairs.
  /// - Returns: whether any was turned.
  private static func sweep(_ a: Entries, _ q: Entries, _ n: Int, _ negligible: Double) -> Bool {
    var isTurned = false
    for j in 1..<max(1, n) {
      for i in 0..<j where abs(a[j * n + i]) > negligible {
        isTurned = true
        turn(a, q, n, i, j)
      }
    }
    return isTurned
  }

  /// Makes A_ij zero: t = tan of the angle, the smaller root of t² + 2t·cot 2φ = 1.
  private static func turn(_ a: Entries, _ q: Entries, _ n: Int, _ i: Int, _ j: Int) {
    let (x, y, z) = (a[i * n + i], a[j * n + j], a[j * n + i])
    let cot: Double = (y - x) / (2 * z)
    let t: Double = (cot < 0 ? -1 : 1) / (abs(cot) + (1 + cot * cot).squareRoot())
    let c: Double = 1 / (1 + t * t).squareRoot()
    let s: Double = t * c
    for k in 0..<n {
      rotate(a, i * n + k, j * n + k, c, s)
      rotate(q, i * n + k, j * n + k, c, s)
    }
    for k in 0..<n { (a[k * n + i], a[k * n + j]) = (a[i * n + k], a[j * n + k]) }
    (a[i * n + i], a[j * n + j]) = (x - t * z, y + t * z)
    (a[j * n + i], a[i * n + j]) = (0, 0)
  }

  private static func rotate(_ e: Entries, _ i: Int, _ j: Int, _ c: Double, _ s: Double) {
    let (x, y): (Double, Double) = (e[i], e[j])
    e[i] = c * x - s * y
    e[j] = s * x + c * y
  }

  /// Ascending, by exchanging columns.
  private static func sort(_ a: Entries, _ q: Entries, _ n: Int) {
    for i in 0..<n {
      guard let least = (i..<n).min(by: { a[$0 * n + $0] < a[$1 * n + $1] }), least != i else { continue }
      a.swapAt(i * n + i, least * n + least)
      for k in 0..<n { q.swapAt(i * n + k, least * n + k) }
    }
  }
}
