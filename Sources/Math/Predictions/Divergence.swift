import Glibc

/// Why a series came to numbers that are not finite, found by running it again, alone, and what would help.
package struct Divergence: Equatable, Sendable {
  /// η·λ where it was beyond what the rule bears.
  package struct Cause: Equatable, Sendable {
    /// The first of the run, or of a branch, or the step at which the loss was least.
    package var step: Int
    package var product: Double
    /// What η·λ must stay below: 2 for plain gradient descent.
    package var limit: Double
    package var curvature: Double
  }

  package let series: Int
  /// The first step without finite numbers.
  package let step: Int
  /// Nil where no bound of the rule is known, or none was broken.
  package let cause: Cause?
  /// The loss's factor a step since it was least; nil where there were no two steps.
  package let growth: Double?
  /// s of the run's factors, as in `Forecast`.
  package let scale: Double?
  /// The least rate at which a series of the run is known to be stable.
  package let stableRate: Double?
  /// A rate to try: nine tenths of that, a tenth of the run's where nothing is known.
  package let rate: Double
  /// The largest half, quarter, … of α with which every bound of the run is above its rate; nil where none is.
  package let alpha: Double?
  /// At the branch its loss had risen already: only a run from the first step is helped.
  package let needsNewStart: Bool

  /// Nil when that series goes to its end.
  /// - Parameter branch: the state from which the run goes on as `scenario` says; nil when it does from the start.
  /// - Parameter digits: see `Simulation`.
  package init?(
    _ scenario: Scenario, series i: Int, from branch: Simulation? = nil, digits: @autoclosure () -> Digits
  ) throws(LinearAlgebraError) {
    var alone = scenario
    alone.variants = i == 0 ? [] : [scenario.variants[i - 1]]
    let start = if let branch { branch } else { try Simulation(alone, digits: digits()) }
    let index = branch == nil ? min(i, 1) : i
    let losses = start.losses(of: index, to: scenario.steps)
    guard start.step + losses.count <= scenario.steps else { return nil }
    (series, step) = (i, start.step + losses.count)
    let lowest = losses.indices.min { losses[$0] < losses[$1] } ?? 0
    growth =
      losses.count - 1 > lowest && losses[lowest] > 0
      ? pow(losses[losses.count - 1] / losses[lowest], 1 / Double(losses.count - 1 - lowest)) : nil
    cause = start.cause(index, at: start.step) ?? start.cause(index, at: start.step + lowest)

    needsNewStart = branch?.hasRisen(i) ?? false
    let measured = needsNewStart ? nil : cause.map { scenario.optimizer.learningRate * $0.limit / $0.product }
    let known: Double?
    if let branch, !needsNewStart {
      (scale, known) = (branch.series[i].scale, branch.stableRate)
    } else {
      let forecast = Forecast(try Simulation(scenario, digits: digits()))
      (scale, known) = (forecast.series[i].scale, forecast.stableRate)
    }
    stableRate = [measured, known].compactMap { $0 }.min()
    let η = scenario.optimizer.learningRate
    // A bound above the present rate has not helped.
    rate = Self.roundedDown(stableRate.flatMap { $0 < η ? 0.9 * $0 : nil } ?? η / 10)
    // A branch keeps the s it began with.
    alpha = i == 0 || branch != nil && !needsNewStart ? nil : try Self.alpha(for: scenario, digits: digits())
  }

  private static func alpha(for scenario: Scenario, digits: @autoclosure () -> Digits)
    throws(LinearAlgebraError)
    -> Double?
  {
    var tried = scenario
    for _ in 0..<20 {
      tried.alpha /= 2
      let forecast = Forecast(try Simulation(tried, digits: digits()))
      guard let full = forecast.series[0].bound?.rate, full > scenario.optimizer.learningRate else {
        return nil
      }
      if let rate = forecast.stableRate, 0.9 * rate > scenario.optimizer.learningRate { return tried.alpha }
    }
    return nil
  }

  /// To two digits.
  static func roundedDown(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x }
    let power = 1 - Int(floor(log10(x)))
    return power >= 0
      ? floor(x * pow(10, Double(power))) / pow(10, Double(power))
      : floor(x / pow(10, Double(-power))) * pow(10, Double(-power))
  }
}

extension Series {
  /// s of W = Wfz + s·AB, of the first layer; nil for other forms.
  var scale: Double? {
    guard case .product(_, let s) = chain.adapters[0].factoring else { return nil }
    return s
  }
}

extension Simulation {
  /// The least rate at which a series stops being stable, by the curvature where it is; what has risen is lost
  /// anyway.
  fileprivate var stableRate: Double? {
    guard let optimizer = scenario?.optimizer else { return nil }
    return series.indices.filter { !hasRisen($0) }.compactMap { i in
      series[i].metCurvature(problem, optimizer).flatMap { optimizer.stableRate(curvature: $0) }
    }.min()
  }

  /// Whether the loss of a series is above that of W0.
  fileprivate func hasRisen(_ i: Int) -> Bool {
    var (now, pretrained) = (self, Chain.dense(problem.pretrained, activation: problem.activation))
    let loss = now.losses()[i]
    return !(loss <= (1 + 1e-6) * pretrained.evaluate(problem.examples, problem.objective))
  }

  /// The losses of a series at every step from this on, as long as they are finite.
  fileprivate func losses(of i: Int, to last: Int) -> [Double] {
    var (simulation, losses) = (self, [Double]())
    while true {
      let loss = simulation.losses()[i]
      guard loss.isFinite else { return losses }
      losses.append(loss)
      if simulation.step == last { return losses }
      simulation.advance()
    }
  }

  /// η·λ of a series at `step`, where it is beyond the limit.
  fileprivate func cause(_ i: Int, at step: Int) -> Divergence.Cause? {
    guard let optimizer = scenario?.optimizer, let limit = optimizer.stableProduct else { return nil }
    var simulation = self
    while simulation.step < step { simulation.advance() }
    guard let λ = simulation.series[i].metCurvature(problem, optimizer) else { return nil }
    let product = optimizer.learningRate * λ
    return product > limit
      ? Divergence.Cause(step: step, product: product, limit: limit, curvature: λ) : nil
  }
}
