/// The names of the series on their lines, and the marks where a line ends; none covers another.
struct Markers {
  struct Label {
    let text: String
    let row: Int
    let column: Int
    let style: Style
  }

  let columns: Int
  let rows: Int
  private(set) var labels: [Label] = []

  /// Slots the period is divided in: `F` and the variants 1 to 6 each start in their own.
  private static let slots = 7

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// Columns from one marker of a series to its next.
  private var period: Int { min(max(columns / 4, 18), 36) }

  /// Names the line every `period` columns, apart from its head.
  mutating func place(
    _ marker: Unicode.Scalar, _ style: Style, index: Int, along raster: Raster, before head: Int?
  ) {
    let phase = ((2 * index + 1) * period / (2 * Self.slots) + period / 3) % period
    for column in stride(from: phase, to: (head ?? columns) - 3, by: period) {
      for column in column..<min(column + 3, columns) where raster.trace[column] >= 0 {
        let row = Int(raster.trace[column]) / raster.glyphs.dotsDown
        guard isFree(row: row, columns: column..<column + 1) else { continue }
        labels.append(Label(text: String(marker), row: row, column: column, style: style))
        break
      }
    }
  }

  /// Names the line at its end, or beside it where another name stands.
  mutating func placeHead(_ name: String, _ style: Style, at head: (row: Int, column: Int)) {
    let length = name.unicodeScalars.count
    for offset in [0, 1, -1, 2, -2, 3, -3, -4, -5, -6] {
      let column = head.column + offset
      guard column >= 0, column + length <= columns,
        isFree(row: head.row, columns: column..<column + length)
      else { continue }
      labels.append(Label(text: name, row: head.row, column: column, style: style))
      return
    }
  }

  /// A cross, after the line's name, and its reason to the right or to the left of it: in the
  /// nearest row where they are free, without the reason where none is.
  mutating func placeStop(
    _ cross: String, _ text: String, after name: (text: String, style: Style)?,
    at place: (row: Int, column: Int)
  ) {
    let column = min(place.column, columns - 1)
    let own = max(0, column - (name?.text.unicodeScalars.count ?? 0))..<column + 1
    let length = text.unicodeScalars.count
    let starts = [column + 2, own.lowerBound - 1 - length].filter { $0 >= 0 && $0 + length <= columns }
    let near = [0, 1, -1, 2, -2, 3, -3, 4, 5].map { place.row + $0 }.filter((0..<rows).contains)
    let free = near.filter { isFree(row: $0, columns: own) }
    let spots = free.flatMap { row in starts.map { (row: row, start: $0) } }
    let spot = spots.first { isFree(row: $0.row, columns: $0.start..<$0.start + length) }
    let row = spot?.row ?? free.first ?? place.row
    if let name { labels.append(Label(text: name.text, row: row, column: own.lowerBound, style: name.style)) }
    labels.append(Label(text: cross, row: row, column: column, style: Style(.alert, .bold)))
    guard let spot else { return }
    labels.append(Label(text: text, row: row, column: spot.start, style: Style(.alert)))
  }

  private func isFree(row: Int, columns: Range<Int>) -> Bool {
    !labels.contains { label in
      label.row == row && label.column < columns.upperBound
        && label.column + label.text.unicodeScalars.count > columns.lowerBound
    }
  }
}
