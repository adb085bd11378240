/// The leading r singular triplets of gradients G = XᵀD of one shape, with workspace to be used again. Of few
/// examples from the factors: X = RxᵀQxᵀ and D = RdᵀQdᵀ leave the decomposition of RxRdᵀ, b×b.
struct GradientVectors: Sendable {
  private(set) var found: Triplets
  private let examples: Int
  private var dense: Dense?
  private var factors: Factors?

  fileprivate struct Dense: Sendable {
    var G: Matrix
    var vectors: LeadingVectors
  }

  /// Xᵀ (n×b) and Dᵀ (m×b), RxRdᵀ, and the leading r of its triplets.
  fileprivate struct Factors: Sendable {
    var Xt, Dt: Matrix
    var X, D: QR
    var core: Matrix
    var svd: SVD
    var leading: Triplets
  }

  /// Room for gradients like this one.
  init(_ G: Gradient, _ r: Int) {
    let ((n, m), b) = (G.shape, G.D.rows)
    found = Triplets(rows: n, columns: m, r)
    examples = b
    if G.X != nil, r <= b, 4 * b <= min(n, m) {
      factors = Factors(
        Xt: Matrix(n, b), Dt: Matrix(m, b), X: QR(rows: n, columns: b), D: QR(rows: m, columns: b),
        core: Matrix(b, b), svd: SVD(rows: b, columns: b), leading: Triplets(rows: b, columns: b, r))
    } else {
      dense = Dense(G: Matrix(n, m), vectors: LeadingVectors(rows: n, columns: m, r))
    }
  }

  /// A branch may take other minibatches.
  func fits(_ G: Gradient) -> Bool { G.D.rows == examples }

  /// - Returns: false for G = 0, which has none.
  /// - Throws: `notFinite`, `notConverged`.
  mutating func decompose(_ G: Gradient) throws(LinearAlgebraError) -> Bool {
    if let isFound = try dense?.decompose(G, &found) { return isFound }
    return try factors?.decompose(G, &found) == true
  }
}

extension GradientVectors.Dense {
  fileprivate mutating func decompose(_ gradient: Gradient, _ found: inout Triplets)
    throws(LinearAlgebraError) -> Bool
  {
    gradient.dense(into: &G)
    guard G.isFinite else { throw .notFinite }
    guard G.largestModulus > 0 else { return false }
    try vectors.decompose(G, into: &found)
    return true
  }
}

extension GradientVectors.Factors {
  fileprivate mutating func decompose(_ gradient: Gradient, _ found: inout Triplets)
    throws(LinearAlgebraError) -> Bool
  {
    guard let input = gradient.X else { preconditionFailure("made for a gradient with an input") }
    Xt.setTransposed(input)
    Dt.setTransposed(gradient.D)
    try X.decompose(Xt)
    try D.decompose(Dt)
    core.set(X.R, D.R.T)
    try svd.decompose(core)
    guard svd.σ[0] > 0 else { return false }
    leading.set(svd)
    found.U.set(X.Q, leading.U)
    found.V.set(D.Q, leading.V)
    for k in found.σ.indices { found.σ[k] = leading.σ[k] }
    found.fixSigns()
    return true
  }
}
