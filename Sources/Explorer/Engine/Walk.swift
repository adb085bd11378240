import Math

/// A course step by step, from its first scenario through its branches.
struct Walk {
  private(set) var simulation: Simulation
  private var branches: ArraySlice<(start: Int, scenario: Scenario)>

  init(_ course: Course) throws {
    branches = course.legs[...]
    simulation = try Simulation(branches.removeFirst().scenario, digits: .embedded)
  }

  var step: Int { simulation.step }

  /// See `Simulation`.
  var isConcurrent: Bool {
    get { simulation.isConcurrent }
    set { simulation.isConcurrent = newValue }
  }

  mutating func advance() throws {
    while branches.first?.start == simulation.step {
      simulation = try simulation.branched(to: branches.removeFirst().scenario)
    }
    simulation.advance()
  }

  /// Measures where it stands.
  mutating func record(withSpectra: Bool = false, _ measures: [Measure] = []) -> Record {
    Record(measuring: &simulation, withSpectra: withSpectra, measures)
  }

  /// The same with all that is drawn, where something is wanted.
  mutating func record(for wanted: Wanted?) -> Record {
    wanted.map { Record(measuring: &simulation, all: $0) } ?? record()
  }
}
