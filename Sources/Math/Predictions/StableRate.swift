extension OptimizerChoice {
  /// The rate η below which the rule's iteration on a quadratic loss of largest curvature λ converges; nil for
  /// rules whose step is not linear in the gradient.
  ///
  /// x_{t+1} = (1 − ηλ)x_t for gradient descent: η < 2/λ. With momentum the roots of the recursion's
  /// characteristic polynomial stay within the unit circle (Jury) while η < 2(1+μ)/((1−δ)λ), with Nesterov's
  /// while η < 2(1+μ)/((1+μ+μ(1−δ))λ); cf. Polyak 1964. Weight decay adds itself to λ.
  package func stableRate(curvature λ: Double) -> Double? {
    guard let limit = stableProduct, λ > 0, λ.isFinite else { return nil }
    return limit / λ
  }

  /// The η·λ that is not to be reached: 2 for plain gradient descent.
  package var stableProduct: Double? {
    let (μ, share) = (momentum, 1 - dampening)
    switch family {
    case .sgd: return 2
    case .momentum:
      if isNesterov { return 2 * (1 + μ) / (1 + μ + μ * share) }
      // With μ = 1 nothing is damped, and with δ = 1 only the first gradient counts.
      return μ < 1 && share > 0 ? 2 * (1 + μ) / share : nil
    case .adam, .adamw, .signsgd, .muon, .galoreAdamW: return nil
    }
  }
}

extension Series {
  /// B's rate over η, where every layer descends along ∂L/∂θ, with momentum or without; nil for all else.
  private var descentRatio: Double? {
    var ratios: [Double] = []
    for l in chain.adapters.indices {
      guard chain.adapters[l].withTrueGradient == nil else { return nil }
      switch rule(layer: l) {
      case let rule as SGD: ratios.append(rule.learningRate.ratioB)
      case let rule as Momentum: ratios.append(rule.learningRate.ratioB)
      default: return nil
      }
    }
    return ratios.allSatisfy { $0 == ratios[0] } ? ratios[0] : nil
  }

  /// The largest curvature that the rule meets at the present state, on all data: λ_max of
  /// R(∂²L/∂θ² + weight decay)R with R² the rates over η, so that η·λ tells stability; nil for rules without
  /// such a bound and where nothing curves upwards.
  package func metCurvature(_ problem: Problem, _ optimizer: OptimizerChoice) -> Double? {
    guard !isFollowing, !hasDiverged, optimizer.stableProduct != nil, let ratio = descentRatio else {
      return nil
    }
    let λ = try? chain.sharpness(
      problem.examples, problem.objective, ratioB: ratio, weightDecay: optimizer.weightDecay)
    return λ.flatMap { $0 }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// What a product of factors must at least curve when W has come from Wfz to W_T, with L = ½‖W − W*‖²:
  /// s²(ρ‖A‖² + ‖B‖²) ≥ 2√ρ·s·σ_1(s·AB), equal for balanced factors, ρ B's rate over A's.
  func learnedCurvature(_ problem: Problem, change: [Double]) -> Double? {
    guard problem.objective == .squaredDistance, problem.examples.X == nil, let ratio = descentRatio,
      case .product(_, let s) = chain.adapters[0].factoring, let σ = change.first
    else { return nil }
    return 2 * ratio.squareRoot() * abs(s) * σ
  }
}
