import Glibc

/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − η·(m/(1 − β₁ᵗ)) / (√v/√(1 − β₂ᵗ) + ε), with torch's
/// placing of ε (Kingma and Ba 2014, arXiv 1412.6980). Weight decay adds λp to g, or, decoupled, shrinks p
/// by 1 − ηλ before the step (AdamW: Loshchilov and Hutter 2017, arXiv 1711.05101).
package struct Adam: Optimizer {
  package var learningRate: Double
  package var β1: Double
  package var β2: Double
  package var ε: Double
  package var weightDecay: Double
  package var isDecoupled: Bool
  private var t = 0
  private var m: [Parameters] = []
  private var v: [Parameters] = []

  package init(
    learningRate: Double, β1: Double = 0.9, β2: Double = 0.999, ε: Double = 1e-8, weightDecay: Double = 0,
    isDecoupled: Bool = false
  ) {
    self.learningRate = learningRate
    self.β1 = β1
    self.β2 = β2
    self.ε = ε
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) {
    if m.isEmpty {
      m = g.map(\.zeros)
      v = m
    }
    t += 1
    let constants = constants
    for layer in θ.indices {
      for i in θ[layer].matrices.indices {
        Self.update(
          constants, &θ[layer].matrices[i].storage, g[layer].matrices[i].storage,
          &m[layer].matrices[i].storage,
          &v[layer].matrices[i].storage)
      }
    }
  }

  /// What all entries of a step share.
  private struct Constants {
    var η, β1, β2, ε, correction1, correction2, shrink, coupling: Double
  }

  private var constants: Constants {
    Constants(
      η: learningRate, β1: β1, β2: β2, ε: ε, correction1: 1 - pow(β1, Double(t)),
      correction2: (1 - pow(β2, Double(t))).squareRoot(),
      shrink: isDecoupled ? 1 - learningRate * weightDecay : 1, coupling: isDecoupled ? 0 : weightDecay)
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
              p[i] =
                k.shrink * p[i]
                - k.η * (m[i] / k.correction1) / (v[i].squareRoot() / k.correction2 + k.ε)
            }
          }
        }
      }
    }
  }
}
