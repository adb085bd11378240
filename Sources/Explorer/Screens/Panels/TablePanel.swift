import Charts
import Math

/// The variants as rows, sorted: drawing 4.5.
func tablePanel(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  grid.put(
    tableHeading(model), row: 0, column: 0, style: model.focus == .table ? .bold : .plain)
  let names = model.scenario.seriesNames
  for (row, i) in model.tableSeries.enumerated() {
    let isFocused = model.isComparing && row == model.table.row
    let style =
      model.hidden.contains(i) ? Style(.standard, .dim) : Style(style(of: i).ink, isFocused ? .bold : [])
    grid.put(model.glyphs.spell(isFocused ? "▸" : " "), row: row + 1, column: 0, style: .bold)
    let name = shortened(names[i - 1], to: nameWidth, model.glyphs).padded(nameWidth)
    grid.put("\(i) \(name)", row: row + 1, column: 1, style: style)
    let plain: Style = model.hidden.contains(i) ? Style(.standard, .dim) : .plain
    grid.put(model.glyphs.spell(cells(model, i)), row: row + 1, column: 3 + nameWidth, style: plain)
  }
  let footer = model.glyphs.spell(" sorted by \(model.table.column.title)")
  grid.put(footer, row: min(model.scenario.variants.count + 1, size.height - 1), column: 0, style: .theory)
  return grid
}

private let nameWidth = 14
private let numberColumns: [TableOrder.Column] = [.gap, .overFloor, .loss, .overFull]

private func tableHeading(_ model: Model) -> String {
  let titles = numberColumns.map { $0.title.aligned(9) }.joined()
  return model.glyphs.spell("   variant".padded(3 + nameWidth) + titles)
}

private func cells(_ model: Model, _ i: Int) -> String {
  if let step = model.history?.divergedAt[i] { return "  ✗ t=\(step): not finite" }
  return numberColumns.map { column in
    (model.number(column, of: i).map { cell($0, column) } ?? "–").aligned(9)
  }.joined()
}

private func cell(_ x: Double, _ column: TableOrder.Column) -> String {
  switch column {
  case .gap, .loss, .number: significant(x, 3)
  case .overFloor, .overFull: significant(x, 2)
  }
}

extension Model {
  /// The variants in the order of the table: what has no number stands last.
  var tableSeries: [Int] {
    let variants = Array(1..<scenario.variants.count + 1)
    return variants.sorted { a, b in
      let (x, y) = (number(table.column, of: a) ?? .infinity, number(table.column, of: b) ?? .infinity)
      return x == y ? a < b : x < y
    }
  }

  /// A column of the table for series i; nil where it is not known or not finite.
  func number(_ column: TableOrder.Column, of i: Int) -> Double? {
    let x: Double? =
      switch column {
      case .gap: gap(i)
      case .overFloor: gapOverFloor(i)
      case .loss: loss(i)
      case .overFull: loss(0).flatMap { full in loss(i).map { $0 / full } }
      case .number: Double(i)
      }
    return x.flatMap { $0.isFinite ? $0 : nil }
  }
}
