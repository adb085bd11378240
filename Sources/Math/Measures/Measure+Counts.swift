// What a series costs, by counting. A series that follows from hidden ones costs what those cost.

extension Measure {
  static let counts = [
    Measure("trained", "numbers trained", formula: "Σ|θ|", unit: "numbers", cost: "0") {
      Double($0.costs.trained)
    },
    Measure(
      "state", "numbers the rule remembers from step to step", formula: "moments, projectors, importances",
      unit: "numbers", cost: "0"
    ) { Double($0.costs.states) },
    Measure(
      "flops", "operations of a step, decompositions of n×m matrices left out",
      formula: "passes + rule; passes of full 6bnm, LoRA 4bnm + 6br(n+m), gradient=dense 6bnm + 6nmr, "
        + "less what a first layer's input gradient takes",
      unit: "flops", cost: "0"
    ) { $0.costs.flops },
    Measure(
      "memory", "memory of training",
      formula: "8·(weights nm + |θ|, nm alone where θ = W; gradients |θ|; states; activations b(n + 2m) and "
        + "products within a pass)",
      unit: "bytes", cost: "0"
    ) { $0.costs.bytes },
  ]
}

/// One layer's share in the cost of training, in numbers kept and operations a step.
private struct Costs {
  var trained = 0
  var weights = 0
  var states = 0
  var activations = 0
  var flops = 0.0

  /// Gradients are as many as are trained, a number has eight bytes.
  var bytes: Double { 8 * Double(weights + trained + states + activations) }

  mutating func add(_ series: Series, layer l: Int, _ examples: Examples) {
    let (adapter, θ, rule) = (series.chain.adapters[l], series.chain.parameters[l], series.rule(layer: l))
    let (n, m) = adapter.shape(θ)
    let b = examples.X == nil ? nil : examples.count
    // The identity as input needs no room.
    let rows = b ?? n
    trained += θ.count
    weights += θ.roles.contains(.W) ? θ.count : n * m + θ.count
    states += rule.stateCount([θ])
    activations += (b ?? 0) * n + 2 * rows * m
    activations += adapter.scratch(rows: rows).reduce(0) { $0 + $1.storage.count }
    flops += adapter.flops(θ, examples: b, isFirst: l == 0) + rule.flops([θ])
  }
}

extension Snapshot {
  fileprivate var costs: Costs {
    mutating get {
      var costs = Costs()
      for one in series.trained { costs.add(one, layer: layer, own.run.examples) }
      return costs
    }
  }
}
