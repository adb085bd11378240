import Charts
import Math

/// A run being set up: the texts of its fields, checked as they are typed.
package struct Picker: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    case editing
    case cancelled
    case chosen(Scenario)
  }

  /// Where the focus can stand.
  package enum Place: Equatable, Sendable {
    case field(String)
    case variant(String)
  }

  /// Rows from top to bottom, each from left to right.
  package private(set) var rows: [[Place]] = []
  package private(set) var row = 1
  package private(set) var column = 0
  package private(set) var texts: [String: String] = [:]
  package private(set) var choices: [VariantChoice]
  private var base: Scenario
  private let memory: Double
  /// The next character typed replaces the text.
  private var isFresh = true

  package init(_ scenario: Scenario, memory: Double) {
    base = scenario
    choices = scenario.variants
    self.memory = memory
    readTexts()
  }

  package var focus: Place { rows[row][column] }

  /// The scenario as it stands, or what is wrong with it.
  package var draft: Result<Scenario, ScenarioError> {
    do throws(ScenarioError) {
      var scenario = base
      // Sizes first: the range of the rank depends on them.
      for field in Field.all {
        if let text = texts[field.key] { try scenario.set(field.key, to: text) }
      }
      try scenario.set(
        "variants", to: choices.isEmpty ? "full" : choices.map(\.description).joined(separator: ","))
      try scenario.validate()
      try scenario.requireMemory(memory)
      return .success(scenario)
    } catch {
      return .failure(error)
    }
  }

  /// The sizes are fixed by the task's data.
  package var hasFixedSizes: Bool { base.task.family.hasFixedShape }

  private mutating func readTexts() {
    texts = [:]
    let sizes: [Place] = hasFixedSizes ? [] : [.field("n"), .field("m")]
    let target: [Place] = base.task == .digits ? [] : [.field("target")]
    rows = [
      [.field("task")], sizes, [.field("r")], [.field("alpha")], target, [.field("opt"), .field("lr")],
      [.field("steps")], [.field("seed")],
    ].filter { !$0.isEmpty }
    for case .field(let key) in rows.joined() { texts[key] = Field.named(key)?.print(base) }
    let ids = Variant.all.map(\.id)
    rows += stride(from: 0, to: ids.count, by: 3).map {
      ids[$0..<min($0 + 3, ids.count)].map { .variant($0) }
    }
  }

  package mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .escape: return .cancelled
    case .enter:
      if case .success(let scenario) = draft { return .chosen(scenario) }
    case .up: move(rows: -1)
    case .down: move(rows: 1)
    case .tab: moveOn(1)
    case .backTab: moveOn(-1)
    case .left: turn(-1)
    case .right: turn(1)
    case .backspace, .delete: edit { $0 = String($0.dropLast()) }
    case .character(" "):
      if case .variant(let id) = focus { toggle(id) }
    case .character(let scalar): type(scalar)
    default: break
    }
    return .editing
  }

  // MARK: Moving

  private mutating func move(rows count: Int) {
    row = min(max(row + count, 0), rows.count - 1)
    column = min(column, rows[row].count - 1)
    isFresh = true
  }

  private mutating func moveOn(_ direction: Int) {
    column += direction
    if column < 0 || column >= rows[row].count {
      row = (row + direction + rows.count) % rows.count
      column = direction > 0 ? 0 : rows[row].count - 1
    }
    isFresh = true
  }

  // MARK: Changing

  private mutating func type(_ scalar: Unicode.Scalar) {
    guard case .field(let key) = focus, words(of: key) == nil else { return }
    let replaces = isFresh
    edit { text in
      if replaces { text = "" }
      if text.unicodeScalars.count < 20 { text.unicodeScalars.append(scalar) }
    }
    isFresh = false
  }

  private mutating func edit(_ change: (inout String) -> Void) {
    guard case .field(let key) = focus, words(of: key) == nil, var text = texts[key] else { return }
    change(&text)
    texts[key] = text
    isFresh = false
  }

  /// The words a field turns through; nil for typed ones.
  private func words(of key: String) -> [String]? {
    switch key {
    case "task": ProblemFamily.ID.allCases.map(\.rawValue)
    case "opt": OptimizerChoice.Family.allCases.map(\.rawValue)
    default: nil
    }
  }

  /// ← →: the next word, the next number, or the neighbour.
  private mutating func turn(_ direction: Int) {
    switch focus {
    case .variant: column = min(max(column + direction, 0), rows[row].count - 1)
    case .field(let key):
      if let words = words(of: key), let index = words.firstIndex(of: texts[key] ?? "") {
        let word = words[(index + direction + words.count) % words.count]
        texts[key] = word
        if key == "task" { changeTask(to: word) }
      } else if let number = Int(texts[key] ?? "") {
        // At the largest number there is nothing further.
        let next = number.addingReportingOverflow(direction)
        texts[key] = String(max(next.overflow ? number : next.partialValue, key == "seed" ? 0 : 1))
      } else if key == "lr" || key == "alpha", let number = Double(texts[key] ?? "") {
        texts[key] = plain(direction > 0 ? number * 2 : number / 2)
      }
      isFresh = true
    }
  }

  /// Another task brings its own defaults; seed and variants stay.
  private mutating func changeTask(to word: String) {
    guard let task = ProblemFamily.ID(rawValue: word) else { return }
    let seed = texts["seed"]
    base = Scenario(task: task)
    readTexts()
    texts["seed"] = seed
    (row, column) = (0, 0)
  }

  private mutating func toggle(_ id: String) {
    if choices.contains(where: { $0.variant == id }) {
      choices.removeAll { $0.variant == id }
    } else if choices.count < Scenario.mostVariants, let choice = try? VariantChoice(parsing: id) {
      // In the order of the registry, so that a series keeps its number as others come and go.
      let order = Variant.all.map(\.id)
      let place = order.firstIndex(of: id) ?? 0
      let index = choices.firstIndex { (order.firstIndex(of: $0.variant) ?? 0) > place } ?? choices.count
      choices.insert(choice, at: index)
    }
  }
}
