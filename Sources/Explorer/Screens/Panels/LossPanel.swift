import Charts
import Math

func lossPanel(_ model: Model, _ size: Size) -> Grid { lossChart(model).render(size) }

private func lossChart(_ model: Model) -> LineChart {
  let history = model.history
  let series = model.shownSeries.compactMap { i in
    history.map {
      LineChart.Series(
        model.lossSet == .train ? $0.losses[i] : $0.heldOutLosses[i], marker: marker(of: i),
        style: style(of: i), stop: stop($0, i))
    }
  }
  // Blanks after the legend keep it apart from the title of the chart beside.
  return LineChart(
    Heading(model.lossTitle, note: model.scaleNote, legend: "F full  "), series: series,
    x: model.xAxis,
    scale: model.scale, glyphs: model.glyphs, cursor: model.cursor.map(Double.init),
    isFocused: model.focus == .loss)
}
