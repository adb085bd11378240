import Charts
import Explorer
import Foundation
import Math
import Testing

@Suite("Panels")
struct PanelTests {
  static let six = "variants=lora,rslora,lora-plus,pissa,lora-ga,lora-pro"
  static let medium = Size(width: 80, height: 24)

  static func press(_ keys: [Key], _ model: inout Model) {
    for key in keys { _ = update(&model, .key(key)) }
  }

  @Test func theLayoutDependsOnTheSizeAlone() throws {
    let early = try SyntheticRun.model(steps: 0)
    let late = try SyntheticRun.model(steps: 700)
    for (width, height) in [
      (60, 16), (79, 60), (80, 24), (119, 60), (120, 40), (200, 59), (200, 60), (260, 80),
    ] {
      let size = Size(width: width, height: height)
      #expect(early.layout(size) == late.layout(size))
    }
  }

  @Test func panelsLieInTheBodyAndApart() throws {
    let model = try SyntheticRun.model(steps: 10)
    for width in stride(from: 60, through: 240, by: 7) {
      for height in stride(from: 16, through: 80, by: 5) {
        let layout = model.layout(Size(width: width, height: height))
        #expect(!layout.places.isEmpty)
        var taken: Set<[Int]> = []
        for place in layout.places {
          for row in place.row..<place.row + place.size.height {
            #expect(layout.body.contains(row))
            for column in place.column..<place.column + place.size.width {
              #expect(column < width && taken.insert([row, column]).inserted, "\(place) overlaps")
            }
          }
        }
      }
    }
  }

  @Test func tabGoesRoundAndTheTitleInFocusIsBold() throws {
    var model = try SyntheticRun.model(steps: 40)
    var seen: [Panel] = []
    for _ in 0..<3 {
      seen.append(model.focus)
      let grid = view(model, Self.medium).grid
      let place = try #require(model.layout(Self.medium).places.first { $0.panel == model.focus })
      #expect(grid.style(row: place.row, column: place.column).attributes.contains(.bold), "\(model.focus)")
      let others = model.layout(Self.medium).places.filter { $0.panel != model.focus }
      #expect(others.allSatisfy { !grid.style(row: $0.row, column: $0.column).attributes.contains(.bold) })
      Self.press([.tab], &model)
    }
    #expect(seen == [.gap, .loss, .spectrum] && model.focus == .gap)
    Self.press([.backTab], &model)
    #expect(model.focus == .spectrum)
  }

  @Test func whereThereIsRoomForOneChartTabGoesThroughThemAll() throws {
    let small = Size(width: 60, height: 16)
    var model = try SyntheticRun.model(Self.six, steps: 40)
    let wide = view(model, Self.medium)
    _ = update(&model, .resized(small))
    // Of six variants, too, the chart comes first.
    #expect(model.layout(small).places.map(\.panel) == [.gap] && model.context == .main)
    var seen: [Panel] = []
    for _ in 0..<3 {
      Self.press([.tab], &model)
      seen += model.layout(small).places.map(\.panel)
    }
    #expect(seen == [.loss, .spectrum, .table])
    Self.press([.escape], &model)
    #expect(model.layout(small).places.map(\.panel) == [.gap])
    let whole = view(model, small).grid.text
    Self.press([.character("o")], &model)
    #expect(view(model, small).grid.text != whole)
    Self.press([.character("o"), .character("s")], &model)
    #expect(model.layout(small).places.map(\.panel) == [.table] && model.context == .table)
    Self.press([.escape], &model)
    _ = update(&model, .resized(Self.medium))
    #expect(view(model, Self.medium) == wide, "on the larger screen the table has its place again")
  }

  @Test func enterZoomsThePanelInFocusAndBack() throws {
    var model = try SyntheticRun.model(steps: 40)
    let before = view(model, Self.medium)
    Self.press([.tab, .enter], &model)
    let place = try #require(model.layout(Self.medium).places.first)
    #expect(place.panel == .loss && place.size == Size(width: 80, height: 20))
    #expect(view(model, Self.medium).grid.rows[1].hasPrefix("Loss"))
    Self.press([.escape, .backTab], &model)
    #expect(view(model, Self.medium) == before)
  }

  @Test func theTableIsSortedAndItsRowsHideAndComeBack() throws {
    var model = try SyntheticRun.model(Self.six, steps: 2000)
    // Gaps fall from 1 to 6, losses rise.
    #expect(model.context == .table)
    #expect(model.tableVariants == [6, 5, 4, 3, 2, 1])
    let before = view(model, Self.medium)
    let rows = before.grid.rows
    #expect(rows[12].contains("↑gap") && rows[13].hasPrefix("▸6 lora-pro"), "\(rows[13])")
    let plot = rows[3...9].joined()
    #expect(plot.contains("3"))
    Self.press([.character("3")], &model)
    let without = view(model, Self.medium).grid
    #expect(!without.rows[3...9].joined().contains("3"))
    let row = try #require((13...18).first { without.rows[$0].hasPrefix(" 3 ") })
    let written = (0..<80).filter { without.scalar(row: row, column: $0) != 0x20 }
    #expect(written.allSatisfy { without.style(row: row, column: $0).attributes.contains(.dim) })
    Self.press([.character("3")], &model)
    #expect(view(model, Self.medium) == before)
    Self.press([.character("s"), .character("s")], &model)
    #expect(model.table.column == .loss && model.tableVariants == [1, 2, 3, 4, 5, 6])
  }

  @Test func enterInTheTableShowsARowAloneAndAllAgain() throws {
    var model = try SyntheticRun.model(Self.six, steps: 2000)
    Self.press([.down, .character("j"), .up, .enter], &model)
    #expect(model.tableFocus == 5 && model.hidden == [1, 2, 3, 4, 6])
    Self.press([.enter], &model)
    #expect(model.hidden.isEmpty)
  }

  @Test func theTablesNumbersAreThoseOfTheRun() throws {
    let model = try SyntheticRun.model(Self.six, steps: 2000)
    let history = try #require(model.history)
    for i in 1...6 {
      #expect(model.number(.gap, of: i) == history.layers[0].gaps[i].last)
      let ratio = try #require(history.losses[i].last) / (history.losses[0].last ?? 0)
      #expect(model.number(.overFull, of: i) == ratio)
      // Eight values are not zero.
      #expect(model.number(.rank, of: i) == 8)
      let half = try #require(
        (0...2000).first {
          SyntheticRun.record($0, model.scenario).losses[i] <= SyntheticRun.record(0, model.scenario).losses[
            i] / 2
        })
      #expect(model.number(.halfTime, of: i) == Double(half))
    }
  }

  @Test func nothingDrawnSaysHowToDrawSomething() throws {
    var model = try SyntheticRun.model(steps: 640)
    Self.press(["1", "2", "3"].map { .character($0) }, &model)
    #expect(view(model, Self.medium).grid.text.contains("all hidden, their digits show them"))
    Self.press([.character("2")], &model)
    #expect(!view(model, Self.medium).grid.text.contains("all hidden"))
  }

  @Test func aBlankStandsBeforeEveryNumberOfTheTable() {
    for column in TableColumn.allCases where ![.rank, .halfTime].contains(column) {
      for width in [false, true].map(column.width) {
        for exponent in stride(from: -300.0, through: 300, by: 0.37) {
          let text = column.text(pow(10, exponent), width: width)
          #expect(text.count < width, "\(column) \(width): \(text)")
        }
      }
    }
    #expect(TableColumn.overFull.text(475_123, width: 8) == "4.75e5")
  }

  @Test(arguments: [Glyphs.braille, .ascii])
  func theTableOfTheLargestScreenHasARank(glyphs: Glyphs) throws {
    var model = try SyntheticRun.model(Self.six, steps: 2000, glyphs: glyphs)
    let huge = Size(width: 200, height: 60)
    _ = update(&model, .resized(huge))
    let rows = view(model, huge).grid.rows
    let heading = try #require(rows.first { $0.contains("variant") && $0.contains("angle") })
    #expect(heading.trimmed.hasSuffix(" rank"), "\(heading)")
    let row = try #require(rows.last { $0.contains("3 lora-plus ") })
    #expect(
      row.trimmed.hasSuffix(" \(model.scenario.r)") && row.trimmed.count == heading.trimmed.count, "\(row)")
  }

  @Test func whoseSeriesAreAllHiddenSaysSoInEveryChart() throws {
    var model = try SyntheticRun.model(steps: 640)
    #expect(view(model, Self.medium).grid.rows[12].contains("▇ full"))
    Self.press([.character("0")], &model)
    let row = view(model, Self.medium).grid.rows[12]
    #expect(!row.contains("full") && !row.contains("hidden"), "\(row)")
    Self.press(["1", "2", "3"].map { .character($0) }, &model)
    #expect(view(model, Self.medium).grid.rows[12].matches(of: /all hidden/).count == 2)
  }

  @Test func headsStandOverTheirNumbersInASCII() throws {
    let model = try SyntheticRun.model(Self.six, steps: 2000, glyphs: .ascii)
    let rows = view(model, Self.medium).grid.rows
    let ends = { (row: String) in
      row.matches(of: /\S+/).map { row.distance(from: row.startIndex, to: $0.range.upperBound) }
    }
    #expect(rows[12].contains("angle") && rows[12].contains("t1/2"), "\(rows[12])")
    #expect(ends(rows[12]).dropFirst() == ends(rows[13]).dropFirst(2), "\(rows[12])\n\(rows[13])")
  }

  @Test(arguments: [
    ("", "LoRA"), ("variants=lora", "LoRA"), ("variants=galore", "galore"), ("variants=full", "variant"),
    ("variants=lora,galore", "variant"), (Self.six, "variant"),
  ])
  func theGapIsOfTheVariantsThatThereAre(line: String, name: String) throws {
    let text = view(try SyntheticRun.model(line, steps: 40), Self.medium).grid.text
    #expect(text.contains("‖W_\(name) − W_full‖_F"), "\(text)")
    #expect(text.contains("┄ floor") == (line != "variants=full"))
  }

  @Test func theReadOutSaysThatThereIsMore() throws {
    var model = try SyntheticRun.model(Self.six, steps: 2000)
    Self.press([.escape], &model)
    let row = view(model, Self.medium).grid.rows[21]
    #expect(row.trimmed.hasSuffix(" …"), "\(row)")
    #expect(view(model, Size(width: 119, height: 24)).grid.rows[21].trimmed.hasSuffix("…") == false)
  }

  @Test func anErrorLongerThanTheScreenTakesMoreRows() throws {
    var model = try SyntheticRun.model(steps: 40)
    Self.press(":phase gap foo".unicodeScalars.map { .character($0) } + [.enter], &model)
    let notice = try #require(model.notice)
    #expect(notice.count > 80)
    let rows = view(model, Self.medium).grid.rows
    #expect(rows[20...21].map { $0.trimmed.dropFirst() }.joined(separator: " ") == notice, "\(rows[20...21])")
  }

  @Test func aGapAndALossAreApartHoweverSmall() throws {
    var model = Model(try Scenario(parsing: "variants=lora"), glyphs: .braille, memory: 1e12)
    SyntheticRun.prepare(&model)
    let record = Record(
      step: 0, losses: [2.214e-17, 1.234e-100], layers: [Record.Layer(gaps: [0, 3.456e-101])])
    _ = update(&model, .report(Report(run: 1, news: .records([record]))))
    let rows = view(model, Size(width: 120, height: 40)).grid.rows
    #expect(rows.contains { $0.contains(" – 2.2e-17 │") }, "\(rows[10...12])")
    #expect(rows.contains { $0.contains(" 3e-101  1e-100 │") }, "\(rows[10...12])")
  }

  @Test func oSplitsTheChartsOnOneAxis() throws {
    var model = try SyntheticRun.model(steps: 640)
    Self.press([.character("o")], &model)
    let rows = view(model, Self.medium).grid.rows
    #expect(
      rows[1].contains("gap 1 lora") && rows[1].contains("gap 2 lora-ga") && rows[12].hasPrefix("loss 1 lora")
    )
    let labels = rows[2...9].map { row in [0, 26, 53].map { String(row.dropFirst($0).prefix(5)) } }
    #expect(labels.allSatisfy { Set($0.map(\.trimmed)).count == 1 }, "\(rows.joined(separator: "\n"))")
  }
}

@Suite("This run on one line")
struct SessionLineTests {
  @Test func theLineOpensTheSameRunAndEnterSavesIt() throws {
    var model = try SyntheticRun.model("n=12 m=9 r=3 seed=7", steps: 20)
    _ = update(&model, .key(.character("S")))
    let text = view(model, Size(width: 100, height: 30)).grid.text
    let words = text.split(whereSeparator: { " │\n'".contains($0) }).filter {
      $0.contains("=") && !$0.contains("t=")
    }
    let line = words.joined(separator: " ")
    #expect(try Scenario(parsing: line) == model.scenario, "\(text)")
    #expect(update(&model, .key(.enter)) == [.saveRun(model.scenario.line)])
    _ = update(&model, .answer("saved in /x"))
    #expect(view(model, Size(width: 80, height: 24)).grid.text.contains("saved in /x"))
  }

  @Test func savedLinesAreKeptOnceTheNewestLast() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "lora-\(UInt64.random(in: 0...(.max)))")
    defer { try? FileManager.default.removeItem(at: folder) }
    let runs = try #require(SavedRuns { $0 == "XDG_STATE_HOME" ? folder.path : nil })
    for line in ["r=1", "r=2", "r=1"] { try runs.add(line) }
    #expect(runs.lines == ["r=2", "r=1"])
    #expect(SavedRuns { _ in "relative" }?.path == nil)
  }

  @Test func dShowsWhatIsAboveTheFloorAndFullFineTuning() throws {
    var model = try SyntheticRun.model(steps: 640)
    let before = view(model, Size(width: 80, height: 24))
    _ = update(&model, .key(.character("d")))
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(
      rows[1].hasPrefix("‖W_LoRA − W_full‖_F − floor") || rows[2].hasPrefix("‖W_LoRA − W_full‖_F − floor"))
    #expect(rows.contains { $0.hasPrefix("Loss − full's") }, "\(rows.joined(separator: "\n"))")
    #expect(
      !rows[1].contains("┄") && before.grid.rows[1].contains("┄ floor"), "no floor is drawn: \(rows[1])")
    _ = update(&model, .key(.character("d")))
    #expect(view(model, Size(width: 80, height: 24)) == before)
  }
}
