/// How far a run is: `━━━●───  t=640`.
package struct Timeline: Equatable, Sendable {
  /// 0 at the start, 1 at the end; anything else counts as the nearer of them, NaN as the start.
  package var fraction: Double
  package var label: String
  /// Columns kept for the label at the right, so that the line keeps its length while the label grows.
  package var labelWidth: Int
  /// Where something happened, as fractions.
  package var events: [Double]
  /// Where somebody set a mark.
  package var mark: Double?
  package var glyphs: Glyphs

  package init(
    fraction: Double, label: String, labelWidth: Int = 7, events: [Double] = [], mark: Double? = nil,
    glyphs: Glyphs = .braille
  ) {
    self.fraction = fraction
    self.label = label
    self.labelWidth = max(0, labelWidth)
    self.events = events
    self.mark = mark
    self.glyphs = glyphs
  }

  /// One row, the first of `size`; the label goes where the line would be shorter than it.
  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    let label = glyphs.spell(label)
    let length = length(size.width)
    guard length > 0 else { return grid }
    let now = place(fraction, among: length)
    for column in 0..<length {
      let glyph = column < now ? glyphs.elapsed : glyphs.ahead
      grid.put(glyph, row: 0, column: column, style: column < now ? .plain : .theory)
    }
    for event in events where !event.isNaN {
      grid.put(glyphs.event, row: 0, column: place(event, among: length))
    }
    if let mark { grid.put("'", row: 0, column: place(mark, among: length), style: .bold) }
    grid.put(glyphs.now, row: 0, column: now, style: .bold)
    if length < size.width {
      grid.put(label, row: 0, column: length + labelWidth - min(labelWidth, label.unicodeScalars.count))
    }
    return grid
  }

  /// The fraction at a column, of the line's nearer end beside it.
  package func fraction(at column: Int, width: Int) -> Double {
    min(max(Double(column) / Double(max(1, length(width) - 1)), 0), 1)
  }

  /// Columns of the line.
  private func length(_ width: Int) -> Int {
    let taken = max(labelWidth, glyphs.spell(label).unicodeScalars.count + 1)
    return width >= 2 * taken ? width - taken : width
  }

  /// Rounded down: only the end itself is drawn at the end.
  private func place(_ fraction: Double, among columns: Int) -> Int {
    let inside = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    return Int((inside * Double(columns - 1)).rounded(.down))
  }
}
