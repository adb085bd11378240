import Charts

/// A lesson in sentences: what the page shows, when there is something new on it.
struct LessonSpeaker: Sendable {
  private struct Page: Equatable {
    var index: Int
    var step: Int
    var answer: Int?
    var isSeen: Bool
    var listed: Int?
  }

  private var told: Page?

  /// Nothing where no lesson is open.
  mutating func news(of model: Model) -> [String] {
    guard let play = model.lessons, play.isOpen else { return [] }
    let page = Page(
      index: play.index, step: play.step, answer: play.step == 0 ? play.answer : nil,
      isSeen: play.isSeen && play.isKnown, listed: play.listed)
    guard page != told, play.isKnown || play.step > 0 else { return [] }
    defer { told = page }
    if let row = play.listed {
      let titles = play.lessons.enumerated().map { "\($0 + 1): \($1.title)." }
      return told?.listed == nil ? titles + ["lesson N opens one."] : [titles[row]]
    }
    if play.step == 0, let told, told.index == page.index, told.step == 0, told.listed == nil {
      return play.answer.map { ["You say \(play.lesson.letter($0)). go runs it."] } ?? []
    }
    switch play.step {
    case 0: return question(play)
    case _ where !page.isSeen: return (play.step > 2 ? [wordsAbove(play)] : []) + ["It runs."]
    case 1: return picture(play) + [verdict(play) + ".", "turn next goes on."]
    case 2: return [wordsAbove(play), "turn next goes on."]
    default: return picture(play) + [wordsAbove(play), "turn next goes on."]
    }
  }

  private func picture(_ play: LessonPlay) -> [String] {
    ScenePicture(play, live: nil, .ascii).sentences
  }

  private func question(_ play: LessonPlay) -> [String] {
    [
      "Lesson \(play.index + 1) of \(play.lessons.count). \(play.lesson.title).",
      play.filled(play.lesson.say),
      "Question: \(play.filled(play.lesson.ask))",
    ]
      + play.lesson.answers.enumerated().map { i, answer in
        "\(play.lesson.letter(i)): \(play.filled(answer.text))."
      } + ["Say \(play.lesson.letters), then go."]
  }
}

extension Model {
  /// The page of the lesson has all that it is to show.
  var lessonIsReady: Bool {
    guard let play = lessons else { return true }
    return play.isKnown && (play.step == 0 || play.isSeen)
  }
}

extension LessonPlay {
  /// Words wait for their numbers.
  fileprivate var isKnown: Bool { scene.numbers.isEmpty || !sceneNumbers.isEmpty }
}
