import Charts

/// Where a panel stands on the screen.
package struct Place: Equatable, Sendable {
  package let panel: Panel
  package let row: Int
  package let column: Int
  package let size: Size

  package func contains(row: Int, column: Int) -> Bool {
    (self.row..<self.row + size.height).contains(row)
      && (self.column..<self.column + size.width).contains(column)
  }
}

/// The panels of a screen. They depend on its size alone, and on what was asked for: nothing moves while numbers
/// change.
package struct Layout: Equatable, Sendable {
  package private(set) var places: [Place] = []
  /// Columns of the rules between panels.
  package private(set) var rules: [Int] = []
  /// Rows between the status above and the three rows below.
  package let body: Range<Int>

  package static let sideWidth = 34

  /// - Parameter below: rows that are kept free under the panels.
  package init(_ size: Size, focus: Panel, isZoomed: Bool, isComparing: Bool, below: Int = 0) {
    body = 1..<max(1, size.height - 3 - below)
    let all = Area(row: 1, column: 0, width: size.width, height: body.count)
    switch Extent(size) {
    case .tooSmall: break
    case _ where isZoomed: place(focus, in: all)
    case .small: place(.gap, in: all)
    case .medium: placeCharts(in: all, isComparing: isComparing)
    case .large:
      let (side, charts) = split(all, at: Self.sideWidth)
      placeSide(in: side)
      placeCharts(in: charts, isComparing: isComparing)
    case .huge:
      let (side, rest) = split(all, at: Self.sideWidth)
      var (middle, right) = split(rest, at: rest.width * 7 / 11)
      // Legends reach to the edge.
      middle.width -= 1
      placeSide(in: side)
      for (panel, area) in zip([Panel.gap, .loss, .angles], middle.rows(parts: [21, 19, 16])) {
        place(panel, in: area)
      }
      for (panel, area) in zip([Panel.spectrum, .entries, .table], right.rows(parts: [18, 24, 14])) {
        place(panel, in: area)
      }
    }
  }

  private mutating func place(_ panel: Panel, in area: Area) {
    places.append(
      Place(
        panel: panel, row: area.row, column: area.column, size: Size(width: area.width, height: area.height)))
  }

  /// Two areas with a blank, a rule and a blank between them.
  private mutating func split(_ area: Area, at width: Int) -> (Area, Area) {
    rules.append(area.column + width)
    var (left, right) = (area, area)
    left.width = width
    right.column += width + 2
    right.width -= width + 2
    return (left, right)
  }

  /// Gap above; loss and singular values below, or the table.
  private mutating func placeCharts(in area: Area, isComparing: Bool) {
    let rows = area.rows(parts: [11, 9])
    place(.gap, in: rows[0])
    guard !isComparing else { return place(.table, in: rows[1]) }
    var (left, right) = (rows[1], rows[1])
    left.width = area.width / 2 - 1
    right.column += area.width / 2
    right.width -= area.width / 2
    place(.loss, in: left)
    place(.spectrum, in: right)
  }

  private mutating func placeSide(in area: Area) {
    var area = area
    // The checks get what large screens have left, up to a dozen.
    for (panel, height) in [
      (Panel.run, 8), (.series, 9), (.checks, min(14, area.height - 25)), (.readOut, 8), (.notes, 8),
      (.events, area.height),
    ] {
      var part = area
      part.height = min(height, area.height)
      if part.height > 3 { place(panel, in: part) }
      area.row += part.height
      area.height -= part.height
    }
  }
}

/// What a screen has room for.
package enum Extent: Sendable {
  /// Nothing but a notice.
  case tooSmall
  /// One panel.
  case small
  /// Three charts.
  case medium
  /// And the side panel.
  case large
  /// And two more columns.
  case huge

  package init(_ size: Size) {
    func fits(_ width: Int, _ height: Int) -> Bool { size.width >= width && size.height >= height }
    self =
      fits(200, 60)
      ? .huge : fits(120, 40) ? .large : fits(80, 24) ? .medium : fits(60, 16) ? .small : .tooSmall
  }

  /// The side panel has the numbers that else stand in a row of their own.
  var hasSide: Bool { self == .large || self == .huge }
}

private struct Area {
  var row: Int
  var column: Int
  var width: Int
  var height: Int

  /// One above the other, heights in these parts of the whole.
  func rows(parts: [Int]) -> [Area] {
    let whole = parts.reduce(0, +)
    var taken = 0
    return parts.indices.map { i in
      let end = i == parts.count - 1 ? height : height * parts[...i].reduce(0, +) / whole
      defer { taken = end }
      return Area(row: row + taken, column: column, width: width, height: end - taken)
    }
  }
}

extension Model {
  package func layout(_ size: Size) -> Layout {
    Layout(
      size, focus: focus, isZoomed: isZoomed, isComparing: isComparing, below: verdictLines(size).count)
  }

  func isOnScreen(_ panel: Panel) -> Bool { layout(size).places.contains { $0.panel == panel } }
}
