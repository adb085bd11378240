import Math

/// What checks look at: one layer of one series at one step, and the start of the run. Copies, so a run goes on
/// as if nobody had looked.
package struct Evidence: Sendable {
  /// Step 0.
  package let start: Moment
  package let present: Moment
  let index: Int
  let layer: Int

  package init(start: Moment, present: Moment, series: Int, layer: Int = 0) {
    self.start = start
    self.present = present
    index = series
    self.layer = layer
  }

  /// The same where the run began.
  var atStart: Evidence { Evidence(start: start, present: start, series: index, layer: layer) }

  var scenario: Scenario? { present.now.scenario }
  var problem: Problem { present.now.problem }
  var step: Int { present.now.step }
  var W0: Matrix { problem.pretrained[layer] }

  // MARK: The series

  var series: Series { present.now.series[index] }
  var adapter: any Adapter { series.chain.adapters[layer] }
  var θ: Parameters { series.chain.parameters[layer] }
  var rule: any Optimizer { series.rule(layer: layer) }
  /// W_t and W_{t+1}.
  var W: Matrix { present.now.weight(index, layer) }
  var nextW: Matrix { present.next.weight(index, layer) }
  var ΔW: Matrix { nextW - W }
  /// W_t^full.
  var full: Matrix { present.now.weight(0, layer) }
  /// θ_{t+1}; nil where an adapter has begun anew in between.
  var nextθ: Parameters? {
    let next = present.next.series[index].chain
    return next.adapters[layer].factoring == adapter.factoring ? next.parameters[layer] : nil
  }

  /// max(‖W_t‖, ‖W_{t+1}‖), with the product that is added to Wfz: what a difference of the two is rounded to.
  var size: Double { max(W.norm, nextW.norm, spread(θ), nextθ.map(spread) ?? 0) }

  /// s‖A‖‖B‖, which may be far above ‖s·AB‖; 0 for other adapters.
  private func spread(_ θ: Parameters) -> Double {
    guard case .product(_, let s) = adapter.factoring else { return 0 }
    return s * θ[.A].norm * θ[.B].norm
  }

  /// Nothing has diverged, now or in the next step, nor is so large that products of four matrices overflow.
  var isFinite: Bool {
    [0, index].allSatisfy { i in
      [present.now, present.next].allSatisfy {
        !$0.series[i].hasDiverged && $0.weight(i, layer).largestModulus < 1e60
      }
    }
  }

  /// A, B and s where W = Wfz + s·AB.
  var product: (A: Matrix, B: Matrix, s: Double)? {
    guard case .product(_, let s) = adapter.factoring, s > 0 else { return nil }
    return (θ[.A], θ[.B], s)
  }

  /// The rates of A, B and W where the rule is gradient descent and nothing else.
  var descent: LearningRate? {
    guard let sgd = rule as? SGD, sgd.weightDecay == 0, !series.isFollowing else { return nil }
    return sgd.learningRate
  }

  /// G at W_t on what the next step sees, from full fine-tuning's own pass over merged weights.
  var G: Matrix { present.gradients(index)[layer] }

  // MARK: The layer

  /// G at W0, or its leading block: an identity of matrices needs no more, and a large layer would be dear.
  func firstGradient(upTo size: Int = 64) -> Matrix {
    problem.firstGradients()[layer].block(size)
  }

  /// r of the run, as far as a matrix has it.
  func rank(within M: Matrix) -> Int { min(scenario?.r ?? 1, M.rows, M.columns) }

  /// s of the run; nil where nothing moves.
  var scale: Double? { scenario.flatMap { $0.scale > 0 ? $0.scale : nil } }

  /// Draws of the checks' own, the same for the same seed.
  var generator: Generator { Generator(seed: UInt64(scenario?.seed ?? 0), stream: 5000 + UInt64(layer)) }
}

/// A state of a run and the one after it.
package struct Moment: Sendable {
  package let now: Simulation
  package let next: Simulation
  /// What the step between them sees.
  let examples: Examples

  package init(_ simulation: Simulation) {
    var (now, next) = (simulation, simulation)
    examples = now.nextExamples()
    // Asking for gaps brings series that follow from others up to date.
    _ = now.gaps()
    next.advance()
    _ = next.gaps()
    (self.now, self.next) = (now, next)
  }

  /// ∂L/∂W of every layer at the merged weights of a series.
  func gradients(_ index: Int) -> [Matrix] {
    let weights = now.problem.pretrained.indices.map { now.weight(index, $0) }
    var dense = Chain.dense(weights, activation: now.problem.activation)
    _ = dense.differentiate(examples, now.problem.objective)
    return dense.gradients.map { $0[.W] }
  }
}

extension Simulation {
  /// W of a series' layer, merged.
  func weight(_ index: Int, _ layer: Int) -> Matrix {
    let chain = series[index].chain
    return chain.adapters[layer].weight(chain.parameters[layer])
  }
}
