import Charts
import Math

/// A lesson as the class sees it: drawing 4.9. Few words, the picture, and below it the question or what became of
/// the prediction. Nothing is dim, since projectors are.
func lessonScreen(_ model: Model, _ size: Size) -> Screen {
  var grid = Grid(size)
  guard let play = model.lessons else { return Screen(grid: grid) }
  let width = size.width - 4
  drawLessonTitle(play, model.glyphs, on: &grid)
  let isRoomy = size.height >= 22
  let words = lines(wordsAbove(play), width, model.glyphs)
  var row = isRoomy ? 3 : 2
  for line in words {
    grid.put(line, row: row, column: 2)
    row += 1
  }
  if isRoomy { row += 1 }
  let below = wordsBelow(play, model, width)
  let bottom = size.height - 1
  // Below the picture: the words, a row for messages, the keys.
  // The question has room at every step, so the picture stays as it is and the verdict stands where that was.
  let rows = max(below.count, question(play, model.glyphs, width).count)
  let end = max(row + 4, bottom - (isRoomy ? 2 : 1) - rows)
  let picture = Size(width: size.width, height: end - row)
  grid.draw(lessonPicture(model, picture), row: row, column: 0)
  for (i, line) in below.enumerated() where end + i < bottom {
    grid.put(line.text, row: end + i, column: 2, style: line.style)
  }
  if let message = model.failure ?? model.notice {
    grid.put("".padded(size.width), row: bottom - 1, column: 0)
    grid.put(model.glyphs.spell("  \(message)"), row: bottom - 1, column: 0, style: .bold)
  }
  let cursor = drawKeys(row: bottom, on: &grid, model)
  return Screen(grid: grid, cursor: cursor ?? Cursor(row: min(end, bottom), column: 2, isShown: false))
}

/// Which lesson and which step of it, and under it how far that is.
private func drawLessonTitle(_ play: LessonPlay, _ glyphs: Glyphs, on grid: inout Grid) {
  let width = grid.size.width
  let steps = "step \(play.step + 1) of \(play.lesson.stepCount) "
  let score = play.judged.isEmpty ? "" : "\(play.score)   "
  let end = width - steps.count - score.count
  grid.put(score + steps, row: 0, column: end)
  let title = glyphs.spell(" Lesson \(play.index + 1) of \(play.lessons.count)   \(play.lesson.title)")
  grid.put(String(title.prefix(max(0, end - 1))), row: 0, column: 0, style: .bold)
  let done = width * (play.step + 1) / play.lesson.stepCount
  for column in 0..<width {
    grid.put(column < done ? glyphs.elapsed : glyphs.ahead, row: 1, column: column)
  }
}

/// What is said over the picture at this step.
package func wordsAbove(_ play: LessonPlay) -> String {
  switch play.step {
  case 0, 1: play.filled(play.lesson.say)
  case 2: play.filled(play.lesson.why)
  default: play.change.map { play.isSeen ? play.filled($0.say) : $0.label } ?? ""
  }
}

private typealias Line = (text: String, style: Style)

/// The question, or the verdict on the prediction, or what has been changed.
private func wordsBelow(_ play: LessonPlay, _ model: Model, _ width: Int) -> [Line] {
  switch play.step {
  case 0: question(play, model.glyphs, width)
  case 1, 2: lines(verdict(play), width, model.glyphs).map { ($0, .bold) }
  default:
    lines("Changed: \(play.change?.label ?? "")", width, model.glyphs).map { ($0, .bold) }
  }
}

private func question(_ play: LessonPlay, _ glyphs: Glyphs, _ width: Int) -> [Line] {
  var rows: [Line] = lines("Question  \(play.filled(play.lesson.ask))", width, glyphs).map { ($0, .bold) }
  let answers = play.lesson.answers.enumerated().map { i, answer in
    (play.answer == i ? "▸ " : "  ") + "\(play.lesson.letter(i))  \(play.filled(answer.text))"
  }
  let together = glyphs.spell(answers.joined(separator: "     "))
  let isShort = together.unicodeScalars.count <= width
  let choices = isShort ? [together] : answers.flatMap { lines($0, width, glyphs) }
  rows += choices.map { ($0, .plain) }
  let answered = play.answer.map { "You say \(play.lesson.letter($0)).  Press Enter and the run shows you." }
  let wanted = "Predict first: press \(play.lesson.letters).  Then press Enter and the run shows you."
  return rows + [("", .plain), (answered ?? wanted, .plain)]
}

/// What became of the prediction, once the run has been seen.
package func verdict(_ play: LessonPlay) -> String {
  guard let given = play.answer else { return "" }
  let answer = play.lesson.answers[given]
  let head = "your answer \(play.lesson.letter(given)): "
  guard play.isSeen else { return head + play.filled(answer.text) }
  let reason = play.filled(answer.reason)
  guard !answer.isRight, let right = play.lesson.answers.firstIndex(where: \.isRight) else {
    return head + "right: \(reason)"
  }
  return head + "wrong: \(reason). Right is \(play.lesson.letter(right)): "
    + play.filled(play.lesson.answers[right].text)
}

private func lines(_ text: String, _ width: Int, _ glyphs: Glyphs) -> [String] {
  wrapped(glyphs.spell(text), width: max(1, width))
}

extension Lesson {
  package var notesOrNone: String { notes.isEmpty ? "This lesson has no notes." : notes }
}
