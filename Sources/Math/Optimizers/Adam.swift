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
    for layer in θ.indices {
      for i in θ[layer].matrices.indices {
        update(
          &θ[layer].matrices[i].storage, g[layer].matrices[i].storage, &m[layer].matrices[i].storage,
          &v[layer].matrices[i].storage)
      }
    }
  }

  private func update(_ p: inout [Double], _ g: [Double], _ m: inout [Double], _ v: inout [Double]) {
    let correction1 = 1 - pow(β1, Double(t))
    let correction2 = (1 - pow(β2, Double(t))).squareRoot()
    let shrink = isDecoupled ? 1 - learningRate * weightDecay : 1
    let coupling = isDecoupled ? 0 : weightDecay
    let count = p.count
    p.withUnsafeMutableBufferPointer { p in
      g.withUnsafeBufferPointer { g in
        m.withUnsafeMutableBufferPointer { m in
          v.withUnsafeMutableBufferPointer { v in
            for i in 0..<count {
              let gradient = g[i] + coupling * p[i]
              m[i] = β1 * m[i] + (1 - β1) * gradient
              v[i] = β2 * v[i] + (1 - β2) * (gradient * gradient)
              p[i] =
                shrink * p[i]
                - learningRate * (m[i] / correction1) / (v[i].squareRoot() / correction2 + ε)
            }
          }
        }
      }
    }
  }
}
