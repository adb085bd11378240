import Charts
import Yams

/// YAML read as what is asked for, or a problem with its line.
extension LessonReader {
  /// At the line of the text that the fault is in, where it shows that.
  func problem(_ node: Node, _ fault: LessonFault) -> LessonProblem {
    let start = node.mark?.line ?? 1
    let place = fault.place.flatMap { place in
      zip(start..., source.dropFirst(start - 1)).first { $0.1.hasWord(place) }?.0
    }
    return LessonProblem(file: file, line: place ?? start, fault: fault.description)
  }

  func problem(_ node: Node, _ fault: String) -> LessonProblem {
    LessonProblem(file: file, line: node.mark?.line ?? 1, fault: fault)
  }

  func pairs(_ node: Node, _ what: String) throws(LessonProblem) -> [(key: Node, value: Node)] {
    guard let mapping = node.mapping else {
      throw problem(node, LessonFault(what, node.shown, "lines of name: value"))
    }
    return mapping.map { ($0.key, $0.value) }
  }

  func fields(
    _ node: Node, of what: String, required: [String], optional: [String]
  ) throws(LessonProblem) -> [String: Node] {
    var found: [String: Node] = [:]
    for (key, value) in try pairs(node, what) {
      let name = try string(key, "a key")
      guard required.contains(name) || optional.contains(name) else {
        throw problem(
          key,
          "unknown key '\(name)' in \(what); the keys are \((required + optional).joined(separator: ", "))")
      }
      found[name] = value
    }
    if let missing = required.first(where: { found[$0] == nil }) {
      throw problem(node, "\(what) has no \(missing):; it takes \(required.joined(separator: ", "))")
    }
    return found
  }

  func list(_ node: Node, _ what: String, _ count: ClosedRange<Int>) throws(LessonProblem) -> [Node] {
    let allowed =
      count.lowerBound == count.upperBound
      ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
    guard let items = node.sequence, count.contains(items.count) else {
      throw problem(
        node,
        LessonFault(what, node.sequence.map { "\($0.count) items" } ?? node.shown, "a list of \(allowed)"))
    }
    return Array(items)
  }

  func string(_ node: Node, _ what: String) throws(LessonProblem) -> String {
    guard let text = node.scalar?.string.onOneLine, !text.isEmpty else {
      throw problem(node, LessonFault(what, node.shown, "text"))
    }
    return text
  }

  func whole(_ node: Node, _ what: String) throws(LessonProblem) -> Int {
    let text = try string(node, what)
    guard let number = Int(text), (0...4_294_967_295).contains(number) else {
      throw problem(node, LessonFault(what, text, "a whole number from 0 to 4294967295"))
    }
    return number
  }

  func word<Value>(_ node: Node, _ what: String, _ words: KeyValuePairs<String, Value>)
    throws(LessonProblem) -> Value
  {
    let text = try string(node, what)
    guard let value = words.first(where: { $0.key == text })?.value else {
      throw problem(node, LessonFault(what, text, words.map(\.key).joined(separator: " or ")))
    }
    return value
  }

  /// Words for the class: numbers stand in them as placeholders alone, and so many lines are read on a projector.
  func text(
    _ node: Node, _ what: String, _ scene: Scene, lines most: Int = .max, columns: Int = Self.columns
  ) throws(LessonProblem) -> String {
    let text = try string(node, what)
    do throws(LessonFault) {
      try LessonText(text).check(what, in: scene)
    } catch {
      throw problem(node, error)
    }
    let shown = LessonText(text).filled(scene.exampleNumbers, in: scene)
    let lines = wrapped(shown, width: columns).count
    guard lines <= most else {
      throw problem(
        node, "\(what) has \(lines) lines of \(columns) characters; it takes at most \(most) of them")
    }
    return text
  }
}

extension Scene {
  /// As long as most numbers are.
  fileprivate var exampleNumbers: LessonNumbers {
    var example: LessonNumbers = [:]
    for number in numbers { example[number.name] = 0.125 }
    return example
  }
}

extension Substring {
  /// A placeholder, or a number that is no part of a name.
  fileprivate func hasWord(_ word: String) -> Bool {
    word.hasPrefix("{")
      ? contains(word) : split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == word }
  }
}

extension Node {
  /// For a message.
  var shown: String {
    switch self {
    case .scalar(let scalar): scalar.string.onOneLine
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension String {
  /// What a file says, without control characters and ends of lines.
  var onOneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " ").printable
      .split(separator: " ").joined(separator: " ")
  }
}
