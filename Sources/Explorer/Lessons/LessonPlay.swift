import Math

/// Where a class is in its lessons, what it has predicted and what it has seen.
package struct LessonPlay: Equatable, Sendable {
  package let lessons: [Lesson]
  /// The lesson, and the step of it: 0 predicts, 1 runs, 2 says why, then one for each change.
  package internal(set) var index = 0
  package internal(set) var step = 0
  /// Whether it has the screen; when not, it waits where it was.
  package internal(set) var isOpen = false
  /// The lesson in focus while all are listed.
  package internal(set) var listed: Int?
  /// It waits for who has taken its run to the explorer.
  package internal(set) var isExplored = false
  /// What was answered, by lesson.
  package internal(set) var answers: [Int: Int] = [:]
  /// The lessons whose answer stands, since its run has begun.
  package internal(set) var held: Set<Int> = []
  /// Those whose run has come to its end: only then the answer counts.
  package internal(set) var judged: Set<Int> = []
  /// Runs of the present lesson that have come to their end, by scene.
  package internal(set) var finished: [Int: [RunHistory]] = [:]
  /// What is known of a scene beforehand.
  package internal(set) var trials: [Place: SceneTrial] = [:]
  /// What the screen showed before the lessons.
  package internal(set) var outside: Outside?

  /// A scene: 0 is the lesson's own, then its changes.
  package struct Place: Hashable, Sendable {
    package var lesson: Int
    package var scene: Int
  }

  /// - Parameter lessons: at least one.
  package init(_ lessons: [Lesson], at index: Int = 0) {
    self.lessons = lessons
    self.index = index
  }

  package var lesson: Lesson { lessons[index] }
  package var scene: Scene { lesson.scene(atStep: step) }
  package var place: Place { Place(lesson: index, scene: max(0, step - 2)) }
  package var answer: Int? { answers[index] }
  /// The change to be seen at this step.
  package var change: Lesson.Change? { step < 3 ? nil : lesson.changes[step - 3] }

  /// All runs of the present scene are over.
  package var isSeen: Bool { finished[place.scene]?.count == scene.runs.count }

  package var rightCount: Int {
    judged.count { lesson in answers[lesson].map { lessons[lesson].answers[$0].isRight } ?? false }
  }

  /// Of the present scene; empty until they are known.
  package var sceneNumbers: LessonNumbers { trials[place]?.numbers ?? [:] }

  /// Words of the lesson with the numbers of the present scene.
  package func filled(_ text: String) -> String { LessonText(text).filled(sceneNumbers, in: scene) }
}

/// What the lessons lie over.
package struct Outside: Equatable, Sendable {
  var course: Course
  /// Where it was held; nil when it went on.
  var heldAt: Int?
  var focus: Panel
  var isZoomed: Bool
  var isComparing: Bool
  var table: TableOrder
  var hidden: Set<Int>
  var layer: Int
  var lossSet: LossSet

  init(_ model: Model) {
    course = model.course
    heldAt = model.isPaused ? model.history?.step : nil
    (focus, isZoomed, isComparing, table) = (model.focus, model.isZoomed, model.isComparing, model.table)
    (hidden, layer, lossSet) = (model.hidden, model.layer, model.lossSet)
  }

  func restore(_ model: inout Model) {
    (model.focus, model.isZoomed, model.isComparing, model.table) = (focus, isZoomed, isComparing, table)
    (model.hidden, model.layer, model.lossSet) = (hidden, layer, lossSet)
  }
}

/// What one can do in a lesson.
package enum LessonAction: Hashable, Sendable {
  /// By number from 1; where one was when nil.
  case open(Int?)
  case answer(Int)
  /// Run what has been predicted, or go on.
  case go
  /// Forward for 1, back for -1.
  case step(Int)
  /// The next of the things to change live.
  case change
  /// All lessons, or no longer.
  case list
  /// Another of the list, so many further down.
  case choose(Int)
  /// The scene's runs once more.
  case again
  case notes
  /// The scene's run in the full explorer.
  case explore
  case leave
}
