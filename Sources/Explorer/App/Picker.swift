import Charts
import Math

/// A run being set up: the texts of its fields and knobs, checked as they are typed.
package struct Picker: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    case editing
    case cancelled
    case chosen(Scenario)
  }

  /// Where the focus can stand.
  package enum Place: Hashable, Sendable {
    case field(String)
    /// A variant that is not chosen, by id.
    case variant(String)
    /// A series, counted from 0.
    case choice(Int)
    /// A knob of one of a series' systems, all counted from 0.
    case knob(choice: Int, system: Int, name: String)
  }

  /// Rows from top to bottom, each from left to right.
  package private(set) var rows: [[Place]] = []
  package private(set) var row = 0
  package private(set) var column = 0
  package private(set) var choices: [PickerChoice]
  /// Why the last key did nothing.
  package private(set) var notice: String?
  private var texts: [String: String] = [:]
  /// What is not shown comes from here; its task and optimiser are those that are shown.
  private var base: Scenario
  private let memory: Double
  /// What it was opened on.
  private let opened: Scenario
  /// What is known of a draft, the present one or an earlier.
  package var outlook: Outlook?
  private var asked: Scenario?
  /// The next character typed replaces the text.
  private var isFresh = true

  /// - Parameter place: where the focus stands, if there is such a place; else on the sizes.
  package init(_ scenario: Scenario, memory: Double, at place: Place? = nil) {
    base = scenario
    opened = scenario
    choices = scenario.variants.map(PickerChoice.init)
    self.memory = memory
    layOut()
    row = 1
    if let place { focus(on: place) }
  }

  package var focus: Place { rows[row][column] }

  package func text(at place: Place) -> String {
    switch place {
    case .field(let key): texts[key] ?? ""
    case .knob(let choice, let system, let name): choices[choice].systems[system].texts[name] ?? ""
    case .variant, .choice: ""
    }
  }

  /// The sizes are fixed by the task's data.
  package var hasFixedSizes: Bool { base.task.family.hasFixedShape }

  /// The scenario as it stands, or what is wrong with it.
  package var draft: Result<Scenario, ScenarioError> {
    do throws(ScenarioError) {
      var scenario = base
      // Sizes first: the range of the rank depends on them.
      for field in Field.all where field.applies(scenario) {
        if let text = texts[field.key] { try scenario.set(field.key, to: text) }
      }
      for choice in choices { try choice.check() }
      let variants = choices.isEmpty ? "full" : choices.map(\.description).joined(separator: ",")
      try scenario.set("variants", to: variants)
      try scenario.validate()
      try scenario.requireMemory(memory)
      return .success(scenario)
    } catch {
      return .failure(error)
    }
  }

  /// The draft, when nobody has asked about it yet.
  mutating func takeQuestion() -> Scenario? {
    guard case .success(let scenario) = draft, scenario != asked else { return nil }
    asked = scenario
    return scenario
  }

  /// What is known of this very draft.
  func outlook(of scenario: Scenario) -> Outlook? { outlook?.scenario == scenario ? outlook : nil }

  package enum Action: Hashable, Sendable {
    case move(rows: Int)
    /// Through the places of a row and on to the next.
    case moveOn(Int)
    /// To the next value.
    case turn(Int)
    case toggle
    case addAnother
    case type(Unicode.Scalar)
    case erase
    /// Where letters are taken, a letter is one.
    case reset(orType: Unicode.Scalar?)
    case run, keepOld
  }

  package mutating func perform(_ action: Action) -> Outcome {
    notice = nil
    switch action {
    case .move(let count): move(rows: count)
    case .moveOn(let direction): moveOn(direction)
    case .turn(let direction): turn(direction)
    case .toggle: toggle()
    case .addAnother: addAnother()
    case .type(let scalar): type(scalar)
    case .erase: edit { $0 = String($0.dropLast()) }
    case .reset(let letter): if let letter, takesLetters { type(letter) } else { reset() }
    case .run: if case .success(let scenario) = draft { return .chosen(scenario) }
    case .keepOld: return .cancelled
    }
    return .editing
  }
}

// MARK: As a whole

extension Picker {
  /// Back to what it was opened on; the focus stays where it can.
  private mutating func reset() {
    var fresh = Picker(opened, memory: memory)
    (fresh.outlook, fresh.asked) = (outlook, asked)
    fresh.focus(on: focus)
    fresh.notice = "as it was opened"
    self = fresh
  }

  /// Text from elsewhere: a whole SPEC takes the place of everything, else it goes into the field.
  package mutating func paste(_ text: String) {
    notice = nil
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").printable
    guard words.contains("=") else {
      for scalar in words.unicodeScalars { type(scalar) }
      return
    }
    do throws(ScenarioError) {
      var fresh = Picker(try Scenario(parsing: words), memory: memory)
      (fresh.outlook, fresh.asked) = (outlook, asked)
      self = fresh
    } catch {
      notice = "\(error)"
    }
  }
}

// MARK: Rows

extension Picker {
  /// Fields that share a row, above the variants: what is changed most.
  private static let firstRows = [
    ["task"], ["n", "hidden", "m"], ["r"], ["alpha", "scaling"], ["target", "k"], ["opt", "lr"],
    ["steps", "seed"],
  ]

  /// Below them. A field that stands in none gets its own.
  private static let lastRows = [
    ["norm", "cov"], ["samples", "held", "noise"], ["phi", "loss"], ["ratio", "wd"],
    ["mu", "dampening", "nesterov"], ["beta1", "beta2", "eps"], ["from", "pretrain", "bias"],
    ["batch", "gradient"],
  ]

  /// Of variants, and of knobs.
  static let columns = 3

  private mutating func layOut() {
    let hidden = ["variants"] + (hasFixedSizes ? ["n", "m"] : [])
    let keys = Field.all.filter { $0.applies(base) && !hidden.contains($0.key) }.map(\.key)
    for key in keys where texts[key] == nil { texts[key] = Field.named(key)?.print(base) }
    let shared = Set((Self.firstRows + Self.lastRows).joined())
    let others = keys.filter { !shared.contains($0) }.map { [$0] }
    func places(_ rows: [[String]]) -> [[Place]] {
      rows.map { row in row.filter(keys.contains).map(Place.field) }.filter { !$0.isEmpty }
    }
    rows = places(Self.firstRows) + Self.inColumns(variants) + choices.indices.flatMap(knobRows)
    rows += places(Self.lastRows + others)
  }

  /// All of them, those that are chosen by their number.
  private var variants: [Place] {
    let single = Variant.all.flatMap { variant in
      let chosen = choices.indices.filter { choices[$0].id == variant.id }.map(Place.choice)
      return chosen.isEmpty ? [.variant(variant.id)] : chosen
    }
    // Series with a system for each layer stand for themselves.
    return single + choices.indices.filter { choices[$0].systems.count > 1 }.map(Place.choice)
  }

  private func knobRows(_ i: Int) -> [[Place]] {
    choices[i].systems.enumerated().flatMap { s, system in
      Self.inColumns(system.recipe.knobs.map { Place.knob(choice: i, system: s, name: $0.name) })
    }
  }

  private static func inColumns(_ places: [Place]) -> [[Place]] {
    stride(from: 0, to: places.count, by: columns).map { Array(places[$0..<min($0 + columns, places.count)]) }
  }

  private mutating func focus(on place: Place) {
    guard let row = rows.firstIndex(where: { $0.contains(place) }) else { return }
    (self.row, column) = (row, rows[row].firstIndex(of: place) ?? 0)
    isFresh = true
  }

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
}

// MARK: Values

extension Picker {
  /// The words a place turns through; nil for typed ones.
  private func words(at place: Place) -> [String]? {
    switch place {
    case .field(let key): return Field.named(key)?.words
    case .knob:
      guard case .word(let words)? = knob(at: place)?.kind else { return nil }
      return words
    case .variant, .choice: return nil
    }
  }

  package func knob(at place: Place) -> Knob? {
    guard case .knob(let choice, let system, let name) = place else { return nil }
    return choices[choice].systems[system].recipe.knobs.first { $0.name == name }
  }

  /// Whether a letter typed here may belong to a value.
  private var takesLetters: Bool {
    switch focus {
    case .field(let key): ["target", "k", "batch"].contains(key)
    case .knob, .variant, .choice: false
    }
  }

  private func accepts(_ text: String, at place: Place) -> Bool {
    switch place {
    case .field(let key):
      var scenario = (try? draft.get()) ?? base
      return (try? scenario.set(key, to: text)) != nil
    case .knob: return knob(at: place)?.value(text) != nil
    case .variant, .choice: return false
    }
  }

  private mutating func put(_ text: String, at place: Place) {
    switch place {
    case .field(let key): texts[key] = text
    case .knob(let choice, let system, let name): choices[choice].systems[system].texts[name] = text
    case .variant, .choice: break
    }
  }

  private mutating func type(_ scalar: Unicode.Scalar) {
    let replaces = isFresh
    edit { text in
      if replaces { text = "" }
      if text.unicodeScalars.count < 20 { text.unicodeScalars.append(scalar) }
    }
  }

  private mutating func edit(_ change: (inout String) -> Void) {
    switch focus {
    case .variant, .choice: return
    case .field, .knob:
      guard words(at: focus) == nil else {
        notice = "← → turns through the words"
        return
      }
      var text = text(at: focus)
      change(&text)
      put(text, at: focus)
      isFresh = false
    }
  }

  /// ← →: the next word, the next whole number, else the double or the half; among variants the one beside.
  private mutating func turn(_ direction: Int) {
    guard !focus.isVariant else { return moveOn(direction) }
    let old = text(at: focus)
    isFresh = true
    if let words = words(at: focus) {
      let index = words.firstIndex(of: old) ?? 0
      put(words[(index + direction + words.count) % words.count], at: focus)
      follow()
    } else if let number = Double(old) {
      // Beyond the largest integer there is nothing further.
      let whole = Int(old).map { String($0.addingReportingOverflow(direction).partialValue) }
      let text = whole ?? plain(direction > 0 ? number * 2 : number / 2)
      if accepts(text, at: focus) { put(text, at: focus) }
    }
  }

  /// Another task or optimiser has other keys.
  private mutating func follow() {
    switch focus {
    case .field("task"):
      // Another task brings its own defaults; seed and variants stay.
      guard let task = texts["task"].flatMap(ProblemFamily.ID.init) else { return }
      base = Scenario(task: task)
      texts = ["seed": texts["seed"] ?? base.seed.description]
    case .field("opt"):
      // A word from the table always fits; epsilon has another default in another optimiser.
      try? base.set("opt", to: texts["opt"] ?? "")
      texts["eps"] = nil
    default: return
    }
    let place = focus
    layOut()
    focus(on: place)
  }
}

// MARK: Series

extension Picker {
  private mutating func toggle() {
    switch focus {
    case .variant(let id): add(id)
    case .choice(let i):
      let id = choices.remove(at: i).id
      layOut()
      focus(on: .variant(id))
      // Nothing stands for a series of two systems once it is gone, nor alone for one of several.
      row = min(row, rows.count - 1)
      column = min(column, rows[row].count - 1)
    case .field, .knob: if words(at: focus) != nil { turn(1) }
    }
  }

  private mutating func add(_ id: String) {
    guard let choice = try? VariantChoice(parsing: id) else { return }
    // In the order of the registry, so that a series keeps its number as others come and go.
    let order = Variant.all.map(\.id)
    let place = order.firstIndex(of: id) ?? order.count
    insert(
      PickerChoice(choice),
      at: choices.firstIndex { (order.firstIndex(of: $0.id) ?? order.count) > place } ?? choices.count)
  }

  /// A second series of the same variant, to be given other knobs.
  private mutating func addAnother() {
    guard case .choice(let i) = focus else { return type("+") }
    insert(choices[i], at: i + 1)
  }

  private mutating func insert(_ choice: PickerChoice, at i: Int) {
    guard choices.count < Scenario.mostVariants else {
      notice = "at most \(Scenario.mostVariants) run side by side: Space on one of them takes it away"
      return
    }
    choices.insert(choice, at: i)
    layOut()
    focus(on: .choice(i))
  }
}

extension Picker.Place {
  var isField: Bool {
    switch self {
    case .field: true
    case .variant, .choice, .knob: false
    }
  }

  var isVariant: Bool {
    switch self {
    case .variant, .choice: true
    case .field, .knob: false
    }
  }
}
