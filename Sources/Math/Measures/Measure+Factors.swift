// The factors A and B, where AB is a part of the weight.

extension Measure {
  static let factors = [
    Measure("norm-a", "norm of A", formula: "‖A‖_F", cost: "2nr", needs: factorsNeeded) {
      $0.factors?.A.norm
    },
    Measure("norm-b", "norm of B", formula: "‖B‖_F", cost: "2mr", needs: factorsNeeded) {
      $0.factors?.B.norm
    },
    Measure(
      "condition-a", "condition of A's Gram matrix", formula: "κ(AᵀA) = (σ_1(A)/σ_r(A))²,  none for A = 0",
      cost: "4nr²", needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.factors.map(\.A).flatMap(gramCondition) },
    Measure(
      "condition-b", "condition of B's Gram matrix", formula: "κ(BBᵀ) = (σ_1(B)/σ_r(B))²,  none for B = 0",
      cost: "4mr²", needs: factorsNeeded
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.factors.map(\.B).flatMap(gramCondition) },
    Measure(
      "balance", "how far the factors' balance has moved, which gradient flow keeps",
      formula: "‖AᵀA − BBᵀ − (A0ᵀA0 − B0B0ᵀ)‖_F", cost: "2r²(n+m)", needs: factorsNeeded
    ) { $0.balance?.moved },
    Measure(
      "balance-share", "the same over the factors' size at the start",
      formula: "‖AᵀA − BBᵀ − (A0ᵀA0 − B0B0ᵀ)‖/(‖A0ᵀA0‖ + ‖B0B0ᵀ‖)", cost: "2r²(n+m)", needs: factorsNeeded
    ) { snapshot in snapshot.balance.map { $0.moved / $0.size } },
    Measure(
      "gauge-shift", "distance of the factors to the balanced ones of the same product, over their size",
      formula:
        "min_R √(‖A − U√Σ·R‖² + ‖B − Rᵀ√Σ·Vᵀ‖²)/√(‖A‖² + ‖B‖²),  AB = UΣVᵀ; R orthogonal r×r, by Procrustes, "
        + "of W = Wfz + s·AB",
      cost: "14r²(n+m), SVD of two r×r", needs: productNeeded
    ) { (snapshot) throws(LinearAlgebraError) in
      guard case .product = snapshot.adapter.factoring, let (A, B) = snapshot.factors else { return nil }
      return try gaugeShift(A, B)
    },
  ]

  /// The SVD of AB is that of R_A·R_Bᵀ, of A = Q_A·R_A and Bᵀ = Q_B·R_B; R is the orthogonal factor of
  /// (U√Σ)ᵀA + √Σ·VᵀBᵀ (Schönemann 1966).
  private static func gaugeShift(_ A: Matrix, _ B: Matrix) throws(LinearAlgebraError) -> Double? {
    let size: Double = A.squaredNorm + B.squaredNorm
    guard size > 0 else { return nil }
    let (qrA, qrB) = (try QR(A), try QR(B.transposed))
    let product = try SVD(qrA.R * qrB.R.T)
    let root = Matrix.diagonal(product.σ.map { $0.squareRoot() })
    let (balancedA, balancedB) = (qrA.Q * product.U * root, root * (qrB.Q * product.Vt.T).T)
    let turn = try SVD(balancedA.T * A + balancedB * B.T)
    let R = turn.U * turn.Vt
    let distance: Double = (A - balancedA * R).squaredNorm + (B - R.T * balancedB).squaredNorm
    return (distance / size).squareRoot()
  }

  private static func gramCondition(_ M: Matrix) throws(LinearAlgebraError) -> Double? {
    let σ = try SVD.values(M)
    guard let first = σ.first, let last = σ.last, first > 0 else { return nil }
    return (first / last) * (first / last)
  }
}

extension Snapshot {
  /// The change of AᵀA − BBᵀ since the start, or since the round's, and the size of what it started from.
  fileprivate var balance: (moved: Double, size: Double)? {
    guard let (A, B) = factors else { return nil }
    let (A0, B0) = (series.start[layer][.A], series.start[layer][.B])
    let (gramA, gramB) = (A0.T * A0, B0 * B0.T)
    let moved = (A.T * A - gramA) - (B * B.T - gramB)
    return (moved.norm, gramA.norm + gramB.norm)
  }
}
