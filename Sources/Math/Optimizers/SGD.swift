/// p ← p − η(g + λp); torch's SGD without momentum.
package struct SGD: Optimizer {
  package var learningRate: Double
  package var weightDecay: Double

  package init(learningRate: Double, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    for layer in θ.indices {
      for i in θ[layer].matrices.indices {
        if weightDecay != 0 { θ[layer].matrices[i].scale(by: 1 - learningRate * weightDecay) }
        θ[layer].matrices[i].add(-learningRate, g[layer].matrices[i])
      }
    }
  }
}
