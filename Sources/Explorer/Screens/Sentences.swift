import Charts
import Math
import Theory

/// A panel in sentences, one a series: where it began, its extreme, where it is.
func sentences(_ panel: Panel, _ model: Model) -> [String] {
  guard let history = model.history else { return ["The run is being prepared."] }
  return model.seedSentence(panel) + sentences(panel, model, history)
}

private func sentences(_ panel: Panel, _ model: Model, _ history: RunHistory) -> [String] {
  switch panel {
  case .gap:
    let gaps = history.layers[model.layer].gaps
    return model.shownVariants.map { i in
      let name = "Gap of \(model.name(i))"
      if let band = model.gapBands?[i] { return path(of: name, band, in: model, extreme: .peak) }
      let ratio = model.gapOverFloor(i).map { ", \(significant($0, 2)) times its floor" } ?? ""
      return path(of: name, gaps[i], now: model.gap(i), at: model.shownStep, extreme: .peak) + ratio + "."
    }
  case .loss:
    let losses = model.lossSet == .train ? history.losses : history.heldOutLosses
    return model.shownSeries.map { i in
      let name = "\(model.lossTitle) of \(model.name(i))"
      if let band = model.lossBands?[i] { return path(of: name, band, in: model, extreme: .low) }
      return path(of: name, losses[i], now: model.loss(i), at: model.shownStep, extreme: .low) + "."
    }
  case .spectrum:
    return model.shownSeries.compactMap { i in
      (model.shownSpectra(layer: model.layer)?[i]).map { spectrum in
        let largest = spectrum.values.first.map { ", the largest \(brief($0))" } ?? ""
        let rank = spectrum.rank.map(String.init) ?? "\(spectrum.values.count) or more"
        let beyond = brief(tail(spectrum.values, after: model.scenario.r))
        return "W − W0 of \(model.name(i)) has rank \(rank)\(largest)"
          + (spectrum.isWhole ? ", \(beyond) lies beyond rank \(model.scenario.r)." : ".")
      }
    }
  case .angles:
    return model.shownVariants.map { i in
      let angles = model.shownAngles(i) ?? []
      guard let largest = angles.last, let smallest = angles.first else {
        return "\(model.name(i)) has no update to compare with full fine-tuning's yet."
      }
      return
        "\(angles.count) directions of \(model.name(i)) are \(brief(smallest)) to \(brief(largest)) degrees "
        + "away from full fine-tuning's."
    }
  case .entries:
    guard let i = model.pictured, let distances = model.shownEntries,
      let largest = distances.storage.max(), let place = distances.storage.firstIndex(of: largest)
    else { return ["No entries are known yet."] }
    let (column, row) = place.quotientAndRemainder(dividingBy: distances.rows)
    return [
      "W of \(model.name(i)) is farthest from full fine-tuning at row \(row + 1), "
        + "column \(column + 1): \(brief(largest))."
    ]
  case .phase:
    return phaseSentences(model)
  case .sweep: return model.sweep.map(sentences) ?? ["No sweep has been asked for."]
  case .checks:
    return model.checks.order.compactMap { check in
      guard let verdict = model.checks.verdict(check), let comparison = verdict.comparison else { return nil }
      let outcome = verdict.hasFailed ? "fails" : "holds"
      return "\(check.id) \(outcome), \(comparison.short): \(model.convention.written(check.statement))."
    }
  case .table, .run, .series, .readOut, .notes, .events:
    return ["Step \(model.shownStep) of \(model.scenario.steps)."]
      + model.tableVariants.map { i in
        let gap = model.gap(i).map { "gap \(brief($0))" } ?? "no gap"
        let ratio = model.gapOverFloor(i).map { ", \(significant($0, 2)) times its floor" } ?? ""
        return
          "\(model.name(i)): \(gap)\(ratio), \(model.lossWord) \(model.loss(i).map { brief($0) } ?? "unknown")."
      }
  }
}

/// Every series at the ends of a key, and where it is least.
private func sentences(_ result: SweepResult) -> [String] {
  let sweep = result.sweep
  return sweep.seriesNames.enumerated().map { i, name in
    func words(_ place: Sweep.Place) -> String? {
      guard let spread = result.spread(i, at: place) else { return nil }
      let keys = sweep.values(at: place).map { "\($0) \($1)" }.joined(separator: ", ")
      return spread.median.isFinite ? "\(brief(spread.median)) at \(keys)" : "diverged at \(keys)"
    }
    let least = sweep.places.min {
      (result.spread(i, at: $0)?.median ?? .infinity) < (result.spread(i, at: $1)?.median ?? .infinity)
    }
    let ends = [sweep.places.first, sweep.places.last].compactMap(\.self).compactMap(words)
    let lowest = least.flatMap(words).map { ", least \($0)" } ?? ""
    return "\(sweep.quantity.title) of \(name): \(ends.joined(separator: ", "))\(lowest)."
  }
}

private enum Extreme { case peak, low }

/// The same of medians, with the lowest and the highest of the step shown.
private func path(of name: String, _ band: SeedBand, in model: Model, extreme: Extreme) -> String {
  let now = band.reading(at: model.shownStep)
  return path(of: name, band.median, now: now?.median, at: model.shownStep, extreme: extreme)
    + (now?.spoken ?? "") + "."
}

/// `Gap of lora: 0 at first, largest 2.13 at step 153, 1.62 at step 640`.
private func path(of name: String, _ curve: Curve, now: Double?, at step: Int, extreme: Extreme) -> String {
  var parts: [String] = []
  if let first = curve.buckets.first { parts.append("\(brief(first.first)) at first") }
  switch extreme {
  case .peak:
    if let top = curve.highest, top.step < step {
      parts.append("largest \(brief(top.value)) at step \(top.step)")
    }
  case .low:
    if let low = curve.lowest, low.step < step {
      parts.append("smallest \(brief(low.value)) at step \(low.step)")
    }
  }
  parts.append(
    now.map { $0.isFinite ? "\(brief($0)) at step \(step)" : "not finite at step \(step)" } ?? "unknown")
  return "\(name): \(parts.joined(separator: ", "))"
}

extension Curve {
  /// The largest finite sample, at its step or at the end of the bucket it is in.
  fileprivate var highest: (step: Int, value: Double)? {
    guard let value = finiteMaximum, let bucket = buckets.first(where: { $0.maximum == value }) else {
      return nil
    }
    return (bucket.first == value ? bucket.start : bucket.end, value)
  }

  fileprivate var lowest: (step: Int, value: Double)? {
    guard let value = finiteMinimum, let bucket = buckets.first(where: { $0.minimum == value }) else {
      return nil
    }
    return (bucket.first == value ? bucket.start : bucket.end, value)
  }
}

extension Model {
  /// What series i is called.
  func name(_ i: Int) -> String { i == 0 ? "full fine-tuning" : scenario.seriesNames[i - 1] }
}
