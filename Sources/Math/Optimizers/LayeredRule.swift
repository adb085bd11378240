/// Another rule for each group of layers.
package struct LayeredRule: Optimizer {
  private struct Group: Sendable {
    let layers: [Int]
    var rule: any Optimizer
    // Room to lend the group's layers to its rule.
    var θ: [Parameters]
    var g: [Parameters]

    mutating func step(_ allθ: inout [Parameters], _ allg: inout [Parameters]) throws(LinearAlgebraError) {
      exchange(&allθ, &allg)
      defer { exchange(&allθ, &allg) }
      try rule.step(&θ, &g)
    }

    private mutating func exchange(_ allθ: inout [Parameters], _ allg: inout [Parameters]) {
      for (k, l) in layers.enumerated() {
        swap(&θ[k], &allθ[l])
        swap(&g[k], &allg[l])
      }
    }
  }

  private var groups: [Group]

  package init(_ groups: [(layers: [Int], rule: any Optimizer)]) {
    self.groups = groups.map { layers, rule in
      let empty = Array(repeating: Parameters([:]), count: layers.count)
      return Group(layers: layers, rule: rule, θ: empty, g: empty)
    }
  }

  /// The rule that moves a layer.
  package func rule(layer: Int) -> any Optimizer {
    guard let group = groups.first(where: { $0.layers.contains(layer) }) else {
      preconditionFailure("no rule moves layer \(layer)")
    }
    return group.rule
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    for i in groups.indices { try groups[i].step(&θ, &g) }
  }

  /// Groups without this layer remember.
  package mutating func forget(layer: Int) {
    for i in groups.indices where groups[i].layers.contains(layer) { groups[i].rule.forget(layer: layer) }
  }

  package mutating func dropWorkspace() {
    for i in groups.indices { groups[i].rule.dropWorkspace() }
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? LayeredRule else { return self }
    var copy = self
    for (i, group) in old.groups.enumerated() { copy.groups[i].rule = groups[i].rule.continuing(group.rule) }
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int {
    groups.reduce(0) { sum, group in sum + group.rule.stateCount(group.layers.map { θ[$0] }) }
  }

  package func flops(_ θ: [Parameters]) -> Double {
    groups.reduce(0) { sum, group in sum + group.rule.flops(group.layers.map { θ[$0] }) }
  }
}
