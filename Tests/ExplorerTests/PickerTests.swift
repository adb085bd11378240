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
    for line in ["", "task=digits r=3", "task=linreg n=10 m=7 variants=lora-pro(c=zero)", "variants=full"] {
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
    #expect(picker.texts["n"] == "32")
    _ = picker.press(.backspace)
    Self.type("0", &picker)
    #expect(picker.texts["n"] == "30")
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
    ("target", "round", "geometric"),
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
    #expect(picker.texts["task"] == "digits")
    let wanted = try Scenario(parsing: "task=digits seed=9 variants=lora-ga")
    #expect(picker.press(.enter) == .chosen(wanted))
  }

  @Test func spaceTogglesAVariantAndKeepsTheOrder() throws {
    var picker = try Self.picker("variants=lora-pro(c=zero)")
    for _ in 0..<20 { _ = picker.press(.down) }
    #expect(picker.focus == .variant("lora"))
    _ = picker.press(.character(" "))
    #expect(picker.choices.map(\.description) == ["lora", "lora-pro(c=zero)"])
    _ = picker.press(.character(" "))
    #expect(picker.choices.map(\.description) == ["lora-pro(c=zero)"])
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

  @Test func theConsequencesStandBesideTheFields() throws {
    var model = try UpdateTests.model("n=64 m=48 r=8")
    _ = update(&model, .key(.character("p")))
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("3072 weights"))
    // r(n + m) = 8·112 = 896 of 64·48 = 3072.
    #expect(text.contains("896 trained  29.2 %"), "\(text)")
  }
}
