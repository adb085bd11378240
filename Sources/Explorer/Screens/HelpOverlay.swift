import Charts

/// All keys in two columns, from the table that dispatches them: drawing 4.7. What is looked for is marked.
func drawHelp(_ help: Help, on grid: inout Grid, _ model: Model) -> Cursor {
  let glyphs = model.glyphs
  let groups = KeyBinding.Group.allCases.filter { $0 != .program && $0 != .overlay }
  let columns = inTwo(groups.flatMap(lines))
  let length = columns.map(\.count).max() ?? 0
  let below = [
    model.convention.words,
    "gap ‖W_LoRA − W_full‖_F, floor: the least gap within the adapter's reach",
  ]
  let program = packed(bindings(of: .program), width: min(80, grid.size.width) - 6, glyphs: glyphs)
  let isRoomy = grid.size.height >= length + program.count + below.count + 3
  let box = Box(
    "Help", footer: footer(help), width: 80,
    height: length + program.count + (isRoomy ? below.count + 1 : 0) + 2, in: grid.size)
  box.draw(on: &grid, glyphs: glyphs)
  // A grid of its own, so that what is too long ends before the frame.
  var page = Grid(Size(width: box.size.width - 2, height: max(0, box.size.height - 2)))
  for (c, lines) in columns.enumerated() {
    for (row, line) in lines.enumerated() {
      let style: Style = line.binding.map { mark(help, $0) } ?? .bold
      let text = String(String.UnicodeScalarView(glyphs.spell(line.text).unicodeScalars.prefix(38)))
      page.put(text, row: row, column: 1 + c * page.size.width / 2, style: style)
    }
  }
  for (row, items) in program.enumerated() {
    for item in items {
      page.put(item.text, row: length + row, column: 2 + item.column, style: mark(help, item.binding))
    }
  }
  for (row, line) in below.enumerated() where isRoomy {
    page.put(glyphs.spell(line), row: length + program.count + 1 + row, column: 2, style: .theory)
  }
  grid.draw(page, row: box.row + 1, column: box.column + 1)
  return box.cursor
}

private func mark(_ help: Help, _ binding: KeyBinding) -> Style {
  help.finds(binding) ? Style(.standard, [.bold, .reverse]) : .plain
}

private func footer(_ help: Help) -> String {
  if help.isTyping { return "find: \(help.query)▏ Enter keeps the marks, Esc takes them away" }
  return "? or Esc closes · / finds · same list: lora-explorer --help-keys"
}

// MARK: Lines

private typealias HelpLine = (text: String, binding: KeyBinding?)

private func bindings(of group: KeyBinding.Group) -> [KeyBinding] {
  KeyBinding.all.filter { $0.group == group && !$0.keys.isEmpty }
}

/// A heading, and a line for each row of the table.
private func lines(_ group: KeyBinding.Group) -> [HelpLine] {
  let bindings = bindings(of: group)
  guard !bindings.isEmpty else { return [] }
  return [(group.rawValue, nil)] + bindings.map { ("  \($0.label.padded(9)) \($0.help)", $0) }
}

/// Two columns of about the same length; no heading stands last in the first.
private func inTwo(_ lines: [HelpLine]) -> [[HelpLine]] {
  var half = (lines.count + 1) / 2
  if half > 0, half < lines.count, lines[half - 1].binding == nil { half += 1 }
  return [Array(lines.prefix(half)), Array(lines.dropFirst(half))]
}

/// Beside one another, as many a row as fit.
private func packed(
  _ bindings: [KeyBinding], width: Int, glyphs: Glyphs
) -> [[(text: String, column: Int, binding: KeyBinding)]] {
  var rows: [[(text: String, column: Int, binding: KeyBinding)]] = [[]]
  var column = 0
  for binding in bindings {
    let text = glyphs.spell("\(binding.label) \(binding.help)")
    if column > 0, column + text.unicodeScalars.count > width {
      rows.append([])
      column = 0
    }
    rows[rows.count - 1].append((text, column, binding))
    column += text.unicodeScalars.count + 3
  }
  return rows
}
