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

  /// Smaller matrices are decomposed as a whole by dgesdd.
  private static let leastGram = 16
  /// Vectors are followed from here on.
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

  /// The k largest singular values of M, n×m, each to within `tolerance`·σ_1, descending; fewer when n or m is.
  ///
  /// By subspace iteration from the last vectors where it is shown to have found them, else by
  /// `SVD.leadingValues`, which is held to 1e-11·σ_1 whatever the tolerance.
  package mutating func values(of M: Matrix, _ k: Int, tolerance: Double) throws(LinearAlgebraError)
    -> [Double]
  {
    let count = min(M.rows, M.columns)
    guard count >= Self.leastGram, 4 * k <= count else { return Array(try SVD.values(M).prefix(k)) }
    guard count >= Self.leastSize else { return try SVD.leadingValues(M, k) }
    if rest == 0, let found = try iterated(M, k, tolerance) { return found }
    rest = rest == 0 ? Self.restAfterMiss : rest - 1
    return try SVD.leadingValues(M, k)
  }

  /// √(σ_{r+1}² + σ_{r+2}² + …) of M to within its share `tolerance`, at best r·1e-8: the norm less what the
  /// first r hold. Decomposed as a whole where less than a thousandth is left, since a difference of squares has
  /// no digits there.
  package mutating func tail(of M: Matrix, after r: Int, tolerance: Double) throws(LinearAlgebraError)
    -> Double
  {
    guard M.hasSafeSquares else { return Math.tail(try SVD.values(M), after: r) }
    let whole = M.squaredNorm
    guard r > 0 else { return whole.squareRoot() }
    // r squares, each off by 2·σ_1 times its value's error, against a thousandth of σ_1².
    let each = 1e-3 * tolerance / Double(r)
    let left = try values(of: M, r, tolerance: each).reduce(whole) { $0 - $1 * $1 }
    return left > 1e-3 * whole ? left.squareRoot() : Math.tail(try SVD.values(M), after: r)
  }

  private mutating func iterated(_ M: Matrix, _ k: Int, _ tolerance: Double) throws(LinearAlgebraError)
    -> [Double]?
  {
    guard M.isFinite else { throw .notFinite }
    guard M.hasSafeSquares else { return nil }
    refresh(M.columns, k + Self.spare)
    var MV = M * V
    for left in (0..<Self.iterations).reversed() {
      let Q = try QR(MV).Q
      let MtQ = M.T * Q
      // QᵀM = WΣVᵀ, so that the left vectors are QW.
      let small = try SVD(MtQ)
      V = small.U
      MV = M * V
      let worst = residual(MV, Q * small.Vt.T, small.σ, k)
      let allowed = tolerance / 2 * small.σ[0]
      if worst <= allowed {
        let rest = Matrix.distance(M, Q * MtQ.T)
        return isComplete(small.σ, k, rest, allowed) ? Array(small.σ.prefix(k)) : nil
      }
      guard worst <= allowed * pow(Self.hope, Double(left)) else { return nil }
    }
    return nil
  }

  /// ‖MV − UΣ‖_F of the first k. Each of the first k is that near to a singular value of its own.
  private func residual(_ MV: Matrix, _ U: Matrix, _ σ: [Double], _ k: Int) -> Double {
    let difference = MV - U * Matrix.diagonal(σ)
    return difference.columns(0..<k).norm
  }

  /// Whether those are the largest. In the bases of the vectors found and of the rest M is (Σ 0; R H), with R what
  /// `residual` measures and `rest` = ‖(R H)‖_F; without the first k vectors it is no larger than
  /// √(σ_{k+1}² + rest²), so neither is a value that they missed.
  private func isComplete(_ σ: [Double], _ k: Int, _ rest: Double, _ allowed: Double) -> Bool {
    hypot(σ[k], rest) <= (k > 0 ? σ[k - 1] : 0) + allowed
  }

  private mutating func refresh(_ m: Int, _ p: Int) {
    if V.rows != m || V.columns != p { V = generator.normalMatrix(m, p) }
    V.set(p - Self.fresh..<p, to: generator.normalMatrix(m, Self.fresh))
  }
}

extension SVD {
  /// The k largest singular values of M, descending: from the eigenvalues of MMᵀ or MᵀM, the smaller one,
  /// up to three times as fast as by dgesdd, which is taken where σ_k is so small that squaring costs digits.
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
    guard M.hasSafeSquares else { return nil }
    let gram = Matrix.gramTriangle(M)
    // All of them: bisection for the k largest takes longer.
    var eigen = SymmetricEigen(order: gram.rows, vectors: false)
    try eigen.decompose(gram)
    return eigen.λ.suffix(k).reversed().map { max(0, $0).squareRoot() }
  }
}

extension Matrix {
  /// Squares of its entries do not overflow, and only those that do not matter underflow.
  var hasSafeSquares: Bool { squaredNorm > 1e-250 && squaredNorm < .infinity }

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
