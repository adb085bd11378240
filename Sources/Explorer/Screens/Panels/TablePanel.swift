import Charts
import Math

/// The variants as rows, sorted: drawing 4.5. A hidden one is dim.
func tablePanel(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  let table = TableFrame(size.width)
  let isFocused = model.focus == .table
  grid.put(
    model.glyphs.spell("   variant".padded(table.left) + table.columns.map { heading($0, model) }.joined()),
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
      model.glyphs.spell(cells(table.columns, model, i)), row: row, column: table.left,
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

  init(_ width: Int) {
    var columns: [TableColumn] = []
    var taken = 0
    for column in TableColumn.allCases where 16 + taken + column.width <= width {
      columns.append(column)
      taken += column.width
    }
    self.columns = columns
    left = max(4, min(width - taken, 32))
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
  model.glyphs.spell((column == model.table.column ? "↑" : "") + column.title).aligned(column.width)
}

private func cells(_ columns: [TableColumn], _ model: Model, _ i: Int) -> String {
  if let step = model.lostAt(i) { return "   ✗ t=\(step): not finite" }
  return columns.map { column in
    let text = column == .checks ? model.tally(i).map(words) : model.number(column, of: i).map(column.text)
    return model.glyphs.spell(text ?? "–").aligned(column.width)
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
