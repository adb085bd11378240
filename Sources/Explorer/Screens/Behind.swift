import Charts
import Math

// What stands beside the present run: a past one, or many seeds.

/// The curves of the past run that the present one is compared with, dim: marked `'`, and at their ends `2'`;
/// `~` in ASCII.
func ghostLines(_ model: Model, _ curves: (RunHistory) -> [Curve]) -> [LineChart.Series] {
  guard let ghost = model.ghostInLayer else { return [] }
  return curves(ghost.history).enumerated().filter { $1.count > 0 }.map { i, curve in
    let past = model.glyphs.past
    return LineChart.Series(
      curve, marker: past, headText: "\(marker(of: i))\(past)", style: .theory, stop: stop(ghost.history, i))
  }
}

extension Model {
  /// The past run behind the present one, where it has the layer shown.
  fileprivate var ghostInLayer: PastRun? {
    past.ghostRun.flatMap { $0.course.scenario.layerShapes.count > layer ? $0 : nil }
  }

  /// `' run 1`, with its task where that is another: what the marks on its lines mean.
  var ghostName: String? {
    guard let ghost = ghostInLayer, !isDifference else { return nil }
    let task = ghost.course.scenario.task
    return "\(glyphs.past) run \(ghost.number)" + (task == scenario.task ? "" : ", \(task.rawValue)")
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

    var spoken: String { ", from \(brief(lowest)) to \(highest.isFinite ? brief(highest) : "not finite")" }
  }

  func reading(at step: Int) -> Reading? {
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

  /// Of the gaps over the seeds run so far, an entry a series.
  var gapBands: [SeedBand]? { survey.flatMap { $0.gaps.isEmpty ? nil : $0.gaps[layer] } }

  /// The same of the training losses; others are not kept.
  var lossBands: [SeedBand]? {
    lossSet == .test ? nil : survey.flatMap { $0.losses.isEmpty ? nil : $0.losses }
  }

  /// Near the step shown.
  func gapBand(_ i: Int) -> SeedBand.Reading? { gapBands?[i].reading(at: shownStep) }

  func lossBand(_ i: Int) -> SeedBand.Reading? { lossBands?[i].reading(at: shownStep) }

  /// Whose numbers the sentences of a panel tell, where there are many seeds.
  func seedSentence(_ panel: Panel) -> [String] {
    guard let survey else { return [] }
    switch panel {
    case .gap where gapBands != nil, .loss where lossBands != nil:
      return ["Medians of \(survey.runs.count) of \(survey.total) seeds."]
    case .sweep: return []
    case .gap, .loss, .spectrum, .angles, .entries, .phase, .checks, .table, .run, .series, .readOut, .notes,
      .events:
      return ["Seed \(scenario.seed) alone."]
    }
  }
}
