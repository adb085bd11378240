import Charts
import Math

/// What the terminal shows, and where its cursor stands.
package struct Screen: Equatable, Sendable {
  package var grid: Grid
  package var cursor: Cursor?
}

/// The screen of a model at a size; the layout depends on the size and the series' names.
package func view(_ model: Model, _ size: Size) -> Screen {
  if case .tooSmall = Extent(size) { return Screen(grid: tooSmall(model, size)) }
  var screen = model.isTeaching ? lessonScreen(model, size) : mainScreen(model, size)
  switch model.overlay {
  case nil, .commandLine: break
  case .page(let page): screen.cursor = draw(page, model, on: &screen.grid)
  case .help(let help): screen.cursor = drawHelp(help, on: &screen.grid, model)
  case .divergence(let report): screen.cursor = draw(report, of: model, on: &screen.grid)
  case .picker(let picker): screen.cursor = draw(picker, on: &screen.grid, model)
  }
  return screen
}

/// The notice below 60×16, drawing 4.11.
private func tooSmall(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  let times = model.glyphs.spell("×")
  var lines = [
    "Terminal too small", "", "now   \(size.width) \(times) \(size.height)", "need  60 \(times) 16", "",
    runInWords(model), numbersInWords(model), "", model.glyphs.spell("enlarge · q quit"),
  ]
  // Half a number would be another number.
  let margin = size.width > 40 ? 2 : 1
  lines.removeAll { $0.count + margin > size.width && $0.contains { $0.isNumber } }
  // The blank lines go first, then lines from the bottom.
  if size.height < lines.count { lines.removeAll(where: \.isEmpty) }
  for (row, line) in lines.prefix(size.height).enumerated() {
    grid.put(line, row: row, column: margin, style: row == 0 ? .bold : .plain)
  }
  return grid
}

private func runInWords(_ model: Model) -> String {
  guard model.failure == nil else { return "The run cannot start" }
  guard let history = model.history else { return "The run is being set up" }
  let state = model.isFinished ? "is over" : model.isPaused ? "is paused" : "goes on"
  return "The run \(state): t=\(history.step)/\(model.scenario.steps)"
}

/// Gap and loss of the first variant that is drawn.
private func numbersInWords(_ model: Model) -> String {
  guard let i = model.shownVariants.first, let gap = model.gap(i), let loss = model.loss(i) else { return "" }
  return "gap \(i) \(brief(gap))  \(model.lossWord) \(i) \(brief(loss))"
}
