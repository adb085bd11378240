/// The space of MΩ, (MMᵀ)MΩ, (MMᵀ)²MΩ, … for a random Ω, m×p, n×m being M's shape: it soon holds the leading left
/// singular vectors of M (randomized block Krylov iteration: Musco and Musco 2015, arXiv 1504.05477).
///
/// Each singular vector has a share in Ω, so that none is missed for being unlike the others. Of a group of equal
/// values the space has p at most: see `values`.
struct KrylovSpace: Sendable {
  private let M: Matrix
  /// A basis of orthonormal columns, n×q.
  private var Q: Matrix
  /// MᵀQ, m×q.
  private var P: Matrix
  /// What of MMᵀ times the last block lies outside of the space, n×p.
  private var beyond: Matrix

  /// More values than wanted: the error of those wanted is judged by how far the last of these lies below them.
  private static let spare = 8

  init(_ M: Matrix, width p: Int) {
    var generator = Generator(seed: 1, stream: 0)
    self.M = M
    Q = Matrix(M.rows, 0)
    P = Matrix(M.columns, 0)
    beyond = M * generator.normalMatrix(M.columns, p)
  }

  /// q.
  var dimension: Int { Q.columns }

  /// Adds a block of p.
  mutating func grow() throws(LinearAlgebraError) {
    var block = try QR(beyond).Q
    // Twice: what is left of a block that is almost in the space already has digits only then.
    block.add(-1, Q, Q.T * block)
    block = try QR(block).Q
    let product = M.T * block
    Q = Q.beside(block)
    P = P.beside(product)
    beyond = M * product
    beyond.add(-1, Q, Q.T * beyond)
  }

  /// The k largest singular values of M, descending, each to within `tolerance`·σ_1 by their residual; nil where the
  /// space does not hold them yet. It is to have k + p dimensions at least.
  ///
  /// A vector u of the space with QᵀMMᵀQ's eigenvalue λ and the residual ρ = ‖MMᵀu − λu‖ is ρ²/gap away from an
  /// eigenvalue of MMᵀ, the gap being that to the values beyond the leading ones (Parlett 1980, §11-7).
  func values(_ k: Int, tolerance: Double) throws(LinearAlgebraError) -> [Double]? {
    let (q, p) = (dimension, beyond.columns)
    var gram = P.T * P
    var pairs = LargestEigenpairs(order: q, k + p)
    try pairs.decompose(&gram)
    let λ = pairs.λ
    // Else squaring costs digits.
    guard λ[k - 1] > 1e-8 * λ[0], !mayHideEquals(λ, k) else { return nil }
    let ρ = (beyond * pairs.vectors.columns(0..<k).rows(q - p..<q)).norm
    let gap = λ[k - 1] - λ[k + Self.spare - 1]
    // An error of λ is one of σ times 2σ.
    let allowed = tolerance * (λ[0] * λ[k - 1]).squareRoot()
    return ρ * ρ <= gap * allowed ? λ.prefix(k).map { $0.squareRoot() } : nil
  }

  /// Whether p of the values found lie so close together that there may be more of them, which no residual tells.
  /// Those that have not been told apart where residuals are accepted differ by 1e-5 of σ_1² at most.
  private func mayHideEquals(_ λ: [Double], _ k: Int) -> Bool {
    let p = beyond.columns
    return (0..<k).contains { λ[$0] - λ[$0 + p - 1] < 1e-3 * λ[$0] }
  }

  /// All singular values of M but those that are 0, where M maps all to the space, shown by ‖M − QQᵀM‖_F; nil where
  /// it does not.
  func allValues(tolerance: Double) throws(LinearAlgebraError) -> [Double]? {
    guard beyond.norm <= 1e-10 * P.squaredNorm else { return nil }
    let σ = try SVD.values(QR.triangle(of: P))
    return Matrix.distance(M, Q * P.T) <= tolerance * σ[0] ? σ : nil
  }
}
