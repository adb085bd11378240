import Math
import Theory

/// Opens the run that shows a claim, and asks for the verdict over seeds. The panels are those of every run.
func tryClaim(_ model: inout Model, _ id: String) -> [Command] {
  guard let claim = Claim.named(id), let line = claim.scenarios.first else { return [] }
  let run = model.run
  let commands = change(&model) { (run) throws(ScenarioError) in
    run = .whole(try Scenario(parsing: line + " seed=1"))
  }
  guard model.run != run else { return commands }
  model.notice = "claim \(id): \(claim.statement); five seeds are run"
  return commands + [.tryClaim(id)]
}

extension ClaimResult {
  /// `claim 22 holds: mean 1.99 (1.9 to 2.1)`: its first numbers, or those that fell outside their ranges.
  package var words: String {
    let outside = rows.filter { !$0.isInside }
    let numbers = (outside.isEmpty ? rows : outside).prefix(2).map { row in
      "\(row.name) \(significant(row.median, 3)), wanted "
        + "\(significant(row.range.lowerBound, 3)) to \(significant(row.range.upperBound, 3))"
    }
    return "claim \(id) \(ruling), \(seeds) seeds: \(numbers.joined(separator: "; "))"
  }
}
