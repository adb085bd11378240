extension Simulation {
  /// The run from here on with another optimiser, batch or number of steps. Weights stay as they are, and so does
  /// what a rule remembers wherever the new rule is of the same kind; moments of another family begin at zero.
  ///
  /// - Throws: `fixedAtBranch` for the first key that differs and cannot.
  package func branched(to next: Scenario) throws(ScenarioError) -> Simulation {
    guard let scenario else { preconditionFailure("only a run of a scenario has branches") }
    try scenario.requireBranch(to: next, at: step)
    var branch = self
    (branch.scenario, branch.isBranched) = (next, true)
    let sites = next.sites(problem)
    branch.series[0].change(to: next.optimizer.rule())
    for (i, choice) in next.variants.enumerated() { branch.series[i + 1].change(to: choice.rule(at: sites)) }
    if next.batch != scenario.batch {
      branch.problem.batches = .ofSize(next.batch, count: problem.examples.count, seed: UInt64(next.seed))
    }
    return branch
  }
}

extension Scenario {
  /// Whether a run of it may go on as `next` from `step`.
  package func requireBranch(to next: Scenario, at step: Int) throws(ScenarioError) {
    var reachable = self
    (reachable.optimizer, reachable.batch, reachable.steps) = (next.optimizer, next.batch, next.steps)
    for field in Field.all where field.print(reachable) != field.print(next) {
      throw .fixedAtBranch(key: field.key)
    }
    guard next.steps > step else {
      throw .invalid(
        key: "steps", value: "\(next.steps)", allowed: "more than \(step), where it branches off")
    }
  }
}
