import Charts
import Explorer
import Math
import Testing

/// The engine measures for panels on the screen, and for no others.
@Suite("What is wanted")
struct WantedTests {
  static func entered(_ line: String, _ model: inout Model) -> [Command] {
    for scalar in ":\(line)".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    return update(&model, .key(.enter))
  }

  @Test func aSmallScreenWantsNothing() throws {
    #expect(try SyntheticRun.model(steps: 40).wanted == Wanted())
  }

  @Test func aHugeScreenWantsWhatItShows() throws {
    var model = try SyntheticRun.model(steps: 40)
    let commands = update(&model, .resized(Size(width: 200, height: 60)))
    #expect(commands.first == .want(Wanted(hasAngles: true, entries: 1)))
    #expect(update(&model, .resized(Size(width: 80, height: 24))) == [.want(Wanted())])
  }

  @Test func aPanelIsMeasuredWhileItIsThere() throws {
    var model = try SyntheticRun.model(steps: 40)
    #expect(Self.entered("focus entries", &model) == [.want(Wanted(entries: 1))])
    #expect(model.focus == .entries && model.isZoomed)
    #expect(update(&model, .key(.character("1"))) == [.want(Wanted(entries: 2))])
    #expect(update(&model, .key(.escape)) == [.want(Wanted())])
  }

  @Test func aRunThatStandsStillIsMeasuredAgain() throws {
    var model = try SyntheticRun.model(steps: 40)
    _ = update(&model, .key(.character(" ")))
    let axes = Self.entered("phase cosine loss", &model)
    #expect(axes == [.want(Wanted(measures: ["cosine"])), .look(at: 40), .trace])
    #expect(Self.entered("phase gap loss", &model) == [.want(Wanted()), .look(at: 40)])
  }

  @Test func theEndOfARunIsMeasuredAgainWhereTheEntryMapIsOfAnother() throws {
    var model = try SyntheticRun.model(steps: 2000)
    _ = update(&model, .resized(Size(width: 200, height: 60)))
    func end() -> [Command] { update(&model, .report(Report(run: 1, news: .finished))) }
    #expect(end() == [], "the first variant's map is there")
    _ = update(&model, .key(.character("1")))
    #expect(end() == [.look(at: 2000)])
  }

  @Test func whatIsWantedOfTheEndIsMeasuredWhenTheCursorLeavesForIt() throws {
    var model = try SyntheticRun.model(steps: 2000)
    SyntheticRun.finish(&model)
    _ = update(&model, .key(.left))
    _ = Self.entered("focus entries", &model)
    #expect(update(&model, .key(.end)) == [.look(at: 2000)])
    _ = update(&model, .key(.left))
    _ = update(&model, .key(.escape))
    #expect(update(&model, .key(.end)) == [], "nothing is wanted")
  }

  @Test func whatIsTracedBackStandsBeforeWhatThereIs() throws {
    var model = try SyntheticRun.model(steps: 40)
    func record(_ step: Int, _ value: Double) -> Record {
      var record = Record(
        step: step, losses: [1, 1, 1, 1],
        layers: [.init(gaps: [0, 1, 1, 1], measures: Array(repeating: [value], count: 4))])
      record.measureIDs = ["cosine"]
      return record
    }
    _ = update(&model, .report(Report(run: 1, news: .records([record(41, 5)]))))
    _ = update(&model, .report(Report(run: 1, news: .traced([record(0, 1), record(20, 2), record(41, 3)]))))
    let curve = try #require(model.history?.layers[0].measures["cosine"]?[1])
    #expect([0, 20, 41].map { curve.value(at: $0) } == [1, 2, 5] && curve.count == 3)
    #expect(model.history?.losses[1].count == 42, "and nothing else is touched")
  }

  @Test(arguments: ["gap", "gap nothing", "gap loss cosine", "nothing loss"])
  func aPhasePlaneOfWhatIsNotThereIsRefused(words: String) throws {
    var model = try SyntheticRun.model(steps: 40)
    #expect(Self.entered("phase \(words)", &model).isEmpty)
    let notice = try #require(model.notice)
    #expect(notice.contains(words) && notice.contains("gap, loss") && model.focus == .gap)
  }

  @Test func thePhasePlaneShowsTheSeriesThatHaveBoth() throws {
    var model = try SyntheticRun.model("variants=lora,lora-ga", steps: 400)
    _ = Self.entered("phase gap loss", &model)
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("loss over gap") && text.contains("◆"))
    let plot = text.split(separator: "\n")[2...19].joined()
    #expect(plot.contains("1") && plot.contains("2") && !plot.contains("F"))
    #expect(model.wanted == Wanted())
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 40)])
  func thePathsOfThePhasePlaneAreNamed(size: (Int, Int)) throws {
    var model = try SyntheticRun.model("variants=lora,lora-ga", steps: 400)
    _ = update(&model, .resized(Size(width: size.0, height: size.1)))
    _ = Self.entered("phase step loss", &model)
    let rows = view(model, Size(width: size.0, height: size.1)).grid.rows[1...2].joined()
    #expect(rows.contains("1 lora") && rows.contains("2 lora-ga") && rows.contains("F full"), "\(rows)")
    _ = Self.entered("phase gap loss", &model)
    #expect(!view(model, Size(width: size.0, height: size.1)).grid.rows[1...2].joined().contains("F full"))
  }

  @Test(arguments: [
    ("test-loss gap", "test-loss: it needs held-out examples."),
    ("adam-cosine gap", "adam-cosine: it needs Adam."),
    ("mode-1 gap", "mode-1: it needs data made by a W*"), ("flops gap", "a number for flops."),
  ])
  func whyAPhasePlaneIsEmptyIsSaidInWords(words: String, reason: String) throws {
    var model = try SyntheticRun.model("variants=lora", steps: 40)
    _ = Self.entered("phase \(words)", &model)
    func text() -> String { view(model, Size(width: 80, height: 24)).grid.text }
    #expect(text().contains("is being measured, from the first step on."), "\(text())")
    let none = [0, 40].map { step in
      var record = SyntheticRun.record(step, model.scenario)
      record.layers[0].measures = [[.nan], [.nan]]
      record.measureIDs = [model.phase.x]
      return record
    }
    _ = update(&model, .report(Report(run: 1, news: .traced(none))))
    #expect(text().contains("No series shown has a number for") && text().contains(reason), "\(text())")
    #expect(!text().contains("◆ first step") && !text().contains("└┬"), "no axes of nothing")
    _ = update(&model, .key(.character("i")))
    #expect(text().contains(reason.split(separator: " ").last ?? ""))
  }

  @Test func aBranchIsTracedWhereTheRunBeforeWasBeingTraced() throws {
    var model = try SyntheticRun.model("variants=lora steps=60", steps: 40)
    _ = Self.entered("focus angles", &model)
    #expect(
      Self.entered("branch lr=0.001", &model).contains { if case .prepare = $0 { true } else { false } })
    let outline = RunOutline(names: ["full", "lora"])
    let commands = update(&model, .report(Report(run: model.run, news: .ready(outline))))
    #expect(commands == [.trace, .advance(nil)], "\(commands)")
  }

  @Test func anglesWhosePastIsBeingMeasuredSaySo() throws {
    var model = try SyntheticRun.model("variants=lora", steps: 40)
    _ = Self.entered("focus angles", &model)
    func title() -> String { view(model, Size(width: 80, height: 24)).grid.rows[1] }
    #expect(title().contains("being measured"), "\(title())")
    _ = update(&model, .report(Report(run: 1, news: .traced([]))))
    #expect(!title().contains("being measured"))
  }

  @Test func aPathWhosePastIsBeingMeasuredSaysSo() throws {
    var model = try SyntheticRun.model("variants=lora", steps: 40)
    _ = Self.entered("phase cosine gap", &model)
    func record(_ step: Int) -> Record {
      var record = SyntheticRun.record(step, model.scenario)
      record.layers[0].measures = [[0.5], [0.6]]
      record.measureIDs = ["cosine"]
      return record
    }
    _ = update(&model, .report(Report(run: 1, news: .records([record(41)]))))
    func text() -> String { view(model, Size(width: 80, height: 24)).grid.text }
    #expect(text().contains("the past is being measured") && !text().contains("first step"), "\(text())")
    _ = update(&model, .report(Report(run: 1, news: .traced([record(0), record(20)]))))
    #expect(text().contains("◆ first step") && !text().contains("being measured"), "\(text())")
  }
}
