/// What LoRA-Pro needs of a Gram matrix M = AᵀA or BBᵀ: its eigendecomposition, kept for both the
/// pseudo-inverse and the Sylvester equation. Allocates nothing after `init`.
package struct GramSolver: Sendable {
  private var eigen: SymmetricEigen
  private var shifted: Matrix
  private var scaled: Matrix

  package init(order r: Int) {
    eigen = SymmetricEigen(order: r)
    shifted = Matrix(r, r)
    scaled = Matrix(r, r)
  }

  package var λ: [Double] { eigen.λ }
  package var Q: Matrix { eigen.Q }

  /// Eigendecomposes M + δI, M symmetric positive semidefinite.
  /// - Throws: `notFinite`, `notConverged`.
  package mutating func decompose(_ M: Matrix, δ: Double = 0) throws(LinearAlgebraError) {
    shifted.set(M)
    if δ != 0 {
      for i in 0..<M.rows { shifted[i, i] += δ }
    }
    try eigen.decompose(shifted)
  }

  /// K ← the pseudo-inverse: eigenvalues above `tolerance` times the largest are inverted, the others are
  /// zero; so the inverse of the zero matrix is zero.
  package mutating func invert(into K: inout Matrix, tolerance: Double = 1e-12) {
    set(&K, tolerance) { 1 / $0 }
  }

  /// K ← M^−½, likewise.
  package mutating func invertRoot(into K: inout Matrix, tolerance: Double = 1e-12) {
    set(&K, tolerance) { 1 / $0.squareRoot() }
  }

  /// K ← M^½.
  package mutating func root(into K: inout Matrix) {
    set(&K, 0) { $0.squareRoot() }
  }

  /// K ← Q f(λ) Qᵀ.
  private mutating func set(_ K: inout Matrix, _ tolerance: Double, f: (Double) -> Double) {
    let cut = tolerance * max(0, eigen.λ.last ?? 0)
    for j in 0..<eigen.λ.count {
      let value = eigen.λ[j] > cut ? f(eigen.λ[j]) : 0
      for i in 0..<eigen.λ.count { scaled[i, j] = value * eigen.Q[i, j] }
    }
    K.set(scaled, eigen.Q.T)
  }
}

/// The pseudo-inverse of the symmetric positive semidefinite M + δI.
package func pseudoInverse(_ M: Matrix, δ: Double = 0, tolerance: Double = 1e-12) throws(LinearAlgebraError)
  -> Matrix
{
  var solver = GramSolver(order: M.rows)
  var K = Matrix(M.rows, M.rows)
  try solver.decompose(M, δ: δ)
  solver.invert(into: &K, tolerance: tolerance)
  return K
}

/// The Sylvester equation PC + CQ = R for symmetric positive semidefinite P and Q, given decomposed:
/// in their eigenbases C_ij = R_ij / (p_i + q_j), and 0 where p_i + q_j vanishes.
package struct Sylvester: Sendable {
  private var left: Matrix
  private var rotated: Matrix

  package init(order r: Int) {
    left = Matrix(r, r)
    rotated = Matrix(r, r)
  }

  /// C ← the solution. Sums below `tolerance` times the largest count as zero.
  package mutating func solve(
    _ P: GramSolver, _ Q: GramSolver, _ R: Matrix, into C: inout Matrix, tolerance: Double = 1e-12
  ) {
    left.set(P.Q.T, R)
    rotated.set(left, Q.Q)
    let cut = tolerance * max(0, (P.λ.last ?? 0) + (Q.λ.last ?? 0))
    for j in 0..<rotated.columns {
      for i in 0..<rotated.rows {
        let sum = P.λ[i] + Q.λ[j]
        rotated[i, j] = sum > cut ? rotated[i, j] / sum : 0
      }
    }
    left.set(P.Q, rotated)
    C.set(left, Q.Q.T)
  }
}
