import ArgumentParser
import FoundationEssentials
import Glibc
import Math
import Theory

package struct CheckCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Put the identities of the theory on trial.",
    discussion: """
      Without SPEC on small runs that cover all of them. Exit code 1 says that a check failed; one that does not \
      apply says what it needs.
      """)

  @Argument(help: ArgumentHelp("The run, as key=value words.", valueName: "SPEC"))
  package var words: [String] = []

  @Option(help: ArgumentHelp("One check, in full.", valueName: "ID"))
  package var only: String?

  @Option(help: "text, json or markdown.")
  package var format: ReportFormat = .text

  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "check")
    let checks = try only.map { [try Self.check($0)] } ?? Check.all
    let lines = words.isEmpty ? Check.scenarios : [words.joined(separator: " ")]
    let courses = try lines.map { try Course.checked($0) }
    let looks = courses.reduce(0) { $0 + Trial.dates($1.scenario).count }
    var progress = Progress(isQuiet: false, steps: looks, of: "look")
    defer { progress.clear() }
    let results = try CheckResult.all(checks, on: courses) { progress.show($0) }
    var output = Output()
    let report = CheckReport(results, isDetailed: only != nil, root.convention)
    for line in try report.lines(format) { try output.line(line) }
    try output.flush()
    if results.contains(where: \.verdict.hasFailed) { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  private static func check(_ id: String) throws -> Check {
    guard let check = Check.named(id) else {
      throw UsageError("unknown check '\(id)'; the checks are \(Check.all.map(\.id).joined(separator: ", "))")
    }
    return check
  }
}

/// How `check` and `claim` print.
package enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, markdown
}

/// The worst that a check came to on some runs, and on which, at which of its steps.
package struct CheckResult {
  package let check: Check
  package private(set) var verdict: Verdict
  package private(set) var scenario: String?
  package private(set) var step: Int?

  package init(check: Check) {
    self.check = check
    verdict = .notApplicable(needs: check.needs)
  }

  /// - Parameter show: how many looks have been taken.
  package static func all(
    _ checks: [Check], on courses: [Course], _ show: (Int) -> Void = { _ in }
  ) throws -> [CheckResult] {
    var results = checks.map { CheckResult(check: $0) }
    var done = 0
    for course in courses {
      var walk = try Walk(course)
      var trial = Trial(of: walk.simulation, checks: checks)
      for date in Trial.dates(course.scenario) {
        while walk.step < date, !walk.simulation.hasStopped { try walk.advance() }
        if walk.step == date { trial.look(at: walk.simulation) }
        done += 1
        show(done)
      }
      for (i, (_, verdict)) in trial.results.enumerated() {
        results[i].add(verdict, on: course.line, at: trial.steps[i])
      }
    }
    return results
  }

  package mutating func add(_ new: Verdict, on line: String, at step: Int? = nil) {
    let worst = [verdict, new].worst ?? new
    if scenario == nil || worst != verdict { (scenario, self.step) = (line, step) }
    verdict = worst
  }
}

package struct CheckReport {
  private let results: [CheckResult]
  private let isDetailed: Bool
  /// Statements and formulas in it.
  private let written: (String) -> String

  package init(_ results: [CheckResult], isDetailed: Bool = false, _ convention: Convention = .house) {
    self.results = results
    self.isDetailed = isDetailed
    written = convention.written
  }

  package func lines(_ format: ReportFormat) throws -> [String] {
    switch format {
    case .text: isDetailed ? results.flatMap(details) : results.map(textLine) + ["", summary]
    case .json: jsonArray(try jsonLines)
    case .markdown: markdownLines
    }
  }

  private var summary: String {
    let failed = results.count { $0.verdict.hasFailed }
    let silent = results.count { $0.verdict.comparison == nil }
    return
      "\(results.count - failed - silent) hold, \(failed) fail, \(silent) do not apply; each where it is "
      + "nearest to failing, at steps 0, 1, 2, 5, 10, … and the last"
  }

  // MARK: text

  /// Numbers first, so that a narrow screen wraps the sentence and not them.
  private func textLine(_ result: CheckResult) -> String {
    let head = "\(result.mark) \(result.check.id.padded(4))"
    guard let comparison = result.verdict.comparison else {
      return "\(head)\("".padded(34))\(written(result.check.statement))\n" + excuse(result).indented(40)
    }
    let numbers = "\(comparison.short)".padded(20) + comparison.marginText.aligned(12)
    let place = (result.step.map { "t=\($0)" } ?? "").padded(7)
    let line = "\(head)\(numbers)  \(place) \(written(result.check.statement))"
    return result.verdict.hasFailed ? line + "\n" + "on \(result.scenario ?? "")".indented(40) : line
  }

  private func details(_ result: CheckResult) -> [String] {
    let check = result.check
    let outcome =
      result.verdict.comparison.map { "\($0.short)   \($0.marginText)" }
      ?? "nothing: \(excuse(result))"
    return [
      "\(result.mark) \(check.id)  \(written(check.statement))", "", "  \(written(check.formula))", "",
      "  measured   \(outcome)\(result.step.map { "   at t=\($0)" } ?? "")",
      "  tolerance  \(significant(check.tolerance.value)) \(written(check.tolerance.reason))",
      "  needs      \(written(check.needs))", "  source     \(check.source)",
      "  on         \(result.scenario ?? "")",
    ]
  }

  private func excuse(_ result: CheckResult) -> String { written(result.verdict.excuse ?? "") }

  // MARK: json, markdown

  private struct Row: Encodable {
    var id, statement, verdict, scenario: String
    var measured, bound, margin: Double?
    var step: Int?

    private enum Key: CodingKey { case id, statement, measured, bound, margin, verdict, scenario, step }

    /// All keys, null where there is no number.
    func encode(to encoder: any Encoder) throws {
      var row = encoder.container(keyedBy: Key.self)
      try row.encode(id, forKey: .id)
      try row.encode(statement, forKey: .statement)
      try row.encode(measured, forKey: .measured)
      try row.encode(bound, forKey: .bound)
      try row.encode(margin, forKey: .margin)
      try row.encode(verdict, forKey: .verdict)
      try row.encode(scenario, forKey: .scenario)
      try row.encode(step, forKey: .step)
    }
  }

  private var jsonLines: [String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try results.map { result in
        let numbers = result.verdict.comparison
        let row = Row(
          id: result.check.id, statement: written(result.check.statement), verdict: result.word,
          scenario: result.scenario ?? "", measured: numbers?.measured.finite, bound: numbers?.bound.finite,
          margin: numbers?.margin.finite, step: result.step)
        return String(decoding: try encoder.encode(row), as: UTF8.self)
      }
    }
  }

  private var markdownLines: [String] {
    // Of one run, it says which.
    let lines = Set(results.compactMap(\.scenario))
    let run = lines.count == 1 ? (lines.first.flatMap { try? Course(parsing: $0) }) : nil
    let title = run.map { ["`\(Signature($0).text)`", ""] } ?? []
    let head = ["| | check | statement | measured | margin |", "|---|---|---|---|---|"]
    return title + head
      + results.map { result in
        let place = result.step.map { " at t=\($0)" } ?? ""
        let numbers = result.verdict.comparison.map { [$0.short + place, $0.marginText] }
        let cells =
          [result.mark, result.check.id, written(result.check.statement)]
          + (numbers ?? [excuse(result), ""])
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
      } + ["", summary]
  }
}

extension Verdict {
  package var mark: String {
    switch self {
    case .ok: "✓"
    case .failed: "✗"
    case .notApplicable, .undecided: "–"
    }
  }
}

extension CheckResult {
  package var mark: String { verdict.mark }

  var word: String {
    switch verdict {
    case .ok: "ok"
    case .failed: "fail"
    case .notApplicable, .undecided: "n/a"
    }
  }
}

extension Comparison {
  /// `4.1e-16 ≤ 1e-12`.
  package var short: String { "\(significant(measured, 3)) \(relation.rawValue) \(significant(bound, 3))" }

  /// `4 decades`, or below two of them `2.4×`.
  package var marginText: String {
    guard margin.isFinite else { return relation == .atMost ? "exact" : "∞" }
    guard margin >= 100 else { return significant(margin, 3) + "×" }
    return "\(Int(log10(margin))) decades"
  }
}

extension Double {
  /// nil where JSON has no word for it.
  var finite: Double? { isFinite ? self : nil }
}

extension String {
  fileprivate func indented(_ width: Int) -> String { "".padded(width) + self }
}
