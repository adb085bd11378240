import Charts
import Math

/// The loss of every series, on the training or the held-out examples.
func lossPanel(_ model: Model, _ size: Size) -> Grid {
  if model.isSplit, !model.shownVariants.isEmpty {
    return multiples(model.shownVariants.map { lossChart(model, alone: $0) }, size, glyphs: model.glyphs)
  }
  // Blanks after the legend keep it apart from the title of the chart beside.
  let heading = Heading(model.lossTitle, note: model.scaleNote, legend: "F full  ")
  return lossChart(model, heading, model.shownSeries).render(size)
}

/// One variant's loss beside that of full fine-tuning.
private func lossChart(_ model: Model, alone i: Int) -> LineChart {
  lossChart(
    model, Heading("\(i) \(model.name(i))", note: model.scaleNote), model.hidden.contains(0) ? [i] : [i, 0])
}

private func lossChart(_ model: Model, _ heading: Heading, _ series: [Int]) -> LineChart {
  let lines = series.compactMap { i in
    model.history.map { history in
      LineChart.Series(
        model.lossSet == .train ? history.losses[i] : history.heldOutLosses[i], marker: marker(of: i),
        style: style(of: i), stop: stop(history, i))
    }
  }
  return LineChart(
    heading, series: lines, x: model.xAxis, scale: model.scale, glyphs: model.glyphs,
    cursor: model.cursor.map(Double.init), isFocused: model.focus == .loss)
}
