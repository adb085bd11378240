/// One training dynamics: a chain with the rule that moves it. Or, without a rule of its own, weights that
/// follow from others.
package struct Series: Sendable {
  /// How it is called in outputs: `full`, `lora`, …
  package let name: String
  /// Its start was chosen among equals; see `Attachment`.
  package let isUnique: Bool
  package private(set) var chain: Chain
  /// The first step whose state is not finite.
  package private(set) var divergedAt: Int?
  /// The state from which it last began anew.
  package private(set) var restartedAt: Int?
  package private(set) var rule: any Optimizer
  /// θ of each layer when it began, or last began anew.
  package private(set) var start: [Parameters]
  /// Its gradients stay X and D: no G is formed.
  private var isFactored: Bool
  private var follower: Follower?
  private var tile = Tile()
  /// Of each layer's update.
  private var leading: [LeadingValues]
  /// Of full fine-tuning's distance from each layer's frozen part.
  private var distances: [LeadingValues]
  /// W of each layer, merged, when last asked for.
  private var merged: [Matrix]
  /// The loss at the present parameters, when a full-batch `differentiate` has just found it.
  private var presentLoss: Double?
  /// The loss on the examples of the last step, before it.
  package private(set) var batchLoss = Double.nan

  package init(name: String, chain: Chain, rule: any Optimizer, isUnique: Bool = true) {
    self.name = name
    self.chain = chain
    self.rule = rule
    self.isUnique = isUnique
    isFactored = chain.isDense && rule.takesFactoredGradients
    start = chain.parameters
    leading = chain.parameters.map { _ in LeadingValues() }
    distances = leading
    merged = zip(chain.adapters, chain.parameters).map { adapter, θ in adapter.weight(θ) }
  }

  init(name: String, follower: Follower, activation: Activation, isUnique: Bool) {
    let layers = zip(follower.pretrained, follower.reaches).map { W0, reach in
      // A frozen part that is not W0 differs from it by another product of that rank.
      let bound = reach.frozen == W0 ? reach.rank : 2 * reach.rank
      let adapter: any Adapter = DenseWeight(within: reach, rankBound: bound)
      return (adapter: adapter, parameters: Parameters([.W: W0]))
    }
    self.init(
      name: name, chain: Chain(layers, activation: activation), rule: SGD(learningRate: 0), isUnique: isUnique
    )
    self.follower = follower
  }

  package var usesPretrainedOutput: Bool { chain.usesPretrainedOutput }

  package var hasDiverged: Bool { divergedAt != nil }

  /// Whether its weights follow from those of others.
  package var isFollowing: Bool { follower != nil }

  /// Takes the step from state `step` to the next one; a series that is no longer finite stays where it is.
  package mutating func advance(_ batch: Examples, _ objective: Objective, step: Int) {
    guard !hasDiverged else { return }
    if follower != nil {
      follower?.advance(batch, objective, step: step)
      divergedAt = follower?.divergedAt
      return
    }
    let loss = presentLoss ?? chain.differentiate(batch, objective, factored: isFactored)
    presentLoss = nil
    batchLoss = loss
    guard loss.isFinite else {
      divergedAt = step
      return
    }
    do {
      if isFactored {
        try chain.step(&rule, factored: batch)
      } else {
        try chain.step(&rule)
      }
    } catch {
      divergedAt = step + 1
      return
    }
    for l in start.indices where chain.restart(layer: l, after: step) {
      rule.forget(layer: l)
      restartedAt = step + 1
      start[l].set(chain.parameters[l])
    }
  }

  /// Goes on with `rule`, which has no history yet, and all that the present one remembers.
  mutating func change(to rule: any Optimizer) {
    guard follower == nil else {
      follower?.change(to: rule)
      return
    }
    self.rule = rule.continuing(self.rule)
    isFactored = chain.isDense && rule.takesFactoredGradients
    // The next step may see other examples.
    presentLoss = nil
  }

  /// Lets go of all that the next step would make anew; `pretrained` are its layers' W0.
  mutating func dropWorkspace(_ pretrained: [Matrix]) {
    chain.dropWorkspace()
    rule.dropWorkspace()
    presentLoss = nil
    tile = Tile()
    leading = leading.map { _ in LeadingValues() }
    distances = leading
    // Of the shapes that are written into, and shared by all.
    merged = pretrained
    follower?.dropWorkspace()
  }

  /// Bytes of what it alone remembers: parameters, the rule's state, and frozen weights of its own, which
  /// adapters have that started anew.
  var stateBytes: Int {
    if let follower {
      return follower.members.reduce(8 * chain.parameters.trainedCount) { $0 + $1.stateBytes }
    }
    var numbers = chain.parameters.trainedCount + rule.stateCount(chain.parameters)
    for (adapter, θ) in zip(chain.adapters, chain.parameters) {
      guard case .product = adapter.factoring, adapter.reach == nil else { continue }
      let (n, m) = adapter.shape(θ)
      numbers += n * m
    }
    return 8 * numbers
  }

  /// Brings weights that follow from others to state `step`.
  mutating func follow(_ full: [Matrix], step: Int) {
    guard !hasDiverged, follower?.isBehind(step) == true else { return }
    guard let weights = try? follower?.weights(full, step: step) else {
      divergedAt = step
      return
    }
    for (l, W) in weights.enumerated() { chain.parameters[l][.W].set(W) }
  }

  /// Full fine-tuning has diverged: what follows from it has, too.
  mutating func fullDiverged(at step: Int) {
    if follower?.following.members == 0, divergedAt == nil { divergedAt = step }
  }

  /// The loss over all examples at state `step`; NaN once diverged.
  ///
  /// - Parameter isFullBatch: the next step sees them all too, so its gradient is found along with the loss.
  package mutating func loss(_ all: Examples, _ objective: Objective, isFullBatch: Bool, step: Int) -> Double
  {
    guard !hasDiverged else { return .nan }
    let isReused = isFullBatch && !isFollowing
    let loss =
      isReused
      ? presentLoss ?? chain.differentiate(all, objective, factored: isFactored)
      : chain.evaluate(all, objective)
    if isReused { presentLoss = loss }
    guard loss.isFinite else {
      // Weights that follow from others last as long as those, however often they are asked for.
      if !isFollowing { divergedAt = step }
      return .nan
    }
    return loss
  }

  /// The loss over examples that are not trained on; NaN where it is not finite.
  package mutating func loss(on examples: Examples, _ objective: Objective) -> Double {
    guard !hasDiverged else { return .nan }
    let loss = chain.evaluate(examples, objective)
    return loss.isFinite ? loss : .nan
  }

  /// ‖W − other‖_F of a layer.
  package mutating func distance(layer l: Int, to other: Matrix) -> Double {
    let distance = chain.adapters[l].distance(chain.parameters[l], to: other, &tile)
    // Squares and products of factors overflow before distances do.
    return distance.isFinite ? distance : Matrix.distance(weight(layer: l), other)
  }

  /// W of a layer, merged.
  package mutating func weight(layer: Int) -> Matrix {
    if chain.adapters[layer] is DenseWeight { return chain.parameters[layer][.W] }
    chain.weight(layer: layer, into: &merged[layer])
    return merged[layer]
  }

  /// The singular values of W_t − W0, descending; nil once diverged.
  package func updateSpectrum(layer: Int, from W0: Matrix) throws(LinearAlgebraError) -> [Double]? {
    guard !hasDiverged else { return nil }
    return try chain.adapters[layer].updateSpectrum(chain.parameters[layer], from: W0)
  }

  /// The k largest of them, each to within `tolerance`·σ_1. Cheaper than all where the update is dense and
  /// large.
  package mutating func leadingSpectrum(layer l: Int, from W0: Matrix, _ k: Int, tolerance: Double)
    throws(LinearAlgebraError) -> [Double]?
  {
    guard !hasDiverged else { return nil }
    if case .product = chain.adapters[l].factoring {
      return try updateSpectrum(layer: l, from: W0).map { Array($0.prefix(k)) }
    }
    let update = weight(layer: l) - W0
    return try leading[l].values(of: update, k, tolerance: tolerance)
  }

  /// tail_r of D, full fine-tuning's distance from what the layer keeps frozen; see `LeadingValues`.
  mutating func leadingTail(layer l: Int, of D: Matrix, _ r: Int, tolerance: Double)
    throws(LinearAlgebraError)
    -> Double
  {
    try distances[l].tail(of: D, after: r, tolerance: tolerance)
  }

  package func reach(layer: Int) -> Reach? { chain.adapters[layer].reach }

  /// The rule that moves a layer.
  package func rule(layer: Int) -> any Optimizer { (rule as? LayeredRule)?.rule(layer: layer) ?? rule }

  /// What is trained for it: itself, or the hidden series it follows.
  package var trained: [Series] { follower?.members ?? [self] }
}
