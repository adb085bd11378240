/// A bar for each of a few named values, one a row, from 0 to the right.
package struct BarChart: Equatable, Sendable {
  package struct Bar: Equatable, Sendable {
    package var label: String
    package var value: Double
    /// How the value is written at the end of the row.
    package var text: String
    package var style: Style

    package init(_ label: String, _ value: Double, text: String, style: Style = .plain) {
      self.label = label
      self.value = value
      self.text = text
      self.style = style
    }
  }

  package var heading: Heading
  package var bars: [Bar]
  /// The value of a full bar; without one it is the largest.
  package var full: Double?
  package var glyphs: Glyphs
  package var isFocused: Bool

  package init(
    _ heading: Heading, bars: [Bar], full: Double? = nil, glyphs: Glyphs = .braille, isFocused: Bool = false
  ) {
    self.heading = heading
    self.bars = bars
    self.full = full
    self.glyphs = glyphs
    self.isFocused = isFocused
  }

  /// Rows that have no room are counted in the last.
  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    guard size.height > 1 else { return grid }
    heading.draw(on: &grid, glyphs: glyphs, isFocused: isFocused)
    let room = size.height - 1
    let shown = bars.count <= room ? bars.count : room - 1
    let labels = bars.map { glyphs.spell($0.label) }
    let texts = bars.map { glyphs.spell($0.text) }
    let left = (labels.map(\.unicodeScalars.count).max() ?? 0) + 2
    let right = (texts.map(\.unicodeScalars.count).max() ?? 0) + 1
    for index in 0..<shown {
      let row = index + 1
      grid.put(labels[index], row: row, column: 1, style: bars[index].style)
      draw(bars[index], row: row, from: left, columns: size.width - left - right, on: &grid)
      grid.put(texts[index], row: row, column: size.width - texts[index].unicodeScalars.count)
    }
    if shown < bars.count {
      grid.put(glyphs.spell("… \(bars.count - shown) more"), row: room, column: 1, style: .theory)
    }
    return grid
  }

  private func draw(_ bar: Bar, row: Int, from left: Int, columns: Int, on grid: inout Grid) {
    let full = full ?? bars.map(\.value).filter(\.isFinite).max() ?? 0
    guard columns > 0, full > 0, bar.value > 0, bar.value.isFinite || full.isFinite else { return }
    let share = min(bar.value / full, 1)
    guard share.isFinite else { return }
    // What is not 0 shows.
    let eighths = max(1, Int((share * Double(8 * columns)).rounded()))
    for column in 0..<(eighths + 7) / 8 {
      let glyph = glyphs.lyingBar(eighths: eighths - 8 * column)
      grid.put(glyph, row: row, column: left + column, style: bar.style)
    }
  }
}
