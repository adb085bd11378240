import Charts
import Math

// MARK: The cursor

/// By so many steps, from the live end or from where it is.
func moveCursor(_ model: inout Model, by count: Int) -> [Command] {
  moveCursor(&model, to: model.position + count)
}

/// By so many hundredths of the run.
func moveCursor(_ model: inout Model, byPercent count: Int) -> [Command] {
  moveCursor(&model, by: count * max(1, model.scenario.steps / 100))
}

/// To a step, or the nearest there is; the last one is the live end.
func moveCursor(_ model: inout Model, to step: Int) -> [Command] {
  guard !isPreparing(&model), let history = model.history else { return [] }
  guard step < history.step else {
    model.cursor = nil
    model.lookback.record = nil
    return []
  }
  let step = max(0, step)
  guard step != model.cursor else { return [] }
  if model.cursor == nil { model.lookback.record = nil }
  model.cursor = step
  if step == 0, model.xScale == .log { model.notice = "t=0 has no place on a log axis; x makes it linear" }
  model.ranges.reveal(step, of: model.allSteps)
  return [.look(at: step)]
}

/// To a step that somebody has typed.
func goTo(_ model: inout Model, _ step: Int) -> [Command] {
  guard !isPreparing(&model), let history = model.history else { return [] }
  guard (0...history.step).contains(step) else {
    model.notice =
      "goto is given \(step); this run has come to step \(history.step) of \(model.scenario.steps)"
    return []
  }
  return moveCursor(&model, to: step)
}

/// To the next event, or to an earlier one when `direction` is negative.
func moveCursorToEvent(_ model: inout Model, _ direction: Int) -> [Command] {
  let events = model.history?.events ?? []
  let here = model.position
  let event = direction > 0 ? events.first { $0.step > here } : events.last { $0.step < here }
  guard let event else {
    model.notice = direction > 0 ? "no event after t=\(here)" : "no event before t=\(here)"
    return []
  }
  // What else happened at that step.
  model.notice = events.filter { $0.step == event.step }.map(\.text).joined(separator: "; ")
  return moveCursor(&model, to: event.step)
}

func setMark(_ model: inout Model) {
  model.lookback.mark = model.position
  model.notice = "t=\(model.position) is marked; ' goes there"
}

func goToMark(_ model: inout Model) -> [Command] {
  guard let mark = model.lookback.mark else {
    model.notice = "no step is marked; m marks one"
    return []
  }
  return moveCursor(&model, to: mark)
}

// MARK: Speed

func changeSpeed(_ model: inout Model, _ change: (inout Speed) -> Void) -> [Command] {
  change(&model.speed)
  model.notice = "speed \(model.speed.text)"
  guard !model.isPaused, !model.isFinished, model.history != nil else { return [] }
  return [.stop, .advance(nil)]
}

// MARK: Branches and past runs

/// A run that goes on from the step under the cursor with other words of the scenario line.
func branch(_ model: inout Model, _ words: String) -> [Command] {
  guard !isPreparing(&model) else { return [] }
  let (step, parent) = (model.position, model.run)
  do throws(ScenarioError) {
    let commands = start(&model, try model.course.upTo(step).branched(words, at: step))
    model.past.ghost = parent
    return commands
  } catch {
    model.notice = "\(error)"
    return []
  }
}

/// A run of the table again, from its first step.
func reopen(_ model: inout Model, _ number: Int) -> [Command] {
  guard let run = model.past.named(number) else {
    model.notice = "there is no run \(number) to open; \(model.past.numbers)"
    return []
  }
  return start(&model, run.course)
}

/// Draws the curves of a run behind the present one's, or no longer.
func toggleGhost(_ model: inout Model, _ number: Int) {
  guard model.past.named(number) != nil else {
    model.notice = "there is no run \(number) to compare with; \(model.past.numbers)"
    return
  }
  model.past.ghost = model.past.ghost == number ? nil : number
  noteGhost(&model)
}

/// Says it where nothing of the run behind can be drawn.
func noteGhost(_ model: inout Model) {
  guard let ghost = model.past.ghostRun, ghost.course.scenario.layerShapes.count <= model.layer else {
    return
  }
  model.notice = "run \(ghost.number) has no layer \(model.layer + 1) to draw behind this one"
}

// MARK: Many seeds

/// Asks for them, or takes them away again.
func survey(_ model: inout Model, seeds count: Int) -> [Command] {
  if model.survey != nil { return stopSurvey(&model) }
  let most = model.scenario.seeded(count).count
  guard most == count else {
    model.notice = "seeds is given \(count); after seed \(model.scenario.seed) there are \(most)"
    return []
  }
  model.survey = SeedSurvey(model.scenario, total: count)
  return [.survey(model.course, seeds: count)]
}

func stopSurvey(_ model: inout Model) -> [Command] {
  defer { model.survey = nil }
  return model.survey == nil ? [] : [.stopSurvey]
}
