import Math

// Adam's first step goes along signs.

extension Check {
  static let adam = [
    Check(
      "I12", "Adam's signs",
      "Adam's first step goes along the signs of the gradients, for LoRA along those of its factors",
      formula: "ΔW = −η·G/(|G| + ε);  LoRA: ΔW = −ηs(A·σ_B + σ_A·B) + sη²σ_A·σ_B,  σ = g/(|g| + ε)",
      source: "Kingma and Ba 2014, arXiv 1412.6980; Su's article on LoRA-GA",
      needs: "full fine-tuning or LoRA factors under Adam without decay", tolerance: 1e-8,
      because: "of max(1, ‖W‖): entries of a gradient that are rounding, over ε"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      let e = e.atStart
      guard let adam = e.rule as? Adam, !adam.isEpsilonUncorrected, !e.series.isFollowing,
        [.coupled(0), .before(0)].contains(adam.decay)
      else { return nil }
      let (a, b) = (adam.learningRate[.A], adam.learningRate[.B])
      let unit = e.size
      if e.adapter is DenseWeight {
        let step = -adam.learningRate.η * direction(e.G, adam.ε)
        return [.equal(e.ΔW, f.sum(step), unit: unit, within: tolerance)]
      }
      guard let (A, B, s) = e.product else { return nil }
      let signA = direction(s * (e.G * B.T), adam.ε)
      let signB = direction(s * (A.T * e.G), adam.ε)
      let step = f.sum(
        (-b * s) * (A * signB), (-a * s) * (signA * B), (s * a * b) * (signA * signB))
      return [.equal(e.ΔW, step, unit: unit, within: tolerance)]
    },
    Check(
      "I13", "best multiple", "the best multiple of factors for Adam's signs is known in closed form",
      formula: "argmin_c ‖cT − sign G‖² = ⟨T, sign G⟩/‖T‖²,  T = A·sign(AᵀG) + sign(GBᵀ)·B",
      source: "the vertex of a parabola in c; Su's article on LoRA-GA has it open",
      needs: "a gradient at W0 that is not zero, and alpha above 0",
      tolerance: 1e-12, because: "relative: differences of sums of n·m squares", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let s = e.scale else { return nil }
      let probe = e.probe(scale: s)
      let (G, A, B) = (probe.G, probe.A, probe.B)
      guard G.squaredNorm > 0 else { return nil }
      let T = A * sign(A.T * G) + sign(G * B.T) * B
      let objective = SignObjective(G: G)
      let wanted = f.sum(Matrix.dot(T, sign(G)) / T.squaredNorm)
      // J is a parabola in c > 0, where no sign changes: its vertex from three values.
      let c = objective.bestScale(A, B)
      let unit = abs(c)
      let J = [0.5, 1, 1.5].map { objective.value($0 * unit * A, $0 * unit * B) }
      let vertex = unit + 0.25 * unit * (J[0] - J[2]) / (J[0] - 2 * J[1] + J[2])
      return [vertex, c].map { .atMost(abs($0 - wanted) / abs(wanted), tolerance) }
    },
  ]

  /// g/(|g| + ε), entry by entry.
  private static func direction(_ g: Matrix, _ ε: Double) -> Matrix {
    Matrix(g.rows, g.columns) { g[$0, $1] / (abs(g[$0, $1]) + ε) }
  }

  private static func sign(_ M: Matrix) -> Matrix {
    Matrix(M.rows, M.columns) { M[$0, $1] < 0 ? -1 : M[$0, $1] > 0 ? 1 : 0 }
  }
}
