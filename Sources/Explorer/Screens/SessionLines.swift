import Charts
import Math

/// The line of the run in focus, and where there have been several a row for each, the newest first: how far it
/// went, with the numbers of its first variant there.
func sessionLines(_ model: Model, row: Int, width: Int) -> [String] {
  let runs = Array(model.past.runs.reversed())
  let chosen = min(row, runs.count)
  let opening = "lora-explorer --run '\(model.scenario.line)'"
  let words = wrapped(chosen == 0 ? opening : runs[chosen - 1].course.line, width: width)
  guard !runs.isEmpty else { return words }
  let known = Set(model.course.line.split(separator: " "))
  var rows = [summary(model.run, model.course, model.history, "the present run")]
  for run in runs {
    let others = run.course.line.split(separator: " ").filter { !known.contains($0) }.joined(separator: " ")
    let ghost = run.number == model.past.ghost ? "┄ " : ""
    rows.append(
      summary(run.number, run.course, run.history, ghost + (others.isEmpty ? "the same line" : others)))
  }
  let title = "  run" + ["step", "gap 1", "×floor", "loss 1"].map { $0.aligned(10) }.joined()
  let table = rows.enumerated().map { k, text in
    String(((k == chosen ? "▸ " : "  ") + text).prefix(width))
  }
  return [title + "  what differs"] + table + [""] + words
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
