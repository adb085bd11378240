import Charts
import Math

/// Words in a box over the charts, as wide as the screen; what does not fit is left out at the end.
func draw(_ page: Page, _ model: Model, on grid: inout Grid) {
  let (title, footer, paragraphs) = content(page, model)
  let width = min(grid.size.width, 100)
  let lines = paragraphs.flatMap { wrapped(model.glyphs.spell($0), width: width - 6) }
  let box = Box(
    title, footer: footer, width: width, height: min(lines.count, grid.size.height - 5) + 2, in: grid.size)
  box.draw(on: &grid, glyphs: model.glyphs)
  var words = Grid(Size(width: box.size.width - 4, height: box.size.height - 2))
  for (row, line) in lines.enumerated() { words.put(line, row: row, column: 1) }
  grid.draw(words, row: box.row + 1, column: box.column + 2)
}

private func content(_ page: Page, _ model: Model) -> (title: String, footer: String, paragraphs: [String]) {
  switch page {
  case .words(let panel):
    return ("The \(panel.title) in words", "Esc closes", sentences(panel, model))
  case .session:
    return (
      "This run on one line", "Enter saves it · Esc closes",
      ["lora-explorer --run '\(model.scenario.line)'"]
    )
  }
}
