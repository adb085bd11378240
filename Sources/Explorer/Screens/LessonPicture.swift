import Charts
import Math

/// What a lesson draws: curves of all its runs in one chart, over the steps or over the rank.
package func lessonPicture(_ model: Model, _ size: Size) -> Grid {
  guard let play = model.lessons, size.height > 0 else { return Grid(size) }
  if play.scene.picture.show == .spectrum { return spectrumPanel(model, size) }
  let lines = pictureLines(play, model)
  var chart = lessonChart(play, lines, model.glyphs)
  let legend = pictureLegend(lines, play.scene.picture, model.glyphs)
  let taken = [chart.heading.title, chart.heading.note].reduce(0) { $0 + $1.unicodeScalars.count + 2 }
  guard taken + legend.width <= size.width else {
    var grid = Grid(size)
    legend.draw(row: 0, column: 1, on: &grid)
    grid.draw(chart.render(Size(width: size.width, height: size.height - 1)), row: 1, column: 0)
    return grid
  }
  chart.heading.legend = String(repeating: " ", count: legend.width)
  var grid = chart.render(size)
  legend.draw(row: 0, column: size.width - legend.width, on: &grid)
  return grid
}

/// A curve of the picture, and its floor where that is drawn.
private struct PictureLine {
  var name: String
  var marker: Unicode.Scalar
  var style: Style
  var curve: Curve
  var floor: Curve?
  var stop: LineChart.Stop?
}

private func lessonChart(_ play: LessonPlay, _ lines: [PictureLine], _ glyphs: Glyphs) -> LineChart {
  let picture = play.scene.picture
  let scenarios = play.scene.runs.map(\.scenario)
  let ranks = scenarios.map { Double($0.r) }
  let x =
    picture.isAgainstRank
    ? Axis(ranks.min() ?? 1, ranks.max() ?? 1, scale: .log) : Axis.steps(scenarios.map(\.steps).max() ?? 1)
  let curves = lines.map { LineChart.Series($0.curve, marker: $0.marker, style: $0.style, stop: $0.stop) }
  let floors = lines.compactMap { line in
    line.floor.map {
      LineChart.Series($0, marker: nil, style: lines.count == 1 ? .plain : line.style, isDashed: true)
    }
  }
  return LineChart(
    Heading(
      picture.heading ?? picture.title,
      note: [picture.scale == .log ? "log y" : "", picture.isAgainstRank ? "over r" : ""]
        .filter { !$0.isEmpty }.joined(separator: ", ")),
    series: curves + floors, x: x, scale: picture.scale, range: picture.range,
    glyphs: glyphs)
}

private func pictureLegend(_ lines: [PictureLine], _ picture: LessonPicture, _ glyphs: Glyphs) -> Legend {
  var legend = Legend()
  for line in lines {
    let words = glyphs.spell("\(line.marker) \(line.name)")
    legend.pieces.append((words, Style(line.style.ink, .bold)))
    legend.pieces.append(("  ", .plain))
  }
  if picture.hasFloors {
    legend.pieces.append(("\(glyphs.dashKey) floor", .plain))
  } else {
    _ = legend.pieces.popLast()
  }
  return legend
}

// MARK: Curves of several runs

private func pictureLines(_ play: LessonPlay, _ model: Model) -> [PictureLine] {
  let runs = histories(play, model)
  let picture = play.scene.picture
  if case .measures(let ids) = picture.show {
    return zip(1..., ids).map { number, id in
      PictureLine(
        name: id, marker: marker(of: number), style: style(of: number),
        curve: runs.last?.layers[0].measures[id]?[1] ?? Curve(), stop: runs.last.flatMap { stop($0, 1) })
    }
  }
  var lines: [PictureLine] = []
  let count = play.scene.runs[0].scenario.variants.count
  if picture.isAgainstRank {
    for i in (picture.hasFull ? 0 : 1)...max(1, count) where i <= count {
      lines.append(
        PictureLine(
          name: name(i, play, run: 0), marker: marker(of: i), style: style(of: i),
          curve: againstRank(i, runs, play)))
    }
    return lines
  }
  for (k, run) in play.scene.runs.enumerated() {
    let history = k < runs.count ? runs[k] : nil
    for i in (k == 0 && picture.hasFull ? 0 : 1)...max(1, run.scenario.variants.count)
    where i <= run.scenario.variants.count {
      let number = i == 0 ? 0 : min(9, lines.count { $0.marker != "F" } + 1)
      lines.append(
        PictureLine(
          name: name(i, play, run: k), marker: marker(of: number), style: style(of: number),
          curve: history.flatMap { picture.curve(of: i, in: $0) } ?? Curve(),
          floor: picture.hasFloors && i > 0 ? history?.layers[0].floors[i] : nil,
          stop: history.flatMap { stop($0, i) }))
    }
  }
  return lines
}

/// What has been seen of the scene's runs, in their order.
private func histories(_ play: LessonPlay, _ model: Model) -> [RunHistory] {
  let finished = play.finished[play.place.scene] ?? []
  return finished + (play.isSeen || play.step == 0 ? [] : [model.history].compactMap(\.self))
}

private func name(_ i: Int, _ play: LessonPlay, run k: Int) -> String {
  let (runs, picture) = (play.scene.runs, play.scene.picture)
  if i == 0 { return "full" }
  let scenario = runs[k].scenario
  let variant = i <= picture.names.count ? play.filled(picture.names[i - 1]) : scenario.seriesNames[i - 1]
  if runs.count == 1 || picture.isAgainstRank { return variant }
  return scenario.variants.count == 1 ? runs[k].name : "\(variant), \(runs[k].name)"
}

/// A series' value in each run that has come to the picture's step, in the order of ranks.
private func againstRank(_ i: Int, _ runs: [RunHistory], _ play: LessonPlay) -> Curve {
  let picture = play.scene.picture
  var points: [(rank: Int, value: Double)] = []
  for (run, history) in zip(play.scene.runs, runs) {
    guard let value = picture.curve(of: i, in: history)?.value(at: picture.step ?? run.scenario.steps) else {
      continue
    }
    points.append((run.scenario.r, value))
  }
  var curve = Curve()
  for point in points.sorted(by: { $0.rank < $1.rank }) { curve.append(point.value, at: point.rank) }
  return curve
}

extension LessonPicture {
  fileprivate func curve(of i: Int, in history: RunHistory) -> Curve? {
    switch show {
    case .gap: i == 0 ? nil : history.layers[0].gaps[i]
    case .loss: history.losses[i]
    case .test: history.heldOutLosses[i]
    case .measure(let id): history.layers[0].measures[id]?[i]
    case .spectrum, .measures: nil
    }
  }

  fileprivate var title: String {
    switch show {
    case .gap: "‖W − W_full‖_F"
    case .loss: "Loss"
    case .test: "Test loss"
    case .spectrum: "σ_i(W−W0)"
    case .measures(let ids): ids.joined(separator: ", ")
    case .measure(let id):
      Measure.named(id).map { $0.title.prefix(1).uppercased() + $0.title.dropFirst() } ?? id
    }
  }

  /// What is measured for it beside losses and gaps.
  package var wanted: Wanted {
    switch show {
    case .measure(let id): Wanted(measures: [id])
    case .measures(let ids): Wanted(measures: ids)
    case .gap, .loss, .test, .spectrum: Wanted()
    }
  }
}
