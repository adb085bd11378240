import Charts
import Explorer
import Math
import Testing

/// No size and no state makes a view trap or a row too long.
@Suite("Every size and state")
struct EverySizeTests {
  static let six = "variants=lora,rslora,lora-plus,pissa,lora-ga,lora-pro"
  static let longNames =
    "variants=lora-ga(scale=gd,gamma=4),lora-ga(scale=unit,gamma=8),lora-ga(scale=zeta,zeta=3),lora-pro(c=zero)"

  static let states: [(name: String, model: @Sendable () throws -> Model)] = [
    ("preparing", { Model(try Scenario(parsing: ""), glyphs: .braille, memory: 1e9) }),
    (
      "failed",
      {
        var model = Model(try Scenario(parsing: ""), glyphs: .braille, memory: 1e9)
        _ = update(&model, .report(Report(run: 1, news: .failed("the run cannot start: ‖W‖ is not finite"))))
        return model
      }
    ),
    (
      "ready",
      {
        var model = Model(try Scenario(parsing: six), glyphs: .braille, memory: 1e9)
        SyntheticRun.prepare(&model)
        return model
      }
    ),
    ("lesson", { try LessonTests.page(glyphs: .ascii, []) }),
    ("seen", { try LessonTests.page(glyphs: .braille, [.character("a"), .enter], seen: true) }),
    ("first", { try SyntheticRun.model(steps: 0) }),
    ("alone", { try SyntheticRun.model("variants=full", steps: 30) }),
    ("one", { try SyntheticRun.model("steps=1 variants=lora", steps: 1) }),
    ("running", { try SyntheticRun.model(steps: 90) }),
    ("six", { try SyntheticRun.model(six, steps: 300, glyphs: .ascii) }),
    ("long", { try SyntheticRun.model(longNames, steps: 90) }),
    ("layers", { try SyntheticRun.model("task=twolayer variants=lora,lora+frozen", steps: 90) }),
    ("test", { try SyntheticRun.model("task=linreg steps=50", steps: 50) }),
    ("tiny", { try SyntheticRun.model("n=1 m=1 r=1", steps: 40) }),
    ("diverged", { try SyntheticRun.model(steps: 90, diverged: [1: 0, 2: 37]) }),
    ("fullDiverged", { try SyntheticRun.model(steps: 90, diverged: [0: 12]) }),
    (
      "stopped",
      {
        var model = try SyntheticRun.model(
          six, steps: 90, diverged: [0: 3, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 90])
        SyntheticRun.finish(&model)
        return model
      }
    ),
  ]

  /// Numbers one after another from a seed: SplitMix64's constants, as `Generator` in Math has them.
  struct Draw {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }

  static func expectFits(_ model: Model, _ size: Size, _ what: String) {
    let screen = view(model, size)
    let rows = screen.grid.rows
    #expect(rows.count == size.height, "\(what) \(size)")
    #expect(rows.allSatisfy { $0.unicodeScalars.count == size.width }, "\(what) \(size)")
    if model.glyphs == .ascii {
      let other = rows.joined().unicodeScalars.first { $0.value > 126 }
      #expect(other == nil, "\(what) \(size) draws \(other.map(String.init) ?? "")")
    }
    if let cursor = screen.cursor {
      #expect(screen.grid.contains(row: cursor.row, column: cursor.column), "\(what) \(size)")
    }
  }

  static let keys: [Key] =
    KeyBinding.all.flatMap { $0.keys.map(\.key) }.filter { $0 != .character("q") }
    + [.character("z"), .character("9"), .backspace, .pageDown]

  /// Keys pressed at random, drawn at random sizes after each.
  @Test(arguments: states.indices)
  func everyScreenFits(_ index: Int) throws {
    let (name, make) = Self.states[index]
    var model = try make()
    for (width, height) in [
      (0, 0), (1, 1), (59, 200), (60, 16), (79, 23), (80, 24), (120, 40), (200, 60), (300, 90),
    ] {
      Self.expectFits(model, Size(width: width, height: height), name)
    }
    var draw = Draw(state: UInt64(1 + index))
    var pressed = ""
    for _ in 0..<60 {
      let key = Self.keys[draw.below(Self.keys.count)]
      pressed += " " + key.label
      _ = update(&model, .key(key))
      // A run that starts anew is set up at once, or the states would soon be alike.
      if model.history == nil, name != "preparing", name != "failed" {
        SyntheticRun.prepare(&model)
        SyntheticRun.play(&model, 0...20)
      }
      let size = Size(width: 40 + draw.below(180), height: 10 + draw.below(60))
      _ = update(&model, .resized(size))
      Self.expectFits(model, size, name + pressed)
    }
  }
}
