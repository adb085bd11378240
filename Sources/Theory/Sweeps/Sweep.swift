import Math

/// The runs of one scenario at every value of a key, or at every pair of values of two, each over several seeds,
/// and what is read off each run at its end.
package struct Sweep: Equatable, Sendable {
  package let scenario: Scenario
  /// From left to right.
  package let x: SweptKey
  /// From top to bottom of a heat map; nil for lines.
  package let y: SweptKey?
  package let quantity: Quantity
  /// Consecutive ones, from the scenario's own.
  package let seeds: Int

  package static let mostRuns = 100_000

  /// - Throws: where a value cannot be, before anything is run.
  package init(
    _ scenario: Scenario, over keys: [SweptKey], measuring quantity: Quantity = .loss, seeds: Int = 1
  ) throws(SweepError) {
    guard (1...2).contains(keys.count) else { throw .keys(keys.count) }
    self.scenario = scenario
    (x, y) = (keys[0], keys.count == 2 ? keys[1] : nil)
    (self.quantity, self.seeds) = (quantity, seeds)
    if let name = x.settings.map(\.name).first(where: { name in
      y?.settings.contains { $0.name == name } ?? false
    }) {
      throw .repeatedKey(name)
    }
    guard runCount <= Self.mostRuns else { throw .tooMany(runCount) }
    if quantity == .measure("test-loss"), !scenario.hasTestLoss { throw .nothingHeldOut }
    for place in places { _ = try self.scenario(at: place) }
  }

  /// As a person writes it: `lr=0.1,0.2`, `r+alpha=1,2,4`.
  package init(
    _ scenario: Scenario, over keys: [String], measuring quantity: Quantity = .loss, seeds: Int = 1
  ) throws(SweepError) {
    var parsed: [SweptKey] = []
    for key in keys { parsed.append(try SweptKey(parsing: key)) }
    try self.init(scenario, over: parsed, measuring: quantity, seeds: seeds)
  }

  /// On one line: keys with their values, and perhaps `measure=gap` and `seeds=5`.
  package init(_ scenario: Scenario, words: String, seeds: Int) throws(SweepError) {
    var (keys, quantity, seeds) = ([String](), Quantity.loss, seeds)
    for word in words.split(separator: " ").map(String.init) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.last) {
      case ("measure", let name?): quantity = try Quantity(named: name)
      case ("seeds", let count?):
        guard let number = Int(count), (1...1000).contains(number) else { throw .seeds(count) }
        seeds = number
      default: keys.append(word)
      }
    }
    try self.init(scenario, over: keys, measuring: quantity, seeds: seeds)
  }

  /// Where a run stands: its values by number, and its seed counted from the scenario's own.
  package struct Place: Hashable, Sendable {
    package let x: Int
    package let y: Int
  }

  /// Row by row.
  package var places: [Place] {
    (0..<(y?.values.count ?? 1)).flatMap { y in x.values.indices.map { Place(x: $0, y: y) } }
  }

  /// The keys of a place with their values.
  package func values(at place: Place) -> [(key: String, value: String)] {
    [(x.name, x.values[place.x])] + [y].compactMap(\.self).map { ($0.name, $0.values[place.y]) }
  }

  package var runCount: Int { x.values.count * (y?.values.count ?? 1) * seeds }

  package var seriesNames: [String] { ["full"] + scenario.seriesNames }

  /// The scenario of a place, of the k-th seed.
  package func scenario(at place: Place, seed k: Int = 0) throws(SweepError) -> Scenario {
    var settings = x.settings.map { ($0, x.values[place.x]) }
    if let y { settings += y.settings.map { ($0, y.values[place.y]) } }
    var copy = scenario
    do throws(ScenarioError) {
      // What a range depends on comes before what it bounds.
      for (setting, value) in settings.sorted(by: { $0.0.order < $1.0.order }) {
        try setting.set(&copy, to: value)
      }
    } catch {
      throw .scenario(error)
    }
    do throws(ScenarioError) {
      if k > 0 { try copy.set("seed", to: String(copy.seed + k)) }
      try copy.validate()
      return copy
    } catch {
      // What is said of another key is due to these values.
      let isOwn = settings.contains { $0.0.name == error.key }
      throw isOwn
        ? .scenario(error) : .place(settings.map { "\($0.0.name)=\($0.1)" }.joined(separator: " "), error)
    }
  }
}

/// What is wrong with a sweep: the thing, its value, and what is allowed.
package enum SweepError: Error, Equatable, Sendable {
  case scenario(ScenarioError)
  /// At these values another key cannot stay as it is.
  case place(String, ScenarioError)
  case keys(Int)
  case notAKey(String)
  case unknownKey(String)
  case fixed(String, reason: String)
  case repeatedKey(String)
  case repeatedValue(String, String)
  case tooMany(Int)
  case seeds(String)
  case unknownQuantity(String)
  case nothingHeldOut
}

extension SweepError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .scenario(let error): "\(error)"
    case .place(let values, let error): "with \(values), \(error)"
    case .keys(let count): "a sweep goes over \(count) keys; it takes one or two, as r=1,2,4,8"
    case .notAKey(let text): "'\(text)' is not swept over; it takes a key and its values, as r=1,2,4,8"
    case .unknownKey(let key):
      "unknown key '\(key)'; a sweep goes over a key of the run, a setting as lora-ga.zeta, or lr-b, B's rate"
    case .fixed(let key, let reason): "\(key) is not swept over: \(reason)"
    case .repeatedKey(let key): "\(key) is swept over twice"
    case .repeatedValue(let key, let value): "\(key) has \(value) twice"
    case .tooMany(let count): "the sweep has \(count) runs; at most \(Sweep.mostRuns)"
    case .seeds(let count): "seeds is \(count); it takes a whole number from 1 to 1000"
    case .unknownQuantity(let name):
      "unknown measure '\(name)'; the measures are \(Quantity.names.joined(separator: ", "))"
    case .nothingHeldOut: "test-loss needs held-out examples; held is 0, it takes a whole number from 1"
    }
  }
}
