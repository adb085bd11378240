/// Another rule whose first steps are short: step k of them, from 1, is cut to k/(steps + 1) of its length.
package struct WarmUpRule: Optimizer {
  package let steps: Int
  private var base: any Optimizer
  private var t = 0
  /// θ before a short step.
  private var before: [Parameters] = []

  package init(base: any Optimizer, steps: Int) {
    self.base = base
    self.steps = steps
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    t += 1
    guard t <= steps else { return try base.step(&θ, &g) }
    if before.isEmpty { before = θ.map(\.zeros) }
    for l in θ.indices { before[l].set(θ[l]) }
    try base.step(&θ, &g)
    let share = Double(t) / Double(steps + 1)
    for l in θ.indices {
      for i in θ[l].matrices.indices {
        θ[l].matrices[i].scale(by: share)
        θ[l].matrices[i].add(1 - share, before[l].matrices[i])
      }
    }
  }

  package mutating func forget(layer: Int) {
    t = 0
    base.forget(layer: layer)
  }

  package mutating func dropWorkspace() {
    before = []
    base.dropWorkspace()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? WarmUpRule else { return self }
    var copy = self
    copy.base = base.continuing(old.base)
    copy.t = old.t
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { base.stateCount(θ) }

  package func flops(_ θ: [Parameters]) -> Double { base.flops(θ) }
}
