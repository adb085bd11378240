import Charts
import Math
import Yams

/// A lesson's file that cannot be read, in one line: `file:line: what, value, what is allowed`.
package struct LessonProblem: Error, Equatable, CustomStringConvertible {
  package let file: String
  package let line: Int
  package let fault: String

  package var description: String { "\(file):\(line): \(fault)".printable }
}

/// Reads a lesson from YAML, strictly: what is unknown, missing or of the wrong form is said with its line.
package struct LessonReader {
  private let file: String
  /// Of the file, from line 1 on.
  private let source: [Substring]

  package static func read(_ text: String, file: String) throws(LessonProblem) -> Lesson {
    // Some editors begin a file with a mark of its encoding.
    let yaml = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
    let reader = LessonReader(
      file: file, source: yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline))
    guard yaml.utf8.count <= mostBytes else {
      throw LessonProblem(file: file, line: 1, fault: "a lesson has at most \(mostBytes) bytes")
    }
    do {
      guard let node = try Yams.compose(yaml: yaml) else {
        throw LessonProblem(file: file, line: 1, fault: "the file is empty; a lesson begins with title:")
      }
      return try reader.lesson(node)
    } catch let problem as LessonProblem {
      throw problem
    } catch {
      throw LessonProblem(error, file: file)
    }
  }

  private static let mostBytes = 100_000
  private static let mostRuns = 12
  /// Of a projector with 80 columns.
  private static let columns = 76

  // MARK: The whole

  private func lesson(_ node: Node) throws(LessonProblem) -> Lesson {
    let keys = try fields(
      node, of: "a lesson",
      required: ["title", "say", "ask", "answers", "why", "scenario", "picture", "numbers"],
      optional: ["seed", "runs", "changes", "notes", "outside"])
    let seed = try keys["seed"].map { (node) throws(LessonProblem) in try whole(node, "seed") } ?? 3
    let line = try string(keys["scenario"]!, "scenario") + " seed=\(seed)"
    var scene = Scene(
      runs: try runs(keys["runs"], line, at: keys["scenario"]!), picture: LessonPicture(), numbers: [])
    try requireShort(scene, keys["scenario"]!)
    scene.picture = try picture(keys["picture"]!, of: scene)
    scene.numbers = try numbers(keys["numbers"]!, of: scene)
    let answers = try list(keys["answers"]!, "answers", 2...3).map { (node) throws(LessonProblem) in
      try answer(node, scene)
    }
    guard answers.count(where: \.isRight) == 1 else {
      throw problem(
        keys["answers"]!, "\(answers.count(where: \.isRight)) answers are right; one is to be")
    }
    let changes = try keys["changes"].map { (node) throws(LessonProblem) in
      try list(node, "changes", 1...6).map { (node) throws(LessonProblem) in try change(node, of: scene) }
    }
    return Lesson(
      name: file.lessonName, title: try text(keys["title"]!, "title", scene, lines: 1, columns: 40),
      say: try text(keys["say"]!, "say", scene, lines: 3),
      ask: try text(keys["ask"]!, "ask", scene, lines: 2),
      answers: answers, why: try text(keys["why"]!, "why", scene, lines: 4), scene: scene,
      changes: changes ?? [],
      notes: try keys["notes"].map { (node) throws(LessonProblem) in try text(node, "notes", scene) } ?? "",
      outside: try outside(keys["outside"]))
  }

  private func answer(_ node: Node, _ scene: Scene) throws(LessonProblem) -> Lesson.Answer {
    let keys = try fields(node, of: "an answer", required: ["text"], optional: ["right", "wrong"])
    guard (keys["right"] == nil) != (keys["wrong"] == nil), let reason = keys["right"] ?? keys["wrong"] else {
      throw problem(node, "an answer has either right: or wrong:, with the reason")
    }
    return Lesson.Answer(
      text: try text(keys["text"]!, "text", scene), isRight: keys["right"] != nil,
      reason: try text(reason, keys["right"] == nil ? "wrong" : "right", scene))
  }

  private func change(_ node: Node, of scene: Scene) throws(LessonProblem) -> Lesson.Change {
    let keys = try fields(
      node, of: "a change", required: ["label", "say"],
      optional: ["set", "runs", "ask", "numbers", "picture"])
    guard keys["set"] != nil || keys["runs"] != nil else {
      throw problem(node, "a change has set: with words for all runs, or runs: with words for some")
    }
    var changed = scene
    if let node = keys["set"] {
      for i in changed.runs.indices { try edit(&changed.runs[i], node) }
    }
    var single: [(key: Node, value: Node)] = []
    if let node = keys["runs"] { single = try pairs(node, "runs") }
    for (key, words) in single {
      let name = try string(key, "a run's name")
      guard let i = changed.runs.firstIndex(where: { $0.name == name }) else {
        throw problem(key, LessonFault("run", name, scene.runs.map(\.name).joined(separator: "; ")))
      }
      try edit(&changed.runs[i], words)
    }
    for run in changed.runs { try checkName(run, at: node) }
    try requireShort(changed, node)
    if let node = keys["picture"] { changed.picture = try picture(node, of: changed) }
    changed.numbers =
      try keys["numbers"].map { (node) throws(LessonProblem) in
        try numbers(node, of: changed)
      } ?? []
    return Lesson.Change(
      label: try text(keys["label"]!, "label", changed, lines: 1, columns: 40),
      ask: try keys["ask"].map { (node) throws(LessonProblem) in
        try text(node, "ask", changed, lines: 1)
      } ?? "",
      say: try text(keys["say"]!, "say", changed, lines: 4), scene: changed)
  }

  private func outside(_ node: Node?) throws(LessonProblem) -> [Int: String] {
    guard let node else { return [:] }
    var reasons: [Int: String] = [:]
    for (key, reason) in try pairs(node, "outside") {
      reasons[try whole(key, "seed")] = try string(reason, "reason")
    }
    return reasons
  }

  // MARK: Runs

  private func runs(_ node: Node?, _ line: String, at place: Node) throws(LessonProblem) -> [Scene.Run] {
    guard let node else { return [Scene.Run(name: "", scenario: try scenario(line, at: place))] }
    var runs: [Scene.Run] = []
    for (key, words) in try pairs(node, "runs") {
      let name = try string(key, "a run's name")
      let words = (try string(words, name), words)
      runs.append(Scene.Run(name: name, scenario: try scenario("\(line) \(words.0)", at: words.1)))
      try checkName(runs[runs.count - 1], at: key)
    }
    guard (1...Self.mostRuns).contains(runs.count) else {
      throw problem(node, "\(runs.count) runs; a lesson has 1 to \(Self.mostRuns)")
    }
    return runs
  }

  private func scenario(_ line: String, at node: Node) throws(LessonProblem) -> Scenario {
    do {
      return try Scenario(parsing: line)
    } catch {
      throw problem(node, "\(error)")
    }
  }

  /// A run that is called by a setting, as `r = 8`, has it.
  private func checkName(_ run: Scene.Run, at node: Node) throws(LessonProblem) {
    let parts = run.name.split(separator: " ").map(String.init)
    guard parts.count == 3, parts[1] == "=", let field = Field.named(parts[0]) else { return }
    let value = field.print(run.scenario)
    guard value == parts[2] else { throw problem(node, "the run \(run.name) has \(field.key)=\(value)") }
  }

  /// A class waits for it, so that the runs of a scene take half a minute at most.
  private func requireShort(_ scene: Scene, _ node: Node) throws(LessonProblem) {
    let all = scene.runs.reduce(0) { $0 + $1.scenario.work }
    guard all > Self.mostWork, let longest = scene.runs.max(by: { $0.scenario.work < $1.scenario.work })
    else {
      return
    }
    let steps = longest.scenario.steps
    let most = Int(Double(steps) * Self.mostWork / all)
    throw problem(
      node, LessonFault("steps", "\(steps)", "at most \(most) with these runs, which take half a minute"))
  }

  /// Multiplications of half a minute, at a billion a second.
  private static let mostWork = 3e10

  /// Other words for keys of a run's scenario.
  private func edit(_ run: inout Scene.Run, _ node: Node) throws(LessonProblem) {
    let words = try string(node, "set")
    do throws(ScenarioError) {
      for word in words.split(separator: " ") {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        guard parts.count == 2 else { throw .notAWord(String(word)) }
        try run.scenario.set(parts[0], to: parts[1])
      }
      try run.scenario.validate()
    } catch {
      throw problem(node, "\(error)")
    }
  }

  // MARK: Picture and numbers

  private func picture(_ node: Node, of scene: Scene) throws(LessonProblem) -> LessonPicture {
    let keys = try fields(
      node, of: "a picture", required: ["show"],
      optional: ["heading", "axis", "range", "floors", "full", "against", "at", "names", "gauge"])
    var picture = LessonPicture()
    picture.show = try quantity(keys["show"]!)
    picture.heading = try keys["heading"].map { (node) throws(LessonProblem) in
      try text(node, "heading", scene)
    }
    if let node = keys["axis"] { picture.scale = try word(node, "axis", ["log": .log, "linear": .linear]) }
    if let node = keys["floors"] {
      picture.hasFloors = try word(node, "floors", ["yes": true, "no": false])
      guard !picture.hasFloors || picture.show == .gap else {
        throw problem(node, "floors are those of the gap; the picture shows something else")
      }
    }
    if let node = keys["gauge"] {
      picture.hasGauge = try word(node, "gauge", ["sharpness": true])
      guard scene.runs.allSatisfy({ $0.scenario.isPlainDescent }) else {
        throw problem(node, "the gauge has 2/η beside the sharpness, which is the limit of opt=sgd alone")
      }
    }
    if let node = keys["full"] { picture.hasFull = try word(node, "full", ["yes": true, "no": false]) }
    if let node = keys["against"] {
      picture.isAgainstRank = try word(node, "against", ["r": true, "steps": false])
    }
    picture.range = try keys["range"].map { (node) throws(LessonProblem) in try range(node, "range") }
    picture.step = try keys["at"].map { (node) throws(LessonProblem) in try whole(node, "at") }
    if let node = keys["names"] {
      var count = scene.runs.map { $0.scenario.variants.count }.max() ?? 0
      if case .measures(let ids) = picture.show { count = ids.count }
      picture.names = try list(node, "names", count...count).map { (node) throws(LessonProblem) in
        try text(node, "names", scene)
      }
    }
    return picture
  }

  private func quantity(_ node: Node) throws(LessonProblem) -> LessonPicture.Quantity {
    if node.sequence != nil {
      var ids: [String] = []
      for item in try list(node, "show", 1...6) {
        guard case .measure(let id) = try quantity(item) else {
          throw problem(item, LessonFault("show", item.shown, "a list of measures"))
        }
        ids.append(id)
      }
      return .measures(ids)
    }
    let name = try string(node, "show")
    switch name {
    case "gap": return .gap
    case "loss": return .loss
    case "share": return .share
    case "test": return .test
    case "spectrum": return .spectrum
    default:
      guard Measure.named(name) != nil else {
        throw problem(
          node,
          LessonFault(
            "show", name, "gap, loss, share, test, spectrum, or a measure that 'list measures' names"))
      }
      return .measure(name)
    }
  }

  private func numbers(_ node: Node, of scene: Scene) throws(LessonProblem) -> [LessonNumber] {
    var numbers: [LessonNumber] = []
    for (key, node) in try pairs(node, "numbers") {
      let name = try string(key, "a number's name")
      let keys = try fields(node, of: "a number", required: ["value"], optional: ["within"])
      do throws(LessonFault) {
        let text = keys["value"]?.scalar?.string.onOneLine ?? ""
        numbers.append(LessonNumber(name: name, value: try LessonNumber.Value(text, in: scene)))
      } catch {
        throw problem(keys["value"]!, error)
      }
      numbers[numbers.count - 1].range = try keys["within"].map { (node) throws(LessonProblem) in
        try range(node, "within")
      }
    }
    return numbers
  }

  /// `0.1 to 5`.
  private func range(_ node: Node, _ what: String) throws(LessonProblem) -> ClosedRange<Double> {
    let text = try string(node, what)
    let ends = text.split(separator: " ").map(String.init)
    guard ends.count == 3, ends[1] == "to", let low = Double(ends[0]), let high = Double(ends[2]), low <= high
    else { throw problem(node, LessonFault(what, text, "two numbers, as 0.1 to 5")) }
    return low...high
  }
}

// MARK: Nodes

extension LessonReader {
  /// At the line of the text that the fault is in, where it shows that.
  private func problem(_ node: Node, _ fault: LessonFault) -> LessonProblem {
    let start = node.mark?.line ?? 1
    let place = fault.place.flatMap { place in
      zip(start..., source.dropFirst(start - 1)).first { $0.1.hasWord(place) }?.0
    }
    return LessonProblem(file: file, line: place ?? start, fault: fault.description)
  }

  private func problem(_ node: Node, _ fault: String) -> LessonProblem {
    LessonProblem(file: file, line: node.mark?.line ?? 1, fault: fault)
  }

  private func pairs(_ node: Node, _ what: String) throws(LessonProblem) -> [(key: Node, value: Node)] {
    guard let mapping = node.mapping else {
      throw problem(node, LessonFault(what, node.shown, "lines of name: value"))
    }
    return mapping.map { ($0.key, $0.value) }
  }

  private func fields(
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

  private func list(_ node: Node, _ what: String, _ count: ClosedRange<Int>) throws(LessonProblem) -> [Node] {
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

  private func string(_ node: Node, _ what: String) throws(LessonProblem) -> String {
    guard let text = node.scalar?.string.onOneLine, !text.isEmpty else {
      throw problem(node, LessonFault(what, node.shown, "text"))
    }
    return text
  }

  private func whole(_ node: Node, _ what: String) throws(LessonProblem) -> Int {
    let text = try string(node, what)
    guard let number = Int(text), (0...4_294_967_295).contains(number) else {
      throw problem(node, LessonFault(what, text, "a whole number from 0 to 4294967295"))
    }
    return number
  }

  private func word<Value>(_ node: Node, _ what: String, _ words: KeyValuePairs<String, Value>)
    throws(LessonProblem) -> Value
  {
    let text = try string(node, what)
    guard let value = words.first(where: { $0.key == text })?.value else {
      throw problem(node, LessonFault(what, text, words.map(\.key).joined(separator: " or ")))
    }
    return value
  }

  /// Words for the class: numbers stand in them as placeholders alone, and so many lines are read on a projector.
  private func text(
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

extension Scenario {
  /// Multiplications of a run's gradients, roughly.
  fileprivate var work: Double {
    let step = layerShapes.reduce(0.0) { sum, shape in
      sum + Double(shape.rows) * Double(shape.columns) * Double(max(shape.rows, samples))
    }
    return Double(steps) * Double(variants.count + 1) * step
  }

  /// Gradient descent whose limit of stability is 2/η.
  fileprivate var isPlainDescent: Bool {
    optimizer.family == .sgd && optimizer.ratioB == 1 && optimizer.weightDecay == 0
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
  fileprivate var shown: String {
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
  fileprivate var onOneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " ").printable
      .split(separator: " ").joined(separator: " ")
  }

  /// `05-floor` of `lessons/05-floor.yaml`.
  fileprivate var lessonName: String {
    let last = split(separator: "/").last.map(String.init) ?? self
    for ending in LessonShelf.endings where last.hasSuffix(ending) {
      return String(last.dropLast(ending.count))
    }
    return last
  }
}

extension LessonProblem {
  /// What the YAML itself has wrong.
  fileprivate init(_ error: any Error, file: String) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(file: file, line: mark.line, fault: "not YAML: \(problem)")
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      self.init(file: file, line: context.mark.line, fault: "'\(keys.joined(separator: ", "))' stands twice")
    case YamlError.reader(let problem, _, _, _):
      self.init(file: file, line: 1, fault: "not YAML: \(problem)")
    default: self.init(file: file, line: 1, fault: "not YAML: \(error)")
    }
  }
}
