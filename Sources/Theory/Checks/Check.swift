import Math

/// A sentence of the theory that can be put on trial: what the program does against the formula, written out
/// with plain matrix products.
package struct Check: Sendable {
  /// `I1` … for identities of matrices, and `C1` to `C5` for a run as a whole.
  package let id: String
  /// For where there is no room for the statement; at most thirteen letters in ASCII.
  package let name: String
  package let statement: String
  /// In plain text, house convention.
  package let formula: String
  package let source: String
  /// Said where it does not apply.
  package let needs: String
  /// The bound with its reason.
  package let tolerance: Tolerance
  /// What it looks at.
  package let subject: Subject
  /// The first comparison is the one to show while all hold; nil where the check does not apply.
  private let compare: @Sendable (Evidence, inout Formula, Double) throws(LinearAlgebraError) -> [Comparison]?

  package enum Subject: Sendable {
    /// A series at a step.
    case series
    /// Matrices of a layer's sizes, whatever runs on it.
    case layer
  }

  package struct Tolerance: Sendable {
    package let value: Double
    package let reason: String
  }

  init(
    _ id: String, _ name: String, _ statement: String, formula: String, source: String, needs: String,
    tolerance: Double, because reason: String, of subject: Subject = .series,
    compare: @escaping @Sendable (Evidence, inout Formula, Double) throws(LinearAlgebraError) -> [Comparison]?
  ) {
    self.id = id
    self.name = name
    self.statement = statement
    self.formula = formula
    self.source = source
    self.needs = needs
    self.tolerance = Tolerance(value: tolerance, reason: reason)
    self.subject = subject
    self.compare = compare
  }

  /// Those of a run, then the identities, each by number.
  package static let all: [Check] =
    (run + systems + lora + loraGA + loraPro + adam + others).sorted { $0.order < $1.order }

  package static func named(_ id: String) -> Check? { all.first { $0.id.lowercased() == id.lowercased() } }

  private var order: (Character, Int) { (id.first ?? " ", Int(id.dropFirst()) ?? 0) }

  package func verdict(on evidence: Evidence) -> Verdict {
    var formula = Formula()
    return verdict(on: evidence, &formula)
  }

  /// - Parameter formula: may hold a slip; afterwards it knows how many terms there are.
  package func verdict(on evidence: Evidence, _ formula: inout Formula) -> Verdict {
    guard evidence.isFinite else { return diverged(evidence.atStart) }
    do {
      guard let all = try compare(evidence, &formula, tolerance.value), let first = all.first else {
        return .notApplicable(needs: needs)
      }
      return all.filter { !$0.holds }.worst.map(Verdict.failed) ?? .ok(first)
    } catch {
      return .undecided(because: "\(error)")
    }
  }

  /// What has diverged has no next step; whether the check would apply is seen at the start.
  private func diverged(_ start: Evidence) -> Verdict {
    var formula = Formula()
    let applies = !start.isFinite || (try? compare(start, &formula, tolerance.value)) != nil
    return applies ? .undecided(because: "the run has diverged") : .notApplicable(needs: needs)
  }
}
