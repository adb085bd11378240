/// The map (g_A, g_B) → (H_A, H_B) of one layer, with its r×r workspace: nothing is allocated after `init`,
/// and nothing of size n×m is formed.
package struct LoRAProProjection: Sendable {
  private var gramA: GramSolver
  private var gramB: GramSolver
  private var sylvester: Sylvester
  private var AtA: Matrix
  private var BBt: Matrix
  private var KA: Matrix
  private var KB: Matrix
  private var inner: Matrix
  private var outer: Matrix
  private var HA: Matrix
  private var HB: Matrix
  private var tolerance = 1e-12
  /// The Grams are decomposed with δ on their diagonals.
  private var isShifted = false
  /// The C of the last call, r×r.
  package private(set) var C: Matrix

  package init(A: Matrix, B: Matrix) {
    let r = A.columns
    gramA = GramSolver(order: r)
    gramB = GramSolver(order: r)
    sylvester = Sylvester(order: r)
    AtA = Matrix(r, r)
    (BBt, KA, KB, inner, outer, C) = (AtA, AtA, AtA, AtA, AtA, AtA)
    HA = Matrix(A.rows, r)
    HB = Matrix(r, B.columns)
  }

  /// g ← (H_A, H_B) at (A, B).
  /// - Throws: `notFinite` when a factor is no longer finite.
  package mutating func project(
    A: Matrix, B: Matrix, g: inout Parameters, scale s: Double, choice: LoRAProRule.Choice, δ: Double = 0,
    tolerance: Double = 1e-12
  ) throws(LinearAlgebraError) {
    try prepare(A: A, B: B, δ: δ, tolerance: tolerance)
    try project(&g, A: A, B: B, scale: s, choice: choice)
  }

  /// Decomposes both Grams, for any number of projections at (A, B).
  /// - Parameters:
  ///   - δ: added to both Grams before they are inverted.
  ///   - tolerance: eigenvalues below this share of the largest count as zero.
  mutating func prepare(A: Matrix, B: Matrix, δ: Double, tolerance: Double) throws(LinearAlgebraError) {
    AtA.set(A.T, A)
    BBt.set(B, B.T)
    try gramA.decompose(AtA, δ: δ)
    try gramB.decompose(BBt, δ: δ)
    gramA.invert(into: &KA, tolerance: tolerance)
    gramB.invert(into: &KB, tolerance: tolerance)
    self.tolerance = tolerance
    isShifted = δ != 0
  }

  /// g ← (H_A, H_B) at the (A, B) that have been prepared.
  mutating func project(
    _ g: inout Parameters, A: Matrix, B: Matrix, scale s: Double, choice: LoRAProRule.Choice
  )
    throws(LinearAlgebraError)
  {
    // With s = 0 the adapter is frozen and its gradients are zero.
    let inverse = s == 0 ? 0 : 1 / (s * s)
    HA.set(inverse, g[.A], KB)  // g_A·K_B/s²
    HB.set(inverse, KA, g[.B])  // K_A·g_B/s²
    inner.set(HB, B.T)
    outer.set(inner, KB)  // K_A·g_B·Bᵀ·K_B/s²
    HB.add(-1, outer, B)

    switch choice {
    case .zero: C.scale(by: 0)
    case .symmetric:
      C.set(outer)
      C.scale(by: -0.5)
    case .sylvester:
      // The equation is in the Grams themselves, δ only guards their inverses.
      if isShifted {
        try gramA.decompose(AtA)
        try gramB.decompose(BBt)
        isShifted = false
      }
      inner.set(-1, A.T, HA)
      sylvester.solve(gramA, gramB, inner, into: &C, tolerance: tolerance)
    case .given(let given): C.set(given)
    }
    if choice != .zero {
      HA.add(A, C)
      HB.add(-1, C, B)
    }
    g[.A].set(HA)
    g[.B].set(HB)
  }
}
