import Math
import Theory

/// What somebody wants to know of a run.
package struct Inquiry: Equatable, Sendable {
  package var step: Int
  /// The check whose quantity is drawn over the steps.
  package var traced: String?
  /// The run goes on, and there will be another: it can wait.
  package var isLive: Bool

  package init(step: Int, traced: String?, isLive: Bool) {
    self.step = step
    self.traced = traced
    self.isLive = isLive
  }
}

/// What the checks came to for one series.
package struct Tally: Equatable, Sendable {
  package private(set) var held = 0
  package private(set) var broken = 0
  /// By id.
  package private(set) var firstBroken: String?

  package init() {}

  /// What does not apply, or came to no number, does not count.
  package mutating func add(_ verdict: Verdict, of check: Check) {
    guard verdict.comparison != nil else { return }
    guard verdict.hasFailed else { return held += 1 }
    broken += 1
    firstBroken = firstBroken ?? check.id
  }

  package var compared: Int { held + broken }
}

/// What the checks came to at one step.
package struct Findings: Equatable, Sendable {
  package struct Point: Equatable, Sendable {
    package var step: Int
    package var comparison: Comparison

    package init(step: Int, comparison: Comparison) {
      self.step = step
      self.comparison = comparison
    }
  }

  package var step: Int
  /// By the check's id, the worst of all series and layers.
  package var verdicts: [String: Verdict]
  /// Of each series, full fine-tuning first; those that look at matrices of a layer's sizes are nobody's.
  package var tallies: [Tally]
  package var traced: String?
  /// Of the check that is traced, by step.
  package var trace: [Point]

  package init(
    step: Int, verdicts: [String: Verdict], tallies: [Tally] = [], traced: String? = nil, trace: [Point] = []
  ) {
    self.step = step
    self.verdicts = verdicts
    self.tallies = tallies
    self.traced = traced
    self.trace = trace
  }

  /// What does not hold, at the step itself and where the traced check was looked at.
  var broken: [(step: Int, id: String, measured: Double)] {
    let now = Check.all.compactMap { check in
      verdicts[check.id].flatMap { $0.hasFailed ? $0.comparison : nil }.map { (step, check.id, $0.measured) }
    }
    let before = trace.filter { !$0.comparison.holds }.compactMap { point in
      traced.map { (point.step, $0, point.comparison.measured) }
    }
    return now + before
  }
}

/// Puts the theory on trial in one run, on copies, and remembers what does not change.
struct Inspector: Sendable {
  private let start: Moment
  /// What says nothing of any step is looked at once.
  private var lasting: [String: Verdict] = [:]
  /// By check, then step.
  private var traces: [String: [Int: Verdict]] = [:]

  /// nil where the run has no first state, or none any more.
  init?(_ memory: RunMemory) {
    guard let first = memory.root.nearest(0) else { return nil }
    start = Moment(first)
  }

  /// - Parameter states: of the run, where the check that is traced is looked at, too.
  mutating func findings(_ inquiry: Inquiry, at simulation: Simulation, states: [Simulation]) async
    -> Findings
  {
    let present = Moment(simulation)
    var verdicts: [String: Verdict] = [:]
    var tallies = Array(repeating: Tally(), count: simulation.series.count)
    for check in Check.all {
      switch check.subject {
      case .series:
        let all = tallies.indices.map { check.verdicts(of: $0, start: start, present: present) }
        for (i, own) in all.enumerated() { if let worst = own.worst { tallies[i].add(worst, of: check) } }
        verdicts[check.id] = all.joined().worst
      case .layer:
        verdicts[check.id] = lasting[check.id] ?? self.verdict(check, present)
        if verdicts[check.id]?.comparison != nil { lasting[check.id] = verdicts[check.id] }
      }
      // Few threads serve all tasks.
      await Task.yield()
    }
    var findings = Findings(
      step: simulation.step, verdicts: verdicts, tallies: tallies, traced: inquiry.traced)
    guard let check = inquiry.traced.flatMap(Check.named) else { return findings }
    for state in states + [simulation] where traces[check.id]?[state.step] == nil {
      traces[check.id, default: [:]][state.step] = verdict(check, Moment(state))
      await Task.yield()
    }
    findings.trace = (traces[check.id] ?? [:]).compactMap { step, verdict in
      verdict.comparison.map { Findings.Point(step: step, comparison: $0) }
    }.sorted { $0.step < $1.step }
    return findings
  }

  private func verdict(_ check: Check, _ present: Moment) -> Verdict {
    check.verdicts(start: start, present: present).worst ?? .notApplicable(needs: check.needs)
  }
}
