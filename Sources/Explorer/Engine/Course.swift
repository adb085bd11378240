import Math

/// What a run is computed from: one scenario, or another run up to a step and from there a scenario of its own.
package indirect enum Course: Equatable, Sendable {
  case whole(Scenario)
  case branch(Scenario, of: Course, at: Int)

  /// The scenario from the branch on.
  package var scenario: Scenario {
    switch self {
    case .whole(let scenario), .branch(let scenario, _, _): scenario
    }
  }

  /// The first step that is the run's own.
  package var start: Int {
    switch self {
    case .whole: 0
    case .branch(_, _, let step): step
    }
  }

  /// The first step of each scenario it is computed with, from the first to the last.
  var legs: [(start: Int, scenario: Scenario)] { (parent?.legs ?? []) + [(start, scenario)] }

  /// The run it branched off from.
  package var parent: Course? {
    switch self {
    case .whole: nil
    case .branch(_, let parent, _): parent
    }
  }

  /// The scenario line, and where it branched off what each change was: `n=64 … | t=640 lr=0.001`.
  package var line: String {
    guard case .branch(_, let parent, let step) = self else { return scenario.line }
    return ([parent.line, "|", "t=\(step)"] + changes).joined(separator: " ")
  }

  /// What a branch changed, in words of the scenario line.
  package var changes: [String] {
    guard let parent else { return [] }
    return Field.all.compactMap { field -> String? in
      guard field.applies(scenario) else { return nil }
      let isSame = field.applies(parent.scenario) && field.print(parent.scenario) == field.print(scenario)
      return isSame ? nil : "\(field.key)=\(field.print(scenario))"
    }
  }
}
