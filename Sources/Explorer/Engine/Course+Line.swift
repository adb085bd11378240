import Math

extension Course {
  /// Reads a scenario line, and after each `|` a branch: `n=64 … | t=640 lr=0.001`.
  package init(parsing line: String) throws(ScenarioError) {
    let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    self = .whole(try Scenario(parsing: parts[0]))
    for part in parts.dropFirst() {
      let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, first.hasPrefix("t="), let step = Int(first.dropFirst(2)) else {
        throw .invalid(key: "t", value: words.first ?? "missing", allowed: "t=STEP first behind |, as t=640")
      }
      self = try branched(words.dropFirst().joined(separator: " "), at: step)
    }
  }

  /// The run of a line, if this machine's memory can hold it.
  package static func checked(_ line: String) throws(ScenarioError) -> Course {
    let course = try Course(parsing: line)
    try course.scenario.requireMemory(physicalMemory)
    return course
  }

  /// A run that goes on from `step` with other words of the scenario line. A branch that branches off where it began
  /// gives way to the new one.
  package func branched(_ words: String, at step: Int) throws(ScenarioError) -> Course {
    guard (start...scenario.steps).contains(step) else {
      throw .invalid(key: "t", value: "\(step)", allowed: "steps from \(start) to \(scenario.steps)")
    }
    var next = scenario
    for word in words.split(whereSeparator: \.isWhitespace) {
      guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
        throw .notAWord(String(word))
      }
      try next.set(String(word[..<equals]), to: String(word[word.index(after: equals)...]))
    }
    try next.validate()
    if let parent, step == start { return try parent.branched(next, at: step) }
    return try branched(next, at: step)
  }

  private func branched(_ next: Scenario, at step: Int) throws(ScenarioError) -> Course {
    try scenario.requireBranch(to: next, at: step)
    return .branch(next, of: self, at: step)
  }

  /// The same with another scenario: of a branch, from where it branched off.
  package func changed(to next: Scenario) throws(ScenarioError) -> Course {
    guard let parent else { return .whole(next) }
    return try parent.branched(next, at: start)
  }

  /// What it was at `step`: itself, or the run it branched off from later.
  package func upTo(_ step: Int) -> Course {
    if step < start, let parent { parent.upTo(step) } else { self }
  }

  /// Itself with its own seed and those that follow, as far as there are any.
  package func seeded(_ count: Int) -> [Course] {
    scenario.seeded(count).compactMap { try? withSeed($0.seed) }
  }

  /// The same with `seed` for all of it.
  package func withSeed(_ seed: Int) throws(ScenarioError) -> Course {
    var scenario = scenario
    try scenario.set("seed", to: "\(seed)")
    guard case .branch(_, let parent, let step) = self else { return .whole(scenario) }
    return .branch(scenario, of: try parent.withSeed(seed), at: step)
  }
}
