import Charts
import Math

/// ‖W_t − W_t^full‖_F of every variant, with the floors; the names at the right of the title, or above it.
func gapPanel(_ model: Model, _ size: Size) -> Grid {
  let legend = legend(model, size)
  guard legend.isBesideTitle else {
    var grid = Grid(size)
    legend.draw(row: 0, column: 1, on: &grid)
    grid.draw(
      gapChart(model).render(Size(width: size.width, height: size.height - 1)), row: 1, column: 0)
    return grid
  }
  var chart = gapChart(model)
  chart.heading.legend = String(repeating: " ", count: legend.width)
  var grid = chart.render(size)
  legend.draw(row: 0, column: size.width - legend.width, on: &grid)
  return grid
}

func gapChart(_ model: Model) -> LineChart {
  LineChart(
    Heading("‖W_LoRA − W_full‖_F" + (model.layerName.map { ", \($0)" } ?? ""), note: model.scaleNote),
    series: gapSeries(model), x: model.xAxis, scale: model.scale, negligible: 1e-12,
    glyphs: model.glyphs, cursor: model.cursor.map(Double.init), isFocused: model.focus == .gap)
}

private func gapSeries(_ model: Model) -> [LineChart.Series] {
  guard let history = model.history else { return [] }
  let layer = history.layers[model.layer]
  let lines = model.shownVariants.map { i in
    LineChart.Series(
      layer.gaps[i], marker: Unicode.Scalar(UInt8(48 + i)), style: style(of: i), stop: stop(history, i))
  }
  let floors = layer.distinctFloors
  let dashes = floors.filter { !model.hidden.contains($0) }.map { i in
    LineChart.Series(
      layer.floors[i], marker: nil, style: floors.count == 1 ? .theory : Style(style(of: i).ink, .dim),
      isDashed: true)
  }
  return lines + dashes
}
