import Math

// What the experiments have in common: the classroom task, runs of scenario lines, and what is read off them.

extension Claim {
  /// D(k) of the claims: n = 32 inputs with eigenvalues i^−½, m = 24 outputs, a target of rank k with singular
  /// values 0.8ⁱ and norm 4, s = 1.
  static func D(_ k: Int, r: Int, lr: Double = 0.1, steps: Int, _ rest: String) -> String {
    "task=matrix n=32 m=24 k=\(k) norm=4 cov=0.5 r=\(r) alpha=\(r) lr=\(plain(lr)) steps=\(steps) \(rest)"
  }

  /// The same with isotropic inputs and other sizes, L = ½‖W − W*‖².
  static func isotropic(_ n: Int, _ m: Int, k: Int, r: Int, lr: Double = 0.1, steps: Int, _ rest: String)
    -> String
  {
    "task=matrix n=\(n) m=\(m) k=\(k) norm=4 r=\(r) alpha=\(r) lr=\(plain(lr)) steps=\(steps) \(rest)"
  }
}

/// A run and what is read off it.
struct Experiment {
  private(set) var simulation: Simulation
  let scenario: Scenario

  /// - Parameter line: without a seed, and of a task that needs no data from outside.
  init(_ line: String, seed: Int) throws {
    scenario = try Scenario(parsing: line + " seed=\(seed)")
    simulation = try Simulation(scenario, digits: Self.noDigits)
  }

  static var noDigits: Digits { preconditionFailure("no claim runs on the digits") }

  /// Another scenario on the problem of this one.
  init(_ line: String, seed: Int, on problem: Problem) throws {
    scenario = try Scenario(parsing: line + " seed=\(seed)")
    simulation = try Simulation(scenario, on: problem)
  }

  /// Series of one's own beside full fine-tuning, on the problem of a line or another.
  init(
    _ line: String, seed: Int, on problem: Problem? = nil, _ series: (Problem) throws -> [Series]
  ) throws {
    scenario = try Scenario(parsing: line + " seed=\(seed)")
    let problem = try problem ?? Simulation(scenario, digits: Self.noDigits).problem
    simulation = Simulation(
      problem: problem, full: scenario.optimizer.rule(), variants: try series(problem), scenario: scenario)
  }

  /// To a step, or to the end.
  mutating func advance(to step: Int? = nil) {
    while simulation.step < step ?? scenario.steps, !simulation.hasStopped { simulation.advance() }
  }

  func advanced(to step: Int? = nil) -> Experiment {
    var copy = self
    copy.advance(to: step)
    return copy
  }

  var problem: Problem { simulation.problem }
  var W0: Matrix { problem.pretrained[0] }

  /// W of a series, full fine-tuning being number 0.
  func weight(_ series: Int, layer: Int = 0) -> Matrix {
    var copy = simulation
    _ = copy.gaps()
    return copy.weight(series, layer)
  }

  func parameters(_ series: Int) -> Parameters { simulation.series[series].chain.parameters[0] }

  var losses: [Double] {
    var copy = simulation
    return copy.losses()
  }

  /// ‖W − W^full‖ of every series.
  var gaps: [Double] {
    var copy = simulation
    return copy.gaps()
  }

  /// L/L0 of every series.
  func lossShares(from start: Experiment) -> [Double] { losses.map { $0 / start.losses[0] } }

  /// The largest gap of every series on the way to the end, NaN once diverged.
  var largestGaps: [Double] {
    var copy = self
    var largest = gaps
    while copy.simulation.step < scenario.steps, !copy.simulation.hasStopped {
      copy.simulation.advance()
      largest = zip(largest, copy.gaps).map { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    }
    return largest
  }

  /// A measure of a series.
  func value(_ measure: String, of series: Int) -> Double {
    guard let measure = Measure.named(measure) else { preconditionFailure("no measure \(measure)") }
    return simulation.values(of: [measure])[0][series][0]
  }

  /// ∂L/∂W of every layer at given weights, on all examples.
  func gradients(at weights: [Matrix]) -> [Matrix] {
    var dense = Chain.dense(weights, activation: problem.activation)
    _ = dense.differentiate(problem.examples, problem.objective)
    return dense.gradients.map { $0[.W] }
  }
}
