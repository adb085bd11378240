import Charts
import Math
import Yams

/// The picture of a lesson and the numbers its words may name.
extension LessonReader {
  func picture(_ node: Node, of scene: Scene) throws(LessonProblem) -> LessonPicture {
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

  func quantity(_ node: Node) throws(LessonProblem) -> LessonPicture.Quantity {
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

  func numbers(_ node: Node, of scene: Scene) throws(LessonProblem) -> [LessonNumber] {
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
  func range(_ node: Node, _ what: String) throws(LessonProblem) -> ClosedRange<Double> {
    let text = try string(node, what)
    let ends = text.split(separator: " ").map(String.init)
    guard ends.count == 3, ends[1] == "to", let low = Double(ends[0]), let high = Double(ends[2]), low <= high
    else { throw problem(node, LessonFault(what, text, "two numbers, as 0.1 to 5")) }
    return low...high
  }
}

extension Scenario {
  /// Gradient descent whose limit of stability is 2/η.
  fileprivate var isPlainDescent: Bool {
    optimizer.family == .sgd && optimizer.ratioB == 1 && optimizer.weightDecay == 0
  }
}
