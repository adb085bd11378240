import Charts
import Testing

@Suite struct HeatMapTests {
  @Test func eachLevelHasAFifthOfTheCellsAndTheLegendNamesTheEnds() {
    let map = HeatMap(Heading("|ΔW|"), rows: 2, columns: 5, values: (1...10).map(Double.init))
    expectScreen(
      map.render(Size(width: 30, height: 7)),
      [
        "|ΔW|                          ",
        "    1┤        ░░░░░░░░▒▒▒▒    ",
        "     │▒▒▒▒▓▓▓▓▓▓▓▓████████    ",
        "     │                        ",
        "     └┬───────────┬───────    ",
        "      1           4           ",
        "      1.0  ░▒▓█ 10   quintiles",
      ])
  }

  @Test func fewEntriesAreDrawnLargerInTheRoomThereIs() {
    let map = HeatMap(Heading(""), rows: 16, columns: 10, values: (0..<160).map(Double.init))
    let rows = map.render(Size(width: 60, height: 40)).rows
    let cells = rows[1...36].map { $0.dropFirst(6) }
    // 36 rows and 54 columns: blocks of 2×5.
    #expect(cells[0] == cells[1] && cells[30] == cells[31] && cells[32].allSatisfy { $0 == " " })
    #expect(cells[31] == String(repeating: "█", count: 50) + "    ")
    let labels = rows.filter { $0.contains("┤") }.map { $0.prefix(5).filter { $0 != " " } }
    #expect(labels == ["1", "3", "5", "7", "9", "11", "13", "15"])
  }

  @Test func aCellShowsTheLargestOfItsEntriesAndTheTitleSaysHowMany() {
    var values = Array(repeating: 0.0, count: 64 * 48)
    values[37 * 48 + 11] = 3
    let map = HeatMap(Heading("|ΔW|"), rows: 64, columns: 48, values: values, glyphs: .ascii)
    let rows = map.render(Size(width: 60, height: 20)).rows
    #expect(rows[0].contains("4 rows per cell") || rows[0].contains("5 rows per cell"), "\(rows[0])")
    let cells = rows[1...16].map { $0.dropFirst(6) }
    #expect(cells.joined().count { $0 == "#" } == 1)
    #expect(rows.last == "      0  .-=# 3.0   quintiles".padding(60), "\(rows)")
  }

  @Test func equalEntriesShareALevelAndWhatIsNotFiniteIsACross() {
    let map = HeatMap(Heading(""), rows: 1, columns: 4, values: [2, 2, .nan, 2])
    #expect(map.render(Size(width: 20, height: 7)).rows[1].dropFirst(6).prefix(12) == "      ✗✗✗   ")
  }

  @Test func withLabelsEveryEntryHasItsNumberAsFarAsThereIsRoom() {
    var map = HeatMap(
      Heading("L"), rows: 2, columns: 3, values: [0.5, 0.25, 1, 2, .infinity, 0.125], labelWidth: 4)
    map.labels = HeatMap.Labels(rows: ["0.01", "0.1"], columns: ["1", "2", "4"])
    expectScreen(
      map.render(Size(width: 32, height: 7)),
      [
        "L                               ",
        "0.01┤▒ 0.50 ▒▒░ 0.25 ░░▓▓ 1.0 ▓▓",
        " 0.1┤██ 2.0 ██    ✗      0.13   ",
        "    │                           ",
        "    └────┬────────┬────────┬────",
        "         1        2        4    ",
        "     0.13  ░▒▓█ 2.0   quintiles ",
      ])
    let small = map.render(Size(width: 10, height: 7)).rows
    #expect(!small.joined().contains("0.50") && small.joined().contains("█"), "\(small)")
  }

  @Test(arguments: Glyphs.allCases)
  func everySizeIsDrawn(glyphs: Glyphs) {
    var generator = Generator()
    for (rows, columns) in [(0, 0), (1, 1), (3, 200), (200, 3), (64, 48)] {
      let values = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &generator) }
      var map = HeatMap(
        Heading("|W − W0|", note: "t=3"), rows: rows, columns: columns, values: values, glyphs: glyphs)
      for size in smallSizes { expectWellFormed(map.render(size), size, glyphs, "\(rows)×\(columns)") }
      map.labels = HeatMap.Labels(
        rows: (0..<rows).map { "\($0)" }, columns: (0..<columns).map { "\($0)" })
      for size in smallSizes {
        expectWellFormed(map.render(size), size, glyphs, "\(rows)×\(columns), labelled")
      }
    }
  }
}

extension String {
  /// Filled with blanks on the right.
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
