/// What can be said of a run before it is run, from its start.
package struct Forecast: Equatable, Sendable {
  /// What can be said of one series.
  package struct Series: Equatable, Sendable {
    /// How many numbers are trained, in all layers.
    package var trained: Int
    /// s of W = W0 − s·A0B0 + s·AB, of the first layer; nil for other forms.
    package var scale: Double?
    /// The measure `effective-rate`; nil where it is none.
    package var effectiveRate: Double?
    package var bound: Bound?
    package var floor: Floor?
  }

  /// The rate below which a series is stable.
  package struct Bound: Equatable, Sendable {
    package enum Place: Equatable, Sendable {
      /// Everywhere: the loss is a quadratic of what is trained.
      case everywhere
      /// By the curvature at the start, which changes as factors grow.
      case start
      /// Of any factors whose product has learned what is to be learned.
      case end
    }

    package var rate: Double
    package var place: Place
    /// The curvature it comes from.
    package var curvature: Double
  }

  /// The floor of the gap when the run is over.
  package enum Floor: Equatable, Sendable {
    /// By gradient descent's exact law.
    case exact(Double)
    /// If full fine-tuning has come to its minimum by then.
    case approximate(Double)
    /// There is one; where full fine-tuning will be by then only the run can tell.
    case untold
  }

  /// Full fine-tuning first.
  package let series: [Series]
  package let effectiveRank: Double?

  /// - Parameter simulation: at step 0.
  package init(_ simulation: Simulation) {
    precondition(simulation.step == 0, "a forecast is made at the start")
    let measures = ["trained", "effective-rate"].compactMap(Measure.named)
    let values = simulation.values(of: measures)
    let η = simulation.scenario?.optimizer.learningRate ?? 0
    let isStable = simulation.bound(of: simulation.series[0], change: nil).map { η < $0.rate } ?? true
    let last = simulation.lastFullWeight(isStable: isStable)
    series = simulation.series.indices.map { i in
      let series = simulation.series[i]
      let rates = values.map { $0[i][1] }.filter(\.isFinite)
      var one = Series(trained: Int(values.reduce(0) { $0 + $1[i][0] }), effectiveRate: rates.first)
      one.scale = series.scale
      let change = last.flatMap { simulation.change(to: $0.weight, of: series) }
      one.bound = simulation.bound(of: series, change: change)
      if i > 0, let rank = simulation.rankAtTheEnd(of: series) {
        one.floor = .untold
        // Without a last weight of full fine-tuning there is no distance to it.
        if isStable, let last, let change {
          let floor = tail(change, after: rank)
          one.floor = last.isExact ? .exact(floor) : .approximate(floor)
        }
      }
      return one
    }
    effectiveRank = simulation.scenario.flatMap(\.effectiveRank)
  }

  /// The least rate at which one of the series stops being stable; nil where nothing is known.
  package var stableRate: Double? { series.compactMap { $0.bound?.rate }.min() }
}

extension Scenario {
  /// About how many operations a forecast takes: decompositions, and sixty gradients for every curvature.
  package var forecastWork: Double {
    layerShapes.reduce(0) { sum, shape in
      let (n, m, count) = (Double(shape.rows), Double(shape.columns), Double(variants.count + 2))
      let b = exampleCount.map(Double.init) ?? Double(covariance == 0 ? r : shape.rows)
      let decompositions: Double = 20 * n * m * min(n, m)
      let gradients: Double = 60 * 6 * b * n * m
      return sum + count * (decompositions + gradients)
    }
  }

  /// Of the change to be learned; nil for data that are not synthetic.
  package var effectiveRank: Double? {
    guard task != .digits, norm > 0 else { return nil }
    return Math.effectiveRank(target.values(count: k ?? largestRank))
  }
}

extension Simulation {
  /// W of full fine-tuning at the end of the run, and whether by a law that holds exactly; what there is to be learned
  /// where it would not come to an end, since nothing can be said of factors that have learned an explosion.
  fileprivate func lastFullWeight(isStable: Bool) -> (weight: Matrix, isExact: Bool)? {
    // Beyond that the decomposition of XᵀX would take seconds.
    guard let scenario, problem.examples.X == nil || problem.pretrained[0].rows <= 512 else { return nil }
    let (η, decay) = (scenario.optimizer.learningRate, scenario.optimizer.weightDecay)
    let isExact = isStable && scenario.optimizer.family == .sgd && problem.batches == .all
    // Of many minima only descent is known to end at the nearest, and decay moves it.
    let isDescent = scenario.optimizer.stableProduct != nil
    let isSingle = problem.examples.X.map { $0.rows >= $0.columns } ?? true
    guard isExact || (decay == 0 && (isDescent || isSingle)),
      let W = try? problem.fullWeight(
        rate: η, after: isExact ? scenario.steps : nil, weightDecay: isExact ? decay : 0),
      W.isFinite
    else { return nil }
    return (W, isExact)
  }

  /// The singular values of W_T^full − Wfz; nil where a series has no Wfz.
  fileprivate func change(to last: Matrix, of series: Series) -> [Double]? {
    guard let reach = series.reach(layer: 0) else { return nil }
    return try? SVD.values(last - reach.frozen)
  }

  /// r of a series' reach, where it keeps it to the end.
  fileprivate func rankAtTheEnd(of series: Series) -> Int? {
    if let serial = series.chain.adapters[0] as? Serial, let scenario, scenario.steps >= serial.period {
      return nil
    }
    return series.reach(layer: 0)?.rank
  }

  fileprivate func bound(of series: Series, change: [Double]?) -> Forecast.Bound? {
    guard let optimizer = scenario?.optimizer, let λ = series.metCurvature(problem, optimizer),
      let rate = optimizer.stableRate(curvature: λ)
    else { return nil }
    let isQuadratic =
      series.chain.adapters.count == 1 && series.chain.adapters[0] is DenseWeight
      && problem.objective != .crossEntropy
    let start = Forecast.Bound(rate: rate, place: isQuadratic ? .everywhere : .start, curvature: λ)
    guard let change, let λ = series.learnedCurvature(problem, change: change),
      // Balanced factors that stay where they are meet both alike.
      let learned = optimizer.stableRate(curvature: λ), learned < (1 - 1e-6) * rate
    else { return start }
    return Forecast.Bound(rate: learned, place: .end, curvature: λ)
  }
}
