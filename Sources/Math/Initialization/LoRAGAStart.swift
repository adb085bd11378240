/// The start of LoRA-GA (Wang, Yu and Li 2024, arXiv 2407.05000): factors from singular vectors of the first
/// gradient, A0 = f·U[:, I_A] and B0 = f·Vᵀ[I_B, :], such that the first step's change of W is, to first
/// order, the best rank-2r approximation of −ηζG.
package struct LoRAGAStart: Equatable, Sendable {
  /// Which of the leading 2r singular pairs go to A and which to B. The order inside a set matters: column k
  /// of A meets row k of B.
  package enum Split: Equatable, Sendable {
    /// I_A = 0..<r, I_B = r..<2r; the authors' default.
    case ArB2r
    /// I_A = r..<2r, I_B = 0..<r.
    case A2rBr
    /// I_A odd, I_B even.
    case ArBr
    /// The halves of a permutation of 0..<2r.
    case permuted([Int])

    func indices(rank r: Int) -> (A: [Int], B: [Int]) {
      switch self {
      case .ArB2r: (Array(0..<r), Array(r..<2 * r))
      case .A2rBr: (Array(r..<2 * r), Array(0..<r))
      case .ArBr: ((0..<r).map { 2 * $0 + 1 }, (0..<r).map { 2 * $0 })
      case .permuted(let order): (Array(order.prefix(r)), Array(order.suffix(r)))
      }
    }
  }

  /// The factor f of both A0 and B0; ζ = s²f².
  package enum Scale: Equatable, Sendable {
    /// f = 1/s, so that the first step is that of full fine-tuning: ζ = 1.
    case gd
    /// f = 1.
    case unit
    /// f = m^¼/√γ; the authors' default with γ = 16.
    case stable(γ: Double)
    /// f = mean_{k<r} √(σ_k(W0)/s).
    case weightS
    /// f = √ζ/s, the paper's form.
    case zeta(Double)
    /// f = c/s with the c that makes Adam's first step, along signs, nearest to full fine-tuning's.
    case bestSign
  }

  /// What is decomposed.
  package enum Source: Equatable, Sendable {
    /// G.
    case gradient
    /// sign G, for Adam.
    case signs
  }

  package var split: Split
  package var scale: Scale
  package var source: Source
  /// Subspace iterations of a randomised decomposition, for 4r triplets as the authors have it; 0 is exact.
  package var iterations: Int

  package init(split: Split = .ArB2r, scale: Scale, source: Source = .gradient, iterations: Int = 0) {
    self.split = split
    self.scale = scale
    self.source = source
    self.iterations = iterations
  }

  /// A0 n×r and B0 r×m from the gradient at W0. Singular pairs beyond min(n, m) are zero columns and rows.
  /// A zero gradient has no directions: what comes back is LAPACK's arbitrary choice.
  /// - Parameters:
  ///   - s: the adapter's scale.
  ///   - generator: for a randomised decomposition.
  package func factors(
    G: Matrix, W0: Matrix, rank r: Int, s: Double, _ generator: Generator = Generator(seed: 0, .adapters)
  ) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    try factors(decompose(G, rank: r, generator), G: G, W0: W0, rank: r, s: s)
  }

  /// The same of a decomposition of G or sign G.
  func factors(
    _ svd: SVD, G: Matrix, W0: Matrix, rank r: Int, s: Double
  ) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    let indices = split.indices(rank: r)
    let k = svd.σ.count
    let A = Matrix(G.rows, r) { i, j in indices.A[j] < k ? svd.U[i, indices.A[j]] : 0 }
    let B = Matrix(r, G.columns) { i, j in indices.B[i] < k ? svd.Vt[indices.B[i], j] : 0 }
    // With s = 0 the adapter is frozen, whatever its factors.
    let f: Double =
      switch scale {
      case _ where s == 0: 1
      case .gd: 1 / s
      case .unit: 1
      case .stable(let γ): Double(W0.columns).squareRoot().squareRoot() / γ.squareRoot()
      case .weightS: try SVD.values(W0).prefix(r).reduce(0) { $0 + ($1 / s).squareRoot() } / Double(r)
      case .zeta(let ζ): ζ.squareRoot() / s
      case .bestSign: SignObjective(G: G).bestScale(A, B) / s
      }
    return (f * A, f * B)
  }

  /// The decomposition of G or sign G.
  func decompose(_ G: Matrix, rank r: Int, _ generator: Generator) throws(LinearAlgebraError) -> SVD {
    let wanted = source == .signs ? G.signs : G
    guard iterations > 0 else { return try SVD(wanted) }
    return try .randomized(
      wanted, leading: min(4 * r, G.rows, G.columns), iterations: iterations, generator)
  }
}
