import Charts
import Theory

/// The numbers of a claim along their key, medians with the bands of the seeds.
func claimGrid(_ result: ClaimResult, _ size: Size, glyphs: Glyphs) -> Grid {
  var grid = Grid(size)
  guard let (key, curves) = result.curves else { return grid }
  var labels: [String] = []
  for value in curves.flatMap({ $0.rows.map(\.value) }) where !labels.contains(value) { labels.append(value) }
  labels.sort { (Double($0) ?? 0) < (Double($1) ?? 0) }
  let trends = curves.enumerated().map { i, curve in
    Trend(
      marker: marker(of: i % 6 + 1), style: style(of: i % 6 + 1),
      spreads: labels.map { label in curve.rows.first { $0.value == label }?.spread })
  }
  let chart = trendChart(
    "Claim \(result.id) over \(key), \(result.seeds) seeds", over: labels, trends, glyphs: glyphs)
  grid.draw(chart.render(Size(width: size.width, height: size.height - 1)), row: 0, column: 0)
  let names = curves.enumerated().map { "\(marker(of: $0 % 6 + 1)) \($1.name)" }
  grid.put(glyphs.spell(" " + names.joined(separator: "   ")), row: size.height - 1, column: 0)
  return grid
}
