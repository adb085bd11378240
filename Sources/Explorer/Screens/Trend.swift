import Charts
import Theory

/// Medians over seeds, with the band from the lowest to the highest, over values that stand at equal distances.
struct Trend {
  var marker: Unicode.Scalar
  var style: Style
  /// Of each value; nil where the number is not defined or not there yet.
  var spreads: [Spread?]
  /// Values at which it is on its way to infinity: such numbers are written, and stretch no scale.
  var exploded: Set<Int> = []

  private func values(_ part: (Spread) -> Double) -> [Double] {
    spreads.enumerated().map { i, spread in exploded.contains(i) ? .nan : spread.map(part) ?? .nan }
  }

  fileprivate func curve(_ part: (Spread) -> Double) -> Curve { Curve(values(part)) }

  fileprivate var medians: [Double] { values(\.median).filter(\.isFinite) }

  /// The first value at which half of the seeds have diverged, or will.
  fileprivate var stop: LineChart.Stop? {
    spreads.indices.first { spreads[$0]?.median == .infinity || exploded.contains($0) }.map { i in
      let median = spreads[i].map(\.median).flatMap { $0.isFinite ? $0 : nil }
      return LineChart.Stop(step: i, text: median.map { significant($0, 2) } ?? "diverged")
    }
  }

  fileprivate var line: LineChart.Series {
    let hasBand = spreads.contains { $0.map { $0.lowest < $0.highest } ?? false }
    return LineChart.Series(
      curve(\.median), marker: marker, style: style, stop: stop,
      band: hasBand ? .init(low: curve(\.lowest), high: curve(\.highest)) : nil)
  }
}

/// - Parameter wanted: the scale, as far as it has a place for all numbers; nil for a log one where they span more
///   than a decade.
func trendChart(
  _ title: String, over labels: [String], _ trends: [Trend], scale wanted: Scale? = nil, glyphs: Glyphs
) -> LineChart {
  let medians = trends.flatMap(\.medians)
  let (low, high) = (medians.min() ?? 0, medians.max() ?? 0)
  let positive = medians.filter { $0 > 0 }.min() ?? high
  // Of a loss or a gap that is nothing, a log axis says that it is hidden.
  let isLog = low >= 0 && high > 0 && (wanted.map { $0 == .log } ?? (high > 10 * positive))
  let scale: Scale = isLog ? .log : .linear
  var chart = LineChart(
    Heading(title, note: scale == .log ? "log y" : ""), series: trends.map(\.line),
    x: Axis(0, Double(max(1, labels.count - 1))), scale: scale, glyphs: glyphs)
  chart.xLabels = labels
  return chart
}

/// A chart with words below it that are not cut: as many rows as they take, none broken.
func captioned(_ words: [String], _ size: Size, glyphs: Glyphs, _ chart: (Size) -> Grid) -> Grid {
  var rows: [String] = []
  for item in words.map(glyphs.spell) {
    if let last = rows.last, last.unicodeScalars.count + 3 + item.unicodeScalars.count <= size.width {
      rows[rows.count - 1] = last + "   " + item
    } else {
      rows.append(" " + item)
    }
  }
  // At least five rows are the chart's.
  rows = Array(rows.prefix(max(1, size.height - 5)))
  var grid = Grid(size)
  grid.draw(chart(Size(width: size.width, height: size.height - rows.count)), row: 0, column: 0)
  for (k, row) in rows.enumerated() {
    grid.put(row, row: size.height - rows.count + k, column: 0, style: .theory)
  }
  return grid
}
