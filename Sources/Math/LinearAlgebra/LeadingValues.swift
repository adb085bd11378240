import COpenBLAS
import Glibc

/// The leading singular values of a matrix that moves little from one time to the next: the singular vectors
/// of the last time are a start close to those of this time.
package struct LeadingValues: Sendable {
  /// Where the right singular vectors were, m×p.
  private var V = Matrix(0, 0)
  private var generator = Generator(seed: 1, stream: 0)
  /// How many times to do without a start.
  private var rest = 0

  /// Smaller matrices are decomposed as a whole.
  static let leastSize = 192

  /// More vectors than values: those at the end settle last.
  private static let spare = 8
  /// Of the spare, drawn anew each time, so that a direction which no vector had is found.
  private static let fresh = 4
  /// A spectrum that did not settle will not do so soon.
  private static let restAfterMiss = 7

  private static let iterations = 3
  /// A spectrum that is worth another iteration loses this much of its residual with it.
  private static let hope = 1e3

  package init() {}

  /// The k largest singular values of M, n×m, descending; fewer when n or m is.
  ///
  /// By subspace iteration from the last vectors, when every
  /// residual ‖Mv − σu‖ shows that a singular value lies within `tolerance`·σ_1; else `SVD.leadingValues`.
  /// Residuals do not show that none larger was missed: one that jumps from the tail may be, for a time or two.
  package mutating func values(of M: Matrix, _ k: Int, tolerance: Double) throws(LinearAlgebraError)
    -> [Double]
  {
    let count = min(M.rows, M.columns)
    guard count >= Self.leastSize, 4 * k <= count else { return Array(try SVD.values(M).prefix(k)) }
    if rest == 0, let found = try iterated(M, k, tolerance) { return found }
    rest = rest == 0 ? Self.restAfterMiss : rest - 1
    return try SVD.leadingValues(M, k)
  }

  /// √(σ_{r+1}² + σ_{r+2}² + …) of M: its norm less what the first r hold. Decomposed as a whole where little
  /// is left, since a difference of squares has no digits there.
  package mutating func tail(of M: Matrix, after r: Int, tolerance: Double) throws(LinearAlgebraError)
    -> Double
  {
    let whole = M.squaredNorm
    let left = try values(of: M, r, tolerance: tolerance).reduce(whole) { $0 - $1 * $1 }
    return left > 1e-3 * whole ? left.squareRoot() : Math.tail(try SVD.values(M), after: r)
  }

  private mutating func iterated(_ M: Matrix, _ k: Int, _ tolerance: Double) throws(LinearAlgebraError)
    -> [Double]?
  {
    guard M.isFinite else { throw .notFinite }
    refresh(M.columns, k + Self.spare)
    var MV = M * V
    for left in (0..<Self.iterations).reversed() {
      let Q = try QR(MV).Q
      // QᵀM = WΣVᵀ, so that the left vectors are QW.
      let small = try SVD(M.T * Q)
      V = small.U
      MV = M * V
      let worst = residual(MV, Q * small.Vt.T, small.σ, k)
      if worst <= tolerance * small.σ[0] { return Array(small.σ.prefix(k)) }
      guard worst <= tolerance * pow(Self.hope, Double(left)) * small.σ[0] else { return nil }
    }
    return nil
  }

  /// The largest ‖Mv_i − σ_i·u_i‖ of the first k.
  private func residual(_ MV: Matrix, _ U: Matrix, _ σ: [Double], _ k: Int) -> Double {
    let difference = MV - U * Matrix.diagonal(σ)
    return (0..<k).reduce(0) { max($0, difference.columnNorm($1)) }
  }

  private mutating func refresh(_ m: Int, _ p: Int) {
    if V.rows != m || V.columns != p { V = generator.normalMatrix(m, p) }
    V.set(p - Self.fresh..<p, to: generator.normalMatrix(m, Self.fresh))
  }
}

extension SVD {
  /// The k largest singular values of M, descending: from the eigenvalues of MMᵀ or MᵀM, the smaller one,
  /// three times as fast as by dgesdd, which is taken where σ_k is so small that squaring costs digits.
  ///
  /// Errors of the Gram form are about 1e-15·σ_1²/σ_k, so at most 1e-11·σ_1.
  package static func leadingValues(_ M: Matrix, _ k: Int) throws(LinearAlgebraError) -> [Double] {
    guard M.isFinite else { throw .notFinite }
    if k >= 1, k < min(M.rows, M.columns), let few = try valuesFromGram(M, k), few[k - 1] > 1e-4 * few[0] {
      return few
    }
    return Array(try values(M).prefix(k))
  }

  private static func valuesFromGram(_ M: Matrix, _ k: Int) throws(LinearAlgebraError) -> [Double]? {
    let gram = Matrix.gramTriangle(M)
    guard gram.isFinite else { return nil }
    return try largestEigenpairs(gram, k, vectors: false).λ.map { max(0, $0).squareRoot() }
  }
}

extension Matrix {
  /// The lower triangle of MMᵀ or MᵀM, whichever is smaller; zeros above.
  fileprivate static func gramTriangle(_ M: Matrix) -> Matrix {
    let isWide = M.rows <= M.columns
    let order = min(M.rows, M.columns)
    var gram = Matrix(order, order)
    cblas_dsyrk(
      CblasColMajor, CblasLower, isWide ? CblasNoTrans : CblasTrans, blasint(order),
      blasint(max(M.rows, M.columns)), 1, M.storage, blasint(M.rows), 0, &gram.storage, blasint(order))
    return gram
  }
}
