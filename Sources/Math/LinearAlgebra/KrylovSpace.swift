/// The space of MΩ, (MMᵀ)MΩ, (MMᵀ)²MΩ, … for a random Ω, m×p, n×m being M's shape: it soon holds the leading left
/// singular vectors of M (randomized block Krylov iteration: Musco and Musco 2015, arXiv 1504.05477).
///
/// Each singular vector has a share in Ω, so that a larger value than those found could be missed only where all p
/// random columns are next to orthogonal to its vector.
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

  /// The k largest singular values of M, descending, each to within `tolerance`·σ_1; nil where the space does not
  /// hold them yet. It is to have k + 8 dimensions at least.
  ///
  /// A vector u of the space with QᵀMMᵀQ's eigenvalue λ and the residual ρ = ‖MMᵀu − λu‖ is ρ²/gap away from an
  /// eigenvalue of MMᵀ (Parlett 1980, §11-7). The gap is taken as the way from the k-th to the last spare one, since
  /// values that lie close together are found together.
  func values(_ k: Int, tolerance: Double) throws(LinearAlgebraError) -> [Double]? {
    let (q, p) = (dimension, beyond.columns)
    var gram = P.T * P
    var pairs = LargestEigenpairs(order: q, k + Self.spare)
    try pairs.decompose(&gram)
    let λ = pairs.λ
    // Else squaring costs digits.
    guard λ[k - 1] > 1e-8 * λ[0] else { return nil }
    let ρ = (beyond * pairs.vectors.columns(0..<k).rows(q - p..<q)).norm
    let gap = λ[k - 1] - λ[k + Self.spare - 1]
    // An error of λ is one of σ times 2σ.
    let allowed = tolerance * (λ[0] * λ[k - 1]).squareRoot()
    return ρ * ρ <= gap * allowed ? λ.prefix(k).map { $0.squareRoot() } : nil
  }

  /// All singular values of M but those that are 0, where M maps all to the space, shown by ‖M − QQᵀM‖_F; nil where
  /// it does not.
  func allValues(tolerance: Double) throws(LinearAlgebraError) -> [Double]? {
    guard beyond.norm <= 1e-10 * P.squaredNorm else { return nil }
    let σ = try SVD.values(QR.triangle(of: P))
    return Matrix.distance(M, Q * P.T) <= tolerance * σ[0] ? σ : nil
  }
}
