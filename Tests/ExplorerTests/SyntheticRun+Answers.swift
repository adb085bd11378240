import Explorer
import Math
import Theory

/// What an engine would answer of such a run, so that no panel is empty for want of one.
extension SyntheticRun {
  /// Carries out these commands, and those that their answers lead to.
  static func carryOut(_ commands: [Command], _ model: inout Model) throws {
    // What was asked while the run was played has no answer yet.
    var left = (model.checks.asked.map { [.inquire($0)] } ?? []) + commands.filter { !$0.isInquiry }
    while !left.isEmpty {
      guard let news = try answer(left.removeFirst(), model) else { continue }
      left += update(&model, .report(Report(run: model.run, news: news)))
    }
  }

  private static func answer(_ command: Command, _ model: Model) throws -> Report.News? {
    switch command {
    case .look(let step):
      .replayed(record(step, model.scenario, lost(model), entries: model.wanted.entries ?? 1))
    case .trace: .traced([])
    case .inquire(let inquiry): .found(findings(inquiry, model.scenario))
    case .sweep(let sweep): .swept(result(sweep))
    case .diagnose(let series):
      .divergence(try Divergence(model.scenario, series: series, digits: .embedded))
    case .lookAhead(let scenario):
      .outlook(
        Outlook(scenario, Forecast(try Simulation(scenario, digits: .embedded)), secondsPerStep: 2e-4))
    case .prepare, .advance, .stop, .want, .export, .save, .saveRun, .tryClaim, .stopClaim, .tryErrata,
      .measure, .survey, .stopSurvey, .stopSweep, .redraw, .quit:
      nil
    }
  }

  private static func lost(_ model: Model) -> [Int: Int] {
    let lost = model.history?.divergedAt.enumerated().compactMap { i, step in step.map { (i, $0) } } ?? []
    return Dictionary(uniqueKeysWithValues: lost)
  }

  /// Gap against floor as they are; one of the others fails, every fourth does not apply, the rest hold.
  private static func findings(_ inquiry: Inquiry, _ scenario: Scenario) -> Findings {
    var verdicts: [String: Verdict] = [:]
    var tallies = Array(repeating: Tally(), count: scenario.variants.count + 1)
    for (k, check) in Check.all.enumerated() {
      let verdict = verdict(check, k, inquiry.step, scenario)
      verdicts[check.id] = verdict
      for i in tallies.indices where i == 1 || !verdict.hasFailed { tallies[i].add(verdict, of: check) }
    }
    let traced = inquiry.traced.flatMap(Check.named)
    let trace = stride(from: 8, through: inquiry.step, by: 8).compactMap { step in
      traced.flatMap { verdict($0, 0, step, scenario).comparison }.map {
        Findings.Point(step: step, comparison: $0)
      }
    }
    return Findings(
      step: inquiry.step, verdicts: verdicts, tallies: tallies, traced: inquiry.traced, trace: trace)
  }

  private static func verdict(_ check: Check, _ k: Int, _ step: Int, _ scenario: Scenario) -> Verdict {
    if check.id == "C2" {
      let layer = record(step, scenario, entries: 1).layers[0]
      return .ok(.atLeast(layer.gaps[1], layer.spectra?[1]?.floor ?? 0))
    }
    if check.id == "I3" { return .failed(.atMost(0.25, 1e-12)) }
    if k % 4 == 3 { return .notApplicable(needs: check.needs) }
    return .ok(.atMost(check.tolerance.value / Double(2 + 7 * k), check.tolerance.value))
  }

  /// Lower at every value but the last, which is lost.
  private static func result(_ sweep: Sweep) -> SweepResult {
    var result = SweepResult(sweep)
    for (k, place) in sweep.places.enumerated() {
      for seed in 0..<sweep.seeds {
        let values = sweep.seriesNames.indices.map { i in
          k == sweep.places.count - 1 && i > 0 ? .infinity : Double(i + 2 + seed) / Double(3 * place.x + 2)
        }
        result.add(values, at: place, seed: seed)
      }
    }
    return result
  }
}

extension Command {
  fileprivate var isInquiry: Bool { if case .inquire = self { true } else { false } }
}
