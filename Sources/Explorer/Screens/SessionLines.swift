import Charts
import Math

/// The line of the run in focus, and where there have been several a row for each, the newest first: how far it
/// went, with the numbers of its first variant there. The rows scroll, the line stays.
func sessionLines(_ model: Model, row: Int, _ size: Size) -> [String] {
  let runs = Array(model.past.runs.reversed())
  let chosen = min(row, runs.count)
  let opening = "lora-explorer --run '\(model.course.line)'"
  let words = wrapped(chosen == 0 ? opening : runs[chosen - 1].course.line, width: size.width)
  guard !runs.isEmpty else { return words }
  var rows = [summary(model.run, model.course, model.history, "the present run")]
  for run in runs {
    let ghost = run.number == model.past.ghost ? "┄ " : ""
    let words = difference(run.course, from: model.course)
    rows.append(summary(run.number, run.course, run.history, ghost + words))
  }
  let title = "  run" + ["step", "gap 1", "×floor", "loss 1"].map { $0.aligned(10) }.joined()
  let table = rows.enumerated().map { k, text in
    cut((k == chosen ? "▸ " : "  ") + text, size.width, model.glyphs)
  }
  let room = max(1, size.height - words.count - 2)
  let first = max(0, min(chosen - room / 2, table.count - room))
  return [title + "  what differs"] + table.dropFirst(first).prefix(room) + [""] + words
}

/// With a mark where it does not end.
private func cut(_ text: String, _ width: Int, _ glyphs: Glyphs) -> String {
  let (text, mark) = (glyphs.spell(text), glyphs.spell("…"))
  return text.count <= width ? text : text.prefix(width - mark.count) + mark
}

/// The words of a line that another does not have, else those that it lacks. Branches are told whole: their words
/// mean another thing than the same ones before the bar.
private func difference(_ course: Course, from other: Course) -> String {
  func parts(_ course: Course) -> (words: [Substring], branches: Substring) {
    let bar = course.line.firstIndex(of: "|") ?? course.line.endIndex
    return (course.line[..<bar].split(separator: " "), course.line[bar...])
  }
  func words(_ a: Course, notIn b: Course) -> String {
    let (own, others) = (parts(a), parts(b))
    let branches = own.branches == others.branches ? [] : [own.branches]
    return (own.words.filter { !others.words.contains($0) } + branches).filter { !$0.isEmpty }.joined(
      separator: " ")
  }
  let own = words(course, notIn: other)
  if !own.isEmpty { return own }
  return course == other ? "the same line" : "without " + words(other, notIn: course)
}

private func summary(_ number: Int, _ course: Course, _ history: RunHistory?, _ words: String) -> String {
  let end = history.flatMap { history in
    history.latest == nil ? nil : PastRun(number: number, course: course, history: history).end(1)
  }
  let numbers = [
    "\(history?.step ?? 0)/\(course.scenario.steps)", end?.gap.map { brief($0) },
    end?.overFloor.map { significant($0, 3) }, end?.loss.map { brief($0) },
  ]
  return "\(number)".padded(3) + numbers.map { ($0 ?? "–").aligned(10) }.joined() + "  " + words
}
