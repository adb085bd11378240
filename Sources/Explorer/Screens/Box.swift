import Charts

/// A frame over the screen, centred, with words in its upper and lower edge; what lies under it is cleared.
struct Box {
  let title: String
  let footer: String
  let row: Int
  let column: Int
  let size: Size

  /// - Parameters:
  ///   - columns: what it may lie over; all of them when nil.
  ///   - bottom: the row of its lower edge; nil centres it.
  init(
    _ title: String, footer: String, width: Int, height: Int, in screen: Size, columns: Range<Int>? = nil,
    bottom: Int? = nil
  ) {
    self.title = title
    self.footer = footer
    size = Size(width: min(width, screen.width), height: min(height, screen.height))
    row = max(0, bottom.map { [size] in $0 - size.height + 1 } ?? (screen.height - size.height + 1) / 2)
    let columns = columns ?? 0..<screen.width
    column = columns.lowerBound + (columns.count - size.width) / 2
  }

  /// As many of its parts as have room.
  private func fitting(_ footer: String, _ glyphs: Glyphs) -> String {
    var parts = footer.split(separator: " · ").map(String.init)
    while parts.count > 1, glyphs.spell(parts.joined(separator: " · ")).unicodeScalars.count > size.width - 6
    {
      parts.removeLast()
    }
    let words = parts.joined(separator: " · ").unicodeScalars.prefix(max(0, size.width - 6))
    return String(String.UnicodeScalarView(words))
  }

  /// On its title.
  var cursor: Cursor { Cursor(row: row, column: min(column + 3, column + size.width - 1), isShown: false) }

  func draw(on grid: inout Grid, glyphs: Glyphs) {
    grid.draw(Grid(size), row: row, column: column)
    let (horizontal, vertical) = (glyphs.horizontal, glyphs.vertical)
    for c in 0..<size.width {
      grid.put(horizontal, row: row, column: column + c)
      grid.put(horizontal, row: row + size.height - 1, column: column + c)
    }
    for r in 1..<max(1, size.height - 1) {
      grid.put(vertical, row: row + r, column: column)
      grid.put(vertical, row: row + r, column: column + size.width - 1)
    }
    let corners: [(Unicode.Scalar, Int, Int)] = [
      ("┌", 0, 0), ("┐", 0, size.width - 1), ("└", size.height - 1, 0),
      ("┘", size.height - 1, size.width - 1),
    ]
    for (corner, r, c) in corners {
      grid.put(glyphs == .ascii ? "+" : corner, row: row + r, column: column + c)
    }
    grid.put(glyphs.spell(" \(title) "), row: row, column: column + 2, style: .bold)
    grid.put(glyphs.spell(" \(fitting(footer, glyphs)) "), row: row + size.height - 1, column: column + 2)
  }
}
