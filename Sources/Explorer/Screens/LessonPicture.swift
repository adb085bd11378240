import Charts
import Math

/// What a lesson draws: curves of all its runs in one chart, over the steps or over the rank.
package func lessonPicture(_ model: Model, _ size: Size) -> Grid {
  guard let play = model.lessons else { return Grid(size) }
  return ScenePicture(play, live: model.history, model.glyphs).render(size)
}

/// A scene's picture from what has been seen of its runs.
struct ScenePicture {
  let scene: Scene
  /// Of the runs begun, in their order.
  let histories: [RunHistory]
  /// Of all runs to their end, once they are known: the axes are theirs from the first step on.
  let foreseen: [RunHistory]
  let glyphs: Glyphs

  var picture: LessonPicture { scene.picture }

  init(_ scene: Scene, _ histories: [RunHistory], foreseen: [RunHistory] = [], _ glyphs: Glyphs) {
    self.scene = scene
    self.histories = histories
    self.foreseen = foreseen.isEmpty ? histories : foreseen
    self.glyphs = glyphs
  }

  init(_ play: LessonPlay, live: RunHistory?, _ glyphs: Glyphs) {
    let finished = play.finished[play.place.scene] ?? []
    let isLive = play.step > 0 && !play.isSeen
    self.init(
      play.scene, finished + (isLive ? [live].compactMap(\.self) : []),
      foreseen: play.trials[play.place]?.histories ?? [], glyphs)
  }

  /// The legend beside the title, in a row of its own where that is too short; the gauge below.
  func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    guard size.height > 0 else { return grid }
    let height = size.height - (picture.hasGauge ? 1 : 0)
    let heading = heading
    let taken = [heading.title, heading.note].reduce(0) { $0 + glyphs.spell($1).unicodeScalars.count + 2 }
    let isBeside = taken + legend.width <= size.width
    let chart = Size(width: size.width, height: height - (isBeside ? 0 : 1))
    var titled = heading
    if isBeside { titled.legend = String(repeating: " ", count: legend.width) }
    grid.draw(self.chart(titled, chart), row: isBeside ? 0 : 1, column: 0)
    legend.draw(row: 0, column: isBeside ? size.width - legend.width : 1, on: &grid)
    if picture.hasGauge { gauge.draw(row: size.height - 1, column: 1, on: &grid) }
    return grid
  }

  private func chart(_ heading: Heading, _ size: Size) -> Grid {
    guard picture.show == .spectrum else { return lineChart(heading).render(size) }
    var chart = spectrumChart(heading, histories)
    chart.range = picture.range ?? spectrumChart(heading, foreseen).extent(size)
    return chart.render(size)
  }

  /// Said once: what the lesson calls it, or the quantity's own title.
  private var heading: Heading {
    let step = picture.show == .spectrum ? histories.last.map { "t=\($0.step)" } : nil
    let notes = [step, picture.scale == .log ? "log y" : nil, picture.isAgainstRank ? "over r" : nil]
    return Heading(picture.heading ?? title, note: notes.compactMap(\.self).joined(separator: ", "))
  }

  var title: String {
    switch picture.show {
    case .gap: "‖W − W_full‖_F"
    case .loss: "Loss"
    case .share: "Share of the loss left"
    case .test: "Test loss"
    case .spectrum: "σ_i(W−W0)"
    case .measures: scene.runs[0].scenario.seriesNames[0]
    case .measure(let id):
      Measure.named(id).map { $0.title.prefix(1).uppercased() + $0.title.dropFirst() } ?? id
    }
  }

  var legend: Legend {
    var legend = Legend()
    for line in lines(histories) where picture.show != .spectrum || line.marker != "F" {
      legend.pieces.append((glyphs.spell("\(line.marker) \(line.name)"), Style(line.style.ink, .bold)))
      legend.pieces.append(("  ", .plain))
    }
    switch (picture.show, picture.hasFloors) {
    case (.spectrum, _): legend.pieces.append(("\(glyphs.barKey) full", .plain))
    case (_, true): legend.pieces.append(("\(glyphs.dashKey) floor", .plain))
    case (_, false): _ = legend.pieces.popLast()
    }
    return legend
  }
}

// MARK: Charts

extension ScenePicture {
  func lineChart(_ heading: Heading) -> LineChart {
    var chart = lineChart(heading, lines(histories))
    chart.range = picture.range ?? lineChart(heading, lines(foreseen)).y.range
    return chart
  }

  private func lineChart(_ heading: Heading, _ lines: [Line]) -> LineChart {
    let curves = lines.map { LineChart.Series($0.curve, marker: $0.marker, style: $0.style, stop: $0.stop) }
    let floors = lines.compactMap { line in
      line.floor.map {
        LineChart.Series($0, marker: nil, style: lines.count == 1 ? .plain : line.style, isDashed: true)
      }
    }
    let last = picture.isAgainstRank ? ranks.count - 1 : scene.runs.map(\.scenario.steps).max() ?? 1
    var chart = LineChart(
      heading, series: curves + floors,
      x: picture.isAgainstRank ? Axis(0, Double(max(1, last))) : .steps(last), scale: picture.scale,
      range: picture.range, glyphs: glyphs)
    // At the start every gap is zero; a class need not hear of it.
    chart.tellsHidden = false
    if picture.isAgainstRank { chart.xLabels = ranks.map { "\($0)" } }
    return chart
  }

  /// Of the last run begun.
  private func spectrumChart(_ heading: Heading, _ histories: [RunHistory]) -> SpectrumChart {
    let spectra = histories.last?.layers[0].latestSpectra?.spectra ?? []
    let variants = spectra.enumerated().dropFirst().compactMap { i, spectrum in
      spectrum.map { SpectrumChart.Variant($0.values, marker: marker(of: i), style: style(of: i)) }
    }
    return SpectrumChart(
      heading, reference: spectra.first.flatMap { $0 }?.values ?? [], variants: variants,
      cut: scene.runs.last?.scenario.r, scale: picture.scale, glyphs: glyphs)
  }
}
