import Charts
import Math

/// Status, gap, loss, singular values, read-out, timeline, keys: drawing 4.1. Below 80×24 the gap alone.
func mainScreen(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  drawStatus(model, on: &grid)
  // Status above, read-out, timeline and keys below.
  let body = size.height - 4
  let showsAll = size.width >= 80 && size.height >= 24
  let gapHeight = showsAll ? body * 11 / 20 : body
  drawGap(model, Size(width: size.width, height: gapHeight), row: 1, on: &grid)
  if showsAll {
    let (row, height, left) = (1 + gapHeight, body - gapHeight, size.width / 2)
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
  var parts = [
    "\(scenario.n)×\(scenario.m)", "r \(scenario.r)", "α \(plain(scenario.alpha))", "seed \(scenario.seed)",
    "\(scenario.optimizer.family.rawValue) η \(plain(scenario.optimizer.learningRate))",
  ]
  if scenario.task != .matrix { parts.insert(scenario.task.rawValue, at: 0) }
  let state = runState(model)
  grid.put(model.glyphs.spell(" " + parts.joined(separator: "  ")), row: 0, column: 0)
  grid.put(
    " \(state.text) ", row: 0, column: grid.size.width - state.text.unicodeScalars.count - 2,
    style: Style(state.isAlert ? .alert : .standard, .bold))
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
  var items: [[(text: String, style: Style)]] = []
  for i in model.shownVariants {
    let name = (text: items.isEmpty ? " gap \(i) " : " \(i) ", style: style(of: i))
    if let step = history.divergedAt[i] {
      items.append([name, (text: "✗ t=\(step)", style: Style(.alert))])
    } else {
      let ratio = history.gapOverFloor(i).map { " \(significant($0, 2))×" } ?? ""
      items.append([name, (text: significant(latest.gaps[i], 3) + ratio, style: .plain)])
    }
  }
  for (count, i) in model.shownSeries.enumerated() {
    let name = (text: count == 0 ? "  loss \(marker(of: i)) " : " \(marker(of: i)) ", style: style(of: i))
    let loss = latest.losses[i]
    items.append([
      name, loss.isFinite ? (text: significant(loss, 3), style: .plain) : (text: "–", style: Style(.alert)),
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
    guard let hint = binding.hint else { continue }
    let piece = "\(binding.label) \(hint)  "
    if text.count + piece.count + end.count > min(grid.size.width - 1, 79) { break }
    text += piece
  }
  grid.put(text + end, row: row, column: 0, style: Style(.standard, .dim))
}

// MARK: The charts

private func drawGap(_ model: Model, _ size: Size, row: Int, on grid: inout Grid) {
  var chart = LineChart(
    Heading("‖W_LoRA − W_full‖_F", note: note(model)), series: gapSeries(model),
    x: .steps(model.scenario.steps), scale: model.scale, negligible: 1e-12, glyphs: model.glyphs,
    isFocused: true)
  // The longest legend that leaves the title and the note whole.
  let taken = [chart.heading.title, chart.fullHeading.note].reduce(0) { $0 + $1.unicodeScalars.count + 2 }
  let legend = legends(model).first { $0.width <= size.width - taken }
  chart.heading.legend = String(repeating: " ", count: legend?.width ?? 0)
  grid.draw(chart.render(size), row: row, column: 0)
  guard let legend else { return }
  var column = size.width - legend.width
  for (text, style) in legend.pieces {
    grid.put(text, row: row, column: column, style: style)
    column += text.unicodeScalars.count
  }
}

private func gapSeries(_ model: Model) -> [LineChart.Series] {
  guard let history = model.history else { return [] }
  let lines = model.shownVariants.map { i in
    LineChart.Series(
      history.gaps[i], marker: Unicode.Scalar(UInt8(48 + i)), style: style(of: i), stop: stop(history, i))
  }
  let floors = history.distinctFloors
  let dashes = floors.filter { !model.hidden.contains($0) }.map { i in
    LineChart.Series(
      history.floors[i], marker: nil, style: floors.count == 1 ? .theory : Style(style(of: i).ink, .dim),
      isDashed: true)
  }
  return lines + dashes
}

private func lossChart(_ model: Model) -> LineChart {
  let history = model.history
  let series = model.shownSeries.compactMap { i in
    history.map {
      LineChart.Series($0.losses[i], marker: marker(of: i), style: style(of: i), stop: stop($0, i))
    }
  }
  // Blanks after the legend keep it apart from the title of the chart beside.
  return LineChart(
    Heading("Loss", note: note(model), legend: "F full  "), series: series, x: .steps(model.scenario.steps),
    scale: model.scale, glyphs: model.glyphs)
}

private func spectrumChart(_ model: Model) -> SpectrumChart {
  let spectra = model.history?.latestSpectra?.spectra ?? []
  let variants = model.shownVariants.compactMap { i in
    spectra.indices.contains(i)
      ? spectra[i].map {
        SpectrumChart.Variant($0.values, marker: Unicode.Scalar(UInt8(48 + i)), style: style(of: i))
      } : nil
  }
  let showsFull = !model.hidden.contains(0)
  return SpectrumChart(
    Heading("σ_i(W−W0)", note: "\(model.glyphs.barKey) full", legend: note(model)),
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
  var width: Int { pieces.reduce(0) { $0 + $1.text.unicodeScalars.count } }
}

/// From the wordiest to the shortest.
private func legends(_ model: Model) -> [Legend] {
  let names = model.scenario.seriesNames
  let floor = "\(model.glyphs.dashKey) floor"
  return [(true, "  "), (true, " "), (false, " ")].map { withNames, gap in
    var legend = Legend()
    for (i, name) in names.enumerated() {
      let isHidden = model.hidden.contains(i + 1)
      let style = isHidden ? Style(.standard, .dim) : Style(style(of: i + 1).ink, .bold)
      legend.pieces.append((withNames ? "\(i + 1) \(name)" : "\(i + 1)", style))
      legend.pieces.append((gap, .plain))
    }
    legend.pieces.append((floor, .theory))
    return legend
  }
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
