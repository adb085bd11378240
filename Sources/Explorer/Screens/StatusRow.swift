import Charts
import Math

/// Row 0: the run in a few words, and how far it is.
func drawStatus(_ model: Model, on grid: inout Grid) {
  let scenario = model.scenario
  let shape = scenario.layerShapes[model.layer]
  var parts = [
    model.convention.shape(shape.rows, shape.columns), "r \(scenario.r)", "α \(plain(scenario.alpha))",
    "seed \(scenario.seed)",
    "\(scenario.optimizer.family.rawValue) η \(plain(scenario.optimizer.learningRate))",
  ]
  if let layer = model.layerName { parts.insert("\(layer) of \(scenario.layerShapes.count)", at: 0) }
  if scenario.task != .matrix { parts.insert(scenario.task.rawValue, at: 0) }
  let state = runState(model)
  let start = grid.size.width - state.text.unicodeScalars.count - 2
  var column = 1
  for part in parts.map(model.glyphs.spell) {
    guard column + part.unicodeScalars.count <= start else { break }
    grid.put(part, row: 0, column: column)
    column += part.unicodeScalars.count + 2
  }
  grid.put(" \(state.text) ", row: 0, column: start, style: Style(state.isAlert ? .alert : .standard, .bold))
}

/// `▶ 640/2000`, or why it does not move.
private func runState(_ model: Model) -> (text: String, isAlert: Bool) {
  func sign(_ unicode: String, _ ascii: String) -> String { model.glyphs == .ascii ? ascii : unicode }
  guard model.failure == nil else { return (sign("✗ failed", "x failed"), true) }
  if case .divergence(let report)? = model.overlay {
    return (sign("✗ stopped ", "x stopped ") + "\(report.divergence.step)/\(model.scenario.steps)", true)
  }
  guard let history = model.history else { return ("preparing", false) }
  let steps = "\(history.step)/\(model.scenario.steps)"
  if model.isFinished {
    let hasAllStopped = history.divergedAt.allSatisfy { $0 != nil }
    return hasAllStopped
      ? (sign("✗ stopped ", "x stopped ") + steps, true) : (sign("● ", "END ") + steps, false)
  }
  return ((model.isPaused ? sign("‖ ", "PAUSE ") : sign("▶ ", "RUN ")) + steps, false)
}
