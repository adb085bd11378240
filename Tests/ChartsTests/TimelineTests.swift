import Charts
import Testing

@Suite struct TimelineTests {
  @Test(
    arguments: [
      (0.0, "t=0", "●────────────    t=0"),
      (0.5, "t=500", "━━━━━━●──────  t=500"),
      (0.999, "t=999", "━━━━━━━━━━━●─  t=999"),
      (1, "t=1000", "━━━━━━━━━━━━● t=1000"),
      (7, "t=7000", "━━━━━━━━━━━━● t=7000"),
      (.nan, "", "●────────────       "),
    ])
  func theLineKeepsItsLengthWhileTheLabelGrows(fraction: Double, label: String, row: String) {
    expectScreen(Timeline(fraction: fraction, label: label).render(Size(width: 20, height: 1)), [row])
  }

  @Test func asciiAndEvents() {
    let timeline = Timeline(fraction: 0.5, label: "t=5", events: [0.25, 0.5, 1], glyphs: .ascii)
    expectScreen(timeline.render(Size(width: 20, height: 1)), ["===*==O-----*    t=5"])
  }

  @Test(arguments: Glyphs.allCases)
  func everySizeIsDrawn(glyphs: Glyphs) {
    for size in smallSizes {
      let timeline = Timeline(fraction: .infinity, label: "t=640", events: [.nan, -1], glyphs: glyphs)
      expectWellFormed(timeline.render(size), size, glyphs, "timeline")
    }
  }
}
