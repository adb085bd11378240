import Charts
import Explorer
import Math
import Testing

@Suite("Zoom")
struct ZoomTests {
  static let size = Size(width: 80, height: 24)

  static func pressed(_ keys: String, _ model: Model) -> Model {
    var model = model
    for scalar in keys.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    return model
  }

  static func finished(_ line: String = "variants=lora,lora-ga") throws -> Model {
    var model = try SyntheticRun.model(line, steps: 2000)
    SyntheticRun.finish(&model)
    return model
  }

  static func rows(_ model: Model) -> [String] { view(model, size).grid.rows }

  /// The column of the cursor's foot in the topmost chart.
  static func foot(_ model: Model) throws -> Int {
    let row = try #require(rows(model).first { $0.contains("▲") })
    return try #require(row.unicodeScalars.map { $0 }.firstIndex(of: "▲"))
  }

  @Test func onALogAxisTheStartHasNoPlaceWhichIsSaidAndTheFirstStepsComeIntoView() throws {
    var model = Self.pressed("x++", try Self.finished())
    let lower = try #require(model.ranges.steps?.lower)
    #expect(lower > 1)
    _ = update(&model, .key(.home))
    #expect(model.notice == "t=0 has no place on a log axis; x makes it linear")
    let start = try #require(model.ranges.steps?.lower)
    #expect(start < lower)
    _ = update(&model, .key(.right))
    #expect(model.cursor == 1 && model.notice == nil)
    #expect(try Self.foot(model) > 0, "step 1 is in view")
  }

  @Test func inAndOutGoBackToTheSameScreenAsReset() throws {
    let model = Self.pressed("<<<<", try Self.finished())
    let zoomed = Self.pressed("++", model)
    #expect(zoomed.ranges.isManual && Self.rows(zoomed)[1].contains("zoomed"))
    #expect(Self.rows(zoomed) != Self.rows(model))
    #expect(Self.rows(Self.pressed("__", zoomed)) == Self.rows(model))
    #expect(Self.rows(Self.pressed("z", zoomed)) == Self.rows(model))
    for key in ["_", "z", "k"] {
      let whole = Self.pressed(key, model)
      #expect(whole.ranges == model.ranges && whole.notice == "nothing is zoomed; + zooms in at the cursor")
    }
  }

  @Test func theStepUnderTheCursorStaysInItsColumn() throws {
    let model = Self.pressed("<<<<<<<<<<", try Self.finished())
    let column = try Self.foot(model)
    for keys in ["+", "++", "+++", "+++_"] {
      // The step may fall to the next column, since steps are whole.
      #expect(abs(try Self.foot(Self.pressed(keys, model)) - column) <= 1, "\(keys)")
    }
  }

  @Test func theWheelZoomsAtThePointer() throws {
    var model = Self.pressed("<<<<<<<<<<", try Self.finished())
    let column = try Self.foot(model)
    _ = update(&model, .mouse(Mouse(.wheelUp, row: 5, column: column)))
    let zoomed = try #require(model.ranges.steps)
    // A quarter less on each side of the pointer.
    #expect(abs((zoomed.upper - zoomed.lower) - 1600) < 1e-6)
    #expect(abs(try Self.foot(model) - column) <= 1)
    _ = update(&model, .mouse(Mouse(.wheelDown, row: 5, column: column)))
    #expect(!model.ranges.isManual)
    let lossRow = Mouse(.wheelUp, row: 18, column: 10)
    _ = update(&model, .mouse(lossRow))
    #expect(model.focus == .loss && model.ranges.isManual)
  }

  @Test func theWheelZoomsThePhasePlaneAtThePointer() throws {
    var model = try Self.finished()
    for scalar in ":phase gap loss".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    _ = update(&model, .key(.enter))
    let (x, y) = (try #require(model.ranges[.phaseX]), try #require(model.ranges[.phaseY]))
    // At the lower left corner of the plot.
    _ = update(&model, .mouse(Mouse(.wheelUp, row: 18, column: 6)))
    let (nearX, nearY) = (try #require(model.ranges[.phaseX]), try #require(model.ranges[.phaseY]))
    #expect(nearX.upperBound < x.upperBound && nearY.upperBound < y.upperBound)
    #expect(
      nearX.lowerBound < x.lowerBound * 1.05 && nearY.lowerBound < y.lowerBound * 1.05,
      "\(x) \(nearX) \(y) \(nearY)")
  }

  @Test func theWindowFollowsTheCursor() throws {
    var model = Self.pressed("++++", try Self.finished())
    for key in String(repeating: "<", count: 60) + String(repeating: ">", count: 40) {
      model = Self.pressed(String(key), model)
      let steps = try #require(model.ranges.steps)
      #expect(steps.range.contains(Double(model.position)), "t=\(model.position)")
    }
  }

  @Test func panningMovesWhatIsZoomedAndNothingElse() throws {
    let model = Self.pressed("<<<<<<<<<<++", try Self.finished())
    let steps = try #require(model.ranges.steps)
    let values = try #require(model.ranges[.gap])
    let left = Self.pressed("(", model)
    let moved = try #require(left.ranges.steps)
    #expect(abs(moved.lower - (steps.lower - (steps.upper - steps.lower) / 4)) < 1e-6)
    #expect(left.ranges[.gap] == values)
    let up = Self.pressed("k", model)
    #expect(try #require(up.ranges[.gap]).lowerBound > values.lowerBound && up.ranges.steps == steps)
    // Not beyond the ends of the run.
    let far = Self.pressed(String(repeating: ")", count: 20), model)
    #expect(try #require(far.ranges.steps).upper == 2000)
  }

  @Test func stepsStayZoomedOnTheOtherScale() throws {
    let model = Self.pressed("<<<<++", try Self.finished())
    let (linear, log) = (
      try #require(model.ranges.steps), try #require(Self.pressed("x", model).ranges.steps)
    )
    #expect(log.scale == .log && abs(log.lower - linear.lower) < 1e-6 && abs(log.upper - linear.upper) < 1e-6)
    #expect(Self.rows(Self.pressed("xx", model)) == Self.rows(model))
  }

  @Test func anotherRunIsShownWhole() throws {
    #expect(!Self.pressed("++r", try Self.finished()).ranges.isManual)
    #expect(!Self.pressed("++w", try Self.finished("task=twolayer variants=lora")).ranges.isManual)
  }

  @Test func ofNumbersWithoutAnAxisTheKeySaysSo() throws {
    var model = try Self.finished()
    _ = update(&model, .key(.tab))
    _ = update(&model, .key(.tab))
    #expect(model.focus == .spectrum)
    model = Self.pressed("+", model)
    #expect(model.notice?.hasPrefix("singular values: no axis") == true && !model.ranges.isManual)
  }

  @Test func aRangeNeverNarrowsWhileTheRunGoesOn() throws {
    var model = try SyntheticRun.model(steps: 0)
    var before: ClosedRange<Double>?
    var widenings = 0
    var (spectrum, changes): (ClosedRange<Double>?, Int) = (nil, 0)
    for start in stride(from: 1, to: 2000, by: 10) {
      SyntheticRun.play(&model, start...start + 9)
      let range = try #require(model.ranges[.loss])
      if model.ranges[.spectrum] != spectrum { changes += 1 }
      spectrum = model.ranges[.spectrum]
      if let before {
        #expect(range.lowerBound <= before.lowerBound && range.upperBound >= before.upperBound)
        if range != before { widenings += 1 }
      }
      before = range
    }
    // From 8 down to 0.002 there are three decades, of three labels each.
    #expect((1...12).contains(widenings), "\(widenings)")
    // As many of the singular values, wider at once and narrower late.
    #expect((1...12).contains(changes), "\(changes)")
  }

  @Test func hidingASeriesFitsTheOthersAtOnce() throws {
    let model = try SyntheticRun.model("variants=lora,lora-ga,lora-pro", steps: 1500)
    let hidden = Self.pressed("0", model)
    #expect(try #require(hidden.ranges[.loss]).lowerBound > (try #require(model.ranges[.loss])).lowerBound)
    #expect(Self.rows(Self.pressed("0", hidden)) == Self.rows(model))
  }
}
