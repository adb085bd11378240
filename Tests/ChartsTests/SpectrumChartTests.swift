import Charts
import Testing

@Suite struct SpectrumChartTests {
  private func spectrum(_ glyphs: Glyphs, scale: Scale = .log) -> SpectrumChart {
    SpectrumChart(
      Heading("σ_i"), reference: [8, 4, 2, 1],
      variants: [.init([4, 2], marker: "1", style: Style(.series1))], cut: 2, scale: scale, glyphs: glyphs)
  }

  // 12 columns of plot, 3 an index. Four rows are 32 eighths from 1 to 10: 8 fills 29 of them, 4 fills 20,
  // 2 fills 10, and 1, the axis minimum, the lowest.

  @Test func barsStandOnTheLabelledMinimumAndDigitsBesideThem() {
    expectScreen(
      spectrum(.braille).render(Size(width: 18, height: 7)),
      [
        "σ_i               ",
        "   10┤▅    ╎      ",
        "     │█1 ▄ ╎      ",
        "     │█  █1╎▂     ",
        "    1┤█  █ ╎█  ▁  ",
        "     └┬────╨───┬──",
        "      1        4 i",
      ])
  }

  @Test func asciiHasQuartersOfABar() {
    expectScreen(
      spectrum(.ascii).render(Size(width: 18, height: 7)),
      [
        "sigma_i           ",
        "   10+=    :      ",
        "     |#1 - :      ",
        "     |#  #1:.     ",
        "    1+#  # :#  .  ",
        "     ++----+---+--",
        "      1        4 i",
      ])
  }

  @Test func aLinearAxisStartsAtZero() {
    #expect(spectrum(.braille, scale: .linear).axis(of: 4).range == 0...8)
  }

  @Test func noiseAndNumbersThatAreNotFiniteAreNotDrawnOnALogAxis() {
    var noisy = spectrum(.braille)
    noisy.reference = [8, .nan, 7e-12, .infinity]
    noisy.variants[0].values = [1, 0]
    #expect(noisy.axis(of: 4).range == 1...10)
    expectScreen(
      noisy.render(Size(width: 18, height: 7)),
      [
        "σ_i               ",
        "   10┤▅    ╎      ",
        "     │█    ╎      ",
        "     │█    ╎      ",
        "    1┤█1   ╎      ",
        "     └┬────╨───┬──",
        "      1        4 i",
      ])
  }

  @Test(
    arguments: [
      // variants, columns, cut → pitch, shown
      (0, 33, 8, 3, 11), (1, 33, 8, 3, 11), (2, 33, 8, 3, 11), (2, 74, 8, 4, 19), (3, 51, 8, 5, 11),
      (6, 33, 8, 3, 11), (1, 20, 8, 2, 10), (1, 20, 32, 3, 7),
    ])
  func indicesShareTheWidth(variants: Int, columns: Int, cut: Int, pitch: Int, shown: Int) {
    let values = (0..<48).map { 50 - Double($0) }
    let chart = SpectrumChart(
      Heading(""), reference: values,
      variants: (0..<variants).map { _ in .init([], marker: "1", style: .plain) }, cut: cut, scale: .linear)
    let row = Array(chart.render(Size(width: columns + 6, height: 8)).rows[5].unicodeScalars.dropFirst(6))
    let bars = row.indices.filter { row[$0] == "█" }
    #expect(bars.count == shown, "\(bars)")
    #expect(bars[1] - bars[0] == pitch, "\(bars)")
  }

  @Test(arguments: Glyphs.allCases, Scale.allCases)
  func everySizeIsDrawn(glyphs: Glyphs, scale: Scale) {
    let values: [[Double]] = [
      [], [0], [.nan], [1e300, 1], [1e-300], [-1], [3, 2, 1, 0, .infinity, -.infinity],
    ]
    for reference in values {
      for variant in values {
        for cut in [nil, 0, 1, 3, 100] {
          let chart = SpectrumChart(
            Heading("σ_i(W−W0)", legend: "log y"), reference: reference,
            variants: [
              .init(variant, marker: "1", style: .plain), .init(variant, marker: "2", style: .plain),
            ],
            cut: cut, scale: scale, glyphs: glyphs)
          for size in smallSizes where size.width < 16 || cut == 1 {
            expectWellFormed(chart.render(size), size, glyphs, "\(reference) \(variant)")
          }
        }
      }
    }
  }
}
