/// LoRA-GA for Adam, whose first step goes along signs (Su's article on LoRA-GA): factors that make
/// T = A·sign(AᵀG) + sign(GBᵀ)·B, what LoRA's first step changes to first order in η, near to sign G, what
/// full fine-tuning's changes.
package struct SignObjective: Sendable {
  /// sign G, n×m.
  private let wanted: Matrix
  private let G: Matrix

  package init(G: Matrix) {
    self.G = G
    wanted = G.signs
  }

  /// T.
  package func tangent(_ A: Matrix, _ B: Matrix) -> Matrix {
    A * (A.T * G).signs + (G * B.T).signs * B
  }

  /// J = ‖T − sign G‖².
  package func value(_ A: Matrix, _ B: Matrix) -> Double { (tangent(A, B) - wanted).squaredNorm }

  /// The factor c of both A and B that makes J least: ⟨T, sign G⟩/‖T‖², as T is linear in it.
  package func bestScale(_ A: Matrix, _ B: Matrix) -> Double {
    let T = tangent(A, B)
    let square = T.squaredNorm
    return square == 0 ? 1 : Matrix.dot(T, wanted) / square
  }

  /// ∂J/∂A = 2R·sign(AᵀG)ᵀ and ∂J/∂B = 2·sign(GBᵀ)ᵀR with R = T − sign G, the signs held constant.
  package func gradient(_ A: Matrix, _ B: Matrix) -> (A: Matrix, B: Matrix) {
    let R = tangent(A, B) - wanted
    return (2 * (R * (A.T * G).signs.T), 2 * ((G * B.T).signs.T * R))
  }

  /// The best of `iterations` steps of `rule` on J and of their start, the best multiple of A and B.
  package func minimize(
    from A: Matrix, _ B: Matrix, iterations: Int, by rule: Adam
  ) -> (A: Matrix, B: Matrix) {
    let c = bestScale(A, B)
    var θ = [Parameters([.A: c * A, .B: c * B])]
    var best = (value: value(c * A, c * B), A: c * A, B: c * B)
    var rule = rule
    for _ in 0..<iterations {
      let step = gradient(θ[0][.A], θ[0][.B])
      var g = [Parameters([.A: step.A, .B: step.B])]
      rule.step(&θ, &g)
      let J = value(θ[0][.A], θ[0][.B])
      if J < best.value { best = (J, θ[0][.A], θ[0][.B]) }
    }
    return (best.A, best.B)
  }
}
