/// Full fine-tuning and the chosen variants in lockstep on the same minibatches. A value: a copy is a
/// checkpoint, and advancing it again gives the same states.
package struct Simulation: Sendable {
  package internal(set) var problem: Problem
  /// Full fine-tuning first, then the variants.
  package internal(set) var series: [Series]
  /// How many steps have been taken.
  package private(set) var step = 0
  /// What it was made from; nil when it was put together by hand.
  package internal(set) var scenario: Scenario?
  /// It has not always been so: what holds over all steps of one rule says nothing of it.
  package internal(set) var isBranched = false
  /// Series go side by side, each on a thread of its own.
  package var isConcurrent = false
  private var minibatch = Minibatch()
  /// X·W0 of the first layer: of all examples, and of the minibatch.
  private var allOutput: Matrix?
  private var batchOutput: Matrix?

  package init(problem: Problem, full: any Optimizer, variants: [Series], scenario: Scenario? = nil) {
    self.problem = problem
    self.scenario = scenario
    let chain = Chain.dense(problem.pretrained, activation: problem.activation)
    series = [Series(name: "full", chain: chain, rule: full)] + variants
  }

  package var layerCount: Int { problem.pretrained.count }

  /// The same state without room for a pass, which the next step makes anew: small enough to be kept many times.
  package var checkpoint: Simulation {
    var copy = self
    copy.minibatch = Minibatch()
    copy.batchOutput = nil
    for i in copy.series.indices { copy.series[i].dropWorkspace(problem.pretrained) }
    return copy
  }

  /// Bytes a checkpoint takes, beside what all of a run share.
  package var checkpointBytes: Int { series.reduce(0) { $0 + $1.stateBytes } }

  /// All series have stopped.
  package var hasStopped: Bool { series.allSatisfy(\.hasDiverged) }

  /// Every series takes one step.
  package mutating func advance() {
    let examples = nextExamples()
    forEachSeries { [objective = problem.objective, step] series, _ in
      series.advance(examples, objective, step: step)
    }
    endFollowers()
    step += 1
  }

  /// What the next step sees.
  package mutating func nextExamples() -> Examples {
    if problem.batches == .all { return allExamples() }
    var examples = minibatch.select(problem.batches, step: step, from: problem.examples)
    problem.setPretrainedOutput(of: examples, for: series, in: &batchOutput)
    examples.pretrainedOutput = batchOutput
    return examples
  }

  /// All that there are. X·W0 stays the same for the whole run.
  private mutating func allExamples() -> Examples {
    if allOutput == nil {
      problem.setPretrainedOutput(of: problem.examples, for: series, in: &allOutput)
    }
    var examples = problem.examples
    examples.pretrainedOutput = allOutput
    return examples
  }

  /// The loss of every series over all data; NaN for those that have diverged.
  package mutating func losses() -> [Double] {
    follow()
    let isFullBatch = problem.batches == .all
    let all = allExamples()
    return mapSeries { [objective = problem.objective, step] series, _ in
      series.loss(all, objective, isFullBatch: isFullBatch, step: step)
    }
  }

  /// The loss of every series over the held-out examples; nil when there are none.
  package mutating func heldOutLosses() -> [Double]? {
    guard let examples = problem.heldOut else { return nil }
    follow()
    return mapSeries { [objective = problem.objective] series, _ in series.loss(on: examples, objective) }
  }

  /// The gap ‖W_t − W_t^full‖_F of every series, 0 for full fine-tuning itself; NaN where either diverged.
  package mutating func gaps(layer: Int = 0) -> [Double] {
    follow()
    let full = series[0].weight(layer: layer)
    let hasFullDiverged = series[0].hasDiverged
    return mapSeries { series, i in
      guard !hasFullDiverged, !series.hasDiverged else { return .nan }
      let gap = i == 0 ? 0 : series.distance(layer: layer, to: full)
      return gap.isFinite ? gap : .nan
    }
  }

  /// Singular values of W_t − W0 and floors, one entry a series; nil for those that have diverged.
  package mutating func spectra(layer: Int = 0) -> [Spectrum?] {
    follow()
    let W0 = problem.pretrained[layer]
    let full = series[0].hasDiverged ? nil : series[0].weight(layer: layer)
    let values = mapSeries { series, _ in try? series.updateSpectrum(layer: layer, from: W0) }
    return series.indices.map { i in
      values[i].map {
        Spectrum(values: $0, floor: floor(series[i].reach(layer: layer), W0, full, fullSpectrum: values[0]))
      }
    }
  }

  /// The same for a chart: of a large layer the k largest values, each to within 1e-11 of the largest, 0 for
  /// those below ten times that, and floors to within a millionth.
  package mutating func leadingSpectra(layer: Int = 0, _ k: Int) -> [Spectrum?] {
    let W0 = problem.pretrained[layer]
    guard min(W0.rows, W0.columns) >= LeadingValues.leastSize else { return spectra(layer: layer) }
    follow()
    let full = series[0].hasDiverged ? nil : series[0].weight(layer: layer)
    let reaches = series.map { $0.reach(layer: layer) }
    // Many reach the same weights.
    let first = reaches.indices.map { i in
      reaches.indices.first { reaches[$0] == reaches[i] && !series[$0].hasDiverged } ?? i
    }
    var spectra = mapSeries { series, i -> Spectrum? in
      guard let near = try? series.leadingSpectrum(layer: layer, from: W0, k, tolerance: 1e-11) else {
        return nil
      }
      let values = near.map { $0 > 1e-10 * near[0] ? $0 : 0 }
      guard first[i] == i, let full, let reach = reaches[i] else {
        return Spectrum(values: values, isWhole: false, floor: nil)
      }
      return Spectrum(
        values: values, isWhole: false,
        floor: try? series.leadingTail(layer: layer, of: full - reach.frozen, reach.rank, tolerance: 1e-6))
    }
    let floors = spectra.map { $0?.floor }
    for i in spectra.indices { spectra[i]?.floor = floors[first[i]] }
    return spectra
  }

  /// tail_r(W_t^full − Wfz): no weight within reach is nearer to full fine-tuning (Eckart and Young).
  private func floor(_ reach: Reach?, _ W0: Matrix, _ full: Matrix?, fullSpectrum: [Double]?) -> Double? {
    guard let reach, let full, let fullSpectrum else { return nil }
    if reach.frozen == W0 { return tail(fullSpectrum, after: reach.rank) }
    return (try? SVD.values(full - reach.frozen)).map { tail($0, after: reach.rank) }
  }

  /// Brings the series that follow from others up to date.
  mutating func follow() {
    guard series.contains(where: \.isFollowing) else { return }
    endFollowers()
    let full = problem.pretrained.indices.map { series[0].weight(layer: $0) }
    for i in series.indices { series[i].follow(full, step: step) }
  }

  /// Series that follow from full fine-tuning diverge with it.
  private mutating func endFollowers() {
    guard let divergedAt = series[0].divergedAt else { return }
    for i in series.indices { series[i].fullDiverged(at: divergedAt) }
  }
}

extension Problem {
  /// Computes X·W0 of the first layer once for all series, where more than one has a use for it. Not a method of
  /// the simulation, which would hold on to the output while it is written.
  fileprivate func setPretrainedOutput(of examples: Examples, for series: [Series], in output: inout Matrix?)
  {
    guard let X = examples.X, series.indices.count(where: { series[$0].usesPretrainedOutput }) > 1 else {
      return output = nil
    }
    let W0 = pretrained[0]
    if output?.rows != X.rows { output = Matrix(X.rows, W0.columns) }
    output?.set(X, W0)
  }
}

/// A series' update W_t − W0 by its singular values, and the floor of its gap.
package struct Spectrum: Equatable, Sendable {
  /// Descending; min(n, m) of them if `isWhole`, else the largest.
  package var values: [Double]
  package var isWhole: Bool
  /// The least gap any weight within the series' reach has; nil where there is no such bound.
  package var floor: Double?

  package init(values: [Double], isWhole: Bool = true, floor: Double?) {
    self.values = values
    self.isWhole = isWhole
    self.floor = floor
  }
}

/// √(σ_{r+1}² + σ_{r+2}² + …) for descending σ: the distance to the nearest matrix of rank r.
package func tail(_ σ: [Double], after r: Int) -> Double {
  let rest = σ.dropFirst(r)
  let plain = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
  // Squares overflow and underflow before their root does.
  guard plain < 1e-140 || plain == .infinity, let unit = rest.first, unit > 0, unit.isFinite else {
    return plain
  }
  return unit * rest.reduce(0) { $0 + $1 / unit * ($1 / unit) }.squareRoot()
}
