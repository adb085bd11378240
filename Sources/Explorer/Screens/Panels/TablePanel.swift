import Charts
import Math

/// The variants as rows, sorted: drawing 4.5. A hidden one is dim.
func tablePanel(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  let table = TableFrame(size.width)
  let isFocused = model.focus == .table
  grid.put(
    model.glyphs.spell(
      "   variant".padded(table.left)
        + table.columns.map { heading($0, model).aligned(table.width($0)) }.joined()),
    row: 0, column: 0, style: isFocused ? .bold : .plain)
  let names = model.scenario.seriesNames
  for (row, i) in zip(1..., model.tableVariants) {
    let isMarked = isFocused && i == model.tableFocus
    if isMarked { grid.put(model.glyphs.spell("▸"), row: row, column: 0, style: .bold) }
    let dim = Style(.standard, .dim)
    let style = model.hidden.contains(i) ? dim : Style(style(of: i).ink, isMarked ? .bold : [])
    let room = table.left - 4
    let name = shortened(names[i - 1], to: room, model.glyphs).padded(room)
    grid.put("\(i) \(name)", row: row, column: 1, style: style)
    grid.put(
      model.glyphs.spell(cells(table, model, i)), row: row, column: table.left,
      style: model.hidden.contains(i) ? dim : .plain)
  }
  let below = names.count + 1
  guard below < size.height else { return grid }
  grid.put(footer(model, size.width), row: below, column: 0, style: .theory)
  return grid
}

/// Which columns have room beside names of twelve letters, and where they begin.
private struct TableFrame {
  let columns: [TableColumn]
  let left: Int
  private let isTight: Bool

  init(_ width: Int) {
    let (roomy, tight) = (Self.columns(width, isTight: false), Self.columns(width, isTight: true))
    let isTight = tight.count > roomy.count
    self.isTight = isTight
    columns = isTight ? tight : roomy
    left = max(4, min(width - columns.reduce(0) { $0 + $1.width(isTight: isTight) }, 32))
  }

  func width(_ column: TableColumn) -> Int { column.width(isTight: isTight) }

  private static func columns(_ width: Int, isTight: Bool) -> [TableColumn] {
    var left = width - 16
    return TableColumn.allCases.filter { column in
      let needed = column.width(isTight: isTight)
      guard needed <= left else { return false }
      left -= needed
      return true
    }
  }
}

extension Model {
  /// Whether the table is on the screen and has room for a column.
  func hasColumn(_ column: TableColumn) -> Bool {
    layout(size).places.contains {
      $0.panel == .table && TableFrame($0.size.width).columns.contains(column)
    }
  }
}

private func heading(_ column: TableColumn, _ model: Model) -> String {
  model.glyphs.spell((column == model.table.column ? "↑" : "") + column.title)
}

private func cells(_ table: TableFrame, _ model: Model, _ i: Int) -> String {
  if let step = model.lostAt(i) { return "   ✗ t=\(step): not finite" }
  return table.columns.map { column in
    let width = table.width(column)
    let number = model.number(column, of: i).map { column.text($0, width: width) }
    let text = column == .checks ? model.tally(i).map(words) : number
    return model.glyphs.spell(text ?? "–").aligned(width)
  }.joined()
}

/// `✓ 8/8`, or the first that does not hold.
private func words(_ tally: Tally) -> String {
  tally.firstBroken.map { "✗ \($0)" } ?? "✓ \(tally.held)/\(tally.compared)"
}

private func footer(_ model: Model, _ width: Int) -> String {
  let checked = model.checks.findings?.step ?? model.shownStep
  let parts = [
    " t=\(model.shownStep)\(model.seedWords), sorted by \(model.table.column.title)",
    checked == model.shownStep ? "" : "checks at t=\(checked)", "each ×floor by its own floor",
    "t½: the loss has halved",
  ].filter { !$0.isEmpty }.map(model.glyphs.spell)
  return parts.dropFirst().reduce(parts[0]) { $0.count + 2 + $1.count <= width ? $0 + "  " + $1 : $0 }
}
