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
    let row = try #require(grid.rows.first { $0.contains("▸") }, "\(grid.text)")
    #expect(row.contains(remedy), "\(grid.text)")
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

  /// What stands in a frame as wide as the screen, its broken lines joined.
  static func words(_ grid: Grid) -> String {
    grid.rows.map { $0.split(separator: " ").dropFirst().dropLast().joined(separator: " ") }.joined(
      separator: " ")
  }

  static func focus(_ key: String, _ model: inout Model) throws {
    for _ in 0..<30 {
      if case .picker(let picker)? = model.overlay, picker.focus == .field(key) { return }
      _ = update(&model, .key(.tab))
    }
    Issue.record("no way to the field \(key)")
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
    for _ in 0..<2 { _ = update(&model, .key(.tab)) }
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
    for place in ["layer 1's lora", "layer 2's lora-plus"] {
      _ = update(&model, .key(.down))
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
  func allVariantsScrollPastWithTheirTitles(size: (Int, Int)) throws {
    var model = try UpdateTests.model("variants=lora,adalora,lora-ga,lora-pro,galore,serial-lora")
    _ = update(&model, .key(.character("p")))
    var seen: Set<String> = []
    for _ in 0..<60 {
      let grid = view(model, Size(width: size.0, height: size.1)).grid
      #expect(grid.rows.count { $0.contains("▸") } == 1, "the focus is in view\n\(grid.text)")
      seen.formUnion(grid.rows)
      _ = update(&model, .key(.down))
    }
    for variant in Variant.all {
      // 60 columns cut titles, which 80 hold whole.
      let title = size.0 < 80 ? "" : variant.title
      #expect(
        seen.contains { row in
          row.split(separator: " ").contains { $0 == variant.id } && row.contains("[") && row.contains(title)
        }, "\(variant.id)")
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
