import Charts
import Math

// What stands beside the present run: a past one, or many seeds.

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

extension SeedBand {
  /// A band at one step.
  struct Reading {
    let lowest: Double
    let median: Double
    let highest: Double

    /// `1.02–1.31`; `1.02–` where a seed has diverged.
    var words: String { "\(brief(lowest))–\(highest.isFinite ? brief(highest) : "")" }
  }

  fileprivate func reading(at step: Int) -> Reading? {
    guard let low = lowest.value(nearest: step), let middle = median.value(nearest: step),
      let high = highest.value(nearest: step)
    else { return nil }
    return Reading(lowest: low, median: middle, highest: high)
  }
}

extension Model {
  /// What a title says of the seeds run so far.
  var surveyWords: String {
    guard let survey else { return "" }
    return ", median of \(survey.runs.count)/\(survey.total) seeds"
  }

  /// Said by what shows one run beside the medians of many.
  var seedWords: String { survey == nil ? "" : ", seed \(scenario.seed)" }

  /// Of the gap of series i over the seeds run so far, near the step shown.
  func gapBand(_ i: Int) -> SeedBand.Reading? {
    survey.flatMap { $0.gaps.isEmpty ? nil : $0.gaps[layer][i].reading(at: shownStep) }
  }

  /// The same of the training loss; others are not kept.
  func lossBand(_ i: Int) -> SeedBand.Reading? {
    guard lossSet == .train, let survey, !survey.losses.isEmpty else { return nil }
    return survey.losses[i].reading(at: shownStep)
  }
}
