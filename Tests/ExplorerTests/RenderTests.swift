import Charts
import Explorer
import Foundation
import FoundationXML
import Math
import Testing

/// A frame without a terminal. On the first thread, as in the program: waiting for the engine on one of the threads
/// that it runs on would starve it.
@Suite("Render", .timeLimit(.minutes(10)))
@MainActor
struct RenderTests {
  nonisolated static let line = "n=12 m=9 r=3 steps=40 variants=lora,lora-ga,lora-pro"
  nonisolated static let sizes = [(60, 16), (80, 24), (120, 40), (200, 60)].map {
    Size(width: $0.0, height: $0.1)
  }

  static func played(
    _ line: String = line, to step: Int = 40, _ size: Size = sizes[1], _ glyphs: Glyphs = .braille
  )
    throws -> Model
  {
    try Model.played(Course(parsing: line), to: step, size, glyphs: glyphs)
  }

  @Test func itIsWhatTheScreenShows() throws {
    let line = "n=8 m=6 r=2 steps=0"
    let wakePipe = try WakePipe()
    var terminal = ScriptedTerminal(
      [.until { $0.contains("● 0/0") }, .keys("q")], size: Self.sizes[1], wakePipe: wakePipe)
    let model = Model(try Scenario(parsing: line), glyphs: .braille, memory: 1e9)
    var session = Session(model, mailbox: Mailbox(wakePipe: wakePipe))
    _ = session.play(on: &terminal)
    #expect(terminal.frames.last == view(try Self.played(line, to: 0), Self.sizes[1]).grid)
  }

  @Test(arguments: sizes, Glyphs.allCases)
  func theTextIsTheCellsWithTheirBlanks(size: Size, glyphs: Glyphs) throws {
    let grid = view(try Self.played(Self.line, to: 40, size, glyphs), size).grid
    let text = FrameFormat.text.text(grid, colors: 0)
    #expect(text.hasSuffix("\n") && text.split(separator: "\n").map(String.init) == grid.rows)
    #expect(grid.rows.allSatisfy { $0.unicodeScalars.count == size.width })
    #expect(glyphs != .ascii || text.utf8.allSatisfy { $0 < 128 })
  }

  @Test func aStepOnTheWayIsPausedAndItsPastIsTheRuns() throws {
    let (whole, part) = (try Self.played(), try Self.played(to: 17))
    #expect(part.isPaused && !part.isFinished && whole.isFinished)
    #expect(view(part, Self.sizes[1]).grid.rows[0].contains("‖ 17/40"))
    for step in 0...17 {
      #expect(part.history?.losses[1].value(at: step) == whole.history?.losses[1].value(at: step))
    }
    #expect(part.history?.losses[1].count == 18)
    #expect(try view(Self.played(to: 17), Self.sizes[1]) == view(part, Self.sizes[1]))
  }

  @Test func theEntryMapIsOfTheVariantThatComesFirstInTheTable() throws {
    let size = Self.sizes[3]
    let model = try Self.played("n=12 m=9 r=3 steps=40 variants=lora,rslora,pissa,dora", to: 20, size)
    let first = model.tableVariants[0]
    #expect(model.pictured == first && first != 1, "the order at the start is another")
    let place = try #require(model.layout(size).places.first { $0.panel == .entries })
    let rows = render(.entries, model, place.size).rows
    #expect(rows[0].contains("W_\(model.scenario.seriesNames[first - 1])"))
    #expect(rows.contains { $0.contains("█") }, "\(rows.joined(separator: "\n"))")
  }

  @Test func aBranchIsDrawnWithThePastItShares() throws {
    let (trunk, branch) = (try Self.played(), try Self.played(Self.line + " | t=17 lr=0.001"))
    let (old, new) = (try #require(trunk.history?.losses[1]), try #require(branch.history?.losses[1]))
    #expect((0...17).allSatisfy { old.value(at: $0) == new.value(at: $0) } && new.count == 41)
    #expect(old.last != new.last)
    #expect(view(branch, Self.sizes[1]).grid.rows[0].contains("● 40/40"))
  }

  @Test func aDivergedRunIsDrawnWithItsCause() throws {
    let model = try Self.played("n=12 m=9 r=2 alpha=4000 lr=0.5 steps=60 variants=lora", to: 60)
    let grid = view(model, Self.sizes[1]).grid
    #expect(grid.text.contains("lora diverged at step") && grid.rows[0].contains("✗ stopped"), "\(grid.text)")
  }

  @Test func weightsAreWrittenAsAsked() throws {
    let model = try Model.played(
      .whole(Scenario(parsing: "n=12 m=9 r=2 steps=3")), to: 3, Self.sizes[1], glyphs: .braille,
      convention: .peft)
    #expect(view(model, Self.sizes[1]).grid.rows[0].hasPrefix(" 9×12 "))
  }

  @Test func aLinuxConsoleHasNoBraille() {
    #expect(GlyphsChoice.auto.resolved(hasUnicode: true, on: "linux") == .block)
    #expect(GlyphsChoice.auto.resolved(hasUnicode: true, on: "xterm") == .braille)
    #expect(GlyphsChoice.auto.resolved(hasUnicode: false, on: "linux") == .ascii)
    #expect(GlyphsChoice.braille.resolved(hasUnicode: true, on: "linux") == .braille)
  }

  // MARK: ANSI

  private static func withoutEscapes(_ text: String) -> String {
    text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
  }

  @Test(arguments: [0, 8, 256])
  func escapesAreAllThatTellsAnsiFromText(colors: Int) throws {
    let grid = view(try Self.played(), Self.sizes[1]).grid
    let ansi = FrameFormat.ansi.text(grid, colors: colors)
    #expect(Self.withoutEscapes(ansi) == FrameFormat.text.text(grid, colors: colors))
    #expect(ansi.contains(";38;5;") == (colors > 0))
    #expect(ansi.contains("\u{1b}[0;1m"), "bold is left without colour")
    for row in ansi.split(separator: "\n") where row.contains("\u{1b}") {
      let last = row.matches(of: /\u{1b}\[[0-9;]*m/).last.map { String($0.output) }
      #expect(last == "\u{1b}[0m", "a row leaves nothing on")
    }
  }

  // MARK: SVG

  final class Elements: NSObject, XMLParserDelegate {
    private(set) var count: [String: Int] = [:]
    private(set) var text = ""
    private(set) var polylines: [[(Double, Double)]] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      count[name, default: 0] += 1
      if name == "polyline", let points = attributes["points"] {
        polylines.append(
          points.split(separator: " ").compactMap { point in
            let parts = point.split(separator: ",").compactMap { Double($0) }
            return parts.count == 2 ? (parts[0], parts[1]) : nil
          })
      }
      if name == "tspan" { text += " " }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  static func parsed(_ grid: Grid, colors: Int = 256) throws -> Elements {
    let elements = Elements()
    let parser = XMLParser(data: Data(FrameFormat.svg.text(grid, colors: colors).utf8))
    parser.delegate = elements
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    return elements
  }

  @Test(arguments: ["", "2", "02", "123"], Glyphs.allCases)
  func anSVGParsesAndHasAPolylineForEveryVisibleSeries(hidden: String, glyphs: Glyphs) throws {
    var model = try Self.played(Self.line, to: 40, Self.sizes[1], glyphs)
    #expect(view(model, Self.sizes[1]).grid.layers.isEmpty, "cells alone need no lines")
    model.keepsLines = true
    for digit in hidden.unicodeScalars { _ = update(&model, .key(.character(digit))) }
    let variants = 3 - hidden.count { $0 != "0" }
    // Gaps of the variants; losses of the variants and of full fine-tuning.
    let elements = try Self.parsed(view(model, Self.sizes[1]).grid)
    #expect(elements.count["polyline"] ?? 0 == 2 * variants + (hidden.contains("0") ? 0 : 1))
    #expect(elements.text.contains("Loss") && elements.text.contains("t=40"))
    #expect(elements.polylines.allSatisfy { $0.count > 5 })
  }

  @Test func thePolylineGoesThroughTheValues() throws {
    let chart = LineChart(
      Heading(""), series: [.init(Curve([0, 1, 2, 2]), marker: nil, style: .plain)], x: .steps(3),
      range: 0...2, keepsLines: true)
    let line = try #require(try Self.parsed(chart.render(Size(width: 48, height: 13))).polylines.first)
    // 40 columns of 8 pixels, the ends in the middle of the first and last; 10 rows of 16 pixels in 40 dots.
    let expected: [(Double, Double)] = [(4, 158), (108, 80), (212, 2), (316, 2)]
    #expect(line.count == 4)
    for (point, wanted) in zip(line, expected) {
      // Written with two digits.
      #expect(abs(point.0 - wanted.0) <= 0.01 && abs(point.1 - wanted.1) <= 0.01, "\(point) for \(wanted)")
    }
  }

  @Test func aBreakDividesAPolylineAndWhatLiesOnTopHidesIt() throws {
    var chart = LineChart(
      Heading("<&>"), series: [.init(Curve([1, 1, .nan, 1, 1]), marker: nil, style: .plain)], x: .steps(4),
      keepsLines: true)
    var grid = chart.render(Size(width: 60, height: 16))
    #expect(try Self.parsed(grid).count["polyline"] == 2)
    #expect(try Self.parsed(grid).text.contains("<&>"))
    grid.draw(Grid(Size(width: 10, height: 3)), row: 2, column: 20)
    #expect(grid.layers.last == .cover(Rectangle(row: 2, column: 20, size: Size(width: 10, height: 3))))
    chart.series[0].isDashed = true
    #expect(try Self.parsed(chart.render(Size(width: 60, height: 16))).count["polyline"] == nil)
  }

  // MARK: Sizes

  @Test(arguments: [
    "", "80", "80x", "x24", "19x24", "80x2", "0x24", "80x-1", "80x24x2", "1001x40", "80 x 24", "axb",
  ])
  func aWrongSizeIsNamedWithWhatIsAllowed(text: String) {
    #expect {
      _ = try RenderCommand.size(text)
    } throws: { error in
      "\(error)".hasPrefix("--size is \(text); ") && "\(error)".contains("20x3 to 1000x1000")
    }
  }

  @Test func aSizeIsColumnsTimesRows() throws {
    #expect(try RenderCommand.size("120x40") == Size(width: 120, height: 40))
    #expect(try RenderCommand.size("20x3") == Size(width: 20, height: 3))
  }
}
