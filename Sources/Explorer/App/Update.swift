import Charts
import Math
import Theory

package func update(_ model: inout Model, _ message: Message) -> [Command] {
  let (before, cursor) = (model.drawn, model.cursor)
  let commands = react(&model, to: message)
  model.showReport()
  model.followValues(since: before)
  return commands + model.want(after: cursor) + model.inquire()
}

private func react(_ model: inout Model, to message: Message) -> [Command] {
  switch message {
  case .report(let report):
    guard report.run == model.run || report.news.isBesideRuns else { return [] }
    return receive(&model, report.news)
  case .answer(let text):
    model.notice = text
    return []
  case .resized(let size):
    model.size = size
    return []
  case .mouse(let mouse): return point(&model, mouse)
  case .pasted(let text): return paste(&model, text)
  case .key(let key):
    model.notice = nil
    return model.context.action(for: key).map { perform(&model, $0) } ?? []
  }
}

private func receive(_ model: inout Model, _ news: Report.News) -> [Command] {
  switch news {
  case .ready(let outline):
    model.history = RunHistory(outline, after: model.trunk)
    model.trunk = nil
    return (model.lookback.isTracing ? [.trace] : []) + model.firstSteps()
  case .records(let records):
    for record in records { model.history?.append(record) }
    model.ranges.noteReport()
    return askWhy(&model)
  case .replayed(let record):
    if model.cursor != nil {
      model.lookback.record = model.history?.outline.rounded(record)
    } else if record.step == model.history?.step {
      model.history?.show(record)
    }
  case .traced(let records):
    model.lookback.isTracing = false
    model.history?.trace(records)
  case .found(let findings):
    model.checks.asked = nil
    model.checks.findings = findings
    model.history?.take(findings)
  case .surveyed(let run):
    model.survey?.add(model.history?.outline.rounded(run) ?? run)
  case .claimed(let result): if result.id == model.claim?.id { model.claim?.result = result }
  case .swept(let result): if result.sweep == model.sweep?.sweep { model.sweep = result }
  case .erred(let sides): model.errata = sides
  case .exported(let answer):
    model.exporting = nil
    model.notice = answer
  case .measured(let place, let trial): model.lessons?.trials[place] = trial
  case .rested: break
  case .finished:
    model.isFinished = true
    if model.isTeaching { return finishLessonRun(&model) }
    // With the last numbers another variant may have come first in the table, and so into the entry map.
    if model.wanted.entries != nil, model.shownEntries == nil { return [.look(at: model.position)] }
  case .failed(let reason):
    model.failure = reason
  case .outlook(let outlook):
    guard case .picker(var picker)? = model.overlay else { break }
    picker.outlook = outlook
    model.overlay = .picker(picker)
  case .divergence(let divergence):
    if let divergence { model.report = DivergenceReport(divergence, of: model.course) }
  }
  return []
}

extension Model {
  /// Of a run that has been set up: all, those asked for meanwhile, or none.
  fileprivate mutating func firstSteps() -> [Command] {
    defer { stepsAsked = 0 }
    guard isPaused else { return [.advance(nil)] }
    return stepsAsked > 0 ? [.advance(stepsAsked)] : []
  }
}

func perform(_ model: inout Model, _ action: Action) -> [Command] {
  switch action {
  case .moveCursor(let count): return moveCursor(&model, by: count)
  case .moveCursorByPercent(let count): return moveCursor(&model, byPercent: count)
  case .goTo(let step): return goTo(&model, step)
  case .goToStart: return moveCursor(&model, to: 0)
  case .goToEnd: return moveCursor(&model, to: Int.max)
  case .nextEvent(let direction): return moveCursorToEvent(&model, direction)
  case .setMark: setMark(&model)
  case .goToMark: return goToMark(&model)
  case .faster: return changeSpeed(&model) { $0.faster() }
  case .slower: return changeSpeed(&model) { $0.slower() }
  case .unlimited: return changeSpeed(&model) { $0.doublings = nil }
  case .branch(let words): return branch(&model, words)
  case .survey(let count): return survey(&model, seeds: count)
  case .sweep(let words): return sweep(&model, words)
  case .reopen(let number): return reopen(&model, number)
  case .toggleGhost(let number): toggleGhost(&model, number)
  case .togglePause: return togglePause(&model)
  case .advance(let count): return advance(&model, by: count)
  case .restart: return start(&model, model.course)
  case .nextSeed:
    return change(&model) { (run) throws(ScenarioError) in
      run = try run.withSeed(run.scenario.seed + 1)
    }
  case .openPicker: return pick(&model, model.scenario)
  case .chooseVariants:
    return pick(&model, model.scenario, at: model.scenario.variants.isEmpty ? .variant("lora") : .choice(0))
  case .set(let key, let value): return change(&model, key, to: value)
  case .open(let line):
    return change(&model) { (run) throws(ScenarioError) in run = try Course(parsing: line) }
  case .toggleSeries(let number): toggleSeries(&model, number)
  case .sortTable(let column): sortTable(&model, by: column)
  case .moveRow(let count):
    if model.focus == .checks { moveCheck(&model, count) } else { moveRow(&model, count) }
  case .pictureNext(let count): pictureNext(&model, count)
  case .lesson(let action): return teach(&model, action)
  case .tryClaim(let id): return tryClaim(&model, id)
  case .showChecks(let id): showChecks(&model, id.flatMap(Check.named))
  case .traceCheck: traceCheck(&model)
  case .solo: solo(&model)
  case .nextLayer: nextLayer(&model)
  case .toggleLossSet: toggleLossSet(&model)
  case .focusNext(let direction): focusNext(&model, direction)
  case .focus(let panel): focus(&model, panel)
  case .zoom: model.isZoomed.toggle()
  case .back: return goBack(&model)
  case .describe: model.overlay = .page(.words(model.focus))
  case .showErrata:
    model.overlay = .page(.erratum(0))
    return model.errata == nil ? [.tryErrata] : []
  case .export(let what): return export(&model, what)
  case .showSession: model.overlay = .page(.session(row: 0))
  case .toggleScale: model.scale = model.scale.toggled
  case .toggleXScale where model.focus == .sweep:
    model.notice = "the values of a sweep stand at equal distances: there is no scale to change"
  case .toggleXScale:
    model.xScale = model.xScale.toggled
    model.ranges.rescale(to: model.allSteps)
  case .zoomChart(let zoom): zoomChart(&model, zoom)
  case .showPhase(let axes):
    model.phase = axes ?? model.phase
    focus(&model, .phase)
  case .toggleDifference: model.isDifference.toggle()
  case .toggleMultiples: model.isSplit.toggle()
  case .writeAs(let convention):
    model.convention = convention ?? model.convention.next
    model.notice = model.convention.words
  case .drawIn(let glyphs): draw(&model, in: glyphs)
  case .colour(let theme):
    model.theme = theme ?? model.theme.next
    model.notice = "theme \(model.theme.rawValue)"
  case .toggleMouse:
    model.takesMouse.toggle()
    model.notice = "the mouse \(model.takesMouse ? "steers the program" : "is the terminal's")"
  case .openCommandLine(let text): layOver(&model, .commandLine(Prompt(text)))
  case .toggleHelp:
    if case .help = model.overlay { model.overlay = nil } else { layOver(&model, .help(Help())) }
  case .help(let action): act(&model, action)
  case .picker(let action): return act(&model, action)
  case .prompt(let action): return act(&model, action)
  case .page(let action): return act(&model, action)
  case .answer(let choice): return answer(&model, choice)
  case .redraw: return [.redraw]
  case .quit: return quit(&model)
  }
  return []
}

// MARK: What lies on top

private func act(_ model: inout Model, _ action: Help.Action) {
  guard case .help(var help)? = model.overlay else { return }
  let isOpen = help.perform(action, HelpPages(model.size, model.glyphs, isTeaching: model.isTeaching))
  model.overlay = isOpen ? .help(help) : nil
}

private func act(_ model: inout Model, _ action: Picker.Action) -> [Command] {
  guard case .picker(var picker)? = model.overlay else { return [] }
  switch picker.perform(action) {
  case .editing: return show(&model, picker)
  case .cancelled: model.overlay = nil
  case .chosen(let scenario):
    model.overlay = nil
    return start(&model, scenario)
  }
  return []
}

private func act(_ model: inout Model, _ edit: Prompt.Edit) -> [Command] {
  guard case .commandLine(var prompt)? = model.overlay else { return [] }
  let outcome = prompt.perform(edit, model)
  model.overlay = outcome == .editing ? .commandLine(prompt) : nil
  if case .entered(let line) = outcome { return perform(&model, line) }
  return []
}

/// A question that it hides comes back after it.
private func layOver(_ model: inout Model, _ overlay: Model.Overlay) {
  if case .divergence(let report) = model.overlay { model.report = report }
  model.overlay = overlay
}

extension Model {
  /// What the user is at goes first.
  fileprivate mutating func showReport() {
    guard overlay == nil, let report else { return }
    overlay = .divergence(report)
    self.report = nil
  }
}

/// Opens the picker on a scenario.
func pick(_ model: inout Model, _ scenario: Scenario, at place: Picker.Place? = nil) -> [Command] {
  show(&model, Picker(scenario, memory: model.memory, at: place))
}

/// Asks what a new draft will come to.
private func show(_ model: inout Model, _ picker: Picker) -> [Command] {
  var picker = picker
  let question = picker.takeQuestion()
  model.overlay = .picker(picker)
  return question.map { [.lookAhead($0)] } ?? []
}

/// Text from elsewhere, for what is being typed.
private func paste(_ model: inout Model, _ text: String) -> [Command] {
  switch model.overlay {
  case .picker(var picker):
    picker.paste(text)
    return show(&model, picker)
  case .commandLine(var prompt):
    for scalar in onOneLine(text).unicodeScalars { _ = prompt.perform(.type(scalar), model) }
    model.overlay = .commandLine(prompt)
  case .help(let help) where help.isTyping:
    for scalar in onOneLine(text).unicodeScalars { act(&model, Help.Action.type(scalar)) }
  case .help, .page, .divergence, nil: break
  }
  return []
}

/// A line that is copied ends like one, and breaks where its terminal did.
private func onOneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).joined(separator: " ").printable
}

private func perform(_ model: inout Model, _ line: String) -> [Command] {
  model.lastLine = line
  do throws(PromptError) {
    return try Prompt.action(of: line).map { perform(&model, $0) } ?? []
  } catch {
    model.notice = "\(error)"
    return []
  }
}
