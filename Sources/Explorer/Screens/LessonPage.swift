import Charts
import Math

/// Where the parts of a lesson's page stand. The picture has the rows that the words leave, and the same before and
/// after the end of a run.
struct LessonPage {
  typealias Line = (text: String, style: Style)

  private(set) var above: [Line]
  private(set) var below: [Line]
  /// Of the picture.
  private(set) var picture: Size
  /// Rows left free: first above the keys, where messages stand, then under the title, then over the picture.
  let blanks: Int

  var top: Int { blanks > 1 ? 3 : 2 }
  var pictureRow: Int { top + rowsAbove + (blanks > 2 ? 1 : 0) }
  private let rowsAbove: Int

  /// The title, the bar below it, the keys.
  private static let fixedRows = 3
  /// A plot of ten rows, axis, labels, title, and the legend where it does not fit beside that.
  private static let leastPicture = 14
  /// A wider and higher screen than this is roomy.
  private static let roomyHeight = 22

  init(_ play: LessonPlay, _ size: Size, _ glyphs: Glyphs, _ convention: Convention) {
    let width = max(1, size.width - 4)
    let spell = { (text: String) in glyphs.spell(convention.written(text)) }
    let lines = { (text: String) in wrapped(spell(text), width: width) }
    let room = size.height - Self.fixedRows
    above = lines(wordsAbove(play)).map { ($0, .plain) }
    below =
      play.step == 0
      ? question(play, spell, width, isBrief: size.height < Self.roomyHeight)
      : lines(verdict(play)).map { ($0, .bold) }
    // Longer words come with the end of the run, and nothing is to move then.
    var rows = max(above.count, lines(wordsAbove(play, isSeen: true)).count)
    var rowsBelow = max(below.count, play.step == 0 ? 0 : lines(verdict(play, isSeen: true)).count)
    if play.step > 0, room - rows - rowsBelow < Self.leastPicture {
      // What the page before has said gives way.
      if play.step == 1 { (above, rows) = ([], 0) } else { (below, rowsBelow) = ([], 0) }
    }
    let free = max(0, room - rows - rowsBelow)
    // On empty axes there is nothing to be read off.
    let least = play.step == 0 ? Self.leastPicture - 6 : Self.leastPicture
    blanks = min(3, max(0, free - least))
    rowsAbove = rows
    let height = free - blanks
    picture = Size(width: size.width, height: play.step == 0 && height < 4 ? 0 : height)
  }
}

/// What is said over the picture at this step.
package func wordsAbove(_ play: LessonPlay, isSeen: Bool? = nil) -> String {
  switch play.step {
  case 0, 1: return play.filled(play.lesson.say)
  case 2:
    return [play.filled(play.lesson.why), play.lesson.doubt(play.sceneNumbers)].compactMap(\.self)
      .joined(separator: " ")
  default:
    guard let change = play.change else { return "" }
    let words = play.filled(isSeen ?? play.isSeen ? change.say : change.ask)
    return "Changed: \(play.filled(change.label))." + (words.isEmpty ? "" : " \(words)")
  }
}

private func question(
  _ play: LessonPlay, _ spell: @escaping (String) -> String, _ width: Int, isBrief: Bool
) -> [LessonPage.Line] {
  let lines = { (text: String) in wrapped(spell(text), width: width) }
  let rows: [LessonPage.Line] = lines("Question  \(play.filled(play.lesson.ask))").map { ($0, .bold) }
  let answers = play.lesson.answers.enumerated().map { i, answer in
    (play.answer == i ? "▸ " : "  ") + "\(play.lesson.letter(i))  \(play.filled(answer.text))"
  }
  let together = spell(answers.joined(separator: "     "))
  let isShort = together.unicodeScalars.count <= width
  let choices = isShort ? [together] : answers.flatMap(lines)
  let then = isBrief ? "Then Enter." : "Then press Enter and the run shows you."
  let answered = play.answer.map { "You say \(play.lesson.letter($0)).  \(then)" }
  let wanted = "Predict first: press \(play.lesson.letters).  \(then)"
  let gap: [LessonPage.Line] = isBrief ? [] : [("", .plain)]
  return rows + choices.map { ($0, .plain) } + gap + [(answered ?? wanted, .plain)]
}

/// What became of the prediction, once the run has been seen.
package func verdict(_ play: LessonPlay, isSeen: Bool? = nil) -> String {
  guard play.step < 3, let given = play.answer else { return "" }
  let answer = play.lesson.answers[given]
  let head = "your answer \(play.lesson.letter(given)): "
  guard isSeen ?? play.isSeen else { return head + play.filled(answer.text) }
  let reason = play.filled(answer.reason)
  guard !answer.isRight, let right = play.lesson.answers.firstIndex(where: \.isRight) else {
    return head + "right: \(reason)"
  }
  return head + "wrong: \(reason). Right is \(play.lesson.letter(right)): "
    + play.filled(play.lesson.answers[right].text)
}

extension Lesson {
  /// For the teacher: the notes, and on which seeds a number is another than it should be.
  package var notesOrNone: String {
    let seeds = outside.sorted { $0.key < $1.key }.map { "With seed \($0.key): \($0.value)." }
    return ([notes.isEmpty ? "This lesson has no notes." : notes] + seeds).joined(separator: " ")
  }
}
