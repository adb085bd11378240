/// v ← μv + (1 − δ)g with v = g at the first step, then p ← p − ηv, or p ← p − η(g + μv) with Nesterov;
/// δ is the dampening, weight decay adds λp to g. Torch's SGD with momentum.
package struct Momentum: Optimizer {
  package var learningRate: LearningRate
  package var momentum: Double
  package var dampening: Double
  package var isNesterov: Bool
  package var weightDecay: Double
  private var velocity: [Parameters] = []
  private var isFirst = true

  package init(
    learningRate: Double, ratioB: Double = 1, momentum: Double = 0.9, dampening: Double = 0,
    isNesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    self.learningRate = LearningRate(learningRate, ratioB: ratioB)
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    if velocity.isEmpty { velocity = g.map(\.zeros) }
    defer { isFirst = false }
    for layer in θ.indices {
      for (i, role) in θ[layer].roles.enumerated() {
        let η = learningRate[role]
        if weightDecay != 0 { g[layer].matrices[i].add(weightDecay, θ[layer].matrices[i]) }
        velocity[layer].matrices[i].scale(by: momentum)
        velocity[layer].matrices[i].add(isFirst ? 1 : 1 - dampening, g[layer].matrices[i])
        if isNesterov {
          θ[layer].matrices[i].add(-η, g[layer].matrices[i])
          θ[layer].matrices[i].add(-η * momentum, velocity[layer].matrices[i])
        } else {
          θ[layer].matrices[i].add(-η, velocity[layer].matrices[i])
        }
      }
    }
  }

  package mutating func forget(layer: Int) {
    velocity.clear()
    isFirst = true
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? Momentum else { return self }
    var copy = self
    (copy.velocity, copy.isFirst) = (old.velocity, old.isFirst)
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { θ.trainedCount }

  package func flops(_ θ: [Parameters]) -> Double { 4 * Double(θ.trainedCount) }
}
