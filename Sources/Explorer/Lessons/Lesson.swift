import Charts
import Math

/// A lesson as a teacher writes it: a few words, a question to be answered before the run, and why.
package struct Lesson: Equatable, Sendable {
  /// What is right, or why it is wrong.
  package struct Answer: Equatable, Sendable {
    package var text: String
    package var isRight: Bool
    package var reason: String
  }

  /// What is turned live, once the run has been seen.
  package struct Change: Equatable, Sendable {
    package var label: String
    /// What is to be predicted while it runs; may be empty.
    package var ask: String
    package var say: String
    package var scene: Scene
  }

  /// The file's name without its ending; it begins with the number.
  package var name: String
  package var title: String
  package var say: String
  package var ask: String
  /// Two or three, one of them right.
  package var answers: [Answer]
  package var why: String
  package var scene: Scene
  package var changes: [Change]
  /// For the teacher alone.
  package var notes: String
  /// Seeds on which a number falls outside its range, and why.
  package var outside: [Int: String]

  /// Predict, run, why, and one for each change.
  package var stepCount: Int { 3 + changes.count }

  /// Why a number falls outside its range with the seed in use.
  package var reason: String? { outside[seed] }

  /// A sentence where the words do not hold with the seed in use: the lesson's own, else what fell outside its range.
  package func doubt(_ numbers: LessonNumbers) -> String? {
    if let reason { return "With seed \(seed): \(reason)." }
    let names = scene.numbers.filter { number in
      guard let value = numbers[number.name], let range = number.range else { return false }
      return !range.contains(value)
    }.map(\.name)
    guard !names.isEmpty else { return nil }
    return
      "With seed \(seed) the words may not hold: outside what they are about is \(names.joined(separator: ", "))."
  }

  /// What is run at a step: the lesson's own scene, or a change of it.
  package func scene(atStep step: Int) -> Scene { step < 3 ? scene : changes[step - 3].scene }
}

extension Lesson {
  package var seed: Int { scene.runs[0].scenario.seed }

  /// The same with another seed; nil for its own.
  package func with(seed: Int?) -> Lesson {
    var lesson = self
    lesson.scene = scene.with(seed: seed)
    for i in changes.indices { lesson.changes[i].scene = changes[i].scene.with(seed: seed) }
    return lesson
  }
}

/// Runs that are seen in one picture, one after another, and the numbers that are read off them.
package struct Scene: Equatable, Sendable {
  package struct Run: Equatable, Sendable {
    /// Empty where there is one alone.
    package var name: String
    package var scenario: Scenario
  }

  package var runs: [Run]
  package var picture: LessonPicture
  package var numbers: [LessonNumber]

  /// The same with another seed; nil for its own.
  package func with(seed: Int?) -> Scene {
    var scene = self
    guard let seed else { return scene }
    for i in runs.indices { try? scene.runs[i].scenario.set("seed", to: "\(seed)") }
    return scene
  }
}

/// What a lesson draws of its runs.
package struct LessonPicture: Equatable, Sendable {
  package enum Quantity: Equatable, Sendable {
    /// A share is the loss over that at the start.
    case gap, loss, share, test, spectrum
    /// Of every series, by id.
    case measure(String)
    /// Of the first series alone.
    case measures([String])
  }

  package var show = Quantity.gap
  package var scale = Scale.log
  package var range: ClosedRange<Double>?
  package var hasFloors = false
  /// Against the rank of each run instead of its steps, at a step of it: the last when nil.
  package var isAgainstRank = false
  package var step: Int?
  /// Full fine-tuning is drawn too.
  package var hasFull = false
  /// What variants are called, or the measures of one, by number from 1; their own names without.
  package var names: [String] = []
  /// Below it each variant's sharpness beside 2/η.
  package var hasGauge = false
  /// Instead of the quantity's own.
  package var heading: String?
}
