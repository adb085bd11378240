/// M ← μM + (1 − μ)g, then p ← (1 − ηλ)p − η·msign(M) with msign(UΣVᵀ) = UVᵀ, on each matrix by itself: all
/// directions move equally fast. Weight decay is λ. Jordan et al. 2024 (Muon), who come near to msign by five
/// Newton–Schulz steps; here it is exact, without Nesterov's term.
package struct Muon: Optimizer {
  package var learningRate: LearningRate
  package var momentum: Double
  package var weightDecay: Double
  private var mean: [Parameters] = []
  /// msign of each layer's matrices.
  private var signs: [[MatrixSign]] = []

  package init(learningRate: Double, ratioB: Double = 1, momentum: Double = 0.9, weightDecay: Double = 0) {
    self.learningRate = LearningRate(learningRate, ratioB: ratioB)
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if mean.isEmpty { mean = g.map(\.zeros) }
    if signs.isEmpty { signs = g.map { $0.matrices.map { MatrixSign($0.shape) } } }
    for layer in θ.indices {
      for (i, role) in θ[layer].roles.enumerated() {
        let η = learningRate[role]
        mean[layer].matrices[i].scale(by: momentum)
        mean[layer].matrices[i].add(1 - momentum, g[layer].matrices[i])
        θ[layer].matrices[i].scale(by: 1 - η * weightDecay)
        try signs[layer][i].update(mean[layer].matrices[i])
        θ[layer].matrices[i].add(-η, signs[layer][i].value)
      }
    }
  }

  package mutating func forget(layer: Int) { mean.clear() }

  package mutating func dropWorkspace() { signs = [] }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    var copy = self
    copy.mean = (old as? Muon)?.mean ?? []
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { θ.trainedCount }

  /// UVᵀ costs 2nm·min(n, m).
  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(5 * Double(θ.trainedCount)) { sum, layer in
      sum + layer.matrices.reduce(0) { $0 + 2 * Double($1.storage.count * min($1.rows, $1.columns)) }
    }
  }
}
