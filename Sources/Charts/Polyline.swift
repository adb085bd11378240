/// A place in cells: x to the right and y down, 0 at the upper left corner of a cell.
package struct Point: Equatable, Sendable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Cells of a grid.
package struct Rectangle: Equatable, Sendable {
  package var row: Int
  package var column: Int
  package var size: Size

  package init(row: Int, column: Int, size: Size) {
    self.row = row
    self.column = column
    self.size = size
  }

  func moved(row: Int, column: Int) -> Rectangle {
    Rectangle(row: self.row + row, column: self.column + column, size: size)
  }
}

/// A line of a chart without a break, for devices that draw finer than cells; points from the plot's corner.
package struct Polyline: Equatable, Sendable {
  package var points: [Point]
  package var style: Style
  /// Theory is dashed.
  package var isDashed: Bool

  package init(_ points: [Point], style: Style, isDashed: Bool) {
    self.points = points
    self.style = style
    self.isDashed = isDashed
  }
}

/// What a grid holds besides its cells, from the lowest layer to the highest.
package enum Layer: Equatable, Sendable {
  /// The lines of one plot; they end at its edges.
  case lines([Polyline], Rectangle)
  /// Cells drawn over the layers below.
  case cover(Rectangle)

  func moved(row: Int, column: Int) -> Layer {
    switch self {
    case .lines(let lines, let plot): .lines(lines, plot.moved(row: row, column: column))
    case .cover(let cells): .cover(cells.moved(row: row, column: column))
    }
  }
}
