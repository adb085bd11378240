// The loss beside its value on the training data.

extension Measure {
  static let losses = [
    Measure(
      "sharpness", "largest curvature of the loss in the trained numbers of all layers",
      formula: "λ_max(∂²L/∂θ²) on all data, by Lanczos from differences of gradients",
      cost: "2 gradients on all data × 10 to 200"
    ) { $0.own.sharpness },
    Measure(
      "edge", "sharpness over the largest that gradient descent is stable at; plain SGD alone",
      formula: "(λ_max + weight decay)·η/2,  1 at the edge of stability", cost: "that of sharpness"
    ) { snapshot in
      guard let rule = snapshot.series.descent, let λ = snapshot.own.sharpness else { return nil }
      return (λ + rule.weightDecay) * rule.learningRate.η / 2
    },
    Measure(
      "test-loss", "loss over the held-out examples", formula: "L(W_t) on held-out data", unit: "loss",
      cost: "a forward pass over them"
    ) { snapshot in
      guard let heldOut = snapshot.simulation.problem.heldOut else { return nil }
      var series = snapshot.series
      return series.loss(on: heldOut, snapshot.simulation.problem.objective)
    },
  ]
}

extension Series {
  /// The SGD that moves all layers along −η·∂L/∂θ, η the same everywhere; nil for all else, whose steps have
  /// another Jacobian than I − ηH.
  fileprivate var descent: SGD? {
    let rules = chain.adapters.indices.map { rule(layer: $0) as? SGD }
    guard let first = rules[0], rules.allSatisfy({ $0 == first }), first.learningRate.ratioB == 1,
      chain.adapters.allSatisfy({ $0.withTrueGradient == nil })
    else { return nil }
    return first
  }
}
