import Charts

/// All keys in two columns, from the table that dispatches them: drawing 4.7. What is looked for is marked.
func drawHelp(_ help: Help, on grid: inout Grid, glyphs: Glyphs) {
  let columns = [helpLines([.run, .time, .panels]), helpLines([.series, .chart, .program])]
  let words = [
    "W is n×m, A n×r, B r×m, Y = X W, W = W0 + s(AB − A0B0)",
    "gap ‖W_LoRA − W_full‖_F, floor: the least gap within the adapter's reach",
  ]
  let length = columns.map(\.count).max() ?? 0
  let box = Box(
    "Help", footer: footer(help), width: 80, height: length + words.count + 3, in: grid.size)
  box.draw(on: &grid, glyphs: glyphs)
  // A grid of its own, so that what is too long ends before the frame.
  var page = Grid(Size(width: box.size.width - 2, height: max(0, box.size.height - 2)))
  let middle = page.size.width / 2
  for (c, lines) in columns.enumerated() {
    for (row, line) in lines.enumerated() {
      let isFound = line.binding.map(help.finds) ?? false
      let style: Style = isFound ? Style(.standard, [.bold, .reverse]) : line.binding == nil ? .bold : .plain
      putCut(
        on: &page, glyphs.spell(line.text), row: row, column: 1 + c * middle, width: middle - 1, style: style)
    }
  }
  for (row, line) in words.enumerated() {
    page.put(glyphs.spell(line), row: length + 1 + row, column: 2, style: .theory)
  }
  grid.draw(page, row: box.row + 1, column: box.column + 1)
}

private func putCut(
  on grid: inout Grid, _ text: String, row: Int, column: Int, width: Int, style: Style
) {
  let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(width)))
  grid.put(cut, row: row, column: column, style: style)
}

private func footer(_ help: Help) -> String {
  if help.isTyping { return "find: \(help.query)▏ Enter keeps the marks, Esc takes them away" }
  return "? or Esc closes · / finds · same list: lora-explorer --help-keys"
}

private func helpLines(_ groups: [KeyBinding.Group]) -> [(text: String, binding: KeyBinding?)] {
  var lines: [(text: String, binding: KeyBinding?)] = []
  for group in groups {
    let bindings = KeyBinding.all.filter { $0.group == group && !$0.keys.isEmpty }
    guard !bindings.isEmpty else { continue }
    lines.append((group.rawValue, nil))
    lines += bindings.map { ("  \($0.label.padded(9)) \($0.help)", $0) }
  }
  return lines
}
