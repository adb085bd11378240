extension Simulation {
  /// The run a scenario describes, at step 0.
  /// - Parameter digits: the images, evaluated only by a task that needs them.
  package init(_ scenario: Scenario, digits: @autoclosure () -> Digits) throws(LinearAlgebraError) {
    let problem = try scenario.task.family.make(scenario, digits)
    let gradients = problem.firstGradients()
    let base = scenario.optimizer.family.make(scenario)
    var variants: [Series] = []
    for (choice, name) in zip(scenario.variants, scenario.seriesNames) {
      var layers: [(adapter: any Adapter, parameters: Parameters)] = []
      var rule = base
      for (l, W0) in problem.pretrained.enumerated() {
        let site = Site(
          W0: W0, G0: gradients[l], rank: scenario.r, alpha: scenario.alpha, scaling: scenario.scaling,
          generator: Generator(seed: UInt64(scenario.seed), .adapters, offset: l))
        layers.append(try choice.recipe.attach(site, choice.knobValues))
        if l == 0 { rule = choice.recipe.rule(base, site, choice.knobValues) }
      }
      variants.append(Series(name: name, chain: Chain(layers), rule: rule))
    }
    self.init(problem: problem, full: base, variants: variants)
  }
}

extension Scenario {
  /// A generous estimate of the memory a run takes, in bytes: matrices of the weight's size for full
  /// fine-tuning, each variant and the set-up, factors with their states, and the data with the passes over
  /// them.
  package var bytesNeeded: Double {
    let n = Double(n)
    let m = Double(m)
    let r = Double(r)
    let series = Double(variants.count)
    let states: Double = optimizer == .sgd ? 0 : optimizer == .momentum ? 1 : 2
    let weights: Double = (10 + states + series * (5 + states)) * n * m
    let factors: Double = series * ((6 + 2 * states) * r * (n + m) + 14 * r * r)
    let examples = Double(exampleCount ?? 0)
    let data: Double = examples * (2 * n + (7 + 4 * series) * m + series * 4 * r)
    let covariance: Double = task == .linreg && self.covariance != 0 ? 4 * n * n : 0
    return 8 * (weights + factors + data + covariance)
  }

  /// - Throws: an error naming the largest size, when the run does not fit into `available` bytes, or a
  ///   matrix has more entries than BLAS can count.
  package func requireMemory(_ available: Double) throws(ScenarioError) {
    let rows = exampleCount ?? n
    let sizes = [("n", n), ("m", m)] + (task == .linreg ? [("samples", samples)] : [])
    guard let largest = sizes.max(by: { $0.1 < $1.1 }) else { return }
    if bytesNeeded > available {
      throw .tooLarge(key: largest.0, value: largest.1, bytes: bytesNeeded, available: available)
    }
    guard Double(max(rows, n)) * Double(max(n, m)) <= Double(Int32.max) else {
      throw .invalid(
        key: largest.0, value: String(largest.1), allowed: "matrices of at most \(Int32.max) numbers")
    }
  }
}
