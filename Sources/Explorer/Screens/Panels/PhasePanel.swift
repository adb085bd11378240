import Charts
import Math

/// Two quantities against each other, a path for every series that has both.
func phasePlane(_ model: Model) -> PhasePlane {
  let (x, y) = (model.phase.x, model.phase.y)
  let paths = model.shownSeries.compactMap { i -> PhasePlane.Path? in
    guard let across = curve(x, of: i, model), let up = curve(y, of: i, model) else { return nil }
    return PhasePlane.Path(x: across, y: up, marker: marker(of: i), style: style(of: i))
  }
  let logs = [(x, "log x"), (y, "log y")].filter { scale($0.0, model) == .log }.map(\.1)
  return PhasePlane(
    Heading(
      "\(y) over \(x)" + (model.layerName.map { ", \($0)" } ?? ""), note: logs.joined(separator: ", "),
      legend: "\(model.glyphs.event) first step"),
    paths: paths, xScale: scale(x, model), yScale: scale(y, model), xRange: model.ranges[.phaseX],
    yRange: model.ranges[.phaseY], cursor: model.cursor, glyphs: model.glyphs,
    isFocused: model.focus == .phase, keepsLines: model.keepsLines)
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
