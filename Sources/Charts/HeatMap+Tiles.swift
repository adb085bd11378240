/// How large the blocks of a heat map with labels are, in cells.
struct Tiles: Equatable {
  let width: Int
  let height: Int

  /// nil where there are more entries than cells.
  init?(_ map: HeatMap, _ frame: PlotFrame) {
    guard map.rows > 0, map.columns > 0, frame.rows >= map.rows, frame.columns >= map.columns else {
      return nil
    }
    width = min(12, frame.columns / map.columns)
    height = min(3, frame.rows / map.rows)
  }
}

extension HeatMap {
  /// Every entry in its shade, with its number in the middle where it fits with a blank on either side.
  func draw(_ tiles: Tiles, _ labels: Labels, _ levels: Quintiles, _ frame: PlotFrame, on grid: inout Grid) {
    for (index, value) in values.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let (top, left) = (frame.top + row * tiles.height, frame.left + column * tiles.width)
      let (glyph, style) = cell(levels.level(value))
      for k in 0..<tiles.width * tiles.height where value.isFinite {
        grid.put(glyph, row: top + k / tiles.width, column: left + k % tiles.width, style: style)
      }
      let text = value.isFinite ? " \(Notation.brief(value)) " : String(glyph)
      guard text.count <= tiles.width else { continue }
      grid.put(
        text, row: top + (tiles.height - 1) / 2, column: left + (tiles.width - text.count) / 2, style: style)
    }
    let rowTicks = zip(0..<rows, labels.rows).map { i, label in
      Tick(value: Double(i), label: label, place: i * tiles.height + (tiles.height - 1) / 2)
    }
    frame.drawVerticalAxis(rowTicks.filter { $0.label.count <= labelWidth }, on: &grid, glyphs: glyphs)
    let columnTicks = zip(0..<columns, labels.columns).map { i, label in
      Tick(value: Double(i), label: label, place: i * tiles.width + tiles.width / 2)
    }
    frame.drawHorizontalAxis(columnTicks, length: columns * tiles.width, on: &grid, glyphs: glyphs)
  }
}
