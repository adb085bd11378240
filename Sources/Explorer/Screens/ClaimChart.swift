import Charts
import Theory

/// The numbers of a claim along their key, medians with the bands of the seeds; those far larger than the others
/// have a chart of their own.
func claimGrid(_ result: ClaimResult, _ size: Size, glyphs: Glyphs, _ convention: Convention) -> Grid {
  guard let (key, curves) = result.curves else { return Grid(size) }
  var labels: [String] = []
  for value in curves.flatMap({ $0.rows.map(\.value) }) where !labels.contains(value) { labels.append(value) }
  labels.sort { (Double($0) ?? 0) < (Double($1) ?? 0) }
  let groups = comparable(curves)
  let names = curves.enumerated().map { "\(marker(of: $0 % 6 + 1)) \(convention.written($1.name))" }
  return captioned(names, size, glyphs: glyphs) { size in
    var grid = Grid(size)
    for (k, group) in groups.enumerated() {
      let trends = group.map { i in
        Trend(
          marker: marker(of: i % 6 + 1), style: style(of: i % 6 + 1),
          spreads: labels.map { label in curves[i].rows.first { $0.value == label }?.spread })
      }
      let title = k == 0 ? "Claim \(result.id) over \(key), \(result.seeds) seeds" : names[group[0]]
      let (top, end) = (k * size.height / groups.count, (k + 1) * size.height / groups.count)
      let chart = trendChart(title, over: labels, trends, glyphs: glyphs)
      grid.draw(chart.render(Size(width: size.width, height: end - top)), row: top, column: 0)
    }
    return grid
  }
}

/// Curves, by number, that can be seen on one axis: all where all are positive, for then it may be a log axis; else
/// those whose largest values are within a factor of 30 of each other.
private func comparable(_ curves: [ClaimResult.Curve]) -> [[Int]] {
  let numbers = curves.map { curve in
    curve.rows.compactMap { $0.spread?.median }.filter(\.isFinite)
  }
  guard numbers.joined().contains(where: { $0 <= 0 }) else { return [Array(curves.indices)] }
  let sizes = numbers.map { $0.map(abs).max() ?? 0 }
  var groups: [[Int]] = []
  for i in curves.indices.sorted(by: { sizes[$0] < sizes[$1] }) {
    if let first = groups.last?.first, sizes[i] <= 30 * sizes[first] {
      groups[groups.count - 1].append(i)
    } else {
      groups.append([i])
    }
  }
  return groups.map { $0.sorted() }
}
