import Charts
import Math

func drawTimeline(_ model: Model, row: Int, on grid: inout Grid) {
  let step = model.position
  let timeline = Timeline(
    fraction: Double(step) / Double(max(1, model.scenario.steps)), label: "t=\(step)",
    labelWidth: "\(model.scenario.steps)".count + 4,
    events: model.history?.events.map { Double($0.step) / Double(max(1, model.scenario.steps)) } ?? [],
    glyphs: model.glyphs)
  grid.draw(timeline.render(Size(width: grid.size.width - 2, height: 1)), row: row, column: 1)
}

/// The keys of the present context that have a hint, dropped from the right when narrow; `? help  q` always
/// stands. The command line takes the row while it is open.
/// - Returns: where something is typed.
func drawKeys(row: Int, on grid: inout Grid, _ model: Model) -> Cursor? {
  if case .commandLine(let prompt) = model.overlay {
    return drawPrompt(prompt, row: row, on: &grid, model)
  }
  let end = "? help  q"
  let widest = min(grid.size.width - 1, 78)
  var text = " "
  for binding in KeyBinding.all where binding.contexts.contains(model.context) {
    guard let hint = binding.hint, !hint.isEmpty, binding.name != "help", binding.isHinted(model) else {
      continue
    }
    let piece = model.glyphs.spell("\(binding.label) \(hint)  ")
    if text.unicodeScalars.count + piece.unicodeScalars.count + end.count > widest { break }
    text += piece
  }
  grid.put(text + end, row: row, column: 0, style: Style(.standard, .dim))
  return nil
}

/// `:` and what is typed; the end of it where the row is too short. Completions stand behind it.
private func drawPrompt(_ prompt: Prompt, row: Int, on grid: inout Grid, _ model: Model) -> Cursor {
  let room = grid.size.width - 3
  let text = ":" + String(prompt.text.suffix(room))
  grid.put(text, row: row, column: 0, style: .bold)
  let column = text.unicodeScalars.count
  let others = prompt.completions(model).filter { $0 != prompt.text }
  let words = others.map { $0.split(separator: " ").last.map(String.init) ?? "" }.joined(separator: " ")
  if !prompt.text.isEmpty || column + 2 + words.count <= grid.size.width {
    grid.put(words, row: row, column: column + 2, style: .theory)
  }
  return Cursor(row: row, column: min(column, grid.size.width - 1), isShown: true)
}
