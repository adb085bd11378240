import Charts
import Math

package func update(_ model: inout Model, _ message: Message) -> [Command] {
  switch message {
  case .report(let report):
    guard report.run == model.run else { return [] }
    return receive(&model, report.news)
  case .key(let key):
    model.notice = nil
    switch model.overlay {
    case .help:
      let closes = key == .escape || KeyBinding.action(for: key) == .toggleHelp
      if KeyBinding.action(for: key) == .quit { return [.quit] }
      if closes { model.overlay = nil }
      return []
    case .picker(var picker):
      let outcome = picker.press(key)
      model.overlay = outcome == .editing ? .picker(picker) : nil
      guard case .chosen(let scenario) = outcome else { return [] }
      return start(&model, scenario)
    case nil:
      return KeyBinding.action(for: key).map { perform(&model, $0) } ?? []
    }
  }
}

private func receive(_ model: inout Model, _ news: Report.News) -> [Command] {
  switch news {
  case .ready(let outline):
    model.history = RunHistory(outline)
    return model.isPaused ? [] : [.advance(nil)]
  case .records(let records):
    for record in records { model.history?.append(record) }
  case .finished:
    model.isFinished = true
  case .failed(let reason):
    model.failure = reason
  }
  return []
}

private func perform(_ model: inout Model, _ action: Action) -> [Command] {
  switch action {
  case .togglePause:
    if model.isFinished {
      model.notice = "the run is over: r runs it again, R with the next seed"
      return []
    }
    model.isPaused.toggle()
    guard model.history != nil else { return [] }
    return model.isPaused ? [.stop] : [.advance(nil)]
  case .singleStep:
    guard !model.isFinished, model.history != nil else { return [] }
    let wasRunning = !model.isPaused
    model.isPaused = true
    return wasRunning ? [.stop, .advance(1)] : [.advance(1)]
  case .restart: return start(&model, model.scenario)
  case .nextSeed:
    var scenario = model.scenario
    do {
      try scenario.set("seed", to: String(scenario.seed + 1))
    } catch {
      model.notice = "\(error)"
      return []
    }
    return start(&model, scenario)
  case .openPicker: model.overlay = .picker(Picker(model.scenario, memory: model.memory))
  case .chooseVariants:
    model.overlay = .picker(Picker(model.scenario, memory: model.memory, atVariants: true))
  case .toggleSeries(let number):
    guard number <= model.scenario.variants.count else { return [] }
    if model.hidden.remove(number) == nil { model.hidden.insert(number) }
  case .toggleScale: model.scale = model.scale.toggled
  case .nextLayer:
    let count = model.scenario.layerShapes.count
    guard count > 1 else {
      model.notice = "this network has one layer; task=twolayer, in p, has two"
      return []
    }
    model.layer = (model.layer + 1) % count
  case .toggleLossSet:
    guard model.scenario.hasTestLoss else {
      model.notice = "no examples are held out for a test loss; tasks with examples take held=…, in p"
      return []
    }
    model.lossSet = model.lossSet.other
  case .toggleHelp: model.overlay = .help
  case .redraw: return [.redraw]
  case .quit: return [.quit]
  }
  return []
}

private func start(_ model: inout Model, _ scenario: Scenario) -> [Command] {
  if scenario.variants != model.scenario.variants { model.hidden = [] }
  model.scenario = scenario
  model.layer = min(model.layer, scenario.layerShapes.count - 1)
  if !scenario.hasTestLoss { model.lossSet = .train }
  model.run += 1
  model.history = nil
  model.isPaused = false
  model.isFinished = false
  model.failure = nil
  return [.prepare(scenario, run: model.run)]
}

extension Scenario {
  /// Some examples are kept from training.
  var hasTestLoss: Bool { heldOut > 0 }
}
