import Charts
import Theory

/// Medians over seeds, with the band from the lowest to the highest, over values that stand at equal distances.
struct Trend {
  var marker: Unicode.Scalar
  var style: Style
  /// Of each value; nil where the number is not defined or not there yet.
  var spreads: [Spread?]

  fileprivate func curve(_ part: (Spread) -> Double) -> Curve { Curve(spreads.map { $0.map(part) ?? .nan }) }

  /// The first value at which half of the seeds have diverged.
  fileprivate var stop: LineChart.Stop? {
    spreads.firstIndex { $0?.median == .infinity }.map { LineChart.Stop(step: $0, text: "diverged") }
  }

  fileprivate var line: LineChart.Series {
    let hasBand = spreads.contains { $0.map { $0.lowest < $0.highest } ?? false }
    return LineChart.Series(
      curve(\.median), marker: marker, style: style, stop: stop,
      band: hasBand ? .init(low: curve(\.lowest), high: curve(\.highest)) : nil)
  }
}

/// On a log scale where the numbers span more than a decade.
func trendChart(_ title: String, over labels: [String], _ trends: [Trend], glyphs: Glyphs) -> LineChart {
  let medians = trends.flatMap(\.spreads).compactMap { $0?.median }.filter(\.isFinite)
  let (low, high) = (medians.min() ?? 0, medians.max() ?? 0)
  let scale: Scale = low > 0 && high > 10 * low ? .log : .linear
  var chart = LineChart(
    Heading(title, note: scale == .log ? "log y" : ""), series: trends.map(\.line),
    x: Axis(0, Double(max(1, labels.count - 1))), scale: scale, glyphs: glyphs)
  chart.xLabels = labels
  return chart
}
