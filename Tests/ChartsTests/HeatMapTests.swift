import Charts
import Testing

@Suite struct HeatMapTests {
  @Test func eachLevelHasAFifthOfTheCellsAndTheLegendNamesTheEnds() {
    let map = HeatMap(Heading("|ΔW|"), rows: 2, columns: 5, values: (1...10).map(Double.init))
    expectScreen(
      map.render(Size(width: 30, height: 7)),
      [
        "|ΔW|                          ",
        "    1┤  ░░▒                   ",
        "     │▒▓▓██                   ",
        "     │                        ",
        "     └┬────                   ",
        "      1                       ",
        "      1.0  ░▒▓█ 10   quintiles",
      ])
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
    #expect(map.render(Size(width: 20, height: 7)).rows[1].dropFirst(6).prefix(4) == "  ✗ ")
  }

  @Test(arguments: Glyphs.allCases)
  func everySizeIsDrawn(glyphs: Glyphs) {
    var generator = Generator()
    for (rows, columns) in [(0, 0), (1, 1), (3, 200), (200, 3), (64, 48)] {
      let values = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &generator) }
      let map = HeatMap(
        Heading("|W − W0|", note: "t=3"), rows: rows, columns: columns, values: values, glyphs: glyphs)
      for size in smallSizes { expectWellFormed(map.render(size), size, glyphs, "\(rows)×\(columns)") }
    }
  }
}

extension String {
  /// Filled with blanks on the right.
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
