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
  let file: String
  /// Of the file, from line 1 on.
  let source: [Substring]

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
  static let columns = 76

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
}

extension Scenario {
  /// Multiplications of a run's gradients, roughly.
  fileprivate var work: Double {
    let step = layerShapes.reduce(0.0) { sum, shape in
      sum + Double(shape.rows) * Double(shape.columns) * Double(max(shape.rows, samples))
    }
    return Double(steps) * Double(variants.count + 1) * step
  }
}

extension String {
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
