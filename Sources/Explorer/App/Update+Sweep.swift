import Math
import Theory

/// Runs the present scenario at other values of a key or two; if that cannot be, says why.
func sweep(_ model: inout Model, _ words: String) -> [Command] {
  guard model.course.parent == nil else {
    model.notice =
      "a sweep runs one scenario from step 0; this run branched off at step \(model.course.start)"
    return []
  }
  let sweep: Sweep
  do {
    sweep = try Sweep(model.scenario, words: words.isEmpty ? model.scenario.ranks : words, seeds: 3)
    _ = try sweep.runsAtOnce(memory: model.memory)
  } catch {
    model.notice = "\(error)"
    return []
  }
  model.sweep = SweepResult(sweep)
  focus(&model, .sweep)
  return [.sweep(sweep)]
}

func dropSweep(_ model: inout Model) -> [Command] {
  defer { model.sweep = nil }
  return stopSweep(&model)
}

/// What has been run stays.
func stopSweep(_ model: inout Model) -> [Command] {
  guard let sweep = model.sweep, !sweep.isComplete else { return [] }
  model.notice = "the sweep is stopped after \(sweep.done) of \(sweep.sweep.runCount) runs"
  return [.stopSweep]
}

extension Scenario {
  /// `r=1,2,4,8`, as far as there are such.
  fileprivate var ranks: String {
    var ranks = [1]
    while let last = ranks.last, 2 * last <= largestRank, ranks.count < 7 { ranks.append(2 * last) }
    return "r=" + ranks.map(String.init).joined(separator: ",")
  }
}
