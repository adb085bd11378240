import Charts

/// The keys, from the table that dispatches them: drawing 4.7. What is looked for is marked.
func drawHelp(_ help: Help, on grid: inout Grid, _ model: Model) -> Cursor {
  let glyphs = model.glyphs
  let all = HelpPages(grid.size, glyphs, isTeaching: model.isTeaching)
  let number = min(help.page, all.pages.count - 1)
  let below = [
    model.convention.words,
    "gap ‖W_LoRA − W_full‖_F, floor: the least gap within the adapter's reach",
  ]
  let isRoomy = all.pages.count == 1 && grid.size.height >= all.height + below.count + 3
  let box = Box(
    "Help", footer: footer(help, all, page: number), width: HelpPages.width,
    height: all.height + (isRoomy ? below.count + 1 : 0) + 2, in: grid.size)
  box.draw(on: &grid, glyphs: glyphs)
  // A grid of its own, so that what is too long ends before the frame.
  var page = Grid(Size(width: box.size.width - 2, height: max(0, box.size.height - 2)))
  let columns = all.pages[number]
  let width = page.size.width / columns.count
  for (c, lines) in columns.enumerated() {
    for (row, line) in lines.enumerated() {
      let style: Style = line.binding.map { mark(help, $0) } ?? .bold
      let text = String(String.UnicodeScalarView(glyphs.spell(line.text).unicodeScalars.prefix(width - 1)))
      page.put(text, row: row, column: 1 + c * width, style: style)
    }
  }
  let length = all.height - all.program.count
  for (row, items) in all.program.enumerated() {
    for item in items {
      page.put(item.text, row: length + row, column: 2 + item.column, style: mark(help, item.binding))
    }
  }
  for (row, line) in below.enumerated() where isRoomy {
    page.put(glyphs.spell(line), row: all.height + 1 + row, column: 2, style: .theory)
  }
  grid.draw(page, row: box.row + 1, column: box.column + 1)
  return box.cursor
}

private func mark(_ help: Help, _ binding: KeyBinding) -> Style {
  help.finds(binding) ? Style(.standard, [.bold, .reverse]) : .plain
}

private func footer(_ help: Help, _ all: HelpPages, page: Int) -> String {
  if help.isTyping { return "find: \(help.query)▏ " + found(help, all) }
  let paging = all.pages.count > 1 ? "page \(page + 1) of \(all.pages.count), ↓ ↑ turn · " : ""
  return paging + "? or Esc closes · / finds · same list: lora-explorer --help-keys"
}

/// What has no key is found by its name.
private func found(_ help: Help, _ all: HelpPages) -> String {
  let hasKey = help.query.isEmpty || all.page(finding: help) != nil
  let named = KeyBinding.all.filter { $0.keys.isEmpty && help.finds($0) }
  if named.count == 1, !hasKey { return "no key, but :\(named[0].name)  \(named[0].help)" }
  if !named.isEmpty {
    return (hasKey ? "marked, and " : "no key, but ") + named.map { ":\($0.name)" }.joined(separator: " ")
  }
  return hasKey ? "Enter keeps the marks, Esc takes them away" : "nothing found"
}
