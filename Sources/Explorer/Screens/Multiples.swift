import Charts

/// Several line charts of one range, or they could not be compared, side by side and below one another; those that have no room are named.
func multiples(_ charts: [LineChart], _ size: Size, glyphs: Glyphs) -> Grid {
  var grid = Grid(size)
  guard !charts.isEmpty else { return grid }
  let columns = columnCount(charts.count, size)
  let rows = (charts.count + columns - 1) / columns
  let height = size.height / rows
  for (k, one) in charts.enumerated() {
    var chart = one
    let (row, column) = k.quotientAndRemainder(dividingBy: columns)
    let left = column * size.width / columns
    let width = (column + 1) * size.width / columns - left - 1
    // The scale is said before the name, which the digit stands for.
    if chart.heading.title.count + 2 + chart.heading.note.count > width {
      chart.heading.title = chart.heading.title.split(separator: " ").prefix(2).joined(separator: " ")
    }
    grid.draw(chart.render(Size(width: width, height: height)), row: row * height, column: left)
  }
  return grid
}

/// Charts beside one another: none narrower than 18 cells, else as tall as can be.
private func columnCount(_ count: Int, _ size: Size) -> Int {
  let most = max(1, min(count, size.width / 18))
  let rows = (count + most - 1) / most
  return (count + rows - 1) / rows
}
