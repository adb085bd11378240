/// p ← p − η·sign(g), sign 0 = 0 (Bernstein et al. 2018, arXiv 1802.04434).
package struct SignSGD: Optimizer {
  package var learningRate: LearningRate

  package init(learningRate: Double, ratioB: Double = 1) {
    self.learningRate = LearningRate(learningRate, ratioB: ratioB)
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    for layer in θ.indices {
      for (i, role) in θ[layer].roles.enumerated() {
        θ[layer].matrices[i].addSigns(-learningRate[role], of: g[layer].matrices[i])
      }
    }
  }

  package mutating func forget(layer: Int) {}

  package func stateCount(_ θ: [Parameters]) -> Int { 0 }

  package func flops(_ θ: [Parameters]) -> Double { 2 * Double(θ.trainedCount) }
}

extension Matrix {
  /// self ← self + α·sign(A).
  mutating func addSigns(_ α: Double, of A: Matrix) {
    Matrix.requireSameShape(self, A)
    storage.withUnsafeMutableBufferPointer { entries in
      A.storage.withUnsafeBufferPointer { source in
        for i in entries.indices { entries[i] += source[i] > 0 ? α : source[i] < 0 ? -α : 0 * source[i] }
      }
    }
  }

  /// sign(A), entry by entry, sign 0 = 0.
  package var signs: Matrix {
    var signs = Matrix(rows, columns)
    signs.addSigns(1, of: self)
    return signs
  }
}
