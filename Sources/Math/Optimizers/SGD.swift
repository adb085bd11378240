/// p ← p − η(g + λp); torch's SGD without momentum.
package struct SGD: Optimizer, Equatable {
  package var learningRate: LearningRate
  package var weightDecay: Double

  package init(learningRate: Double, ratioB: Double = 1, weightDecay: Double = 0) {
    self.learningRate = LearningRate(learningRate, ratioB: ratioB)
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    for layer in θ.indices {
      for (i, role) in θ[layer].roles.enumerated() {
        let η = learningRate[role]
        if weightDecay != 0 { θ[layer].matrices[i].scale(by: 1 - η * weightDecay) }
        θ[layer].matrices[i].add(-η, g[layer].matrices[i])
      }
    }
  }

  package var takesFactoredGradients: Bool { true }

  /// W ← (1 − ηλ)W − η·XᵀD, at once.
  package mutating func step(_ θ: inout [Parameters], _ passes: [LayerPass]) {
    let η = learningRate[.W]
    for layer in θ.indices {
      if weightDecay != 0 { θ[layer][.W].scale(by: 1 - η * weightDecay) }
      passes[layer].gradient.addDense(-η, to: &θ[layer][.W])
    }
  }

  package mutating func forget(layer: Int) {}

  package func stateCount(_ θ: [Parameters]) -> Int { 0 }

  package func flops(_ θ: [Parameters]) -> Double { 2 * Double(θ.trainedCount) }
}
