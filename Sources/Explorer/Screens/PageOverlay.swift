import Charts
import Math
import Theory

/// Words in a box over the charts, as wide as the screen; what does not fit scrolls.
func draw(_ page: Page, _ model: Model, on grid: inout Grid) -> Cursor {
  let room = roomForWords(grid.size)
  let (title, footer, lines) = content(page, model, room)
  let isLong = lines.count > room.height
  let top = max(0, min(page.top, lines.count - room.height))
  let range = "lines \(top + 1) to \(top + room.height) of \(lines.count) · ↑ ↓ more · "
  let box = Box(
    title, footer: (isLong ? range : "") + footer, width: room.width + 6,
    height: min(lines.count, room.height) + 2, in: grid.size)
  box.draw(on: &grid, glyphs: model.glyphs)
  var words = Grid(Size(width: box.size.width - 4, height: box.size.height - 2))
  for (row, line) in lines.dropFirst(top).enumerated() {
    words.put(model.glyphs.spell(line), row: row, column: 1)
  }
  grid.draw(words, row: box.row + 1, column: box.column + 2)
  return box.cursor
}

/// Of a screen, inside the box.
private func roomForWords(_ size: Size) -> Size {
  Size(width: min(size.width, 100) - 6, height: size.height - 5)
}

extension Model {
  /// The line that a page begins with when its last one is in view.
  func lastTop(of page: Page) -> Int {
    let room = roomForWords(size)
    return max(0, content(page, self, room).lines.count - room.height)
  }
}

extension Page {
  fileprivate var top: Int {
    switch self {
    case .words(_, let top), .notes(let top): top
    case .session, .exports, .erratum: 0
    }
  }
}

private func content(_ page: Page, _ model: Model, _ size: Size) -> (
  title: String, footer: String, lines: [String]
) {
  switch page {
  case .words(let panel, _):
    return (
      "The \(panel.title) in words", "Esc closes",
      sentences(panel, model).flatMap { wrapped(model.glyphs.spell($0), width: size.width) }
    )
  case .erratum(let row):
    return (
      "Mistakes of the notes, \(row + 1) of \(Erratum.all.count)", "↑ ↓ another · Esc closes",
      erratumLines(Erratum.all[row], model, width: size.width)
    )
  case .notes:
    let play = model.lessons
    return (
      "For the teacher", "Esc closes",
      wrapped(
        model.convention.written(play.map { $0.filled($0.lesson.notesOrNone) } ?? ""), width: size.width)
    )
  case .exports(let row):
    return (
      "Write to a new file here", "↑ ↓ what · Enter writes · Esc closes",
      Export.allCases.enumerated().map { k, what in
        "\(k == row ? "▸" : " ") \(what.rawValue.padded(7)) \(what.title)"
      } + ["", "  " + Export.allCases[row].name(of: model.course).first]
    )
  case .session(let row):
    return (
      row == 0 ? "This run on one line" : "A past run",
      row == 0 ? "Enter saves it · Esc closes" : "Enter runs it again · Space draws it behind · Esc closes",
      sessionLines(model, row: row, size)
    )
  }
}
