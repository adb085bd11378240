import Charts
import Math

/// The loss of every series, on the training or the held-out examples.
func lossPanel(_ model: Model, _ size: Size) -> Grid {
  if model.isSplit, !model.shownVariants.isEmpty {
    return multiples(model.shownVariants.map { lossChart(model, alone: $0) }, size, glyphs: model.glyphs)
  }
  return lossChart(model).render(size)
}

func lossChart(_ model: Model) -> LineChart {
  let series = model.isDifference ? model.shownVariants : model.shownSeries
  let full = series.contains(0) || model.history == nil ? "F full" : nil
  // Blanks after the legend keep it apart from the title of the chart beside.
  let heading = Heading(
    model.lossTitle + (model.isDifference ? " − full's" : "")
      + (model.drawnLossBands == nil ? model.seedWords : ""),
    note: model.hasHidden(all: series) ? "all hidden" : model.lossNote,
    legend: model.isDifference
      ? "" : ([full, model.ghostName].compactMap(\.self) + [""]).joined(separator: "  "))
  var chart = lossChart(model, heading, series)
  chart.focus = model.focusIndex(among: series)
  return chart
}

/// One variant's loss beside that of full fine-tuning.
private func lossChart(_ model: Model, alone i: Int) -> LineChart {
  lossChart(
    model, Heading("\(model.lossWord) \(i) \(model.name(i))", note: model.lossNote),
    model.hidden.contains(0) || model.isDifference ? [i] : [i, 0])
}

private func lossChart(_ model: Model, _ heading: Heading, _ series: [Int]) -> LineChart {
  let isPlain = !model.isDifference
  let ghosts = ghostLines(model) { model.lossSet == .train ? $0.losses : $0.heldOutLosses }
  let lines = series.compactMap { i -> LineChart.Series? in
    if let bands = model.drawnLossBands { return bandLine(bands[i], i) }
    return model.history.map { history in
      LineChart.Series(
        curve(model, history, i), marker: marker(of: i), style: style(of: i), stop: stop(history, i))
    }
  }
  return LineChart(
    heading, series: lines + (isPlain ? ghosts : []), x: model.xAxis, scale: model.lossScale,
    range: model.ranges[.loss], glyphs: model.glyphs, cursor: model.cursor.map(Double.init),
    isFocused: model.focus == .loss, keepsLines: model.keepsLines)
}

extension Model {
  /// A log axis would hide the variants that are ahead of full fine-tuning.
  var lossScale: Scale { isDifference ? .linear : scale }

  fileprivate var drawnLossBands: [SeedBand]? { isDifference ? nil : lossBands }

  fileprivate var lossNote: String { isDifference ? xNote : scaleNote }
}

/// The loss, or how much it is above that of full fine-tuning.
private func curve(_ model: Model, _ history: RunHistory, _ i: Int) -> Curve {
  let losses = model.lossSet == .train ? history.losses : history.heldOutLosses
  return model.isDifference ? losses[i].minus(losses[0]) : losses[i]
}
