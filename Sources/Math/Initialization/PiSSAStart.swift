/// PiSSA (Meng, Wang and Zhang 2024, arXiv 2404.02948): the factors begin at singular triplets of W0,
/// A0 = U_I√(S_I/s) and B0 = √(S_I/s)V_Iᵀ. With I the leading r, s·A0B0 is W0's best approximation of that
/// rank.
package enum PiSSAStart {
  /// - Parameters:
  ///   - svd: W0's decomposition, exact or nearly so.
  ///   - triplets: I, as many as the rank; within min(n, m).
  package static func factors(_ svd: SVD, _ triplets: Range<Int>, s: Double) -> (A: Matrix, B: Matrix) {
    // With s = 0 the adapter is frozen, whatever its factors.
    let roots = Matrix.diagonal(svd.σ[triplets].map { s == 0 ? 0 : ($0 / s).squareRoot() })
    return (svd.U.columns(triplets) * roots, roots * svd.Vt.rows(triplets))
  }
}
