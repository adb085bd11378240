// How the spaces of the factors lie to the gradient's leading singular vectors.

extension Measure {
  static let subspaces = [
    Measure(
      "angle-a-max", "largest angle between A's columns and the gradient's left singular vectors",
      formula: "θ_max(col A, U_r(G)),  r columns of A", unit: "degrees", cost: "SVD of G, 4nr²",
      needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.angles(.A)?.last },
    Measure(
      "angle-a-min", "smallest angle between A's columns and the gradient's left singular vectors",
      formula: "θ_min(col A, U_r(G))", unit: "degrees", cost: "SVD of G, 4nr²", needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.angles(.A)?.first },
    Measure(
      "angle-b-max", "largest angle between B's rows and the gradient's right singular vectors",
      formula: "θ_max(row B, V_r(G))", unit: "degrees", cost: "SVD of G, 4mr²", needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.angles(.B)?.last },
    Measure(
      "angle-b-min", "smallest angle between B's rows and the gradient's right singular vectors",
      formula: "θ_min(row B, V_r(G))", unit: "degrees", cost: "SVD of G, 4mr²", needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.angles(.B)?.first },
    Measure(
      "overlap-a", "share of the gradient's left singular vectors within A's columns",
      formula: "‖Q_AᵀU_r(G)‖²/r", cost: "SVD of G, 2nr²", needs: factorsNeeded
    ) { $0.overlap(.A) },
    Measure(
      "overlap-b", "share of the gradient's right singular vectors within B's rows",
      formula: "‖Q_BᵀV_r(G)‖²/r", cost: "SVD of G, 2mr²", needs: factorsNeeded
    ) { $0.overlap(.B) },
    Measure(
      "drift", "share of the gradient's left singular vectors that were so at the start",
      formula: "‖U_r(G_0)ᵀU_r(G_t)‖²/r,  r of the run; 1 where nothing turned", cost: "2 SVD of G, 2nr²"
    ) { (snapshot) throws(LinearAlgebraError) in
      guard let r = snapshot.rank, let now = snapshot.svdG?.leading(r).U else { return nil }
      let G0 = snapshot.own.run.firstGradients[snapshot.layer]
      guard G0.squaredNorm > 0 else { return nil }
      return share(of: now, within: try SVD(G0).leading(r).U)
    },
  ]

  /// ‖QᵀU‖²/k for U with k orthonormal columns.
  fileprivate static func share(of U: Matrix, within Q: Matrix) -> Double {
    (Q.T * U).squaredNorm / Double(U.columns)
  }
}

extension Snapshot {
  /// The basis of a factor's space, and of the leading singular vectors of G on its side, as many as the
  /// factor has columns.
  private mutating func spaces(_ role: Parameters.Role) -> (factor: Matrix, gradient: Matrix)? {
    guard let bases, let leading = svdG?.leading(θ[.A].columns) else { return nil }
    return role == .A ? (bases.A, leading.U) : (bases.B, leading.V)
  }

  /// In degrees, smallest first; none for a factor that is zero.
  fileprivate mutating func angles(_ role: Parameters.Role) throws(LinearAlgebraError) -> [Double]? {
    guard let (factor, gradient) = spaces(role) else { return nil }
    return try Matrix.principalAngles(factor, gradient).map { $0 * 180 / .pi }
  }

  fileprivate mutating func overlap(_ role: Parameters.Role) -> Double? {
    spaces(role).map { Measure.share(of: $0.gradient, within: $0.factor) }
  }
}

extension SVD {
  /// The r leading singular vectors as columns; fewer when the rank is lower, for then the others are
  /// LAPACK's arbitrary choice.
  func leading(_ r: Int) -> (U: Matrix, V: Matrix) {
    let k = min(r, rank(tolerance: 1e-10))
    return (U.columns(0..<k), Vt.rows(0..<k).transposed)
  }
}
