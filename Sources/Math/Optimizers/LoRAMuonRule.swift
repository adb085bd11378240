/// LoRA-Muon (arXiv 2606.12921): both factors move so that W does so equally fast in all directions, whatever
/// the factors' own lengths.
///
/// M ← βM + (1 − β)g for either factor; R_A = (AᵀA)^−½ and R_B = (BBᵀ)^−½, pseudo-inverses where singular;
/// A ← qA − (η/2s)·msign(M_A·R_B)·R_B/q and B ← qB − (η/2s)·R_A·msign(R_A·M_B)/q with q = √(1 − ηλ), λ the
/// weight decay. The change of s·AB is at most η in spectral norm, to first order; the source has s = 1.
package struct LoRAMuonRule: Optimizer {
  package let scale: Double
  package let learningRate: Double
  package let momentum: Double
  package let weightDecay: Double
  private var mean: [Parameters] = []

  package init(scale: Double, learningRate: Double, momentum: Double, weightDecay: Double = 0) {
    self.scale = scale
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if mean.isEmpty { mean = g.map(\.zeros) }
    let q = max(0, 1 - learningRate * weightDecay).squareRoot()
    // An adapter with s = 0 is frozen, whatever its factors; one that decays at once is gone.
    let length = scale == 0 || q == 0 ? 0 : learningRate / (2 * scale * q)
    for l in θ.indices {
      let (A, B) = (θ[l][.A], θ[l][.B])
      let (rootA, rootB) = (try inverseRoot(A.T * A), try inverseRoot(B * B.T))
      for role in [Parameters.Role.A, .B] {
        mean[l][role].scale(by: momentum)
        mean[l][role].add(1 - momentum, g[l][role])
        θ[l][role].scale(by: q)
      }
      θ[l][.A].add(-length, try (mean[l][.A] * rootB).orthogonalPart * rootB)
      θ[l][.B].add(-length, rootA * (try (rootA * mean[l][.B]).orthogonalPart))
    }
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    var copy = self
    copy.mean = (old as? LoRAMuonRule)?.mean ?? []
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { θ.trainedCount }

  /// Two Grams, two products with either root, msign, and 5 for each number.
  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(5 * Double(θ.trainedCount)) { sum, layer in
      sum + 8 * Double(layer[.A].columns) * Double(layer.count)
    }
  }
}

/// M^−½ of a Gram matrix, zero where M is: eigenvalues above 1e-12 of the largest.
private func inverseRoot(_ M: Matrix) throws(LinearAlgebraError) -> Matrix {
  let eigen = try SymmetricEigen(M)
  let cut = 1e-12 * max(0, eigen.λ.last ?? 0)
  let roots = Matrix.diagonal(eigen.λ.map { $0 > cut ? 1 / $0.squareRoot() : 0 })
  return eigen.Q * roots * eigen.Q.T
}
