import Charts
import Math

extension Model {
  /// The variants that are drawn, by number.
  var shownVariants: [Int] {
    guard let history else { return [] }
    return history.names.indices.filter { $0 > 0 && !hidden.contains($0) }
  }

  /// Nothing of a chart is left to draw, by the user's choice.
  func hasHidden(all series: [Int]) -> Bool { history != nil && series.isEmpty }

  /// The variant in focus, once somebody has chosen one in the table.
  var focusedVariant: Int? { focus == .table ? tableFocus : table.variant }

  /// Where a series stands among those of a chart.
  func focusIndex(among series: [Int]) -> Int? { focusedVariant.flatMap { series.firstIndex(of: $0) } }

  /// The same, with full fine-tuning.
  var shownSeries: [Int] { hidden.contains(0) || history == nil ? shownVariants : [0] + shownVariants }
}

func marker(of series: Int) -> Unicode.Scalar {
  series == 0 ? "F" : Unicode.Scalar(UInt8(48 + series))
}

func style(of series: Int) -> Style {
  series == 0 ? .bold : Style(.series(series))
}

/// Where a series came to its end.
func stop(_ history: RunHistory, _ i: Int) -> LineChart.Stop? {
  history.divergedAt[i].map { LineChart.Stop(step: $0, text: "t=\($0): not finite") }
}

// MARK: Words and axes that several panels share

extension Model {
  /// Nil where there is one alone.
  var layerName: String? { scenario.layerShapes.count > 1 ? "layer \(layer + 1)" : nil }

  var scaleNote: String {
    [scale == .log ? "log y" : "", xNote].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// How a chart over steps shows them.
  var xNote: String {
    let notes = [xScale == .log ? "log x" : "", ranges.isManual ? "zoomed" : ""]
    return notes.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The steps that charts show.
  var xAxis: Axis { ranges.steps ?? allSteps }

  var allSteps: Axis { .steps(scenario.steps, scale: xScale) }

  /// `loss`, or which of the two it is.
  var lossWord: String { scenario.hasTestLoss ? lossSet.rawValue : "loss" }

  var lossTitle: String {
    guard scenario.hasTestLoss else { return "Loss" }
    return lossSet == .train ? "Training loss" : "Test loss"
  }
}

// MARK: Numbers of the step shown

extension Model {
  /// Of series i in the layer shown.
  func gap(_ i: Int) -> Double? { shown?.layers[layer].gaps[i] }

  /// Of series i, over the set of examples that is shown.
  func loss(_ i: Int) -> Double? {
    let losses = lossSet == .train ? shown?.losses : shown?.heldOutLosses
    return losses.flatMap { $0.indices.contains(i) ? $0[i] : nil }
  }

  func floor(_ i: Int) -> Double? { shownSpectra(layer: layer)?[i]?.floor }

  /// gap over floor of a series, where the floor is not rounding dust.
  func gapOverFloor(_ i: Int) -> Double? { shownLayer(layer)?.gapOverFloor(i) }
}
