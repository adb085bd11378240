import Charts
import Math

/// A lesson on paper: its words with their numbers, and its charts as text.
package struct LessonScript {
  private let lesson: Lesson
  private let number: Int
  private static let size = Size(width: 76, height: 16)

  package init(_ lesson: Lesson, number: Int) {
    self.lesson = lesson
    self.number = number
  }

  /// The teacher's notes, with the numbers of the lesson.
  package func notes() throws -> [String] {
    let words = LessonText(lesson.notesOrNone).filled(try lesson.scene.measured(), in: lesson.scene)
    return ["\(number). \(lesson.title): for the teacher", ""] + wrapped(words, width: 76)
  }

  package func lines() throws -> [String] {
    let numbers = try lesson.scene.measured()
    func filled(_ text: String) -> [String] {
      wrapped(LessonText(text).filled(numbers, in: lesson.scene), width: 76)
    }
    var lines =
      ["\(number). \(lesson.title)", ""] + filled(lesson.say) + [""] + filled("Question: \(lesson.ask)")
    for (i, answer) in lesson.answers.enumerated() {
      lines += filled("  \(lesson.letter(i))  \(answer.text)")
    }
    lines += [""] + (try picture(change: nil)) + [""]
    for (i, answer) in lesson.answers.enumerated() {
      lines += filled("\(lesson.letter(i)) is \(answer.isRight ? "right" : "wrong"): \(answer.reason).")
    }
    lines += [""] + filled(lesson.why)
    for (i, change) in lesson.changes.enumerated() {
      let numbers = try change.scene.measured()
      lines += ["", "Changed: \(change.label)", ""] + (try picture(change: i)) + [""]
      lines += wrapped(LessonText(change.say).filled(numbers, in: change.scene), width: 76)
    }
    return lines.map(\.printable)
  }

  /// What the screen shows once the runs are over, by the same engine.
  private func picture(change: Int?) throws -> [String] {
    let scene = change.map { lesson.changes[$0].scene } ?? lesson.scene
    var histories: [RunHistory] = []
    var last: Model?
    for run in scene.runs {
      let model = try Model.played(
        .whole(run.scenario), to: run.scenario.steps, Self.size, glyphs: .braille,
        wanted: scene.picture.wanted)
      histories += [model.history].compactMap(\.self)
      last = model
    }
    guard var model = last else { return [] }
    model.lessons = LessonPlay(seen: lesson, change: change, histories)
    return lessonPicture(model, Self.size).rows.map { $0.trimmedEnd }
  }
}

extension LessonPlay {
  /// At the step where a scene has been seen.
  init(seen lesson: Lesson, change: Int?, _ histories: [RunHistory]) {
    self.init([lesson])
    step = change.map { $0 + 3 } ?? 2
    finished[place.scene] = histories
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
