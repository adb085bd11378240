import Charts
import Math
import Theory

/// What a screen would show on top, in sentences.
extension Model {
  /// `Checks at 640: C1 to C5 hold. I3 fails, …` or one of them in full.
  func spokenChecks(only id: String? = nil) -> [String] {
    guard let findings = checks.findings else { return ["The checks are being looked at."] }
    if let check = id.flatMap(Check.named) { return [spoken(check, at: findings.step)] }
    let failed = Check.all.filter { checks.verdict($0)?.hasFailed ?? false }
    func ids(_ isAmong: (Verdict) -> Bool) -> [Check] {
      Check.all.filter { checks.verdict($0).map(isAmong) ?? false }
    }
    let groups = [
      (ids { if case .ok = $0 { true } else { false } }, "holds", "hold"),
      (ids { if case .notApplicable = $0 { true } else { false } }, "does not apply", "do not apply"),
      (ids { if case .undecided = $0 { true } else { false } }, "is undecided", "are undecided"),
    ].filter { !$0.0.isEmpty }
    let words = groups.map { "\(Check.spans($0.0)) \($0.0.count == 1 ? $0.1 : $0.2)." }
    return ["Checks at \(findings.step): " + words.joined(separator: " ")]
      + failed.map { spoken($0, at: findings.step) }
  }

  /// `C2 at 640 holds, 0.867 ≥ 0.147: …`
  private func spoken(_ check: Check, at step: Int) -> String {
    let (head, statement) = ("\(check.id) at \(step)", convention.written(check.statement))
    guard let verdict = checks.verdict(check) else { return "\(head) is not known: \(statement)." }
    guard let comparison = verdict.comparison else {
      return "\(head) has no number: \(convention.written(verdict.excuse ?? "")). It says: \(statement)."
    }
    return "\(head) \(verdict.hasFailed ? "fails" : "holds"), \(comparison.short): \(statement)."
  }

  /// The line of this run, and the runs before it.
  var spokenSession: [String] {
    let runs = past.runs.map { run -> String in
      let end = run.end(1)
      let numbers = [
        end.gap.map { "gap \(brief($0))" }, end.overFloor.map { "\(significant($0, 2)) times its floor" },
        end.loss.map { "loss \(brief($0))" },
      ].compactMap(\.self)
      return "Run \(run.number) came to step \(run.step) of \(run.course.scenario.steps), "
        + numbers.joined(separator: ", ") + ": \(run.course.line)"
    }
    return ["Run \(self.run) is opened again by lora-explorer --run '\(course.line)'"] + runs
  }

  /// The notes' mistakes, with their numbers where they are known.
  var spokenErrata: [String] {
    Erratum.all.map { erratum in
      let numbers = erratum.trial.flatMap { trial in
        errata?[erratum.id].map { " \(trial.quantity): \($0.words)." }
      }
      return convention.written(
        "\(erratum.id). The note says: \(erratum.note). Right is: \(erratum.right).\(numbers ?? "")")
    }
  }

  /// `Run 2, branch of run 1 at step 640 with lr=0.001.`, or how a whole run is set up.
  var spokenBeginning: String {
    guard let parent = course.parent else { return "Run \(run). \(spokenScenario)" }
    // The run it came from went on perhaps, and is the same up to there.
    let trunk = past.runs.last { $0.course.upTo(course.start - 1) == parent.upTo(course.start - 1) }
    let name = trunk.map { " of run \($0.number)" } ?? ""
    return
      "Run \(run), branch\(name) at step \(course.start) with \(course.changes.joined(separator: " ")). "
      + spokenScenario
  }

  private var spokenScenario: String {
    let shapes = scenario.layerShapes.map { convention.shape($0.rows, $0.columns, times: " by ") }
    let optimizer = scenario.optimizer
    return
      "W is \(shapes.joined(separator: ", then ")), rank \(scenario.r), alpha \(significant(scenario.alpha)), "
      + "seed \(scenario.seed). Optimiser \(optimizer.family.rawValue), "
      + "eta \(significant(optimizer.learningRate)), \(scenario.steps) steps. "
      + "Variants: \(scenario.seriesNames.joined(separator: ", "))."
  }

  /// What can be said here, a line each.
  var spokenCommands: [String] {
    KeyBinding.commands.filter { binding in
      !binding.isForTheEye
        && (binding.group == .lesson ? isTeaching : !isTeaching || binding.group == .program)
    }.map { binding in
      let words = [binding.name, binding.argument?.name].compactMap(\.self).joined(separator: " ")
      return "\(words): \(binding.help)" + (binding.help.hasSuffix("…") ? "" : ".")
    }
  }
}

extension DivergenceReport {
  /// Its cause, and what the numbers 1 to 3 do.
  var spoken: [String] {
    [
      "\(title): \(cause).", "The last good state is t=\(max(0, divergence.step - 1)).",
      "Say 1: \(rateWords). 2: \(otherWords). 3: \(keepWords). set KEY VALUE edits by hand.",
    ]
  }
}

extension Check {
  /// Of checks in their order: `C1 to C5, I1, I3 to I9`.
  fileprivate static func spans(_ checks: [Check]) -> String {
    var spans: [(first: Int, last: Int)] = []
    for check in checks {
      guard let place = all.firstIndex(where: { $0.id == check.id }) else { continue }
      if let last = spans.last?.last, last + 1 == place, all[last].id.first == check.id.first {
        spans[spans.count - 1].last = place
      } else {
        spans.append((place, place))
      }
    }
    return spans.map { span in
      let (first, last) = (all[span.first].id, all[span.last].id)
      return first == last ? first : "\(first) to \(last)"
    }.joined(separator: ", ")
  }
}
