import Math

/// What a sweep came to so far.
package struct SweepResult: Equatable, Sendable {
  package let sweep: Sweep
  /// Of every place the values of each seed, series by series; nil where that seed has not been run.
  private var runs: [[[Double]?]]
  /// The same of what its loss has become of that at the start.
  private var shares: [[[Double]?]]
  package private(set) var done = 0

  package init(_ sweep: Sweep) {
    self.sweep = sweep
    runs = sweep.places.map { _ in Array(repeating: nil, count: sweep.seeds) }
    shares = runs
  }

  package var isComplete: Bool { done == sweep.runCount }

  /// - Parameter shares: of the loss at the start what each series' has become, where that is known.
  package mutating func add(_ values: [Double], shares: [Double]? = nil, at place: Sweep.Place, seed: Int) {
    runs[index(place)][seed] = values
    self.shares[index(place)][seed] = shares
    done += 1
  }

  /// Of a series, full fine-tuning being number 0, seed by seed as far as there are any.
  package func values(_ series: Int, at place: Sweep.Place) -> [Double] {
    runs[index(place)].compactMap { $0?[series] }
  }

  package func spread(_ series: Int, at place: Sweep.Place) -> Spread? { Spread(values(series, at: place)) }

  /// Whether half of the seeds have a thousand times the loss they began with, and more: no result of learning, but
  /// on its way to infinity.
  package func hasExploded(_ series: Int, at place: Sweep.Place) -> Bool {
    Spread(shares[index(place)].compactMap { $0?[series] }).map { $0.median > 1000 } ?? false
  }

  /// Keys at whose values every number of every run is the same, once all have been run.
  package var idleKeys: [String] {
    guard isComplete else { return [] }
    let (columns, rows) = (sweep.x.values.count, sweep.y?.values.count ?? 1)
    func isSame(_ place: Sweep.Place, _ other: Sweep.Place) -> Bool {
      zip(runs[index(place)], runs[index(other)]).allSatisfy { a, b in
        zip(a ?? [], b ?? []).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
      }
    }
    let isXIdle = columns > 1 && sweep.places.allSatisfy { isSame($0, Sweep.Place(x: 0, y: $0.y)) }
    let isYIdle = rows > 1 && sweep.places.allSatisfy { isSame($0, Sweep.Place(x: $0.x, y: 0)) }
    return (isXIdle ? [sweep.x.name] : []) + (isYIdle ? [sweep.y?.name].compactMap(\.self) : [])
  }

  private func index(_ place: Sweep.Place) -> Int { place.y * sweep.x.values.count + place.x }
}

extension Sweep {
  /// All runs, `atOnce` at a time; the same whatever that number is, for every run stands on its own.
  /// - Parameter progress: hears what there is after each run.
  package func result(
    atOnce: Int, digits: @escaping @Sendable () -> Digits,
    progress: @Sendable (SweepResult) -> Void = { _ in }
  ) async throws -> SweepResult {
    var result = SweepResult(self)
    let runs = places.flatMap { place in (0..<seeds).map { (place: place, seed: $0) } }
    typealias End = (place: Place, seed: Int, values: [Double], shares: [Double])
    try await withThrowingTaskGroup(of: End.self) { group in
      func keep(_ end: End?) {
        guard let end else { return }
        result.add(end.values, shares: end.shares, at: end.place, seed: end.seed)
        progress(result)
      }
      for (i, one) in runs.enumerated() {
        if i >= max(1, atOnce) { keep(try await group.next()) }
        let scenario = try scenario(at: one.place, seed: one.seed)
        group.addTask {
          var run = try SweptRun(scenario, digits: digits())
          while run.advance() {
            try Task.checkCancellation()
            // Few threads serve all tasks.
            if run.simulation.step.isMultiple(of: 64) { await Task.yield() }
          }
          return (one.place, one.seed, run.values(quantity), run.values(.share))
        }
      }
      for try await end in group { keep(end) }
    }
    return result
  }

  /// The runs of one seed, one after the other: what an experiment needs. Of every place, then series by series.
  func values(ofSeed seed: Int) throws -> [[Double]] {
    try places.map { place in
      let scenario = try scenario(at: place, seed: seed - scenario.seed)
      var run = try SweptRun(scenario, digits: Experiment.noDigits)
      while run.advance() {}
      return run.values(quantity)
    }
  }
}

private struct SweptRun {
  private(set) var simulation: Simulation
  private let steps: Int
  private let startLoss: Double

  init(_ scenario: Scenario, digits: @autoclosure () -> Digits) throws {
    simulation = try Simulation(scenario, digits: digits())
    steps = scenario.steps
    startLoss = simulation.losses()[0]
  }

  /// - Returns: whether a step was left.
  mutating func advance() -> Bool {
    guard simulation.step < steps, !simulation.hasStopped else { return false }
    simulation.advance()
    return true
  }

  func values(_ quantity: Quantity) -> [Double] {
    var copy = simulation
    return quantity.values(of: &copy, startLoss: startLoss)
  }
}
