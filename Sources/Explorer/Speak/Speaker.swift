import Charts
import Math
import Theory

/// A run told in sentences of ASCII: one for each event and each tenth of the steps.
package struct Speaker: Sendable {
  private var run = 0
  private var nextTenth = 0
  private var toldStep: Int?
  private var told: [RunEvent] = []
  private var isOver = false
  private var hasToldSeeds = false
  private var lesson = LessonSpeaker()

  package init() {}

  /// What is new in `model`, asked after every record.
  package mutating func news(of model: Model) -> [String] {
    if model.isTeaching {
      return lesson.news(of: model).map { Glyphs.ascii.spell(model.convention.written($0)) }
    }
    var sentences: [String] = []
    if model.run != run {
      self = Speaker()
      run = model.run
      sentences.append(model.spokenBeginning)
    }
    if let history = model.history, history.latest != nil {
      sentences += events(history)
      let steps = max(1, model.scenario.steps)
      if history.step * 10 >= nextTenth * steps {
        nextTenth = history.step * 10 / steps + 1
        sentences.append("\(100 * history.step / steps) %. " + state(of: model))
      }
    }
    if let survey = model.survey, survey.isComplete != hasToldSeeds {
      hasToldSeeds = survey.isComplete
      if hasToldSeeds { sentences += told(survey, model) }
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

  /// What somebody has asked for, when it comes.
  package mutating func answer(_ news: Report.News, _ model: Model) -> [String] {
    switch news {
    case .replayed: model.cursor == nil ? [] : [state(of: model, underCursor: true)]
    case .found: model.spokenChecks(only: model.checks.focus)
    case .erred: model.spokenErrata
    case .claimed: model.claim.map { [$0.words(model.convention)] } ?? []
    case .exported(let answer): [answer]
    case .swept(let result): result.isComplete ? Explorer.sentences(.sweep, model) : []
    case .ready, .records, .traced, .measured, .surveyed, .rested, .finished, .failed, .outlook,
      .divergence:
      []
    }
  }

  /// `20 seeds at step 2000. Gap of lora: median 1.07, from 0.91 to 1.22.`
  private func told(_ survey: SeedSurvey, _ model: Model) -> [String] {
    func words(_ name: String, _ band: SeedBand) -> String {
      let diverged = band.diverged > 0 ? ", \(band.diverged) diverged" : ""
      return "\(name): median \(significant(band.end.median)), from \(significant(band.end.lowest)) to "
        + "\(significant(band.end.highest))\(diverged)."
    }
    let names = ["full"] + model.scenario.seriesNames
    return ["\(survey.total) seeds at step \(survey.scenario.steps)."]
      + names.indices.dropFirst().map { words("Gap of \(names[$0])", survey.gaps[model.layer][$0]) }
      + names.indices.map { words("Loss of \(names[$0])", survey.losses[$0]) }
  }

  /// `Step 640. Gap 1.619, floor 0.677. Loss: full 0.0031, lora 0.0092.`
  private mutating func state(of model: Model, underCursor: Bool = false) -> String {
    guard let history = model.history, let latest = underCursor ? model.shown : history.latest else {
      return ""
    }
    if !underCursor { toldStep = latest.step }
    let spectra =
      underCursor
      ? model.shownSpectra(layer: model.layer) : history.layers[model.layer].latestSpectra?.spectra
    let gaps = history.names.indices.dropFirst().compactMap { i -> String? in
      let gap = latest.layers[model.layer].gaps[i]
      guard gap.isFinite else { return nil }
      let floor = spectra?[i]?.floor.map { ", floor \(significant($0))" } ?? ""
      let name = history.names.count > 2 ? " of \(history.names[i])" : ""
      return "Gap\(name) \(significant(gap))\(floor)."
    }
    let losses = history.names.indices.compactMap { i in
      latest.losses[i].isFinite ? "\(history.names[i]) \(significant(latest.losses[i]))" : nil
    }
    let loss = losses.isEmpty ? [] : ["Loss: \(losses.joined(separator: ", "))."]
    return (["Step \(latest.step)."] + gaps + loss).joined(separator: " ")
  }

  /// Those not yet told: one may be found steps after it happened, between others.
  private mutating func events(_ history: RunHistory) -> [String] {
    guard history.events.count != told.count else { return [] }
    defer { told = history.events }
    return history.events.filter { !told.contains($0) }.map { "Step \($0.step). \($0.sentence(history))" }
  }

  private func ending(of model: Model) -> String? {
    if let failure = model.failure { return failure }
    return model.isFinished ? "The run is over." : nil
  }
}

extension RunEvent {
  /// `Gap of lora peaked at 2.126, 5.0 times the floor.`
  fileprivate func sentence(_ history: RunHistory) -> String {
    let names = history.names
    let place = layer.map { " in layer \($0 + 1)" } ?? ""
    switch kind {
    case .peak(let i, let gap):
      let floor = history.layers[layer ?? 0].floors[i].value(at: step)
      let ratio = floor.flatMap { $0 > 1e-9 ? ", \(significant(gap / $0, 2)) times the floor" : nil } ?? ""
      return "Gap of \(names[i])\(place) peaked at \(significant(gap))\(ratio)."
    case .gapCrossing(let i, let j): return "Gap of \(names[i])\(place) falls below that of \(names[j])."
    case .lossCrossing(let i, let j): return "Loss of \(names[i]) falls below that of \(names[j])."
    case .floor(let i, let times, let isWithin):
      let side = isWithin ? "within" : "beyond"
      return "Gap of \(names[i])\(place) is \(side) \(significant(times, 3)) times its floor."
    case .divergence(let i): return "\(names[i]) diverged: its numbers are no longer finite."
    case .restart(let i): return "\(names[i]) begins anew."
    case .violation(let i, let gap, let floor):
      return "Gap of \(names[i])\(place), \(significant(gap)), is under its floor, \(significant(floor))."
    case .brokenCheck(let id, let measured): return "Check \(id) is broken: \(significant(measured))."
    }
  }
}
