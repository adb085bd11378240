import Charts
import Math

/// A run told in sentences of ASCII: one for each event and each tenth of the steps.
package struct Speaker: Sendable {
  private struct Peak {
    var gap = 0.0
    var step = 0
    var ratio: Double?
    var isTold = false
  }

  private var run = 0
  private var nextTenth = 0
  private var peaks: [Int: Peak] = [:]
  private var toldStep: Int?
  private var diverged: Set<Int> = []
  private var isOver = false

  package init() {}

  /// What is new in `model`, asked after every record.
  package mutating func news(of model: Model) -> [String] {
    var sentences: [String] = []
    if model.run != run {
      self = Speaker()
      run = model.run
      sentences.append(beginning(of: model))
    }
    if let history = model.history, history.latest != nil {
      sentences += peaks(model) + divergences(history)
      let steps = max(1, model.scenario.steps)
      if history.step * 10 >= nextTenth * steps {
        nextTenth = history.step * 10 / steps + 1
        sentences.append("\(100 * history.step / steps) %. " + state(of: model))
      }
    }
    if !isOver, let end = ending(of: model) {
      isOver = true
      sentences.append(end)
    }
    return sentences.map(Glyphs.ascii.spell)
  }

  /// Where a run stands that has been stopped, unless that has been said.
  package mutating func standstill(of model: Model) -> [String] {
    guard let step = model.history?.latest?.step, step != toldStep, !model.isFinished else { return [] }
    return [Glyphs.ascii.spell(state(of: model))]
  }

  private func beginning(of model: Model) -> String {
    let scenario = model.scenario
    let shapes = scenario.layerShapes.map { "\($0.rows) by \($0.columns)" }.joined(separator: ", then ")
    let optimizer = scenario.optimizer
    return "Run \(model.run). W is \(shapes), rank \(scenario.r), alpha \(significant(scenario.alpha)), "
      + "seed \(scenario.seed). Optimiser \(optimizer.family.rawValue), "
      + "eta \(significant(optimizer.learningRate)), \(scenario.steps) steps. "
      + "Variants: \(scenario.seriesNames.joined(separator: ", "))."
  }

  /// `Step 640. Gap 1.619, floor 0.677. Loss: full 0.0031, lora 0.0092.`
  private mutating func state(of model: Model) -> String {
    guard let history = model.history, let latest = history.latest else { return "" }
    toldStep = latest.step
    let layer = history.layers[model.layer]
    let gaps = history.names.indices.dropFirst().compactMap { i -> String? in
      let gap = latest.layers[model.layer].gaps[i]
      guard gap.isFinite else { return nil }
      let floor = layer.latestSpectra?.spectra?[i]?.floor.map { ", floor \(spoken($0))" } ?? ""
      let name = history.names.count > 2 ? " of \(history.names[i])" : ""
      return "Gap\(name) \(spoken(gap))\(floor)."
    }
    let losses = history.names.indices.compactMap { i in
      latest.losses[i].isFinite ? "\(history.names[i]) \(significant(latest.losses[i]))" : nil
    }
    let loss = losses.isEmpty ? [] : ["Loss: \(losses.joined(separator: ", "))."]
    return (["Step \(latest.step)."] + gaps + loss).joined(separator: " ")
  }

  /// What rounding leaves of zero is zero.
  private func spoken(_ x: Double) -> String { significant(x < 1e-12 ? 0 : x) }

  /// A peak is one when the gap has fallen by a twentieth.
  private mutating func peaks(_ model: Model) -> [String] {
    guard let history = model.history, let latest = history.latest else { return [] }
    var sentences: [String] = []
    for i in history.names.indices.dropFirst() {
      let gap = latest.layers[model.layer].gaps[i]
      var peak = peaks[i] ?? Peak()
      if gap > peak.gap {
        peak = Peak(gap: gap, step: latest.step, ratio: history.layers[model.layer].gapOverFloor(i))
      } else if !peak.isTold, gap < 0.95 * peak.gap {
        peak.isTold = true
        let ratio = peak.ratio.map { ", \(significant($0, 2)) times the floor" } ?? ""
        sentences.append(
          "Gap of \(history.names[i]) peaked at step \(peak.step): \(spoken(peak.gap))\(ratio).")
      }
      peaks[i] = peak
    }
    return sentences
  }

  private mutating func divergences(_ history: RunHistory) -> [String] {
    history.names.indices.compactMap { i in
      guard let step = history.divergedAt[i], diverged.insert(i).inserted else { return nil }
      return "Step \(step). \(history.names[i]) diverged: its numbers are no longer finite."
    }
  }

  private func ending(of model: Model) -> String? {
    if let failure = model.failure { return failure }
    return model.isFinished ? "The run is over." : nil
  }
}
