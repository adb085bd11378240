import Math

func togglePause(_ model: inout Model) -> [Command] {
  guard !isOver(&model) else { return [] }
  model.isPaused.toggle()
  guard model.history != nil else { return [] }
  return model.isPaused ? [.stop] : [.advance(nil)]
}

/// If the run has no first step yet, says so.
func isPreparing(_ model: inout Model) -> Bool {
  guard model.history == nil else { return false }
  if model.failure == nil { model.notice = "the run is still being set up" }
  return true
}

/// If it is, says so.
private func isOver(_ model: inout Model) -> Bool {
  if model.isFinished {
    model.notice =
      model.isTeaching
      ? "the run is over: r plays it again" : "the run is over: r runs it again, R with the next seed"
  }
  return model.isFinished
}

/// Shows the steps it takes.
func advance(_ model: inout Model, by count: Int) -> [Command] {
  guard !isOver(&model) else { return [] }
  (model.cursor, model.lookback.record) = (nil, nil)
  let wasRunning = !model.isPaused
  model.isPaused = true
  // A run that is being set up takes them once it has a first step.
  guard model.history != nil else {
    model.stepsAsked += count
    return []
  }
  return wasRunning ? [.stop, .advance(count)] : [.advance(count)]
}

/// Starts a run that is like this one but for what `edit` changes; if that cannot be, says why.
func change(
  _ model: inout Model, _ edit: (inout Course) throws(ScenarioError) -> Void
) -> [Command] {
  var course = model.course
  do throws(ScenarioError) {
    try edit(&course)
    try course.scenario.validate()
    try course.scenario.requireMemory(model.memory)
  } catch {
    model.notice = "\(error)"
    return []
  }
  return start(&model, course)
}

/// A branch gives way to a run that has its settings from the first step.
func change(_ model: inout Model, _ key: String, to value: String) -> [Command] {
  change(&model) { (run) throws(ScenarioError) in
    var scenario = run.scenario
    try scenario.set(key, to: value)
    run = .whole(scenario)
  }
}

func start(_ model: inout Model, _ scenario: Scenario) -> [Command] { start(&model, .whole(scenario)) }

/// The present run goes to the table of past runs.
func start(_ model: inout Model, _ course: Course) -> [Command] {
  if let history = model.history, history.latest != nil {
    model.past.add(PastRun(number: model.run, course: model.course, history: history))
    if model.course.parent != nil, course.parent == nil, !model.isTeaching {
      model.notice =
        "from step 0; the branch at t=\(model.course.start) is run \(model.run), which S opens again"
    }
  }
  let scenario = course.scenario
  // The same run again leaves what was asked for beside it.
  let others = scenario == model.scenario ? [] : stopClaim(&model) + dropSweep(&model)
  if scenario.variants != model.scenario.variants {
    model.hidden = []
    model.table = TableOrder()
    model.isComparing = scenario.isComparison
    model.focus = model.isComparing ? .table : .gap
  }
  model.trunk = course.parent.flatMap { parent in
    // What came before it is the same run, or a branch of the same.
    let last = course.start - 1
    guard let history = model.history, model.course.upTo(last) == parent.upTo(last) else { return nil }
    return history.step < course.start ? nil : history.prefix(before: course.start)
  }
  model.course = course
  model.layer = min(model.layer, scenario.layerShapes.count - 1)
  if !scenario.hasTestLoss { model.lossSet = .train }
  model.run += 1
  model.history = nil
  model.cursor = nil
  model.lookback.record = nil
  // What a branch shares with the run before is traced for it, too.
  model.lookback.isTracing = model.lookback.isTracing && model.trunk != nil
  (model.checks.findings, model.checks.asked) = (nil, nil)
  (model.isPaused, model.stepsAsked) = (false, 0)
  model.isFinished = false
  model.failure = nil
  model.hasAskedWhy = false
  model.report = nil
  return stopSurvey(&model) + others + [.prepare(course, run: model.run)]
}
