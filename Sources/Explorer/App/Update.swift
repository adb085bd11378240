import Charts
import Math

package func update(_ model: inout Model, _ message: Message) -> [Command] {
  switch message {
  case .report(let report):
    guard report.run == model.run else { return [] }
    return receive(&model, report.news)
  case .resized(let size):
    model.size = size
    return []
  case .key(let key):
    model.notice = nil
    return perform(&model, KeyBinding.action(for: key, in: model.context) ?? .press(key))
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

func perform(_ model: inout Model, _ action: Action) -> [Command] {
  switch action {
  case .togglePause: return togglePause(&model)
  case .advance(let count): return advance(&model, by: count)
  case .restart: return start(&model, model.scenario)
  case .nextSeed: return change(&model, "seed", to: "\(model.scenario.seed + 1)")
  case .openPicker: model.overlay = .picker(Picker(model.scenario, memory: model.memory))
  case .chooseVariants:
    model.overlay = .picker(Picker(model.scenario, memory: model.memory, atVariants: true))
  case .set(let key, let value): return change(&model, key, to: value)
  case .open(let line):
    return change(&model) { (run) throws(ScenarioError) in run = try Scenario(parsing: line) }
  case .toggleSeries(let number): toggleSeries(&model, number)
  case .sortTable: sortTable(&model)
  case .moveRow(let count): moveRow(&model, count)
  case .solo: solo(&model)
  case .nextLayer: nextLayer(&model)
  case .toggleLossSet: toggleLossSet(&model)
  case .focusNext(let direction): focusNext(&model, direction)
  case .focus(let panel): focus(&model, panel)
  case .zoom: model.isZoomed.toggle()
  case .back: goBack(&model)
  case .describe: model.overlay = .page(.words(model.focus))
  case .showSession: model.overlay = .page(.session)
  case .toggleScale: model.scale = model.scale.toggled
  case .toggleXScale: model.xScale = model.xScale.toggled
  case .toggleDifference: model.isDifference.toggle()
  case .toggleMultiples: model.isSplit.toggle()
  case .nextGlyphs: model.glyphs = model.glyphs.next
  case .openCommandLine(let text): model.overlay = .commandLine(Prompt(text))
  case .toggleHelp:
    if case .help = model.overlay { model.overlay = nil } else { model.overlay = .help(Help()) }
  case .press(let key): return press(&model, key)
  case .redraw: return [.redraw]
  case .quit: return [.quit]
  }
  return []
}

/// A key for what lies on top.
private func press(_ model: inout Model, _ key: Key) -> [Command] {
  switch model.overlay {
  case nil: break
  case .page: if key == .escape { model.overlay = nil }
  case .help(var help):
    model.overlay = help.press(key) == .open ? .help(help) : nil
  case .picker(var picker):
    let outcome = picker.press(key)
    model.overlay = outcome == .editing ? .picker(picker) : nil
    if case .chosen(let scenario) = outcome { return start(&model, scenario) }
  case .commandLine(var prompt):
    let outcome = prompt.press(key, model)
    model.overlay = outcome == .editing ? .commandLine(prompt) : nil
    if case .entered(let line) = outcome { return perform(&model, line) }
  }
  return []
}

private func perform(_ model: inout Model, _ line: String) -> [Command] {
  do throws(PromptError) {
    return try Prompt.action(of: line).map { perform(&model, $0) } ?? []
  } catch {
    model.notice = "\(error)"
    return []
  }
}
