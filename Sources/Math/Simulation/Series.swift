/// One training dynamics: a chain with the rule that moves it.
package struct Series: Sendable {
  /// How it is called in outputs: `full`, `lora`, …
  package let name: String
  package private(set) var chain: Chain
  /// The first step whose state is not finite.
  package private(set) var divergedAt: Int?
  private var rule: any Optimizer
  /// W of each layer, merged, when last asked for.
  private var merged: [Matrix]
  /// The loss at the present parameters, when a full-batch `differentiate` has just found it.
  private var presentLoss: Double?

  package init(name: String, chain: Chain, rule: any Optimizer) {
    self.name = name
    self.chain = chain
    self.rule = rule
    merged = zip(chain.adapters, chain.parameters).map { adapter, θ in
      let (n, m) = adapter.shape(θ)
      return Matrix(n, m)
    }
  }

  package var hasDiverged: Bool { divergedAt != nil }

  /// Takes the step from state `step` to the next one; a series that is no longer finite stays where it is.
  package mutating func advance(_ batch: Examples, _ objective: Objective, step: Int) {
    guard !hasDiverged else { return }
    let loss = presentLoss ?? chain.differentiate(batch, objective)
    presentLoss = nil
    guard loss.isFinite else {
      divergedAt = step
      return
    }
    do {
      try chain.step(&rule)
    } catch {
      divergedAt = step + 1
    }
  }

  /// The loss over all data at state `step`; NaN once diverged.
  ///
  /// - Parameter isFullBatch: the next step sees all data too, so its gradient is found along with the loss.
  package mutating func loss(_ problem: Problem, isFullBatch: Bool, step: Int) -> Double {
    guard !hasDiverged else { return .nan }
    let loss =
      isFullBatch
      ? presentLoss ?? chain.differentiate(problem.examples, problem.objective)
      : chain.evaluate(problem.examples, problem.objective)
    if isFullBatch { presentLoss = loss }
    guard loss.isFinite else {
      divergedAt = step
      return .nan
    }
    return loss
  }

  /// W of a layer, merged.
  package mutating func weight(layer: Int) -> Matrix {
    chain.weight(layer: layer, into: &merged[layer])
    return merged[layer]
  }

  /// The singular values of W_t − W0, descending; nil once diverged.
  package func updateSpectrum(layer: Int, from W0: Matrix) throws(LinearAlgebraError) -> [Double]? {
    guard !hasDiverged else { return nil }
    return try chain.adapters[layer].updateSpectrum(chain.parameters[layer], from: W0)
  }

  package func reach(layer: Int) -> Reach? { chain.adapters[layer].reach }
}
