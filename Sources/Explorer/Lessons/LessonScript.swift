import Charts
import Math

/// A lesson on paper: its words with their numbers, and its charts as text.
package struct LessonScript {
  private let lesson: Lesson
  private let number: Int
  private let glyphs: Glyphs
  private let convention: Convention
  private static let size = Size(width: 76, height: 16)

  package init(_ lesson: Lesson, number: Int, glyphs: Glyphs = .braille, convention: Convention = .house) {
    self.lesson = lesson
    self.number = number
    self.glyphs = glyphs
    self.convention = convention
  }

  /// The teacher's notes, with the numbers of the lesson.
  package func notes() throws -> [String] {
    let words = LessonText(lesson.notesOrNone).filled(try lesson.scene.measured(), in: lesson.scene)
    return spelled(["\(number). \(lesson.title): for the teacher", ""] + wrapped(words))
  }

  package func lines() throws -> [String] {
    let trial = try lesson.scene.tried()
    func filled(_ text: String) -> [String] {
      wrapped(LessonText(text).filled(trial.numbers, in: lesson.scene))
    }
    var lines =
      ["\(number). \(lesson.title)", ""] + filled(lesson.say) + [""] + filled("Question: \(lesson.ask)")
    for (i, answer) in lesson.answers.enumerated() {
      lines += filled("  \(lesson.letter(i))  \(answer.text)")
    }
    lines += [""] + picture(lesson.scene, trial) + [""]
    for (i, answer) in lesson.answers.enumerated() {
      lines += filled("\(lesson.letter(i)) is \(answer.isRight ? "right" : "wrong"): \(answer.reason).")
    }
    lines += [""] + filled(lesson.why)
    if let doubt = lesson.doubt(trial.numbers) { lines += [""] + wrapped(doubt) }
    for change in lesson.changes {
      let trial = try change.scene.tried()
      let words = LessonText("Changed: \(change.label). \(change.say)").filled(
        trial.numbers, in: change.scene)
      lines += [""] + picture(change.scene, trial) + [""] + wrapped(words)
    }
    return spelled(lines)
  }

  /// What the screen shows once the runs are over.
  private func picture(_ scene: Scene, _ trial: SceneTrial) -> [String] {
    ScenePicture(scene, trial.histories, glyphs).render(Self.size).rows.map { $0.trimmedEnd }
  }

  private func wrapped(_ text: String) -> [String] {
    Explorer.wrapped(glyphs.spell(convention.written(text)), width: Self.size.width)
  }

  private func spelled(_ lines: [String]) -> [String] { lines.map { glyphs.spell($0).printable } }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
