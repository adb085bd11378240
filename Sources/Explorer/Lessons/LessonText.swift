import Math

/// Words with placeholders, `{name}` of a number or of what is set in the scenario, which are all the numbers in
/// them.
package struct LessonText: Equatable, Sendable {
  private enum Piece: Equatable { case words(String), number(String) }

  private let text: String

  package init(_ text: String) { self.text = text }

  /// The words with their numbers; what is not known yet is `…`.
  /// - Parameter scene: whose first run the keys of the scenario line are of.
  package func filled(_ numbers: LessonNumbers, in scene: Scene) -> String {
    pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .number(let name):
        if let number = scene.numbers.first(where: { $0.name == name }) {
          numbers[name].map { scene.written(number, $0) } ?? "…"
        } else {
          scene.setting(name) ?? "…"
        }
      }
    }.joined()
  }

  /// Every placeholder is known, and no number is typed in.
  func check(_ what: String, in scene: Scene) throws(LessonFault) {
    guard text.count(where: { $0 == "{" }) == text.count(where: { $0 == "}" }) else {
      throw LessonFault("\(what) has { without }; allowed is {name}")
    }
    for piece in pieces {
      switch piece {
      case .number(let name):
        guard scene.numbers.contains(where: { $0.name == name }) || scene.setting(name) != nil else {
          let names = scene.numbers.map(\.name)
          throw LessonFault(
            "{\(name)} in \(what)", name,
            (names + ["a key of the scenario line, KEY of RUN, SETTING of 1, step of NUMBER, bound of NUMBER"])
              .joined(separator: ", "), at: "{\(name)}")
        }
      case .words(let words):
        if let typed = words.typedNumber {
          throw LessonFault(
            "\(what) has the number \(typed); numbers are computed, as {name} of one of numbers:", at: typed)
        }
      }
    }
  }

  private var pieces: [Piece] {
    var pieces: [Piece] = []
    for (i, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
      guard i > 0, let end = part.firstIndex(of: "}") else {
        pieces.append(.words(String(part)))
        continue
      }
      pieces.append(.number(String(part[..<end])))
      pieces.append(.words(String(part[part.index(after: end)...])))
    }
    return pieces
  }
}

extension Scene {
  /// What a key of the scenario line has in the first run, `KEY of RUN` in another; `SETTING of 2` is of the second
  /// variant, `step of NAME` and `bound of NAME` are where and against what a number is read.
  fileprivate func setting(_ words: String) -> String? {
    for number in numbers {
      switch number.value.first.moment {
      case .step(let t) where words == "step of \(number.name)": return "\(t)"
      case .firstAbove(let bound) where words == "bound of \(number.name)",
        .firstBelow(let bound) where words == "bound of \(number.name)",
        .share(let bound) where words == "bound of \(number.name)":
        return significant(bound)
      default: continue
      }
    }
    let run = runs.first { !$0.name.isEmpty && words.hasSuffix(" of \($0.name)") }
    let key = run.map { String(words.dropLast(" of \($0.name)".count)) } ?? words
    guard let scenario = (run ?? runs.first)?.scenario else { return nil }
    if let field = Field.named(key), field.applies(scenario) { return field.print(scenario) }
    let parts = key.split(separator: " ").map(String.init)
    guard parts.count == 3, parts[1] == "of", let number = Int(parts[2]),
      scenario.variants.indices.contains(number - 1)
    else { return nil }
    return scenario.variants[number - 1].systems[0].value(parts[0])?.description
  }

  /// A number for people, and what stands for one that there is not.
  package func written(_ number: LessonNumber, _ value: Double, _ digits: Int = 3) -> String {
    guard value.isNaN else { return number.isStep ? "\(Int(value))" : significant(value, digits) }
    switch number.value.first.moment {
    case .firstAbove, .firstBelow, .firstNotFinite, .share:
      return "not within \(runs[number.value.first.run].scenario.steps) steps"
    case .step, .end, .highest, .lowest, .lowestStep: return "not finite"
    }
  }
}

extension LessonNumber {
  /// Steps are whole, however many digits they have.
  fileprivate var isStep: Bool {
    switch value.first.moment {
    case .firstAbove, .firstBelow, .firstNotFinite, .lowestStep: value.rest == nil
    case .step, .end, .highest, .lowest, .share: false
    }
  }
}

extension String {
  /// The first number that is no part of a name or a formula, as in A0, 2r or 2/η.
  fileprivate var typedNumber: String? {
    for word in split(whereSeparator: { !($0.isLetter || $0.isNumber || "_/·^".contains($0)) }) {
      if word.contains(where: \.isASCIIDigit), !word.contains(where: \.isLetter) { return String(word) }
    }
    return nil
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
