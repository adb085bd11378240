/// The entries of a matrix by shade: five levels, each a fifth of the cells that are shown.
///
/// Where entries outnumber cells a cell shows the largest of its block, so that a single one is not lost.
package struct HeatMap: Equatable, Sendable {
  package var heading: Heading
  package var rows: Int
  package var columns: Int
  /// Row by row.
  package var values: [Double]
  package var labelWidth: Int
  /// With labels an entry is a block of cells with its number in it, as far as there is room.
  package var labels: Labels?
  package var glyphs: Glyphs
  package var isFocused: Bool

  /// What stands beside the rows and under the columns.
  package struct Labels: Equatable, Sendable {
    package var rows: [String]
    package var columns: [String]

    package init(rows: [String], columns: [String]) {
      self.rows = rows
      self.columns = columns
    }
  }

  package init(
    _ heading: Heading, rows: Int, columns: Int, values: [Double], labelWidth: Int = 5,
    glyphs: Glyphs = .braille, isFocused: Bool = false
  ) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows)×\(columns)")
    self.heading = heading
    self.rows = rows
    self.columns = columns
    self.values = values
    self.labelWidth = max(0, labelWidth)
    self.glyphs = glyphs
    self.isFocused = isFocused
  }

  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    let hasLegend = size.height >= 7
    let frame = PlotFrame(
      Size(width: size.width, height: size.height - (hasLegend ? 1 : 0)), labelWidth: labelWidth, margin: 0)
    if let labels, let tiles = Tiles(self, frame) {
      if frame.hasTitle { heading.draw(on: &grid, glyphs: glyphs, isFocused: isFocused) }
      let levels = Quintiles(values)
      draw(tiles, labels, levels, frame, on: &grid)
      if hasLegend { drawLegend(levels, row: size.height - 1, column: frame.left, on: &grid) }
      return grid
    }
    let blocks = Blocks(self, rows: frame.rows, columns: frame.columns)
    if frame.hasTitle { heading(of: blocks).draw(on: &grid, glyphs: glyphs, isFocused: isFocused) }
    guard !blocks.values.isEmpty else { return grid }
    let levels = Quintiles(blocks.values)
    // Few entries are drawn larger, to be seen from afar.
    let (wide, tall) = (min(6, frame.columns / blocks.columns), min(3, frame.rows / blocks.rows))
    for (index, value) in blocks.values.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: blocks.columns)
      let (glyph, style) = cell(levels.level(value))
      for k in 0..<wide * tall {
        grid.put(
          glyph, row: frame.top + row * tall + k / wide, column: frame.left + column * wide + k % wide,
          style: style)
      }
    }
    drawAxes(blocks, (wide, tall), frame, on: &grid)
    if hasLegend { drawLegend(levels, row: size.height - 1, column: frame.left, on: &grid) }
    return grid
  }

  /// Five shades, and a cross for what is not finite.
  func cell(_ level: Int?) -> (glyph: Unicode.Scalar, style: Style) {
    level.map { (glyphs.shade($0), .plain) } ?? (glyphs.cross, Style(.alert))
  }

  /// Says how many entries share a cell.
  private func heading(of blocks: Blocks) -> Heading {
    var heading = heading
    let shares = [(blocks.rowsPerCell, "row"), (blocks.columnsPerCell, "column")].filter { $0.0 > 1 }
    guard !shares.isEmpty else { return heading }
    let words = shares.map { "\($0.0) \($0.1)s" }.joined(separator: " and ") + " per cell"
    heading.note = [heading.note, words].filter { !$0.isEmpty }.joined(separator: ", ")
    return heading
  }

  /// Numbers of the first row and column of blocks four rows and twelve columns of the screen apart, from 1.
  private func drawAxes(
    _ blocks: Blocks, _ cells: (wide: Int, tall: Int), _ frame: PlotFrame, on grid: inout Grid
  ) {
    let rowTicks = stride(from: 0, to: blocks.rows, by: (3 + cells.tall) / cells.tall).map { row in
      Tick(value: Double(row), label: "\(row * blocks.rowsPerCell + 1)", place: row * cells.tall)
    }
    frame.drawVerticalAxis(
      rowTicks.filter { $0.label.count <= labelWidth }, on: &grid, glyphs: glyphs)
    let columnTicks = stride(from: 0, to: blocks.columns, by: (11 + cells.wide) / cells.wide).map { column in
      Tick(
        value: Double(column), label: "\(column * blocks.columnsPerCell + 1)", place: column * cells.wide)
    }
    frame.drawHorizontalAxis(columnTicks, length: blocks.columns * cells.wide, on: &grid, glyphs: glyphs)
  }

  private func drawLegend(_ levels: Quintiles, row: Int, column: Int, on grid: inout Grid) {
    guard let lowest = levels.lowest, let highest = levels.highest else { return }
    let shades = (0..<5).map { String(glyphs.shade($0)) }.joined()
    let text = "\(Notation.brief(lowest)) \(shades) \(Notation.brief(highest))   quintiles"
    grid.put(text, row: row, column: column)
  }
}

/// The largest value of each block of entries.
private struct Blocks {
  let rowsPerCell: Int
  let columnsPerCell: Int
  let rows: Int
  let columns: Int
  var values: [Double] = []

  init(_ map: HeatMap, rows: Int, columns: Int) {
    let fits = rows > 0 && columns > 0 && map.rows > 0 && map.columns > 0
    rowsPerCell = fits ? (map.rows + rows - 1) / rows : 1
    columnsPerCell = fits ? (map.columns + columns - 1) / columns : 1
    self.rows = fits ? (map.rows + rowsPerCell - 1) / rowsPerCell : 0
    self.columns = fits ? (map.columns + columnsPerCell - 1) / columnsPerCell : 0
    values = Array(repeating: -.infinity, count: self.rows * self.columns)
    guard fits else { return }
    for row in 0..<map.rows {
      for column in 0..<map.columns {
        let value = map.values[row * map.columns + column]
        let block = row / rowsPerCell * self.columns + column / columnsPerCell
        // NaN wins over any number, since it has to be seen.
        values[block] = value.isNaN || values[block].isNaN ? .nan : max(values[block], value)
      }
    }
  }
}

/// Five levels of equally many values; equal values share the lower level.
struct Quintiles {
  let lowest: Double?
  let highest: Double?
  private let bounds: [Double]

  init(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    lowest = sorted.first
    highest = sorted.last
    bounds = sorted.isEmpty ? [] : (1...4).map { sorted[($0 * sorted.count + 4) / 5 - 1] }
  }

  /// 0 to 4; nil for what is not finite.
  func level(_ value: Double) -> Int? {
    value.isFinite ? bounds.count { value > $0 } : nil
  }
}
