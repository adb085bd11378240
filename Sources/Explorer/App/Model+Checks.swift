import Math
import Theory

/// The checks of the theory on the screen.
package struct CheckBoard: Equatable, Sendable {
  /// The last answer of the engine.
  package internal(set) var findings: Findings?
  /// What the engine is at work on: one question at a time.
  package internal(set) var asked: Inquiry?
  /// The check in focus, by id; nil for the first.
  package internal(set) var focus: String?
  /// The check whose quantity is drawn over the steps.
  package internal(set) var traced: String?

  package init() {}

  package func verdict(_ check: Check) -> Verdict? { findings?.verdicts[check.id] }

  /// What failed, what holds, what does not apply.
  package var order: [Check] {
    func place(_ check: Check) -> Int {
      guard let verdict = verdict(check) else { return 1 }
      return verdict.hasFailed ? 0 : verdict.comparison == nil ? 2 : 1
    }
    let places = Check.all.map(place)
    return (0...2).flatMap { k in zip(Check.all, places).filter { $1 == k }.map(\.0) }
  }

  package var focused: Check { focus.flatMap(Check.named) ?? order[0] }
}

extension Model {
  /// Asks the engine about the step shown, while somebody looks at the checks.
  mutating func inquire() -> [Command] {
    guard !isTeaching, isOnScreen(.checks) || hasColumn(.checks), history?.latest != nil, checks.asked == nil
    else { return [] }
    let inquiry = Inquiry(
      step: position, traced: checks.traced, isLive: !isPaused && !isFinished && cursor == nil)
    guard inquiry.step != checks.findings?.step || inquiry.traced != checks.findings?.traced else {
      return []
    }
    checks.asked = inquiry
    return [.inquire(inquiry)]
  }
}

/// Opens the panel of checks, at one of them if it is named; its quantity is drawn then.
func showChecks(_ model: inout Model, _ check: Check?) {
  model.focus = .checks
  model.isZoomed = true
  guard let check else { return }
  (model.checks.focus, model.checks.traced) = (check.id, check.id)
}

func moveCheck(_ model: inout Model, _ count: Int) {
  let order = model.checks.order
  let row = order.firstIndex { $0.id == model.checks.focused.id } ?? 0
  model.checks.focus = order[min(max(0, row + count), order.count - 1)].id
}

/// Draws the quantity of the check in focus, or no longer.
func traceCheck(_ model: inout Model) {
  model.isZoomed = true
  let id = model.checks.focused.id
  model.checks.traced = model.checks.traced == id ? nil : id
}
