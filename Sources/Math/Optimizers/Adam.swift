import CKernels
import Glibc

/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − η·(m/(1 − β₁ᵗ)) / (√v/√(1 − β₂ᵗ) + ε), with torch's
/// placing of ε (Kingma and Ba 2014, arXiv 1412.6980).
package struct Adam: Optimizer {
  /// How weight decay λ enters.
  package enum Decay: Equatable, Sendable {
    /// g ← g + λp.
    case coupled(Double)
    /// p ← (1 − ηλ)p before the step (AdamW: Loshchilov and Hutter 2017, arXiv 1711.05101).
    case before(Double)
    /// p ← (1 − ηλ)p after the step.
    case after(Double)
  }

  package var learningRate: LearningRate
  package var β1: Double
  package var β2: Double
  package var ε: Double
  package var decay: Decay
  /// ε is added to √v before the correction of bias, as GaLore's authors do.
  package var isEpsilonUncorrected: Bool
  private let stepOffset: Int
  private var t: Int
  private var m: [Parameters] = []
  private var v: [Parameters] = []

  /// - Parameter stepOffset: how many steps the correction of bias takes for granted.
  package init(
    learningRate: Double, ratioB: Double = 1, β1: Double = 0.9, β2: Double = 0.999, ε: Double = 1e-8,
    decay: Decay = .coupled(0), isEpsilonUncorrected: Bool = false, stepOffset: Int = 0
  ) {
    self.learningRate = LearningRate(learningRate, ratioB: ratioB)
    self.β1 = β1
    self.β2 = β2
    self.ε = ε
    self.decay = decay
    self.isEpsilonUncorrected = isEpsilonUncorrected
    self.stepOffset = stepOffset
    t = stepOffset
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    if m.isEmpty {
      m = g.map(\.zeros)
      v = m
    }
    t += 1
    for layer in θ.indices {
      for (i, role) in θ[layer].roles.enumerated() {
        adam_step(
          θ[layer].matrices[i].storage.count, constants(role), &θ[layer].matrices[i].storage,
          g[layer].matrices[i].storage, &m[layer].matrices[i].storage, &v[layer].matrices[i].storage)
      }
    }
  }

  package mutating func forget(layer: Int) {
    t = stepOffset
    m.clear()
    v.clear()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? Adam else { return self }
    var copy = self
    (copy.t, copy.m, copy.v) = (old.t, old.m, old.v)
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { 2 * θ.trainedCount }

  package func flops(_ θ: [Parameters]) -> Double { 13 * Double(θ.trainedCount) }

  private func constants(_ role: Parameters.Role) -> adam_constants {
    let η = learningRate[role]
    let (c1, c2) = (1 - pow(β1, Double(t)), (1 - pow(β2, Double(t))).squareRoot())
    var k = adam_constants(
      beta1: β1, beta2: β2, step: η / c1, root: 1 / c2, epsilon: ε, before: 1, after: 1, coupling: 0)
    if isEpsilonUncorrected { (k.step, k.root) = (η * c2 / c1, 1) }
    switch decay {
    case .coupled(let λ): k.coupling = λ
    case .before(let λ): k.before = 1 - η * λ
    case .after(let λ): k.after = 1 - η * λ
    }
    return k
  }
}
