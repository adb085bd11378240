import Charts
import Math

/// Status, gap, loss, singular values, read-out, timeline, keys: drawing 4.1. Below 80×24 the gap alone.
/// Names that do not fit beside the gap's title get a row of their own.
func mainScreen(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  drawStatus(model, on: &grid)
  // Status above, read-out, timeline and keys below.
  let names = legend(model, size)
  let top = names.isBesideTitle ? 1 : 2
  let body = size.height - 3 - top
  let showsAll = size.width >= 80 && size.height >= 24
  let gapHeight = showsAll ? body * 11 / 20 : body
  drawGap(model, Size(width: size.width, height: gapHeight), names, row: top, on: &grid)
  if showsAll {
    let (row, height, left) = (top + gapHeight, body - gapHeight, size.width / 2)
    grid.draw(lossChart(model).render(Size(width: left - 1, height: height)), row: row, column: 0)
    grid.draw(
      spectrumChart(model).render(Size(width: size.width - left, height: height)), row: row, column: left)
  }
  drawReadOut(model, row: size.height - 3, on: &grid)
  drawTimeline(model, row: size.height - 2, on: &grid)
  drawKeys(row: size.height - 1, on: &grid, model)
  return grid
}

// MARK: The rows of text

private func drawStatus(_ model: Model, on grid: inout Grid) {
  let scenario = model.scenario
  let shape = scenario.layerShapes[model.layer]
  var parts = [
    "\(shape.rows)×\(shape.columns)", "r \(scenario.r)", "α \(plain(scenario.alpha))",
    "seed \(scenario.seed)",
    "\(scenario.optimizer.family.rawValue) η \(plain(scenario.optimizer.learningRate))",
  ]
  if let layer = layerName(model) { parts.insert("\(layer) of \(scenario.layerShapes.count)", at: 0) }
  if scenario.task != .matrix { parts.insert(scenario.task.rawValue, at: 0) }
  let state = runState(model)
  let start = grid.size.width - state.text.unicodeScalars.count - 2
  var column = 1
  for part in parts.map(model.glyphs.spell) {
    guard column + part.unicodeScalars.count <= start else { break }
    grid.put(part, row: 0, column: column)
    column += part.unicodeScalars.count + 2
  }
  grid.put(" \(state.text) ", row: 0, column: start, style: Style(state.isAlert ? .alert : .standard, .bold))
}

/// Nil where there is one alone.
private func layerName(_ model: Model) -> String? {
  model.scenario.layerShapes.count > 1 ? "layer \(model.layer + 1)" : nil
}

/// `▶ 640/2000`, or why it does not move.
private func runState(_ model: Model) -> (text: String, isAlert: Bool) {
  func sign(_ unicode: String, _ ascii: String) -> String { model.glyphs == .ascii ? ascii : unicode }
  guard model.failure == nil else { return (sign("✗ failed", "x failed"), true) }
  guard let history = model.history else { return ("preparing", false) }
  let steps = "\(history.step)/\(model.scenario.steps)"
  if model.isFinished {
    let hasAllStopped = history.divergedAt.allSatisfy { $0 != nil }
    return hasAllStopped
      ? (sign("✗ stopped ", "x stopped ") + steps, true) : (sign("● ", "END ") + steps, false)
  }
  return ((model.isPaused ? sign("‖ ", "PAUSE ") : sign("▶ ", "RUN ")) + steps, false)
}

private func drawReadOut(_ model: Model, row: Int, on grid: inout Grid) {
  if let message = model.failure ?? model.notice {
    let style: Style = model.failure == nil ? .bold : Style(.alert, .bold)
    grid.put(model.glyphs.spell(" \(message)"), row: row, column: 0, style: style)
    return
  }
  guard let history = model.history, let latest = history.latest else { return }
  if let explanation = explanationOfEquals(model) {
    grid.put(model.glyphs.spell(" \(explanation)"), row: row, column: 0)
    return
  }
  let layer = history.layers[model.layer]
  // A gap with its floor and a loss take 23 columns at most; of many series the floors' share goes first.
  let hasRatios = model.shownVariants.count <= 3 || grid.size.width >= 11 + 23 * model.shownVariants.count
  var items: [[(text: String, style: Style)]] = []
  for i in model.shownVariants {
    let name = (text: items.isEmpty ? " gap \(i) " : " \(i) ", style: style(of: i))
    if let step = history.divergedAt[i] {
      items.append([name, (text: "✗ t=\(step)", style: Style(.alert))])
    } else {
      let ratio = hasRatios ? layer.gapOverFloor(i).map { " \(significant($0, 2))×" } ?? "" : ""
      items.append([name, (text: brief(latest.layers[model.layer].gaps[i]) + ratio, style: .plain)])
    }
  }
  let losses = model.lossSet == .train ? latest.losses : latest.heldOutLosses ?? []
  for (count, i) in model.shownSeries.enumerated() where losses.indices.contains(i) {
    let name = (
      text: count == 0 ? "  \(lossWord(model)) \(marker(of: i)) " : " \(marker(of: i)) ", style: style(of: i)
    )
    let loss = losses[i]
    items.append([
      name, loss.isFinite ? (text: brief(loss), style: .plain) : (text: "–", style: Style(.alert)),
    ])
  }
  // Half a number would be another number: what does not fit is left out whole.
  var column = 0
  for item in items {
    let words = item.map { (text: model.glyphs.spell($0.text), style: $0.style) }
    guard column + words.reduce(0, { $0 + $1.text.count }) <= grid.size.width else { break }
    for (text, style) in words {
      grid.put(text, row: row, column: column, style: style)
      column += text.count
    }
  }
}

/// Three digits, without the zero before the point.
private func brief(_ x: Double) -> String {
  let text = significant(x, 3)
  return text.hasPrefix("0.") ? String(text.dropFirst()) : text
}

/// For the first two seconds of a run, the first fifth: what ≈ in the legend means.
private func explanationOfEquals(_ model: Model) -> String? {
  guard let history = model.history, 5 * history.step < model.scenario.steps else { return nil }
  let series = history.outline.chosenAmongEquals.filter { !model.hidden.contains($0) }
  guard !series.isEmpty else { return nil }
  let names = series.map(String.init).joined(separator: " ")
  return "≈ \(names): start not unique, singular values coincide"
}

/// `loss`, or which of the two it is.
private func lossWord(_ model: Model) -> String {
  model.scenario.hasTestLoss ? model.lossSet.rawValue : "loss"
}

private func drawTimeline(_ model: Model, row: Int, on grid: inout Grid) {
  let step = model.history?.step ?? 0
  let timeline = Timeline(
    fraction: Double(step) / Double(max(1, model.scenario.steps)), label: "t=\(step)",
    labelWidth: "\(model.scenario.steps)".count + 4,
    events: model.history?.divergedAt.compactMap {
      $0.map { Double($0) / Double(max(1, model.scenario.steps)) }
    } ?? [],
    glyphs: model.glyphs)
  grid.draw(timeline.render(Size(width: grid.size.width - 2, height: 1)), row: row, column: 1)
}

/// The keys that have a hint, dropped from the right when narrow; `? help  q` always stands.
private func drawKeys(row: Int, on grid: inout Grid, _ model: Model) {
  let end = "? help  q"
  var text = " "
  for binding in KeyBinding.all where binding.label != "?" && binding.label != "q" {
    guard let hint = binding.hint, binding.isHinted(model.scenario) else { continue }
    let piece = "\(binding.label) \(hint)  "
    if text.count + piece.count + end.count > min(grid.size.width - 1, 79) { break }
    text += piece
  }
  grid.put(text + end, row: row, column: 0, style: Style(.standard, .dim))
}

// MARK: The charts

private func drawGap(_ model: Model, _ size: Size, _ legend: Legend, row: Int, on grid: inout Grid) {
  var chart = gapChart(model)
  if legend.isBesideTitle { chart.heading.legend = String(repeating: " ", count: legend.width) }
  grid.draw(chart.render(size), row: row, column: 0)
  var column = legend.isBesideTitle ? size.width - legend.width : 1
  for (text, style) in legend.pieces {
    grid.put(text, row: 1, column: column, style: style)
    column += text.unicodeScalars.count
  }
}

private func gapChart(_ model: Model) -> LineChart {
  LineChart(
    Heading("‖W_LoRA − W_full‖_F" + (layerName(model).map { ", \($0)" } ?? ""), note: note(model)),
    series: gapSeries(model), x: .steps(model.scenario.steps), scale: model.scale, negligible: 1e-12,
    glyphs: model.glyphs, isFocused: true)
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
    Heading(lossTitle(model), note: note(model), legend: "F full  "), series: series,
    x: .steps(model.scenario.steps),
    scale: model.scale, glyphs: model.glyphs)
}

private func lossTitle(_ model: Model) -> String {
  guard model.scenario.hasTestLoss else { return "Loss" }
  return model.lossSet == .train ? "Training loss" : "Test loss"
}

private func spectrumChart(_ model: Model) -> SpectrumChart {
  let spectra = model.history?.layers[model.layer].latestSpectra?.spectra ?? []
  let variants = model.shownVariants.compactMap { i in
    spectra.indices.contains(i)
      ? spectra[i].map {
        SpectrumChart.Variant($0.values, marker: Unicode.Scalar(UInt8(48 + i)), style: style(of: i))
      } : nil
  }
  let showsFull = !model.hidden.contains(0)
  return SpectrumChart(
    Heading(
      "σ_i(W−W0)" + (layerName(model).map { ", \($0)" } ?? ""), note: "\(model.glyphs.barKey) full",
      legend: note(model)),
    reference: showsFull ? (spectra.first ?? nil)?.values ?? [] : [], referenceStyle: .plain,
    variants: variants, cut: model.scenario.r, scale: model.scale, glyphs: model.glyphs)
}

private func note(_ model: Model) -> String { model.scale == .log ? "log y" : "" }

private func stop(_ history: RunHistory, _ i: Int) -> LineChart.Stop? {
  history.divergedAt[i].map { LineChart.Stop(step: $0, text: "t=\($0): not finite") }
}

// MARK: Legend

private struct Legend {
  var pieces: [(text: String, style: Style)] = []
  /// At the right of the gap's heading, else in a row of its own.
  var isBesideTitle = true
  var width: Int { pieces.reduce(0) { $0 + $1.text.unicodeScalars.count } }
}

/// The variants' names, and the floor's dash. Only what a whole row does not hold is shortened: to the
/// settings alone where a variant runs twice, then to the ends of a name.
private func legend(_ model: Model, _ size: Size) -> Legend {
  let heading = gapChart(model).fullHeading
  let taken = [heading.title, heading.note].reduce(0) { $0 + $1.unicodeScalars.count + 2 }
  let names = model.scenario.seriesNames
  for gap in ["  ", " "] {
    let legend = makeLegend(model, names, gap)
    if legend.width <= size.width - taken { return legend }
  }
  let settings = names.map { name in
    name.firstIndex(of: "(").map { String(name[$0...].dropFirst().dropLast()) } ?? name
  }
  let longest = settings.map(\.count).max() ?? 0
  let cut = stride(from: longest, through: 0, by: -1).lazy.map { length in
    settings.map { shortened($0, to: length, model.glyphs) }
  }
  for (names, gap) in [(names, "  "), (names, " ")] + cut.map({ ($0, " ") }) {
    var legend = makeLegend(model, names, gap)
    legend.isBesideTitle = false
    if legend.width <= size.width - 2 { return legend }
  }
  return makeLegend(model, names.map { _ in "" }, " ")
}

private func makeLegend(_ model: Model, _ names: [String], _ gap: String) -> Legend {
  var legend = Legend()
  for (i, name) in zip(1..., names) {
    let isMarked = model.history?.outline.chosenAmongEquals.contains(i) ?? false
    let words = ["\(i)", name, isMarked ? model.glyphs.spell("≈") : ""].filter { !$0.isEmpty }
    let style = model.hidden.contains(i) ? Style(.standard, .dim) : Style(style(of: i).ink, .bold)
    legend.pieces.append((words.joined(separator: " "), style))
    legend.pieces.append((gap, .plain))
  }
  legend.pieces.append(("\(model.glyphs.dashKey) floor", .theory))
  return legend
}

/// Cut in the middle, since what tells settings apart stands at the end: `sca…unit`.
private func shortened(_ name: String, to length: Int, _ glyphs: Glyphs) -> String {
  guard name.count > length else { return name }
  let dots = glyphs.spell("…")
  let kept = max(0, length - dots.count)
  return String(name.prefix(kept / 2)) + dots + name.suffix(kept - kept / 2)
}

// MARK: Series

extension Model {
  /// The variants that are drawn, by number.
  var shownVariants: [Int] {
    guard let history else { return [] }
    return history.names.indices.filter { $0 > 0 && !hidden.contains($0) }
  }

  /// The same, with full fine-tuning.
  var shownSeries: [Int] { hidden.contains(0) || history == nil ? shownVariants : [0] + shownVariants }
}

private func marker(of series: Int) -> Unicode.Scalar {
  series == 0 ? "F" : Unicode.Scalar(UInt8(48 + series))
}

private func style(of series: Int) -> Style {
  series == 0 ? .bold : Style(.series(series))
}
