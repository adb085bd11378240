/// Where the parts of a chart lie: title, plot, axes, labels. It depends on the size alone, so that nothing
/// moves while numbers change.
struct PlotFrame: Equatable {
  /// Columns kept free at the right, for the second half of the last label.
  static let margin = 2

  let size: Size
  /// 0 if there is no room for labels.
  let labelWidth: Int
  let hasTitle: Bool
  let hasVerticalAxis: Bool
  let hasHorizontalAxis: Bool
  let hasColumnLabels: Bool
  let rows: Int
  let columns: Int

  /// Labels go first when the room is small, then the axes, then the title.
  init(_ size: Size, labelWidth: Int, margin: Int = Self.margin) {
    self.size = size
    hasTitle = size.height >= 2
    hasHorizontalAxis = size.height >= 4
    hasColumnLabels = size.height >= 5
    hasVerticalAxis = size.width >= 4
    self.labelWidth = size.width >= labelWidth + 9 ? labelWidth : 0
    let left = self.labelWidth + (hasVerticalAxis ? 1 : 0)
    let hasMargin = size.width >= left + margin + 8
    columns = max(0, size.width - left - (hasMargin ? margin : 0))
    let others = (hasTitle ? 1 : 0) + (hasHorizontalAxis ? 1 : 0) + (hasColumnLabels ? 1 : 0)
    rows = max(0, size.height - others)
  }

  /// The plot's upper left cell.
  var top: Int { hasTitle ? 1 : 0 }
  var left: Int { axisColumn + (hasVerticalAxis ? 1 : 0) }

  var plot: Rectangle { Rectangle(row: top, column: left, size: Size(width: columns, height: rows)) }

  /// The values at a cell of the grid; nil outside of the plot.
  func values(row: Int, column: Int, x: Axis, y: Axis, dotsDown: Int) -> (x: Double, y: Double)? {
    let (row, column) = (row - top, column - left)
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return nil }
    return (x.value(atCell: column, of: columns), y.value(atCell: rows - 1 - row, of: rows, dots: dotsDown))
  }

  var axisColumn: Int { labelWidth }
  var axisRow: Int { top + rows }
  var labelRow: Int { axisRow + 1 }
}

extension PlotFrame {
  /// The vertical axis, with ticks in the rows that have a label.
  func drawVerticalAxis(_ ticks: [Tick], on grid: inout Grid, glyphs: Glyphs) {
    guard hasVerticalAxis else { return }
    for row in 0..<rows { grid.put(glyphs.vertical, row: top + row, column: axisColumn) }
    guard labelWidth > 0 else { return }
    for tick in ticks {
      grid.put(glyphs.rowTick, row: top + tick.place, column: axisColumn)
      grid.put(tick.label, row: top + tick.place, column: labelWidth - tick.label.count)
    }
  }

  /// The horizontal axis under `length` columns, with ticks in the columns that have a label.
  func drawHorizontalAxis(_ ticks: [Tick], length: Int, on grid: inout Grid, glyphs: Glyphs) {
    guard hasHorizontalAxis else { return }
    if hasVerticalAxis { grid.put(glyphs.corner, row: axisRow, column: axisColumn) }
    for column in 0..<length { grid.put(glyphs.horizontal, row: axisRow, column: left + column) }
    guard hasColumnLabels else { return }
    var free = 0
    for tick in ticks {
      let start = min(max(left + tick.start, 0), size.width - tick.label.count)
      guard start >= free else { continue }
      grid.put(glyphs.columnTick, row: axisRow, column: left + tick.place)
      grid.put(tick.label, row: labelRow, column: start)
      free = start + tick.label.count + 1
    }
  }
}
