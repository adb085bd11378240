import Charts
import Math

/// A lesson as the class sees it: drawing 4.9. Few words, the picture, and below it the question or what became of
/// the prediction. Nothing is dim, since projectors are.
func lessonScreen(_ model: Model, _ size: Size) -> Screen {
  var grid = Grid(size)
  guard let play = model.lessons else { return Screen(grid: grid) }
  if let row = play.listed { return lessonList(model, play, row, size) }
  let page = LessonPage(play, size, model.glyphs, model.convention)
  drawLessonTitle(play, model.glyphs, on: &grid)
  for (i, line) in page.above.enumerated() {
    grid.put(line.text, row: page.top + i, column: 2, style: line.style)
  }
  grid.draw(lessonPicture(model, page.picture), row: page.pictureRow, column: 0)
  let end = page.pictureRow + page.picture.height
  let bottom = size.height - 1
  for (i, line) in page.below.enumerated() where end + i < bottom {
    grid.put(line.text, row: end + i, column: 2, style: line.style)
  }
  var cursor = drawKeys(row: bottom, on: &grid, model)
  if cursor == nil, let message = model.failure ?? model.notice {
    // Without a row of its own it stands over the keys until the next of them is pressed.
    let row = bottom - (page.blanks > 0 ? 1 : 0)
    grid.put(model.glyphs.spell("  \(message)").padded(size.width), row: row, column: 0, style: .bold)
  }
  cursor = cursor ?? Cursor(row: min(end, bottom), column: 2, isShown: false)
  return Screen(grid: grid, cursor: cursor)
}

/// Which lesson and which step of it, and under it how far that is.
private func drawLessonTitle(_ play: LessonPlay, _ glyphs: Glyphs, on grid: inout Grid) {
  let width = grid.size.width
  let steps = "step \(play.step + 1) of \(play.lesson.stepCount) "
  let title = glyphs.spell(" Lesson \(play.index + 1) of \(play.lessons.count)   \(play.lesson.title)")
  // The count is the first to give way.
  let scores = play.judged.isEmpty ? [] : ["\(play.score)   ", "\(play.rightCount)/\(play.judged.count)   "]
  let score = scores.first { title.unicodeScalars.count + 2 + $0.count + steps.count <= width } ?? ""
  let end = width - steps.count - score.count
  grid.put(score + steps, row: 0, column: end)
  grid.put(String(title.prefix(max(0, end - 1))), row: 0, column: 0, style: .bold)
  let done = width * (play.step + 1) / play.lesson.stepCount
  for column in 0..<width {
    grid.put(column < done ? glyphs.elapsed : glyphs.ahead, row: 1, column: column)
  }
}
