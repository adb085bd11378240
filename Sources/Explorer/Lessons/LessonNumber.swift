import Math

/// A number that a lesson's text names, how it is read off the runs, and where it should fall.
package struct LessonNumber: Equatable, Sendable {
  package var name: String
  package var value: Value
  package var range: ClosedRange<Double>?

  /// `gap 1 at 200 of r = 4`, one alone or two with `over`, `minus` or `plus` between.
  package struct Value: Equatable, Sendable {
    package var first: Term
    package var rest: (operation: Operation, term: Term)?

    package static func == (a: Value, b: Value) -> Bool {
      a.first == b.first && a.rest?.operation == b.rest?.operation && a.rest?.term == b.rest?.term
    }
  }

  package enum Operation: String, CaseIterable, Sendable { case over, minus, plus }

  /// A quantity of a series of a run.
  package struct Term: Equatable, Sendable {
    package enum Moment: Equatable, Sendable {
      case step(Int), end, highest, lowest
      /// The step of its lowest.
      case lowestStep
      /// The first step at which it is at least, or at most, so much.
      case firstAbove(Double), firstBelow(Double)
      /// The step at which it has no number any more.
      case firstNotFinite
      /// Where first such a share of the loss at the start is left, or less.
      case share(Double)
    }

    package var quantity: String
    /// 0 is full fine-tuning.
    package var series: Int
    package var moment: Moment
    /// Which run of the scene.
    package var run: Int
  }
}

// MARK: As a teacher writes it

extension LessonNumber.Value {
  static let form =
    "'gap 1 at 200', 'loss 2 at end of RUN', 'gap 1 at share 0.5', 'highest gap 1', 'lowest loss full', "
    + "'step of lowest test full', 'first step gap 1 below 0.1', 'first step loss 1 not finite', or two of them with over, minus or plus between"

  /// - Throws: `LessonFault`, with the text and what is allowed.
  init(_ text: String, in scene: Scene) throws(LessonFault) {
    let words = text.split(separator: " ").map(String.init)
    for operation in LessonNumber.Operation.allCases {
      guard let place = words.firstIndex(of: operation.rawValue) else { continue }
      first = try LessonNumber.Term(Array(words[..<place]), in: scene, text)
      rest = (operation, try LessonNumber.Term(Array(words[(place + 1)...]), in: scene, text))
      return
    }
    first = try LessonNumber.Term(words, in: scene, text)
    rest = nil
  }
}

extension LessonNumber.Term {
  fileprivate init(_ words: [String], in scene: Scene, _ text: String) throws(LessonFault) {
    var words = words
    (run, words) = try Self.takeRun(words, in: scene)
    func fault() -> LessonFault { LessonFault("value", text, LessonNumber.Value.form) }
    switch (words.first, words.count) {
    case ("highest", 3): moment = .highest
    case ("lowest", 3): moment = .lowest
    case ("step", 5) where words[1...2] == ["of", "lowest"]: moment = .lowestStep
    case ("first", 6) where words[1] == "step" && words[4...] == ["not", "finite"]: moment = .firstNotFinite
    case ("first", 6) where words[1] == "step":
      guard let bound = Double(words[5]) else { throw fault() }
      moment = words[4] == "above" ? .firstAbove(bound) : .firstBelow(bound)
      guard ["above", "below"].contains(words[4]) else { throw fault() }
    case (_, 5) where words[2...3] == ["at", "share"]:
      guard let bound = Double(words[4]) else { throw fault() }
      moment = .share(bound)
    case (_, 4) where words[2] == "at":
      if words[3] == "end" {
        moment = .end
      } else {
        let steps = scene.runs[run].scenario.steps
        guard let step = Int(words[3]), (0...steps).contains(step) else {
          throw LessonFault("value", text, "steps from 0 to \(steps), or end")
        }
        moment = .step(step)
      }
    default: throw fault()
    }
    let start =
      switch moment {
      case .highest, .lowest: 1
      case .lowestStep: 3
      case .firstAbove, .firstBelow, .firstNotFinite: 2
      case .step, .end, .share: 0
      }
    quantity = words[start]
    guard Self.quantities.contains(quantity) else {
      throw LessonFault("quantity", quantity, Self.quantities.joined(separator: ", "))
    }
    let count = scene.runs[run].scenario.variants.count
    guard let series = words[start + 1] == "full" ? 0 : Int(words[start + 1]), (0...count).contains(series)
    else { throw LessonFault("series", words[start + 1], "full, or 1 to \(count)") }
    self.series = series
  }

  static let quantities = ["gap", "floor", "loss", "share", "test"] + Measure.all.map(\.id)

  /// What follows the last `of` names a run, but for `step of lowest`.
  private static func takeRun(_ words: [String], in scene: Scene) throws(LessonFault) -> (Int, [String]) {
    guard let place = words.lastIndex(of: "of"), words.dropFirst(place + 1).first != "lowest" else {
      guard scene.runs.count == 1 else {
        throw LessonFault(
          "value", words.joined(separator: " "),
          "of RUN at its end, one of \(scene.runs.map(\.name).joined(separator: "; "))")
      }
      return (0, words)
    }
    let name = words[(place + 1)...].joined(separator: " ")
    guard let run = scene.runs.firstIndex(where: { $0.name == name }) else {
      throw LessonFault("run", name, scene.runs.map(\.name).joined(separator: "; "))
    }
    return (run, Array(words[..<place]))
  }
}

/// What is wrong with a lesson: the thing, its value, what is allowed.
package struct LessonFault: Error, Equatable, CustomStringConvertible {
  package let description: String
  /// A piece of the text that shows where in it the fault is.
  let place: String?

  init(_ thing: String, _ value: String, _ allowed: String, at place: String? = nil) {
    self.init("\(thing) is '\(value)'; allowed is \(allowed)", at: place)
  }

  init(_ description: String, at place: String? = nil) {
    self.description = description
    self.place = place
  }
}
