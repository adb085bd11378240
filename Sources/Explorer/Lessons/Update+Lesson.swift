import Math

func teach(_ model: inout Model, _ action: LessonAction) -> [Command] {
  if case .open(let number) = action { return openLesson(&model, number) }
  guard let play = model.lessons, play.isOpen else {
    model.notice = "no lesson is open; lesson opens one"
    return []
  }
  if play.listed != nil { return chooseLesson(&model, action) }
  switch action {
  case .open: return []
  case .list, .choose: model.lessons?.listed = play.index
  case .answer(let choice): return answer(&model, choice)
  case .go: return goOn(&model)
  case .step(let count): return count > 0 ? goOn(&model) : turn(&model, by: count)
  case .change: return play.step > 0 && !play.isSeen ? goOn(&model) : changeScene(&model)
  case .again: return again(&model)
  case .notes: model.overlay = .page(.notes())
  case .explore: return explore(&model)
  case .leave: return leaveLesson(&model)
  }
  return []
}

/// With the list on the screen; what is no choice closes it.
private func chooseLesson(_ model: inout Model, _ action: LessonAction) -> [Command] {
  guard let play = model.lessons, let row = play.listed else { return [] }
  switch action {
  case .choose(let count): model.lessons?.listed = min(max(0, row + count), play.lessons.count - 1)
  case .go: return openLesson(&model, row + 1)
  case .open, .answer, .step, .change, .list, .again, .notes, .explore, .leave: model.lessons?.listed = nil
  }
  return []
}

private func openLesson(_ model: inout Model, _ number: Int?) -> [Command] {
  var play = model.lessons ?? LessonPlay(LessonShelf.embedded.lessons)
  if let number {
    guard play.lessons.indices.contains(number - 1) else {
      model.notice = "lesson is \(number); there are 1 to \(play.lessons.count)"
      return []
    }
    if number - 1 != play.index { play.move(to: number - 1, step: 0) }
  }
  if !play.isOpen { play.outside = Outside(model) }
  play.isOpen = true
  (play.isExplored, play.listed) = (false, nil)
  // Whoever comes back has seen the run begin.
  if play.step > 0 { play.finish() }
  model.lessons = play
  return enterStep(&model)
}

private func answer(_ model: inout Model, _ choice: Int) -> [Command] {
  guard let play = model.lessons else { return [] }
  guard play.lesson.answers.indices.contains(choice) else {
    model.notice = "the answers are \(play.lesson.letters)"
    return []
  }
  guard !play.held.contains(play.index) else {
    model.notice = "the answer is given, and stands"
    return []
  }
  model.lessons?.answers[play.index] = choice
  return []
}

/// To the next step; from a run that still plays to its end.
private func goOn(_ model: inout Model) -> [Command] {
  guard let play = model.lessons else { return [] }
  guard play.answer != nil || play.step > 0 else {
    model.notice = "a prediction is wanted first: \(play.lesson.letters)"
    return []
  }
  guard play.step > 0, !play.isSeen else {
    model.lessons?.held.insert(play.index)
    return turn(&model, by: 1)
  }
  guard model.lessons?.finish() == true else {
    model.notice = "the run goes on; its end is not known yet"
    return []
  }
  return enterStep(&model)
}

/// To another step, or across the ends of the lesson.
private func turn(_ model: inout Model, by count: Int) -> [Command] {
  guard var play = model.lessons else { return [] }
  let step = play.step + count
  if step >= play.lesson.stepCount {
    guard play.index + 1 < play.lessons.count else {
      model.notice = "this was the last lesson: \(play.score)"
      return []
    }
    play.move(to: play.index + 1, step: 0)
  } else if step < 0 {
    guard play.index > 0 else {
      model.notice = "this is the first lesson"
      return []
    }
    play.move(to: play.index - 1, step: 0)
  } else {
    play.step = step
  }
  model.lessons = play
  return enterStep(&model)
}

private func changeScene(_ model: inout Model) -> [Command] {
  guard let play = model.lessons else { return [] }
  guard play.step > 0 || play.judged.contains(play.index) else {
    model.notice = "first the lesson as it is: predict and run it"
    return []
  }
  guard !play.lesson.changes.isEmpty else {
    model.notice = "this lesson has nothing to change"
    return []
  }
  model.lessons?.step = play.step < 3 || play.step + 1 == play.lesson.stepCount ? 3 : play.step + 1
  return enterStep(&model)
}

// MARK: Runs

/// Shows what is known of the step's scene, and plays what is not.
private func enterStep(_ model: inout Model) -> [Command] {
  guard let play = model.lessons else { return [] }
  var commands: [Command] = []
  if play.trials[play.place] == nil { commands.append(.measure(play.scene, play.place)) }
  let runs = play.finished[play.place.scene] ?? []
  guard play.step == 0 || play.isSeen else {
    model.lessons?.finished[play.place.scene] = []
    return commands + playRun(&model, 0)
  }
  let shown = max(0, min(runs.count, play.scene.runs.count) - 1)
  // News of what was going on is of another run.
  model.run += 1
  model.course = .whole(play.scene.runs[shown].scenario)
  model.history = runs.last
  model.isFinished = true
  return commands + [.stop]
}

private func playRun(_ model: inout Model, _ index: Int) -> [Command] {
  guard let play = model.lessons else { return [] }
  // Not one of the user's own runs, so it does not join them.
  model.history = nil
  return start(&model, play.scene.runs[index].scenario)
}

private func again(_ model: inout Model) -> [Command] {
  guard let play = model.lessons, play.step > 0 else {
    model.notice = "nothing has been run yet"
    return []
  }
  model.lessons?.finished[play.place.scene] = nil
  return enterStep(&model)
}

/// A run of the scene has come to its end: the next one follows.
func finishLessonRun(_ model: inout Model) -> [Command] {
  guard let play = model.lessons, play.isOpen, play.step > 0, !play.isSeen, let history = model.history else {
    return []
  }
  let runs = (play.finished[play.place.scene] ?? []) + [history]
  model.lessons?.finished[play.place.scene] = runs
  model.lessons?.judge()
  return runs.count < play.scene.runs.count ? playRun(&model, runs.count) : []
}

// MARK: Out of the lessons

private func leaveLesson(_ model: inout Model) -> [Command] {
  guard let outside = model.lessons?.outside else { return [] }
  close(&model)
  var commands = start(&model, outside.course)
  outside.restore(&model)
  if let step = outside.heldAt {
    model.isPaused = true
    if step > 0 { commands.append(.advance(step)) }
  }
  return commands
}

private func explore(_ model: inout Model) -> [Command] {
  guard let play = model.lessons, let run = play.scene.runs.last else { return [] }
  guard play.step > 0 || play.judged.contains(play.index) else {
    model.notice = "a prediction is wanted first"
    return []
  }
  close(&model)
  let others = zip(play.scene.runs.dropLast(), play.finished[play.place.scene] ?? [])
  if !play.isExplored {
    for (other, history) in others {
      model.past.add(PastRun(number: model.run, course: .whole(other.scenario), history: history))
      model.run += 1
    }
  }
  model.lessons?.isExplored = true
  defer {
    if play.scene.runs.count > 1 {
      model.notice = "this is \(play.filled(run.name)); S lists the lesson's other runs"
    }
  }
  return start(&model, run.scenario)
}

private func close(_ model: inout Model) {
  model.lessons?.isOpen = false
  model.lessons?.outside = nil
  model.history = nil
}

extension Model {
  /// Opens lessons of one's own.
  /// - Parameter lessons: at least one.
  package mutating func teach(_ lessons: [Lesson]) {
    self.lessons = LessonPlay(lessons)
    _ = perform(&self, .lesson(.open(nil)))
  }
}

extension LessonPlay {
  mutating func move(to index: Int, step: Int) {
    (self.index, self.step) = (index, step)
    finished = [:]
  }

  /// All runs of the scene as they end, if that is known.
  @discardableResult
  mutating func finish() -> Bool {
    guard let trial = trials[place], trial.histories.count == scene.runs.count else { return isSeen }
    finished[place.scene] = trial.histories
    judge()
    return true
  }

  /// The answer counts once the run it is of has been seen.
  mutating func judge() {
    if place.scene == 0, isSeen, answer != nil { judged.insert(index) }
  }

  /// `2 of 3 right`.
  package var score: String { "\(rightCount) of \(judged.count) right" }
}

extension Lesson {
  /// `a, b or c`.
  package var letters: String {
    let letters = answers.indices.map { letter($0) }
    return letters.dropLast().joined(separator: ", ") + " or \(letters.last ?? "")"
  }

  package func letter(_ answer: Int) -> String { ["a", "b", "c"][answer] }
}
