// The loss beside its value on the training data.

extension Measure {
  static let losses = [
    Measure(
      "sharpness", "largest curvature of the loss in the trained numbers of all layers",
      formula: "λ_max(∂²L/∂θ²) on all data, by Lanczos from differences of gradients",
      cost: "2 gradients on all data × 10 to 200"
    ) { $0.own.sharpness },
    Measure(
      "edge", "sharpness over the largest that gradient descent is stable at",
      formula: "(λ_max + weight decay)·η/2,  1 at the edge of stability", cost: "that of sharpness",
      needs: "plain SGD at one rate"
    ) { snapshot in
      guard let rule = snapshot.series.descent, let λ = snapshot.own.sharpness else { return nil }
      return (λ + rule.weightDecay) * rule.learningRate.η / 2
    },
    Measure(
      "test-loss", "loss over the held-out examples", formula: "L(W_t) on held-out data", unit: "loss",
      cost: "a forward pass over them", needs: "held-out examples"
    ) { snapshot in
      guard let heldOut = snapshot.simulation.problem.heldOut else { return nil }
      var series = snapshot.series
      return series.loss(on: heldOut, snapshot.simulation.problem.objective)
    },
    Measure(
      "excess", "loss over all examples above its least",
      formula:
        "L(W_t) − w‖(I−P_X)Y‖²/2 = w‖X·W_t − P_X·Y‖²/2,  w = 1/b, task matrix 1; P_X from σ > 1e-12·σ_1",
      unit: "loss", cost: "2bnm, SVD of X", needs: "one layer and squared error"
    ) { snapshot in
      guard let W = snapshot.W, let best = snapshot.own.run.leastSquaresOutput else { return nil }
      let problem = snapshot.simulation.problem
      return 0.5 * problem.exampleWeight * (problem.examples.output(W) - best).squaredNorm
    },
    Measure(
      "test-excess", "test loss without the noise in it",
      formula: "‖X(W_t − W*)‖²/(2b),  X held out, W* made the data",
      unit: "loss", cost: "2bnm", needs: "held-out examples, one layer and squared error"
    ) { snapshot in
      let problem = snapshot.simulation.problem
      guard let W = snapshot.W, let heldOut = problem.heldOut, let wanted = problem.wanted, wanted.count == 1
      else { return nil }
      return 0.5 / Double(heldOut.count) * heldOut.output(W - wanted[0]).squaredNorm
    },
    Measure(
      "forgetting", "what the update costs the task that W0 is the best for",
      formula: "½tr((W_t−W0)ᵀS(W_t−W0)),  S = XᵀX/b, task matrix its S, I without inputs", unit: "loss",
      cost: "2bnm", needs: "the first layer"
    ) { snapshot in
      guard snapshot.layer == 0, let W = snapshot.W else { return nil }
      let problem = snapshot.simulation.problem
      return 0.5 * problem.exampleWeight * problem.examples.output(W - snapshot.W0).squaredNorm
    },
  ]
}

extension Problem {
  /// What each example counts: 1/b, or 1 where X is not of examples but a root of S.
  var exampleWeight: Double { objective == .squaredDistance ? 1 : 1 / Double(examples.count) }

  /// P_X·Y, the nearest to Y that any W comes; nil where the loss is not the squared error of one layer.
  func leastSquaresOutput() throws(LinearAlgebraError) -> Matrix? {
    guard pretrained.count == 1, objective != .crossEntropy else { return nil }
    guard let X = examples.X else { return examples.Y }
    let Q = try X.columnBasis(tolerance: 1e-12)
    return Q * (Q.T * examples.Y)
  }
}

extension Examples {
  /// XM.
  fileprivate func output(_ M: Matrix) -> Matrix { X.map { $0 * M } ?? M }
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
