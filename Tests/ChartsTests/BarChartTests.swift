import Charts
import Testing

@Suite struct BarChartTests {
  @Test func barsAreAsLongAsTheirValues() {
    let chart = BarChart(
      Heading("rank"),
      bars: [.init("full", 8, text: "8"), .init("lora", 3, text: "3"), .init("none", 0, text: "0")])
    expectScreen(
      chart.render(Size(width: 18, height: 5)),
      [
        "rank              ",
        " full ██████████ 8",
        " lora ███▊       3",
        " none            0",
        "                  ",
      ])
  }

  @Test func whatHasNoRoomIsCounted() {
    let bars = (1...6).map { BarChart.Bar("\($0)", Double($0), text: "\($0)") }
    let rows = BarChart(Heading("rank"), bars: bars, full: 12, glyphs: .ascii)
      .render(Size(width: 17, height: 4)).rows
    #expect(rows == ["rank             ", " 1 #            1", " 2 ##           2", " ... 4 more      "])
  }

  @Test(arguments: Glyphs.allCases)
  func everySizeIsDrawn(glyphs: Glyphs) {
    let values = [.nan, .infinity, -.infinity, -1, 0, 1e-300, 1e300, .greatestFiniteMagnitude]
    let bars = values.map { BarChart.Bar("σ_1", $0, text: "≤ 1") }
    for full in [nil, 0, .nan, .infinity, 2] as [Double?] {
      for size in smallSizes {
        let chart = BarChart(Heading("rank"), bars: bars, full: full, glyphs: glyphs)
        expectWellFormed(chart.render(size), size, glyphs, "bars")
      }
    }
  }
}
