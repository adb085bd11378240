import Charts
import Explorer
import Math
import Testing

@Suite("Screens")
struct ScreenTests {
  static let sizes = [
    (0, 0), (1, 1), (20, 3), (34, 9), (60, 16), (79, 24), (80, 23), (80, 24), (120, 40), (200, 60),
  ]

  /// A run that has gone all its way.
  static func played(_ line: String, glyphs: Glyphs = .braille) throws -> Model {
    var model = Model(try Scenario(parsing: line), glyphs: glyphs, memory: 1e12)
    var simulation = try Simulation(model.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 1, news: .ready(simulation.series.map(\.name)))))
    while true {
      let record = Record(measuring: &simulation, withSpectra: simulation.step.isMultiple(of: 5))
      _ = update(&model, .report(Report(run: 1, news: .records([record]))))
      if simulation.step == model.scenario.steps { break }
      simulation.advance()
    }
    return model
  }

  @Test(arguments: sizes, Glyphs.allCases)
  func everyScreenHasExactlyTheSizeAsked(size: (Int, Int), glyphs: Glyphs) throws {
    let size = Size(width: size.0, height: size.1)
    for keys in ["", "p", "?", "y", "10"] {
      var model = try Self.played("n=12 m=9 r=3 steps=40", glyphs: glyphs)
      for scalar in keys.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
      let rows = view(model, size).grid.rows
      #expect(rows.count == size.height)
      #expect(rows.allSatisfy { $0.unicodeScalars.count == size.width })
      if glyphs == .ascii {
        #expect(rows.allSatisfy { row in row.unicodeScalars.allSatisfy { $0.value < 128 } }, "\(rows)")
      }
    }
  }

  @Test func theMainScreenShowsAllThreeChartsAndTheNumbers() throws {
    let model = try Self.played("n=12 m=9 r=3 alpha=6 steps=40 seed=7")
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(rows[0].hasPrefix(" 12×9  r 3  α 6  seed 7"))
    #expect(rows[0].contains("40/40"))
    #expect(rows[1].hasPrefix("‖W_LoRA − W_full‖_F"))
    #expect(rows[1].contains("log y") && rows[1].contains("floor"))
    #expect(rows[12].hasPrefix("Loss") && rows[12].contains("σ_i(W−W0)"))
    #expect(rows[21].contains("gap 1") && rows[21].contains("loss F"))
    #expect(rows[22].contains("t=40"))
    let braille = rows[2...9].joined().unicodeScalars.count { (0x2801...0x28ff).contains($0.value) }
    #expect(braille > 30, "a curve crosses the whole gap chart\n\(rows.joined(separator: "\n"))")
    #expect(rows[13...].joined().contains("█"), "bars of the spectrum")
    #expect(rows.joined().contains("╎"), "the cut at r")
  }

  @Test func theReadOutOfTheDefaultRunFitsAndElseDropsWholeItemsFromTheRight() throws {
    let model = try Self.played("steps=40")
    func readOut(_ width: Int) -> String {
      let row = view(model, Size(width: width, height: 24)).grid.rows[21]
      return String(row.reversed().drop { $0 == " " }.reversed())
    }
    let all = readOut(200)
    let items = all.matches(of: /\ +(?:gap |loss )?[F1-3] \S+(?: \S+×)?/).map(\.output)
    #expect(items.count == 7 && items.joined() == all, "\(all)")
    #expect(readOut(80) == all)
    for width in 60...80 {
      let fitting = (0...7).map { items.prefix($0).joined() }.last { $0.count <= width }
      #expect(readOut(width) == fitting)
    }
    #expect(readOut(60) != all)
  }

  @Test func roundingDustDoesNotStretchTheGap() throws {
    // LoRA-GA starts from W0 up to rounding.
    let model = try Self.played("steps=40 variants=lora-ga")
    let dust = try #require(model.history?.gaps[1].smallestPositive)
    #expect(dust < 1e-12)
    let rows = view(model, Size(width: 80, height: 24)).grid.rows[2...9]
    let labels = rows.map { $0.prefix(5).filter { $0 != " " } }.filter { !$0.isEmpty }
    #expect(labels.count >= 2 && labels.allSatisfy { (Double($0) ?? 0) > 1e-6 }, "\(labels)")
  }

  @Test func aSmallerScreenKeepsTheGapAndTheNumbers() throws {
    let rows = view(try Self.played("n=12 m=9 r=3 steps=40"), Size(width: 60, height: 16)).grid.rows
    #expect(rows[1].hasPrefix("‖W_LoRA − W_full‖_F"))
    #expect(!rows.joined().contains("Loss"))
    #expect(rows[13].contains("gap 1"))
  }

  @Test func belowSixtyBySixteenANoticeSaysSo() throws {
    let rows = view(try Self.played("n=12 m=9 r=3 steps=40"), Size(width: 34, height: 9)).grid.rows
    #expect(rows[0].contains("Terminal too small"))
    #expect(rows.joined().contains("60 × 16") && rows.joined().contains("t=40/40"))
  }

  @Test func aDivergedSeriesStopsWithAMarkAndTheOthersGoOn() throws {
    // α = 4000 makes s = 2000 and the LoRA step far too long, while full fine-tuning stays stable.
    let model = try Self.played("n=12 m=9 r=2 alpha=4000 lr=0.5 steps=60 variants=lora")
    let history = try #require(model.history)
    let step = try #require(history.divergedAt[1])
    #expect(history.divergedAt[0] == nil)
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("✗ t=\(step)"), "\(text)")
  }

  @Test func theLeftEdgeOfAPlotDoesNotMoveWhileNumbersChange() throws {
    func edge(_ model: Model) -> [Int?] {
      view(model, Size(width: 80, height: 24)).grid.rows[2...9].map { row in
        row.unicodeScalars.enumerated().first { $0.element == "│" || $0.element == "┤" }?.offset
      }
    }
    let early = try edge(Self.played("n=12 m=9 r=3 steps=1"))
    let late = try edge(Self.played("n=12 m=9 r=3 steps=400 lr=0.05"))
    #expect(early == late)
    #expect(early.allSatisfy { $0 == 5 })
  }
}
