/// PiSSA (Meng, Wang and Zhang 2024, arXiv 2404.02948): the factors begin at W0's principal part,
/// A0 = U_r√(S_r/s) and B0 = √(S_r/s)V_rᵀ, so that s·A0B0 is W0's best approximation of rank r.
package enum PiSSAStart {
  /// - Parameters:
  ///   - r: at most min(n, m).
  ///   - svd: W0's decomposition, exact or nearly so.
  package static func factors(_ svd: SVD, rank r: Int, s: Double) -> (A: Matrix, B: Matrix) {
    // With s = 0 the adapter is frozen, whatever its factors.
    let roots = Matrix.diagonal(svd.σ.prefix(r).map { s == 0 ? 0 : ($0 / s).squareRoot() })
    return (svd.U.columns(0..<r) * roots, roots * svd.Vt.rows(0..<r))
  }
}
