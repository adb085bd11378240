import Charts
import Math
import Theory

/// A claim on trial on the screen.
package struct ClaimBoard: Equatable, Sendable {
  package let id: String
  /// Once the seeds have been run.
  package internal(set) var result: ClaimResult?

  package static let seeds = 5

  package init(id: String) { self.id = id }

  /// Nothing of it is still to come.
  var isSettled: Bool { result != nil || Claim.named(id)?.isRunnable != true }
}

/// Opens the run that shows a claim, with the panel to look at, and asks for the verdict over seeds. Of what cannot
/// be run it says what it is.
func tryClaim(_ model: inout Model, _ id: String) -> [Command] {
  guard let claim = Claim.named(id) else { return [] }
  guard let line = claim.scenarios.first else {
    defer { model.claim = ClaimBoard(id: id) }
    return stopClaim(&model)
  }
  let run = model.run
  var commands = change(&model) { (run) throws(ScenarioError) in
    run = .whole(try Scenario(parsing: line + " seed=1"))
  }
  guard model.run != run else { return commands }
  commands += stopClaim(&model)
  model.claim = ClaimBoard(id: id)
  if let drawing = claim.drawings.first { model.show(drawing) }
  if case .sweep(let line, let keys, let quantity)? = claim.drawings.first,
    let scenario = try? Scenario(parsing: line + " seed=1"),
    let sweep = try? Sweep(scenario, over: keys, measuring: quantity, seeds: ClaimBoard.seeds)
  {
    model.sweep = SweepResult(sweep)
    commands.append(.sweep(sweep))
  }
  return commands + [.tryClaim(id)]
}

/// Takes the claim away.
func stopClaim(_ model: inout Model) -> [Command] {
  defer { model.claim = nil }
  return model.claim.map { $0.result == nil ? [.stopClaim] : [] } ?? []
}

extension Model {
  /// The panel a claim is seen on, alone where the screen would not have it.
  package mutating func show(_ drawing: Drawing) {
    isZoomed = false
    isComparing = false
    switch drawing {
    case .gap: Explorer.focus(&self, .gap)
    case .loss: Explorer.focus(&self, .loss)
    case .plateaus:
      hidden.insert(0)
      Explorer.focus(&self, .loss)
    case .spectrum: Explorer.focus(&self, .spectrum)
    case .measure(let id):
      phase = PhaseAxes(x: "step", y: id)
      Explorer.focus(&self, .phase)
    case .readings, .sweep: Explorer.focus(&self, .sweep)
    }
  }
}

extension ClaimBoard {
  /// The verdict as sentences, in a convention: `Claim 22: …. Holds only if …; mean 1.99, wanted 1.9 to 2.1; …`, with no more
  /// numbers than `fits` allows, those first that fell outside their ranges.
  package func words(
    _ convention: Convention = .house, fits: (String) -> Bool = { _ in true }
  ) -> String {
    guard let claim = Claim.named(id) else { return "" }
    let written = convention.written
    let head = "Claim \(id), \(written(claim.statement))"
    guard claim.isRunnable else { return "\(head): \(written("\(claim.ruling)"))." }
    guard let result else { return "\(head): \(Self.seeds) seeds are being run." }
    var text = "\(head): \(written("\(result.ruling)")). \(result.seeds) seeds"
    for number in result.telling.map({ written($0.words) }) {
      guard fits(text + "; \(number).") else { break }
      text += "; " + number
    }
    return text + "."
  }
}

extension ClaimResult {
  /// What fell outside; else the first, which is what the claim is about, and then the sharpest predictions.
  fileprivate var telling: [Row] {
    let outside = rows.filter { !$0.isInside }
    guard outside.isEmpty else { return outside }
    return rows.prefix(1) + rows.dropFirst().sorted { $0.range.looseness < $1.range.looseness }
  }
}

extension ClaimResult.Row {
  fileprivate var words: String { "\(name) \(significant(median, 3)), wanted \(range.text)" }
}
