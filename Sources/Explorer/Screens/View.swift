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
  var screen = mainScreen(model, size)
  switch model.overlay {
  case nil, .commandLine: break
  case .page(let page): screen.cursor = draw(page, model, on: &screen.grid)
  case .help(let help): screen.cursor = drawHelp(help, on: &screen.grid, model)
  case .divergence(let report): screen.cursor = draw(report, of: model, on: &screen.grid)
  case .picker(let picker): screen.cursor = draw(picker, on: &screen.grid, model)
  }
  return screen
}

/// The notice below 60×16; the run goes on.
private func tooSmall(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  let times = model.glyphs.spell("×")
  var lines = [
    "Terminal too small", "", "now   \(size.width) \(times) \(size.height)", "need  60 \(times) 16", "",
    "The run goes on: t=\(model.history?.step ?? 0)/\(model.scenario.steps)", "",
    model.glyphs.spell("enlarge · q quit"),
  ]
  // The blank lines go first, then lines from the bottom.
  if size.height < lines.count { lines.removeAll(where: \.isEmpty) }
  for (row, line) in lines.prefix(size.height).enumerated() {
    grid.put(line, row: row, column: size.width > 40 ? 2 : 1, style: row == 0 ? .bold : .plain)
  }
  return grid
}
