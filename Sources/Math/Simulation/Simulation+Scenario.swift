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
  /// fine-tuning, each variant and the set-up, and the data with the passes over them.
  package var bytesNeeded: Double {
    let (n, m) = (Double(n), Double(m))
    let states: Double = optimizer == .sgd ? 0 : optimizer == .momentum ? 1 : 2
    let weights = (10 + states + 5 * Double(variants.count)) * n * m
    let examples = task == .linreg ? Double(samples) : task == .digits ? 1797 : 0
    let data = examples * (2 * n + (3 + 4 * Double(variants.count + 1)) * m)
    let covariance = task == .linreg && self.covariance != 0 ? 4 * n * n : 0
    return 8 * (weights + data + covariance)
  }

  /// - Throws: `tooLarge`, naming the largest size, when the run does not fit into `available` bytes.
  package func requireMemory(_ available: Double) throws(ScenarioError) {
    guard bytesNeeded > available else { return }
    let sizes = [("n", n), ("m", m)] + (task == .linreg ? [("samples", samples)] : [])
    guard let largest = sizes.max(by: { $0.1 < $1.1 }) else { return }
    throw .tooLarge(key: largest.0, value: largest.1, bytes: bytesNeeded, available: available)
  }
}
