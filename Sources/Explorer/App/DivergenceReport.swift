import Charts
import Math

/// A divergence as it is told, with the ways to go on.
package struct DivergenceReport: Equatable, Sendable {
  package let divergence: Divergence
  package let scenario: Scenario

  package init(_ divergence: Divergence, of scenario: Scenario) {
    self.divergence = divergence
    self.scenario = scenario
  }

  package var name: String {
    divergence.series == 0 ? "full fine-tuning" : scenario.seriesNames[divergence.series - 1]
  }

  package var title: String { "\(name) diverged at step \(divergence.step)" }

  /// A bound with the number that broke it, or what else is known.
  package var cause: String {
    guard let cause = divergence.cause else {
      let rule = scenario.optimizer.family
      let reason =
        rule == .sgd || rule == .momentum
        ? "η·λ_max was within its bound where the loss was least" : "no bound of \(rule.rawValue) is known"
      return [reason, growth].compactMap { $0 }.joined(separator: "; ")
    }
    let place = cause.step == 0 ? "at the start" : "at t=\(cause.step), the loss's least"
    let scale = divergence.scale.map { "   (s = \(significant($0, 3)))" } ?? ""
    return "η·λ_max = \(significant(cause.product, 3)) \(place), stable below \(significant(cause.limit, 3))"
      + scale
  }

  private var growth: String? {
    divergence.growth.map { "the loss then grew ×\(significant($0, 3)) a step" }
  }

  package var rateChoice: Scenario? { changed("lr", to: divergence.rate) }

  package var rateWords: String {
    let η = scenario.optimizer.learningRate
    guard let bound = divergence.stableRate, bound < η else {
      return "set η to \(plain(divergence.rate)) (a tenth)"
    }
    // Another series' bound may be the lower one.
    let isOwn = divergence.cause.map { bound >= (1 - 1e-6) * η * $0.limit / $0.product } ?? false
    return "set η to \(plain(divergence.rate)) (the \(isOwn ? "" : "least ")bound × 0.9)"
  }

  /// α where that helps, else the task's own rate where that is less.
  package var otherChoice: Scenario? {
    if let alpha = divergence.alpha { return changed("alpha", to: alpha) }
    let standard = Scenario(task: scenario.task).optimizer.learningRate
    return standard < divergence.rate ? changed("lr", to: standard) : nil
  }

  package var otherWords: String {
    guard let other = otherChoice else { return "nothing else is known to help" }
    return divergence.alpha == nil
      ? "set η to \(plain(other.optimizer.learningRate)) (the task's default)"
      : "set α to \(plain(other.alpha))"
  }

  package var keepWords: String { "keep and look at steps 0…\(max(0, divergence.step - 1))" }

  /// What is written down.
  package var lines: [String] {
    [
      "\(title)", "", "run     \(scenario.line)", "cause   \(cause)", "growth  \(growth ?? "–")",
      "1       \(rateWords)", "2       \(otherWords)",
      "last    the last good state is t=\(max(0, divergence.step - 1))",
    ]
  }

  private func changed(_ key: String, to value: Double) -> Scenario? {
    var changed = scenario
    do {
      try changed.set(key, to: plain(value))
      return changed
    } catch {
      return nil
    }
  }
}

/// Asks for the cause of the first divergence of a run, once.
func askWhy(_ model: inout Model) -> [Command] {
  // A lesson says itself why.
  guard !model.isTeaching, !model.hasAskedWhy,
    let series = model.history?.divergedAt.firstIndex(where: { $0 != nil })
  else {
    return []
  }
  model.hasAskedWhy = true
  return [.diagnose(series: series)]
}

/// The keys of the report.
func choose(_ model: inout Model, _ report: DivergenceReport, _ key: Key) -> [Command] {
  switch key {
  case .character("1"):
    guard let scenario = report.rateChoice else { return [] }
    model.overlay = nil
    return start(&model, scenario)
  case .character("2"):
    guard let scenario = report.otherChoice else { return [] }
    model.overlay = nil
    return start(&model, scenario)
  case .character("3"), .escape:
    model.overlay = nil
    return moveCursor(&model, to: report.divergence.step - 1)
  case .character("4"): return pick(&model, report.scenario, at: .field("lr"))
  case .character("!"):
    return [.save(name: "lora-explorer-diverged-t\(report.divergence.step)", lines: report.lines)]
  default: break
  }
  return []
}
