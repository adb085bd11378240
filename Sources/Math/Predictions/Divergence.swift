import Glibc

/// Why a series came to numbers that are not finite, found by running it again, alone, and what would help.
package struct Divergence: Equatable, Sendable {
  /// η·λ where it was beyond what the rule bears.
  package struct Cause: Equatable, Sendable {
    /// 0, or the step at which the loss was least.
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

  /// Nil when that series goes to its end.
  /// - Parameter digits: see `Simulation`.
  package init?(_ scenario: Scenario, series i: Int, digits: @autoclosure () -> Digits)
    throws(LinearAlgebraError)
  {
    var alone = scenario
    alone.variants = i == 0 ? [] : [scenario.variants[i - 1]]
    let (start, index) = (try Simulation(alone, digits: digits()), min(i, 1))
    let losses = start.losses(of: index, to: scenario.steps)
    guard losses.count <= scenario.steps else { return nil }
    (series, step) = (i, losses.count)
    let lowest = losses.indices.min { losses[$0] < losses[$1] } ?? 0
    growth =
      losses.count - 1 > lowest && losses[lowest] > 0
      ? pow(losses[losses.count - 1] / losses[lowest], 1 / Double(losses.count - 1 - lowest)) : nil
    cause = start.cause(index, at: 0) ?? start.cause(index, at: lowest)

    let forecast = Forecast(try Simulation(scenario, digits: digits()))
    scale = forecast.series[i].scale
    let measured = cause.map { scenario.optimizer.learningRate * $0.limit / $0.product }
    stableRate = [measured, forecast.stableRate].compactMap { $0 }.min()
    let η = scenario.optimizer.learningRate
    // A bound above the present rate has not helped.
    rate = Self.roundedDown(stableRate.flatMap { $0 < η ? 0.9 * $0 : nil } ?? η / 10)
    alpha = i == 0 ? nil : try Self.alpha(for: scenario, digits: digits())
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

extension Simulation {
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
