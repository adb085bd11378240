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
        Self.update(
          constants(role), &θ[layer].matrices[i].storage, g[layer].matrices[i].storage,
          &m[layer].matrices[i].storage, &v[layer].matrices[i].storage)
      }
    }
  }

  package func stateCount(_ θ: [Parameters]) -> Int { 2 * θ.trainedCount }

  package func flops(_ θ: [Parameters]) -> Double { 13 * Double(θ.trainedCount) }

  /// What all entries of a matrix share in one step: p ← after·(before·p − step·m/(√v·root + ε)).
  private struct Constants {
    var β1, β2, step, root, ε, coupling, before, after: Double
  }

  private func constants(_ role: Parameters.Role) -> Constants {
    let η = learningRate[role]
    let (c1, c2) = (1 - pow(β1, Double(t)), (1 - pow(β2, Double(t))).squareRoot())
    var k = Constants(β1: β1, β2: β2, step: η / c1, root: 1 / c2, ε: ε, coupling: 0, before: 1, after: 1)
    if isEpsilonUncorrected { (k.step, k.root) = (η * c2 / c1, 1) }
    switch decay {
    case .coupled(let λ): k.coupling = λ
    case .before(let λ): k.before = 1 - η * λ
    case .after(let λ): k.after = 1 - η * λ
    }
    return k
  }

  // Static: a method of self would hold the moments while they are written, and so copy them.
  private static func update(
    _ k: Constants, _ p: inout [Double], _ g: [Double], _ m: inout [Double], _ v: inout [Double]
  ) {
    let count = p.count
    p.withUnsafeMutableBufferPointer { p in
      g.withUnsafeBufferPointer { g in
        m.withUnsafeMutableBufferPointer { m in
          v.withUnsafeMutableBufferPointer { v in
            for i in 0..<count {
              let gradient = g[i] + k.coupling * p[i]
              m[i] = k.β1 * m[i] + (1 - k.β1) * gradient
              v[i] = k.β2 * v[i] + (1 - k.β2) * (gradient * gradient)
              p[i] = k.after * (k.before * p[i] - k.step * m[i] / (v[i].squareRoot() * k.root + k.ε))
            }
          }
        }
      }
    }
  }
}
