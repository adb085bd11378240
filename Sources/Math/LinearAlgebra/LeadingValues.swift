import COpenBLAS
import Glibc

/// The leading singular values of one matrix after another of the same kind: what did not do for the last is not tried
/// at once again.
package struct LeadingValues: Sendable {
  /// How many times to do without a Krylov space.
  private var rest = 0

  /// Smaller matrices are decomposed as a whole by dgesdd.
  private static let leastGram = 16
  /// A Krylov space is tried from here on.
  static let leastSize = 192

  /// Of a block: OpenBLAS multiplies thinner ones more slowly, and wider ones make a larger space.
  private static let width = 16
  /// A larger share of all dimensions takes longer than the Gram form.
  private static let largestShare = 0.35
  /// A spectrum that was not found will not be soon.
  private static let restAfterMiss = 7

  package init() {}

  /// The k largest singular values of M, n×m, each to within `tolerance`·σ_1, descending; fewer when n or m is.
  ///
  /// By a Krylov space of some dimensions where that is enough, else by `SVD.leadingValues`, which is held to
  /// 1e-11·σ_1 whatever the tolerance.
  package mutating func values(of M: Matrix, _ k: Int, tolerance: Double) throws(LinearAlgebraError)
    -> [Double]
  {
    let count = min(M.rows, M.columns)
    guard k > 0 else { return [] }
    guard count >= Self.leastGram, 4 * k <= count else { return Array(try SVD.values(M).prefix(k)) }
    guard count >= Self.leastSize else { return try SVD.leadingValues(M, k) }
    if rest == 0, let found = try Self.fromKrylov(M, k, tolerance) { return found }
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

  private static func fromKrylov(_ M: Matrix, _ k: Int, _ tolerance: Double) throws(LinearAlgebraError)
    -> [Double]?
  {
    guard M.isFinite else { throw .notFinite }
    guard M.hasSafeSquares else { return nil }
    let largest = Int(largestShare * Double(min(M.rows, M.columns)))
    // Fourth powers of very large and very small numbers are none.
    let unit = Double(sign: .plus, exponent: M.norm.exponent, significand: 1)
    var space = KrylovSpace((1 / unit) * M, width: width)
    // A look takes as long as two or three blocks.
    var look = max(4 * k, 2 * width)
    while space.dimension + width <= largest {
      try space.grow()
      if let all = try space.allValues(tolerance: tolerance) {
        return (0..<k).map { $0 < all.count ? unit * all[$0] : 0 }
      }
      guard space.dimension >= look else { continue }
      if let found = try space.values(k, tolerance: tolerance) { return found.map { unit * $0 } }
      look = space.dimension * 5 / 4
    }
    return nil
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
