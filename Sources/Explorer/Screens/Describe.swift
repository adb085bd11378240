import Charts
import Math

/// A panel in sentences.
func description(of panel: Panel, _ model: Model) -> String {
  guard model.history != nil else { return "The run is being prepared." }
  let step = "Step \(model.shownStep)."
  let names = ["full"] + model.scenario.seriesNames
  switch panel {
  case .gap, .table, .run, .series, .readOut, .notes:
    let gaps = model.shownVariants.compactMap { i in
      model.gap(i).map { gap in
        let ratio = model.gapOverFloor(i).map { ", \(significant($0, 2)) times its floor" } ?? ""
        return "Gap of \(names[i]) \(brief(gap))\(ratio)."
      }
    }
    return ([step] + gaps).joined(separator: " ")
  case .loss:
    let losses = model.shownSeries.compactMap { i in model.loss(i).map { "\(names[i]) \(brief($0))" } }
    return "\(step) \(model.lossTitle): \(losses.joined(separator: ", "))."
  case .spectrum:
    let largest = model.shownSeries.compactMap { i in
      (model.shownSpectra(layer: model.layer)?[i]?.values.first).map { "\(names[i]) \(brief($0))" }
    }
    return "\(step) Largest singular value of W−W0: \(largest.joined(separator: ", "))."
  }
}
