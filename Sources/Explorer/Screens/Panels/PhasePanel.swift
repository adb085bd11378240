import Charts
import Math

/// Two quantities against each other, or why this run has no such picture; the names as the gap's panel has them.
func phasePanel(_ model: Model, _ size: Size) -> Grid {
  if let reason = emptiness(of: model.phase, model) {
    let lines = wrapped(model.glyphs.spell(reason), width: size.width - 4).map {
      [(text: $0, style: Style.theory)]
    }
    return TextPanel(title: phaseTitle(model), lines: lines).render(size, model.glyphs)
  }
  var plane = phasePlane(model)
  return phaseLegend(model, size).drawn(with: plane.heading, size) { heading, size in
    plane.heading = heading
    return plane.render(size)
  }
}

/// A path for every series that has both.
func phasePlane(_ model: Model) -> PhasePlane {
  let (x, y) = (model.phase.x, model.phase.y)
  let paths = model.shownSeries.compactMap { i -> PhasePlane.Path? in
    guard let across = curve(x, of: i, model), let up = curve(y, of: i, model) else { return nil }
    let hasEnded = model.history?.divergedAt[i] != nil
    return PhasePlane.Path(x: across, y: up, marker: marker(of: i), style: style(of: i), hasEnded: hasEnded)
  }
  return PhasePlane(
    phaseHeading(model), paths: paths, xScale: scale(x, model), yScale: scale(y, model),
    xRange: model.ranges[.phaseX], yRange: model.ranges[.phaseY], cursor: model.cursor, glyphs: model.glyphs,
    isFocused: model.focus == .phase, keepsLines: model.keepsLines)
}

private func phaseHeading(_ model: Model) -> Heading {
  let logs = [(model.phase.x, "log x"), (model.phase.y, "log y")].filter { scale($0.0, model) == .log }
  return Heading(phaseTitle(model), note: logs.map(\.1).joined(separator: ", "))
}

private func phaseTitle(_ model: Model) -> String {
  "\(model.phase.y) over \(model.phase.x)" + (model.layerName.map { ", \($0)" } ?? "") + model.seedWords
}

func phaseLegend(_ model: Model, _ size: Size) -> Legend {
  let full =
    model.shownSeries.contains(0) && hasPath(0, model) ? [("F full", Style.bold), ("  ", .plain)] : []
  // While the past is not there yet, no path begins at the first step.
  let isTraced = model.phase.measures.isEmpty || !model.lookback.isTracing
  let start = isTraced ? "\(model.glyphs.event) first step" : "the past is being measured"
  let tail = full + [(start, .plain)]
  return legend(model, phaseHeading(model), size, tail: tail)
}

/// Gaps and losses go over decades, measures need not be positive.
private func scale(_ name: String, _ model: Model) -> Scale {
  ["gap", "loss"].contains(name) ? model.scale : .linear
}

/// nil where the series has no such number.
private func curve(_ name: String, of i: Int, _ model: Model) -> Curve? {
  guard let history = model.history else { return nil }
  let layer = history.layers[model.layer]
  switch name {
  case "gap": return i == 0 ? nil : layer.gaps[i]
  case "loss": return history.losses[i]
  case "step": return layer.measures.values.first?[i].steps ?? history.losses[i].steps
  default: return layer.measures[name]?[i]
  }
}

// MARK: What a run cannot have

private func hasPath(_ i: Int, _ model: Model) -> Bool {
  [model.phase.x, model.phase.y].allSatisfy { curve($0, of: i, model)?.finiteMaximum != nil }
}

/// Why there is no picture; nil where there is one.
private func emptiness(of axes: PhaseAxes, _ model: Model) -> String? {
  guard let history = model.history, history.latest != nil else { return "The run is being prepared." }
  let paths = model.shownSeries.filter { hasPath($0, model) }
  if !paths.isEmpty {
    let hidden = [axes.y, axes.x].first { name in
      scale(name, model) == .log && paths.allSatisfy { curve(name, of: $0, model)?.smallestPositive == nil }
    }
    return hidden.map { "No \($0) is above 0, where a log axis begins; y makes it linear." }
  }
  if model.lookback.isTracing { return "\(axes.y) over \(axes.x) is being measured, from the first step on." }
  let missing = [axes.y, axes.x].filter { name in
    !model.shownSeries.contains { curve(name, of: $0, model)?.finiteMaximum != nil }
  }
  guard !missing.isEmpty else { return "No series shown has both \(axes.y) and \(axes.x)." }
  return missing.map { name in
    // At the first step some numbers are not there yet, as angles of a B that is 0.
    let needed = Measure.named(name)?.needs.map { ": it needs \(model.convention.written($0))" } ?? ""
    return "No series shown has a number for \(name)" + (history.step == 0 ? " at step 0." : "\(needed).")
  }.joined(separator: " ")
}

// MARK: In sentences

/// Each path by its ends, or why there is none.
func phaseSentences(_ model: Model) -> [String] {
  if let reason = emptiness(of: model.phase, model) { return [reason] }
  let (x, y) = (model.phase.x, model.phase.y)
  return model.shownSeries.filter { hasPath($0, model) }.compactMap { i in
    guard let across = curve(x, of: i, model), let up = curve(y, of: i, model) else { return nil }
    let samples = PhasePlane.Path(x: across, y: up, marker: marker(of: i), style: .plain).samples.filter {
      $0.x.isFinite && $0.y.isFinite && $0.step <= model.position
    }
    guard let first = samples.first, let last = samples.last else { return nil }
    func words(_ place: (step: Int, x: Double, y: Double)) -> String {
      "\(y) \(brief(place.y)) at \(x) \(brief(place.x)), step \(place.step)"
    }
    return "\(model.name(i)): from \(words(first)), to \(words(last))."
  }
}
