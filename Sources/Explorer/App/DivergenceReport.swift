import Charts
import Math

/// A divergence as it is told, with the ways to go on.
package struct DivergenceReport: Equatable, Sendable {
  package let divergence: Divergence
  package let course: Course

  package init(_ divergence: Divergence, of course: Course) {
    self.divergence = divergence
    self.course = course
  }

  private var scenario: Scenario { course.scenario }

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
    let place =
      cause.step > course.start
      ? "at t=\(cause.step), the loss's least" : course.start == 0 ? "at the start" : "at the branch"
    let scale = divergence.scale.map { "   (s = \(significant($0, 3)))" } ?? ""
    return "η·λ_max = \(significant(cause.product, 3)) \(place), stable below \(significant(cause.limit, 3))"
      + scale
  }

  private var growth: String? {
    divergence.growth.map { "the loss then grew ×\(significant($0, 3)) a step" }
  }

  package var rateChoice: Course? { changed("lr", to: divergence.rate) }

  package var rateWords: String {
    let η = scenario.optimizer.learningRate
    guard let bound = divergence.stableRate, bound < η else {
      return "set η to \(plain(divergence.rate)) (a tenth)"
    }
    // Another series' bound may be the lower one.
    if divergence.needsNewStart {
      return "start anew with η \(plain(divergence.rate)) (the least bound × 0.9)"
    }
    let isOwn = divergence.cause.map { bound >= (1 - 1e-6) * η * $0.limit / $0.product } ?? false
    return "set η to \(plain(divergence.rate)) (the \(isOwn ? "" : "least ")bound × 0.9)"
  }

  /// α where that helps, else the task's own rate where that is less.
  package var otherChoice: Course? {
    if let alpha = divergence.alpha { return changed("alpha", to: alpha) }
    let standard = Scenario(task: scenario.task).optimizer.learningRate
    return standard < divergence.rate ? changed("lr", to: standard) : nil
  }

  package var otherWords: String {
    guard let other = otherChoice else { return "nothing else is known to help" }
    return divergence.alpha == nil
      ? "set η to \(plain(other.scenario.optimizer.learningRate)) (the task's default)"
      : "set α to \(plain(other.scenario.alpha))"
  }

  package var keepWords: String { "keep and look at steps 0…\(max(0, divergence.step - 1))" }

  /// What is written down.
  package var lines: [String] {
    [
      "\(title)", "", "run     \(course.line)", "cause   \(cause)", "growth  \(growth ?? "–")",
      "1       \(rateWords)", "2       \(otherWords)",
      "last    the last good state is t=\(max(0, divergence.step - 1))",
    ]
  }

  private func changed(_ key: String, to value: Double) -> Course? {
    var changed = scenario
    do {
      try changed.set(key, to: plain(value))
      return divergence.needsNewStart ? .whole(changed) : try course.changed(to: changed)
    } catch {
      return nil
    }
  }
}

/// Asks for the cause of the first divergence of a run or of a branch, once.
func askWhy(_ model: inout Model) -> [Command] {
  // A lesson says itself why.
  guard !model.isTeaching, !model.hasAskedWhy,
    // What a branch has from before it began has been asked about there.
    let first = model.history?.divergedAt.compactMap(\.self).filter({ $0 >= model.course.start }).min(),
    let series = model.history?.divergedAt.firstIndex(of: first)
  else {
    return []
  }
  model.hasAskedWhy = true
  return [.diagnose(series: series)]
}

extension DivergenceReport {
  package enum Answer: Int, Hashable, Sendable {
    case changeRate = 1, changeOther, keep, editByHand
    /// Write it down; the question stays.
    case report
  }
}

func answer(_ model: inout Model, _ answer: DivergenceReport.Answer) -> [Command] {
  guard case .divergence(let report)? = model.overlay else { return [] }
  switch answer {
  case .changeRate: return startOver(&model, report.rateChoice)
  case .changeOther: return startOver(&model, report.otherChoice)
  case .keep:
    model.overlay = nil
    return moveCursor(&model, to: report.divergence.step - 1)
  case .editByHand: return edit(&model, report.course)
  case .report:
    return [.save(name: "lora-explorer-diverged-t\(report.divergence.step)", lines: report.lines)]
  }
}

private func startOver(_ model: inout Model, _ choice: Course?) -> [Command] {
  guard let choice else { return [] }
  model.overlay = nil
  return start(&model, choice)
}

/// A whole run in the set-up; a branch on the command line, from the step where it branched off.
private func edit(_ model: inout Model, _ course: Course) -> [Command] {
  guard course.parent != nil else { return pick(&model, course.scenario, at: .field("lr")) }
  let rate = "lr=\(plain(course.scenario.optimizer.learningRate))"
  let words = course.changes.contains(rate) ? course.changes : course.changes + [rate]
  model.overlay = .commandLine(Prompt("branch " + words.joined(separator: " ")))
  return moveCursor(&model, to: course.start)
}
