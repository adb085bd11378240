import Glibc
import Math

/// A run with one of many seeds, as far as it is compared with the others.
package struct SeedRun: Equatable, Sendable {
  package var seed: Int
  /// Series by series, full fine-tuning first, an entry for each of `sampledSteps`; NaN after divergence.
  package var losses: [[Double]]
  /// The same by layer.
  package var gaps: [[[Double]]]

  package init(seed: Int, losses: [[Double]], gaps: [[[Double]]]) {
    self.seed = seed
    self.losses = losses
    self.gaps = gaps
  }

  /// Runs `course` from its first step to its last; nil when cancelled.
  package init?(_ course: Course) async throws {
    let scenario = course.scenario
    var walk = try Walk(course)
    let empty = Array(repeating: [Double](), count: walk.simulation.series.count)
    self.init(
      seed: scenario.seed, losses: empty, gaps: Array(repeating: empty, count: walk.simulation.layerCount))
    for step in scenario.sampledSteps {
      while walk.step < step {
        if Task.isCancelled { return nil }
        try walk.advance()
        if walk.step.isMultiple(of: 64) { await Task.yield() }
      }
      let record = walk.record()
      for (i, loss) in record.losses.enumerated() { losses[i].append(loss) }
      for l in gaps.indices {
        for (i, gap) in record.layers[l].gaps.enumerated() { gaps[l][i].append(gap) }
      }
    }
  }

  /// One after the other as each ends, on all cores as far as there is memory for it, in bytes.
  static func all(
    of course: Course, seeds count: Int, memory: Double, each: @escaping @Sendable (SeedRun) -> Void
  ) async {
    let cores = min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), Int(memory / course.scenario.bytesNeeded))
    await withTaskGroup(of: SeedRun?.self) { group in
      for (i, one) in course.seeded(count).enumerated() {
        if i >= max(1, cores), let run = await group.next() { run.map(each) }
        guard !Task.isCancelled else { break }
        group.addTask { try? await SeedRun(one) }
      }
      for await case let run? in group { each(run) }
    }
  }
}

extension Scenario {
  /// Itself with its own seed and those that follow, as far as there are any.
  package func seeded(_ count: Int) -> [Scenario] {
    (0..<count).compactMap { k in
      var copy = self
      return (try? copy.set("seed", to: String(seed + k))) == nil ? nil : copy
    }
  }

  /// Where seeds are compared: about two hundred steps, the first and the last among them.
  package var sampledSteps: [Int] {
    let steps = Array(stride(from: 0, through: self.steps, by: max(1, self.steps / 200)))
    return steps.last == self.steps ? steps : steps + [self.steps]
  }
}
