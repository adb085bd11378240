import Charts
import Math

// What a chart shows beside the present run.

/// The curves of the past run that the present one is compared with, dim and without names.
func ghostLines(_ model: Model, _ curves: (RunHistory) -> [Curve]) -> [LineChart.Series] {
  guard let ghost = model.past.ghostRun, ghost.course.scenario.layerShapes.count > model.layer else {
    return []
  }
  return curves(ghost.history).filter { $0.count > 0 }.map {
    LineChart.Series($0, marker: nil, style: .theory)
  }
}

/// The median over seeds, in the band from the lowest to the highest.
func bandLine(_ band: SeedBand, _ i: Int) -> LineChart.Series {
  LineChart.Series(
    band.median, marker: marker(of: i), style: style(of: i),
    band: LineChart.Band(low: band.lowest, high: band.highest))
}

extension Model {
  /// What a title says of the seeds run so far.
  var surveyWords: String {
    guard let survey else { return "" }
    return ", median of \(survey.runs.count)/\(survey.total) seeds"
  }
}
