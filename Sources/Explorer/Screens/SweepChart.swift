import Charts
import Math
import Theory

/// A sweep as far as it has come: lines over one key, the heat map of a series over two.
/// - Parameter scale: of the lines; see `trendChart`.
func sweepGrid(
  _ result: SweepResult, series: [Int], pictured: Int, _ size: Size, scale: Scale? = nil, glyphs: Glyphs,
  _ convention: Convention
) -> Grid {
  let sweep = result.sweep
  let titles = sweep.titles.map(convention.written)
  guard let y = sweep.y else {
    // Beside it the scale is named.
    let title =
      titles.first { glyphs.spell($0).count + 2 + "log y".count <= size.width } ?? titles[titles.count - 1]
    let trends = series.map { i in
      Trend(
        marker: marker(of: i), style: style(of: i), spreads: sweep.places.map { result.spread(i, at: $0) },
        exploded: Set(sweep.places.indices.filter { result.hasExploded(i, at: sweep.places[$0]) }))
    }
    return trendChart(title, over: sweep.x.values, trends, scale: scale, glyphs: glyphs).render(size)
  }
  var map = HeatMap(
    Heading("\(marker(of: pictured)) \(sweep.seriesNames[pictured]): \(titles[0])"),
    rows: y.values.count, columns: sweep.x.values.count,
    values: sweep.places.map { result.spread(pictured, at: $0)?.median ?? .nan },
    labelWidth: min(12, y.values.map(\.count).max() ?? 0), glyphs: glyphs)
  map.labels = HeatMap.Labels(rows: y.values, columns: sweep.x.values)
  return map.render(size)
}

extension Sweep {
  /// `Loss after 600 steps over r, median of 5 seeds`, then shorter ones.
  var titles: [String] {
    let keys = y.map { "\(x.name) → and \($0.name) ↓" } ?? x.name
    let place = " after \(scenario.steps) steps over \(keys)"
    let median = seeds > 1 ? ", median of \(seeds) seeds" : ""
    return [quantity.title + place + median, quantity.name + place + median, quantity.name + place]
  }
}

extension SweepResult {
  /// Such a key may be a setting that another one switches off.
  var idleWords: [String] { idleKeys.map { "\($0) changes nothing here" } }
}
