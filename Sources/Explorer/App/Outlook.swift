import Math

/// What is known of a run that is being set up.
package struct Outlook: Equatable, Sendable {
  package let scenario: Scenario
  package let forecast: Forecast
  /// By the first steps, on this machine; nil where no step was taken.
  package let secondsPerStep: Double?

  package init(_ scenario: Scenario, _ forecast: Forecast, secondsPerStep: Double?) {
    self.scenario = scenario
    self.forecast = forecast
    self.secondsPerStep = secondsPerStep
  }

  /// Beyond so many operations nobody waits for it.
  static let mostWork = 2e10

  static func isTooMuch(_ scenario: Scenario) -> Bool { scenario.forecastWork > mostWork }

  /// How long steps are tried for.
  private static let trial = Duration.milliseconds(20)

  /// Sets the run up and takes its first steps, to see how long they take; nil when it cannot be set up.
  init?(trying scenario: Scenario) {
    guard var simulation = try? Simulation(scenario, digits: .embedded) else { return nil }
    let forecast = Forecast(simulation)
    // The first step makes room and is no measure of the others.
    simulation.advance()
    let start = ContinuousClock.now
    var count = 0
    repeat {
      simulation.advance()
      _ = Record(measuring: &simulation, withSpectra: false)
      count += 1
    } while .now - start < Self.trial && count < scenario.steps
    let seconds = (.now - start) / .seconds(1) / Double(count)
    self.init(scenario, forecast, secondsPerStep: scenario.steps > 0 ? seconds : nil)
  }
}
