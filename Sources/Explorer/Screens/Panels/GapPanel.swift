import Charts
import Math

/// ‖W_t − W_t^full‖_F of every variant, with the floors; the names at the right of the title, or above it.
func gapPanel(_ model: Model, _ size: Size) -> Grid {
  if model.isSplit, !model.shownVariants.isEmpty {
    return multiples(model.shownVariants.map { gapChart(model, alone: $0) }, size, glyphs: model.glyphs)
  }
  var chart = gapChart(model)
  return legend(model, chart.heading, size).drawn(with: chart.heading, size) { heading, size in
    chart.heading = heading
    return chart.render(size)
  }
}

func gapHeading(_ model: Model) -> Heading {
  let isHidden = model.hasHidden(all: model.shownVariants) && !model.scenario.variants.isEmpty
  return Heading(gapTitle(model), note: isHidden ? "all hidden, their digits show them" : model.scaleNote)
}

func gapChart(_ model: Model) -> LineChart {
  var chart = chart(model, gapHeading(model), gapSeries(model))
  chart.focus = model.focusIndex(among: model.shownVariants)
  return chart
}

/// From the lowest to the highest value its axis has to show.
func gapExtent(_ model: Model) -> ClosedRange<Double>? { chart(model, Heading(""), gapSeries(model)).extent }

/// One variant's gap with its own floor.
private func gapChart(_ model: Model, alone i: Int) -> LineChart {
  let lines = [gapLine(model, i), floorLine(model, i, style: .theory)].compactMap(\.self)
  return chart(model, Heading("gap \(i) \(model.name(i))", note: model.scaleNote), lines)
}

private func chart(_ model: Model, _ heading: Heading, _ series: [LineChart.Series]) -> LineChart {
  LineChart(
    heading, series: series, x: model.xAxis, scale: model.scale, range: model.ranges[.gap],
    glyphs: model.glyphs, cursor: model.cursor.map(Double.init), isFocused: model.focus == .gap,
    keepsLines: model.keepsLines)
}

private func gapTitle(_ model: Model) -> String {
  let norm = "‖W_\(variantsName(model)) − W_full‖_F" + (model.isDifference ? " − floor" : "")
  return norm + (model.layerName.map { ", \($0)" } ?? "")
    + (model.isDifference ? model.seedWords : model.surveyWords)
}

/// What all variants are called together.
private func variantsName(_ model: Model) -> String {
  let names = model.scenario.seriesNames
  if !names.isEmpty, names.allSatisfy({ $0.hasPrefix("lora") }) { return "LoRA" }
  return names.count == 1 ? names[0] : "variant"
}

private func gapSeries(_ model: Model) -> [LineChart.Series] {
  guard let layer = model.history?.layers[model.layer] else { return [] }
  let floors = model.isDifference ? [] : layer.distinctFloors
  let dashes = floors.filter { !model.hidden.contains($0) }.compactMap { i in
    floorLine(model, i, style: floors.count == 1 ? .theory : Style(style(of: i).ink, .dim))
  }
  return model.shownVariants.compactMap { gapLine(model, $0) } + dashes
    + (model.isDifference ? [] : ghostLines(model) { $0.layers[model.layer].gaps })
}

/// The gap, or what is left of it above the floor.
private func gapLine(_ model: Model, _ i: Int) -> LineChart.Series? {
  // Floors are known of one seed alone.
  if !model.isDifference, let bands = model.gapBands { return bandLine(bands[i], i) }
  guard let history = model.history else { return nil }
  let layer = history.layers[model.layer]
  let curve =
    model.isDifference
    ? layer.gaps[i].minus(layer.floors[i], rounding: history.outline.rounding(model.layer)) : layer.gaps[i]
  return LineChart.Series(curve, marker: marker(of: i), style: style(of: i), stop: stop(history, i))
}

private func floorLine(_ model: Model, _ i: Int, style: Style) -> LineChart.Series? {
  guard let layer = model.history?.layers[model.layer], !model.isDifference else { return nil }
  return LineChart.Series(layer.floors[i], marker: nil, style: style, isDashed: true)
}
