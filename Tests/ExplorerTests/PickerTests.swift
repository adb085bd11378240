import Charts
import Explorer
import Math
import Testing

@Suite("Picker")
struct PickerTests {
  static func picker(_ line: String = "") throws -> Picker {
    Picker(try Scenario(parsing: line), memory: 1e9)
  }

  /// Presses keys; letters and digits stand for themselves.
  static func type(_ text: String, _ picker: inout Picker) {
    for scalar in text.unicodeScalars { _ = picker.press(.character(scalar)) }
  }

  @Test func enterKeepsTheScenarioWhenNothingWasChanged() throws {
    for line in [
      "", "task=digits r=3", "task=linreg n=10 m=7 variants=lora-pro(c=zero)", "variants=full",
      "task=twolayer phi=relu loss=ce variants=lora+frozen,lora-ga(gamma=4)+full",
      "opt=galore-adamw eps=1e-07 wd=0.1 variants=galore(gap=10),lora(init=both),lora",
    ] {
      var picker = try Self.picker(line)
      let scenario = try Scenario(parsing: line)
      #expect(picker.press(.enter) == .chosen(scenario))
    }
  }

  @Test func downAndSixteenIsRankSixteen() throws {
    var picker = try Self.picker()
    _ = picker.press(.down)
    Self.type("16", &picker)
    let wanted = try Scenario(parsing: "r=16")
    #expect(picker.press(.enter) == .chosen(wanted))
  }

  @Test func aTypedNumberReplacesTheOldOneAndBackspaceEditsIt() throws {
    var picker = try Self.picker()
    Self.type("32", &picker)
    #expect(picker.text(at: .field("n")) == "32")
    _ = picker.press(.backspace)
    Self.type("0", &picker)
    #expect(picker.text(at: .field("n")) == "30")
  }

  @Test func beyondTheLargestNumberThereIsNothingFurther() throws {
    var model = Model(try Scenario(parsing: ""), glyphs: .braille, memory: 25e9)
    _ = update(&model, .key(.character("p")))
    try Self.focus("steps", &model)
    for scalar in "9223372036854775807".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    _ = update(&model, .key(.right))
    #expect(update(&model, .key(.enter)) == [], "more steps than a run may have must not start one")
  }

  @Test(arguments: [
    ("r", "0", "1 to 48"), ("r", "49", "1 to 48"), ("lr", "-1", "from 0"), ("steps", "abc", "whole number"),
    ("n", "0", "from 1"), ("alpha", "x", "a number"), ("n", "10000000", "of 25 GB"),
  ])
  func whatCannotBeIsRefusedBesideTheField(key: String, text: String, remedy: String) throws {
    let old = try Scenario(parsing: "")
    var model = Model(old, glyphs: .braille, memory: 25e9)
    _ = update(&model, .key(.character("p")))
    try Self.focus(key, &model)
    for scalar in text.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    #expect(update(&model, .key(.enter)) == [], "a wrong value must not start a run")
    #expect(model.scenario == old)
    let grid = view(model, Size(width: 80, height: 24)).grid
    #expect(Self.words(grid).contains(remedy), "\(grid.text)")
    let wide = view(model, Size(width: 120, height: 40)).grid
    let row = try #require(Self.inside(wide).first { $0.contains("▸") }, "\(wide.text)")
    #expect(row.contains(remedy), "\(wide.text)")
    _ = update(&model, .key(.escape))
    #expect(model.overlay == nil)
    #expect(model.scenario == old)
  }

  @Test func aRemedyTooLongForTheRowStandsBelowTheList() throws {
    var model = try UpdateTests.model("")
    _ = update(&model, .key(.character("p")))
    try Self.focus("target", &model)
    for scalar in "round".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let grid = view(model, Size(width: 80, height: 24)).grid
    let error = ScenarioError.invalid(
      key: "target", value: "round", allowed: try #require(Field.named("target")).allowed)
    #expect(Self.words(grid).contains("\(error)"), "\(grid.text)")
  }

  /// What stands in the frame, its broken lines joined.
  static func words(_ grid: Grid) -> String {
    inside(grid).map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: " ")
  }

  /// The rows of the frame, without it.
  static func inside(_ grid: Grid) -> [String] {
    let rows = grid.rows.map(Array.init)
    guard let top = rows.firstIndex(where: { String($0).contains("─ Set up a run ") }),
      let left = rows[top].firstIndex(of: "┌"), let right = rows[top].firstIndex(of: "┐"),
      let bottom = rows.firstIndex(where: { $0[left] == "└" && $0[right] == "┘" })
    else { return [] }
    return rows[(top + 1)..<bottom].map { String($0[(left + 1)..<right]) }
  }

  static func focus(_ key: String, _ model: inout Model) throws {
    try focus(on: .field(key), &model)
  }

  @Test func anotherTaskBringsItsDefaultsAndKeepsTheSeed() throws {
    var picker = try Self.picker("seed=9 variants=lora-ga")
    _ = picker.press(.up)
    _ = picker.press(.right)
    _ = picker.press(.right)
    #expect(picker.text(at: .field("task")) == "digits")
    let wanted = try Scenario(parsing: "task=digits seed=9 variants=lora-ga")
    #expect(picker.press(.enter) == .chosen(wanted))
  }

  /// The same on a screen.
  static func focus(on place: Picker.Place, _ model: inout Model) throws {
    for _ in 0..<200 {
      if case .picker(let picker)? = model.overlay, picker.focus == place { return }
      _ = update(&model, .key(.tab))
    }
    Issue.record("no way to \(place)")
  }

  /// By Tab, which visits every place.
  static func focus(on place: Picker.Place, _ picker: inout Picker) {
    for _ in 0..<200 where picker.focus != place { _ = picker.press(.tab) }
    #expect(picker.focus == place)
  }

  @Test func spaceTogglesAVariantAndKeepsTheOrder() throws {
    var picker = try Self.picker("variants=lora-pro(c=zero)")
    Self.focus(on: .variant("lora"), &picker)
    _ = picker.press(.character(" "))
    #expect(picker.focus == .choice(0))
    #expect(picker.choices.map(\.description) == ["lora", "lora-pro(c=zero)"])
    _ = picker.press(.character(" "))
    #expect(picker.focus == .variant("lora"))
    #expect(picker.choices.map(\.description) == ["lora-pro(c=zero)"])
  }

  @Test func aSeventhVariantIsRefusedInWords() throws {
    var picker = try Self.picker("variants=lora,rslora,pissa,dora,lora-ga,lora-pro")
    Self.focus(on: .variant("galore"), &picker)
    _ = picker.press(.character(" "))
    #expect(picker.choices.count == 6)
    #expect(picker.notice?.contains("at most 6") == true)
    _ = picker.press(.up)
    #expect(picker.notice == nil)
  }

  @Test func plusAddsAnotherOfTheSameWhichNeedsOtherSettings() throws {
    var picker = try Self.picker("variants=lora-plus,galore")
    Self.focus(on: .choice(0), &picker)
    _ = picker.press(.character("+"))
    #expect(picker.choices.map(\.description) == ["lora-plus", "lora-plus", "galore"])
    #expect(picker.press(.enter) == .editing, "the same series twice")
    Self.focus(on: .knob(choice: 1, system: 0, name: "ratio"), &picker)
    Self.type("4", &picker)
    let wanted = try Scenario(parsing: "variants=lora-plus,lora-plus(ratio=4),galore")
    #expect(picker.press(.enter) == .chosen(wanted))
  }

  @Test(arguments: Variant.all.flatMap { variant in variant.knobs.map { (variant.id, $0) } })
  func everyKnobCanBeSet(id: String, knob: Knob) throws {
    var picker = try Self.picker("task=twolayer variants=\(id)")
    Self.focus(on: .knob(choice: 0, system: 0, name: knob.name), &picker)
    let value: String
    switch knob.kind {
    case .word(let words):
      value = words[1]
      _ = picker.press(.right)
    case .whole(let range, let standard):
      value = String(standard + 1)
      #expect(range.contains(standard + 1))
      _ = picker.press(.right)
    case .number(let range, _):
      value = plain(range.upperBound)
      Self.type(value, &picker)
    }
    let wanted = try Scenario(parsing: "task=twolayer variants=\(id)(\(knob.name)=\(value))")
    #expect(picker.press(.enter) == .chosen(wanted))
  }

  @Test func aKnobOutOfItsRangeIsRefusedBesideIt() throws {
    var model = Model(try Scenario(parsing: "variants=lora-ga"), glyphs: .braille, memory: 1e9)
    _ = update(&model, .key(.character("v")))
    try Self.focus(on: .knob(choice: 0, system: 0, name: "gamma"), &model)
    for text in ["0", "1,scale=gd", "1)"] {
      for scalar in text.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
      #expect(update(&model, .key(.enter)) == [])
      let grid = view(model, Size(width: 80, height: 24)).grid
      let row = try #require(grid.rows.first { $0.contains("▸") })
      #expect(row.contains("gamma ‹ \(text) ›"), "\(grid.text)")
      #expect(grid.text.contains("lora-ga(gamma) is \(text); it takes 1e-06 to 1000000"), "\(grid.text)")
      for _ in text { _ = update(&model, .key(.backspace)) }
    }
  }

  @Test func aKnobOfOneLayerSaysWhichLayer() throws {
    var model = Model(
      try Scenario(parsing: "task=twolayer variants=lora+lora-plus"), glyphs: .braille, memory: 1e9)
    _ = update(&model, .key(.character("v")))
    for (system, place) in [(0, "layer 1's lora"), (1, "layer 2's lora-plus")] {
      let knobs = Variant.named(["lora", "lora-plus"][system])?.knobs ?? []
      try Self.focus(on: .knob(choice: 0, system: system, name: try #require(knobs.first).name), &model)
      let text = view(model, Size(width: 80, height: 24)).grid.text
      #expect(text.contains("in \(place)  "), "\(text)")
    }
  }

  @Test func aKnobIsShownWithItsHelpRangeAndDefault() throws {
    for variant in Variant.all {
      for knob in variant.knobs {
        var model = Model(try Scenario(parsing: "variants=\(variant.id)"), glyphs: .braille, memory: 1e9)
        _ = update(&model, .key(.character("v")))
        while case .picker(let picker)? = model.overlay, picker.knob(at: picker.focus) != knob {
          _ = update(&model, .key(.tab))
        }
        let words = Self.words(view(model, Size(width: 80, height: 24)).grid)
        #expect(words.contains(knob.help), "\(variant.id)(\(knob.name))\n\(words)")
        #expect(words.contains("\(knob.allowed), default \(knob.defaultValue)"), "\(words)")
      }
    }
  }

  @Test(arguments: ProblemFamily.ID.allCases, OptimizerChoice.Family.allCases)
  func thePickerHasTheKeysThatApplyAndNoOthers(task: ProblemFamily.ID, opt: OptimizerChoice.Family) throws {
    let scenario = try Scenario(parsing: "task=\(task.rawValue) opt=\(opt.rawValue)")
    var wanted = Set(Field.all.filter { $0.applies(scenario) }.map(\.key)).subtracting(["variants"])
    if task == .digits { wanted.subtract(["n", "m"]) }
    let places = Picker(scenario, memory: 1e9).rows.joined()
    let keys = places.compactMap { if case .field(let key) = $0 { key } else { nil } }
    #expect(Set(keys) == wanted && keys.count == wanted.count)
    // The same after turning to them.
    var picker = try Self.picker()
    Self.focus(on: .field("task"), &picker)
    while picker.text(at: .field("task")) != task.rawValue { _ = picker.press(.right) }
    Self.focus(on: .field("opt"), &picker)
    while picker.text(at: .field("opt")) != opt.rawValue { _ = picker.press(.right) }
    #expect(Array(picker.rows.joined()) == Array(places))
    #expect(picker.press(.enter) == .chosen(scenario))
  }

  @Test(arguments: [(80, 24), (60, 16), (120, 40)])
  func everyVariantInFocusIsInViewWithItsTitle(size: (Int, Int)) throws {
    let chosen = ["lora", "adalora", "lora-ga", "lora-pro", "galore", "serial-lora"]
    var model = try UpdateTests.model("variants=\(chosen.joined(separator: ","))")
    _ = update(&model, .key(.character("p")))
    for variant in Variant.all {
      let number = chosen.firstIndex(of: variant.id)
      try Self.focus(on: number.map(Picker.Place.choice) ?? .variant(variant.id), &model)
      let grid = view(model, Size(width: size.0, height: size.1)).grid
      let row = try #require(Self.inside(grid).first { $0.contains("▸") }, "\(grid.text)")
      let mark = number.map { "[\($0 + 1)]" } ?? "[ ]"
      #expect(row.contains("\(mark) \(variant.id)"), "\(grid.text)")
      #expect(Self.words(grid).contains("\(variant.id) \(variant.title)"), "\(grid.text)")
    }
  }

  @Test func atTheStandardSizeTheVariantsAreInViewAndTheRunAroundThem() throws {
    var model = try UpdateTests.running("n=64 m=48 r=8 steps=20", to: 5)
    let size = Size(width: 80, height: 24)
    let before = view(model, size).grid.rows
    _ = update(&model, .key(.character("p")))
    let grid = view(model, size).grid
    let after = grid.rows
    for row in [0, 1, 22] { #expect(after[row] == before[row], "row \(row)\n\(grid.text)") }
    // The axis of the gap stands at the left, as before.
    for row in 2..<12 { #expect(after[row].prefix(3) == before[row].prefix(3), "\(grid.text)") }
    let seen = Variant.all.count { variant in
      after.contains { $0.contains("] \(variant.id) ") }
    }
    #expect(seen >= 9, "as many as drawing 4.6 has\n\(grid.text)")
    #expect(grid.text.contains("Steps") && grid.text.contains("Optimiser"), "\(grid.text)")
  }

  @Test func whatHasNoRoomBesideAFieldStandsBelow() throws {
    var model = try UpdateTests.model("n=12 m=9 r=2 steps=2000")
    _ = update(&model, .key(.character("p")))
    try OutlookTests.look(&model)
    for (key, words) in [("opt", " below "), ("steps", "≈ 0.4 s"), ("target", "eff. rank")] {
      try Self.focus(key, &model)
      let grid = view(model, Size(width: 60, height: 16)).grid
      #expect(Self.words(grid).contains(words), "\(key)\n\(grid.text)")
    }
  }

  @Test func tabVisitsEveryPlaceAndComesBack() throws {
    var picker = try Self.picker()
    let start = picker.focus
    var seen: [Picker.Place] = []
    repeat {
      seen.append(picker.focus)
      _ = picker.press(.tab)
    } while picker.focus != start && seen.count < 100
    #expect(seen.count == picker.rows.joined().count)
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 60)])
  func timelineAndKeysStayFree(size: (Int, Int)) throws {
    var model = try UpdateTests.model()
    _ = update(&model, .key(.character("p")))
    let rows = view(model, Size(width: size.0, height: size.1)).grid.rows
    let bottom = try #require(rows.lastIndex { $0.contains("└") && $0.contains("Enter run") })
    #expect(bottom < rows.count - (size.0 < 120 ? 2 : 3), "\(rows[bottom])")
    #expect(rows[size.1 - 1].hasPrefix(" ↑ ↓ field  ← → change"), "\(rows[size.1 - 1])")
    #expect(rows[bottom].contains("r reset ─"), "\(rows[bottom])")
  }

  @Test func aRunTooLargeToLookAheadSaysSo() throws {
    var model = try UpdateTests.model("n=1000 m=1000 r=16")
    _ = update(&model, .key(.character("p")))
    #expect(view(model, Size(width: 80, height: 40)).grid.text.contains("too large to look ahead"))
  }

  @Test func theConsequencesStandBesideTheFields() throws {
    var model = try UpdateTests.model("n=64 m=48 r=8")
    _ = update(&model, .key(.character("p")))
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("3072 weights"))
    // r(n + m) = 8·112 = 896 of 64·48 = 3072.
    #expect(text.contains("896 trained  29.2 %"), "\(text)")
  }
}

extension Picker {
  /// As the table of keys has it.
  mutating func press(_ key: Key) -> Outcome {
    guard case .picker(let action)? = Context.picker.action(for: key) else { return .editing }
    return perform(action)
  }
}
