extension Simulation {
  /// The run a scenario describes, at step 0.
  /// - Parameter digits: the images, evaluated only by a task that needs them.
  package init(_ scenario: Scenario, digits: @autoclosure () -> Digits) throws(LinearAlgebraError) {
    try self.init(scenario, on: try scenario.task.family.make(scenario, digits))
  }

  /// The run a scenario describes, on a problem that exists already: its own, or another's that differs in
  /// nothing but what the adapters and the optimiser are told.
  package init(_ scenario: Scenario, on problem: Problem) throws(LinearAlgebraError) {
    var sites = scenario.sites(problem)
    for l in sites.indices where scenario.variants.contains(where: { $0.startsFromGradient(layer: l) }) {
      try sites[l].decomposeGradient()
    }
    var variants: [Series] = []
    for (choice, name) in zip(scenario.variants, scenario.seriesNames) {
      let following = choice.systems[0].recipe.following?(choice.systems[0].knobValues)
      let series = try Series(name, choice, at: sites, scenario.gradient, problem.activation)
      guard let following else {
        variants.append(series)
        continue
      }
      var members: [Series] = []
      for k in 0..<following.members {
        var others = sites
        for l in others.indices { others[l].generator = sites[l].generator.branch(k) }
        members.append(try Series(name, choice, at: others, scenario.gradient, problem.activation))
      }
      let follower = Follower(
        following, pretrained: problem.pretrained, reaches: series.reaches(following, sites),
        members: members)
      variants.append(
        Series(name: name, follower: follower, activation: problem.activation, isUnique: series.isUnique))
    }
    self.init(
      problem: problem, full: scenario.optimizer.rule(), variants: variants, scenario: scenario)
  }
}

extension Scenario {
  /// What variants know of each layer.
  func sites(_ problem: Problem) -> [Site] {
    let gradients = problem.firstGradients()
    return problem.pretrained.indices.map { l in
      Site(
        W0: problem.pretrained[l], G0: gradients[l], rank: r, alpha: alpha, scaling: scaling,
        generator: Generator(seed: UInt64(seed), .adapters, offset: l), optimizer: optimizer, steps: steps)
    }
  }
}

extension VariantChoice {
  fileprivate func startsFromGradient(layer: Int) -> Bool {
    let system = system(layer: layer)
    return system.recipe.startsFromGradient(system.knobValues)
  }

  /// What moves the parameters of all layers, without a history.
  func rule(at sites: [Site]) -> any Optimizer {
    let groups = groups(layerCount: sites.count).map { system, layers in
      (layers: layers, rule: system.recipe.rule(sites[layers[0]], system.knobValues))
    }
    return groups.count == 1 ? groups[0].rule : LayeredRule(groups)
  }
}

extension Series {
  /// A choice attached to every layer.
  fileprivate init(
    _ name: String, _ choice: VariantChoice, at sites: [Site], _ form: GradientForm, _ activation: Activation
  ) throws(LinearAlgebraError) {
    var layers: [(adapter: any Adapter, parameters: Parameters)] = []
    var isUnique = true
    for (l, site) in sites.enumerated() {
      let system = choice.system(layer: l)
      let attachment = try system.recipe.attach(site, system.knobValues)
      isUnique = isUnique && attachment.isUnique
      let adapter: any Adapter =
        form == .factored ? attachment.adapter : Merged(attachment.adapter, attachment.parameters)
      layers.append((adapter, attachment.parameters))
    }
    self.init(
      name: name, chain: Chain(layers, activation: activation), rule: choice.rule(at: sites),
      isUnique: isUnique)
  }

  /// Of a series that stands for a follower: where its weights may go.
  fileprivate func reaches(_ following: Following, _ sites: [Site]) -> [Reach] {
    sites.indices.map { l in
      let own = reach(layer: l) ?? Reach(frozen: sites[l].W0, rank: sites[l].rank)
      guard following.members > 0 else { return own }
      return Reach(frozen: sites[l].W0, rank: following.members * (chain.adapters[l].rankBound ?? own.rank))
    }
  }
}

extension Scenario {
  /// A generous estimate of the memory a run takes, in bytes: matrices of the weights' sizes for full
  /// fine-tuning, each variant and the set-up, factors with their states, and the data with the passes over
  /// them.
  package var bytesNeeded: Double {
    let series = variants.reduce(0.0) { sum, choice in
      sum + 1 + Double(choice.systems[0].recipe.following?(choice.systems[0].knobValues).members ?? 0)
    }
    let states: Double = optimizer.family == .sgd ? 0 : optimizer.family == .momentum ? 1 : 2
    let examples = Double((exampleCount ?? 0) + heldOut)
    let merged: Double = gradient == .dense ? 2 : 0
    var total: Double = 0
    for shape in layerShapes {
      let n = Double(shape.rows)
      let m = Double(shape.columns)
      let r = Double(r)
      let weights: Double = (10 + states + series * (6 + states + merged)) * n * m
      // AdaLoRA's initial rank is 1.5 r, and each of its numbers has two more.
      let factors: Double = series * (1.5 * (8 + 2 * states) * r * (n + m) + 14 * r * r)
      let data: Double = examples * (2 * n + (7 + 6 * series) * m + series * 6 * r)
      let covariance: Double = self.covariance != 0 && task != .digits ? 4 * n * n : 0
      total += weights + factors + data + covariance
    }
    return 8 * total
  }

  /// - Throws: an error naming the largest size, when the run does not fit into `available` bytes, or a
  ///   matrix has more entries than BLAS can count.
  package func requireMemory(_ available: Double) throws(ScenarioError) {
    var sizes: [(key: String, path: WritableKeyPath<Scenario, Int>)] = [("n", \.n), ("m", \.m)]
    if task == .twolayer { sizes.append(("hidden", \.hidden)) }
    if task == .linreg || task == .twolayer { sizes += [("samples", \.samples), ("held", \.heldOut)] }
    guard let largest = sizes.max(by: { self[keyPath: $0.path] < self[keyPath: $1.path] }) else { return }
    let value = self[keyPath: largest.path]
    if bytesNeeded > available {
      throw .tooLarge(
        key: largest.key, value: value, bytes: bytesNeeded, available: available,
        fits: most(largest.path, within: available))
    }
    guard largestMatrix <= Double(Int32.max) else {
      throw .invalid(
        key: largest.key, value: String(value), allowed: "matrices of at most \(Int32.max) numbers")
    }
  }

  /// How many numbers the largest matrix of the run has, of weights, examples or what is made of them.
  private var largestMatrix: Double {
    let rows = max(exampleCount ?? 0, heldOut)
    return layerShapes.map { Double(max(rows, $0.rows)) * Double(max($0.rows, $0.columns)) }.max() ?? 0
  }

  /// The largest value of a size with which the rest fits into `available` bytes; 0 where none does.
  private func most(_ size: WritableKeyPath<Scenario, Int>, within available: Double) -> Int {
    var (fits, exceeds, tried) = (0, self[keyPath: size], self)
    while exceeds - fits > 1 {
      tried[keyPath: size] = (fits + exceeds) / 2
      let isFitting = tried.bytesNeeded <= available && tried.largestMatrix <= Double(Int32.max)
      if isFitting { fits = tried[keyPath: size] } else { exceeds = tried[keyPath: size] }
    }
    return fits
  }
}
