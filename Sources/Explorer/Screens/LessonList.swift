import Charts

/// All lessons, the one in focus marked, and what became of the answers.
func lessonList(_ model: Model, _ play: LessonPlay, _ focus: Int, _ size: Size) -> Screen {
  var grid = Grid(size)
  grid.put(" Lessons", row: 0, column: 0, style: .bold)
  if !play.judged.isEmpty { grid.put("\(play.score) ", row: 0, column: size.width - play.score.count - 1) }
  let room = size.height - 3
  let first = min(max(0, focus - room / 2), max(0, play.lessons.count - room))
  for (row, index) in (first..<min(first + room, play.lessons.count)).enumerated() {
    let mark = index == focus ? "▸" : " "
    let words =
      "\(mark) \("\(index + 1)".aligned(2))  \(play.lessons[index].title.padded(46))\(play.outcome(index))"
    grid.put(
      model.glyphs.spell(words), row: row + 2, column: 2, style: index == focus ? .bold : .plain)
  }
  let cursor = drawKeys(row: size.height - 1, on: &grid, model)
  return Screen(grid: grid, cursor: cursor ?? Cursor(row: focus - first + 2, column: 2, isShown: false))
}

extension LessonPlay {
  /// `right`, `wrong`; empty where no answer has been held against its run.
  fileprivate func outcome(_ lesson: Int) -> String {
    guard judged.contains(lesson), let answer = answers[lesson] else { return "" }
    return lessons[lesson].answers[answer].isRight ? "right" : "wrong"
  }
}
