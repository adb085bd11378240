import Charts
import Glibc
import Testing

/// 18 columns are 5 of labels, the axis, 10 of plot, 2 of margin; steps 0 to 9 lie one a column, in its right
/// half. Three rows are 12 dots in braille, 9 in ASCII, the values 0 and 2 in the last and the first.
@Suite struct LineChartTests {
  private let size = Size(width: 18, height: 6)

  @Test func aConstantIsALevelLine() {
    expectScreen(
      chart(Array(repeating: 1, count: 10), range: 0...2).render(size),
      [
        "Loss              ",
        "    2┤            ",
        "     │⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤  ",
        "    0┤            ",
        "     └┬────┬────  ",
        "      0    5      ",
      ])
  }

  @Test func wordsMayStandUnderTheStepsInsteadOfTheirNumbers() {
    var chart = chart(Array(repeating: 1, count: 3), range: 0...2)
    chart.x = Axis(0, 2)
    chart.xLabels = ["1e-3", "b", "c"]
    expectScreen(
      chart.render(size),
      [
        "Loss              ",
        "    2┤            ",
        "     │⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤  ",
        "    0┤            ",
        "     └┬────┬───┬  ",
        "    1e-3   b   c  ",
      ])
  }

  @Test func asciiDrawsThirdsAndJoinsRisesHalfway() {
    expectScreen(
      chart([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], range: 0...2, glyphs: .ascii).render(size),
      [
        "Loss              ",
        "    2+      |'''  ",
        "     |   :-:      ",
        "    0+..:'        ",
        "     ++----+----  ",
        "      0    5      ",
      ])
  }

  @Test func blocksDrawQuartersOfACell() {
    expectScreen(
      chart([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], range: 0...2, glyphs: .block).render(size),
      [
        "Loss              ",
        "    2┤      ▞▀▀▀  ",
        "     │   ▗▄▄▘     ",
        "    0┤▗▄▄▘        ",
        "     └┬────┬────  ",
        "      0    5      ",
      ])
  }

  @Test func aSpikeReachesFromTheLineToItsValue() {
    expectScreen(
      chart([0, 0, 0, 0, 0, 2, 0, 0, 0, 0], range: 0...2, glyphs: .ascii).render(size),
      [
        "Loss              ",
        "    2+     |      ",
        "     |    .:.     ",
        "    0+....| |...  ",
        "     ++----+----  ",
        "      0    5      ",
      ])
  }

  /// 60,000 steps in buckets of 16, whole and through windows of any width around the spike.
  @Test(arguments: [0, 1, 15, 31_234, 59_998, 59_999])
  func aSpikeOfOneStepShowsAtEveryZoom(spike: Int) {
    let curve = Curve((0..<60_000).map { $0 == spike ? 1 : 0.1 })
    for scale in [Scale.linear, .log] {
      for reach in [60_000, 5000, 200, 20, 5, 1] {
        let window = Axis(
          max(Double(spike - reach), scale == .log ? 1 : 0), Double(spike + reach), scale: scale, unit: .steps
        )
        // A log axis has no place for step 0.
        guard window.canPlace(Double(spike)) else { continue }
        var zoomed = chart([], range: 0...1)
        zoomed.series[0].curve = curve
        zoomed.x = window
        let top = Array(zoomed.render(Size(width: 60, height: 8)).rows[1].unicodeScalars.dropFirst(6))
        let dots = top.contains { (0x2801...0x28ff).contains($0.value) }
        #expect(dots, "\(window.range) \(scale)\n\(zoomed.render(Size(width: 60, height: 8)).text)")
      }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func theLineBreaksWhereAValueIsNotFinite(broken: Double) {
    expectScreen(
      chart([1, 1, 1, 1, broken, 1, 1, 1, 1, 1], range: 0...2, glyphs: .ascii).render(size),
      [
        "Loss              ",
        "    2+            ",
        "     |---- -----  ",
        "    0+            ",
        "     ++----+----  ",
        "      0    5      ",
      ])
  }

  @Test func dashesFillEverySecondCell() {
    expectScreen(
      chart(Array(repeating: 1, count: 10), range: 0...2, isDashed: true).render(size),
      [
        "Loss              ",
        "    2┤            ",
        "     │⠠ ⠤ ⠤ ⠤ ⠤   ",
        "    0┤            ",
        "     └┬────┬────  ",
        "      0    5      ",
      ])
  }

  @Test func zerosAndNegativesOnALogAxisAreCountedInTheTitle() {
    let values: [Double] = [0, 1, 1, 1, -1, 1, 1, 1, 1, 1]
    // 14 columns: step i lies in column ⌊13i/9 + ½⌋, so the pieces are 1 to 4 and 7 to 13.
    expectScreen(
      chart(values, scale: .log, range: 0.1...10, glyphs: .ascii).render(Size(width: 22, height: 6)),
      [
        "Loss  2 <= 0 hidden   ",
        "   10+                ",
        "     | ----  -------  ",
        "  0.1+                ",
        "     ++------+------  ",
        "      0      5        ",
      ])
    #expect(chart(values, scale: .linear).hiddenCount == 0)
  }

  @Test func whatTheoryHidesIsNotCounted() {
    var floor = chart([0, 0, 1], scale: .log)
    #expect(floor.hiddenCount == 2)
    floor.series[0].isDashed = true
    #expect(floor.hiddenCount == 0)
  }

  @Test func theCursorStandsBehindTheLine() {
    var cursored = chart(Array(repeating: 1, count: 10), range: 0...2)
    cursored.cursor = 3
    expectScreen(
      cursored.render(size),
      [
        "Loss              ",
        "    2┤   ┊        ",
        "     │⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤  ",
        "    0┤   ┊        ",
        "     └┬──▲─┬────  ",
        "      0    5      ",
      ])
  }

  @Test func aStoppedLineEndsInACrossWithItsReason() {
    let values: [Double] = [1, 1, 1, 1, 1] + Array(repeating: .nan, count: 5)
    let stop = LineChart.Stop(step: 5, text: "t=5: bad")
    // 32 columns: step 4 lies in column 14, step 5 in 17; the first marker of a series stands in column 7.
    let drawn = chart(values, range: 0...2, glyphs: .ascii, marker: "1", stop: stop)
    #expect(drawn.render(Size(width: 40, height: 6)).rows[2] == "     |-------1------- 1x t=5: bad       ")
    // 12 columns hold no reason.
    #expect(drawn.render(Size(width: 20, height: 6)).rows[2] == "     |-----1x        ".prefix(20))
  }

  @Test(arguments: Scale.allCases)
  func whatHasComeToItsEndLeavesThroughTheTop(scale: Scale) throws {
    let explosion = (0..<6).map { pow(10, Double(20 * $0)) } + [.nan]
    let stop = LineChart.Stop(step: 6, text: "t=6: not finite")
    var one = chart(explosion, scale: scale, marker: "1", stop: stop)
    #expect(one.extent == 1...1e100, "alone it is shown whole")
    one.series.append(LineChart.Series(Curve(Array(repeating: 2.0, count: 7)), marker: "2", style: .plain))
    #expect(one.extent == 1...(scale == .log ? 2e3 : 20))
    let rows = one.render(Size(width: 60, height: 14)).rows
    #expect(
      rows[1...4].contains { $0.contains("✗ t=6: not finite") || $0.contains("t=6: not finite 1✗") },
      "\(rows)"
    )
    // What goes on, however far, is never left out.
    one.series[0].stop = nil
    #expect(one.extent == 1...1e100)
  }

  @Test func endsAtOnePlaceStandBelowOneAnother() {
    var three = chart([1, 10, 1e9, .nan, 1], scale: .log, marker: "1")
    let explosion = three.series[0].curve
    three.series = (1...3).map { i in
      LineChart.Series(
        explosion, marker: Unicode.Scalar(UInt8(48 + i)), style: .plain,
        stop: .init(step: 3, text: "t=3: lost"))
    }
    let rows = three.render(Size(width: 40, height: 12)).rows
    #expect(rows.filter { $0.contains("t=3: lost") }.count == 3, "\(rows.joined(separator: "\n"))")
  }

  @Test func whatALogAxisHasNoPlaceForIsSaidWhereNothingIsDrawn() {
    let rows = chart([0, 0, 0], scale: .log).render(Size(width: 60, height: 8)).rows
    #expect(rows[0].contains("no number above 0") && rows[0].contains("3 ≤ 0 hidden"), "\(rows[0])")
    #expect(!chart([0, 1, 0], scale: .log).render(Size(width: 60, height: 8)).rows[0].contains("no number"))
  }

  @Test func theMarkerStandsEvery18ColumnsAndAtTheHead() {
    let drawn = chart(Array(repeating: 1, count: 200), range: 0...2, marker: "1")
    let row = Array(drawn.render(Size(width: 80, height: 6)).rows[2].unicodeScalars)
    #expect(row.indices.filter { row[$0] == "1" }.map { $0 - 6 } == [7, 25, 43, 61, 71])
  }

  @Test func markersOfSeriesOnOneLineDoNotCoverOneAnother() {
    var crowd = chart(Array(repeating: 1, count: 200), range: 0...2)
    crowd.series = (1...6).map { number in
      LineChart.Series(
        crowd.series[0].curve, marker: Unicode.Scalar(UInt8(48 + number)), style: Style(.series(number)))
    }
    let grid = crowd.render(Size(width: 80, height: 6))
    for marker in "123456" {
      #expect(grid.rows[2].count { $0 == marker } >= 4, "\(marker) in \(grid.rows[2])")
    }
  }

  @Test func theFirstSeriesThatIsNotDashedGivesTheStyle() {
    var both = chart(Array(repeating: 1, count: 10), range: 0...2)
    let line = both.series[0]
    both.series = [
      .init(line.curve, marker: nil, style: .theory, isDashed: true),
      .init(line.curve, marker: nil, style: Style(.series2)), line,
    ]
    let grid = both.render(size)
    for column in 6..<16 {
      #expect(grid.style(row: 2, column: column) == Style(.series2), "column \(column)")
    }
  }

  @Test func theTitleOfTheFocusedChartIsBold() {
    var focused = chart([1, 2])
    #expect(focused.render(size).style(row: 0, column: 0) == .plain)
    focused.isFocused = true
    #expect(focused.render(size).style(row: 0, column: 0) == .bold)
  }

  @Test(arguments: [0, 54_321, 99_999], Glyphs.allCases)
  func aSpikeOfOneStepIn100000ShowsAt80Columns(spike: Int, glyphs: Glyphs) {
    let values = (0..<100_000).map { $0 == spike ? 1.0 : 0 }
    let grid = chart(values, range: 0...1, glyphs: glyphs).render(Size(width: 80, height: 11))
    let column = 6 + Int((Double(spike) / 99_999 * 71).rounded())
    for row in 1...8 {
      #expect(grid.scalar(row: row, column: column) != 0x20, "row \(row)\n\(grid.text)")
    }
  }

  @Test(arguments: [300_001, 654_321], Glyphs.allCases)
  func aSpikeOfOneStepInAMillionShowsHoweverFarOneZooms(spike: Int, glyphs: Glyphs) {
    var drawn = chart([], range: 0...1, glyphs: glyphs)
    for step in 0..<1_000_000 { drawn.series[0].curve.append(step == spike ? 1 : 0, at: step) }
    drawn.x = .steps(1_000_000)
    for _ in 0..<16 {
      let grid = drawn.render(Size(width: 80, height: 11))
      let column = 6 + (drawn.x.column(of: Double(spike), columns: 72) ?? 0)
      #expect(grid.scalar(row: 1, column: column) != 0x20, "\(grid.text)")
      drawn.x = drawn.x.zoomed(by: 2, around: Double(spike))
    }
  }

  @Test func theFocusedSeriesGivesTheStyle() {
    var both = chart(Array(repeating: 1, count: 10), range: 0...2)
    both.series.append(.init(both.series[0].curve, marker: nil, style: Style(.series2)))
    both.focus = 1
    #expect(both.render(size).style(row: 2, column: 8) == Style(.series2))
    both.focus = nil
    #expect(both.render(size).style(row: 2, column: 8) == Style(.series1))
  }

  @Test func aBandIsShadedAroundItsLine() {
    var seeds = chart(Array(repeating: 1, count: 10), range: 0...2, glyphs: .ascii)
    seeds.series[0].band = .init(
      low: Curve(Array(repeating: 0.5, count: 10)), high: Curve((0..<10).map { 1 + Double($0) / 9 }))
    expectScreen(
      seeds.render(size),
      [
        "Loss              ",
        "    2+    . .-:-  ",
        "     |----------  ",
        "    0+' ' ' ' '   ",
        "     ++----+----  ",
        "      0    5      ",
      ])
    seeds.range = nil
    #expect(seeds.extent == 0.5...2)
  }

  @Test func theCursorReadsEverySeries() {
    var both = chart([1, 2, 3, 4], marker: "1")
    both.series.append(.init(Curve(), marker: "2", style: .plain))
    #expect(both.readings.isEmpty)
    both.cursor = 2
    #expect(both.readings.map(\.value) == [3, nil] && both.readings.map(\.marker) == ["1", "2"])
  }

  static let awkward: [(String, [Double])] = [
    ("empty", []), ("one point", [0.3]), ("one zero", [0]),
    ("nothing finite", [.nan, .infinity, -.infinity]),
    ("constant", [2, 2, 2]), ("huge", [1e300, -1e300, .greatestFiniteMagnitude]),
    ("tiny", [1e-300, .leastNonzeroMagnitude, 0]), ("negative", [-1, -2, -3]),
    ("diverging", (0..<400).map { pow(10, Double($0)) }),
  ]

  @Test(arguments: awkward, Glyphs.allCases)
  func everySizeAndEveryScaleIsDrawn(values: (name: String, samples: [Double]), glyphs: Glyphs) {
    for scale in Scale.allCases {
      for range in [nil, 0.5...2, 0...0, -1...1] as [ClosedRange<Double>?] {
        var drawn = chart(
          values.samples, scale: scale, range: range, glyphs: glyphs, marker: "F",
          stop: .init(step: 1, text: "t=1: not finite"))
        drawn.heading = Heading("‖ΔW − σ_i‖_F", note: "log y", legend: "┄ best rank-8 (Eckart–Young)")
        drawn.cursor = 1
        for size in smallSizes { expectWellFormed(drawn.render(size), size, glyphs, values.name) }
        drawn.x = .steps(1000, scale: .log)
        expectWellFormed(
          drawn.render(Size(width: 40, height: 9)), Size(width: 40, height: 9), glyphs, values.name)
      }
    }
  }

  @Test(arguments: Scale.allCases, [6, 11, 24, 60])
  func theLabelsOnTheScreenStandAtTheirValues(scale: Scale, height: Int) throws {
    for (low, high) in AxisTests.ranges {
      let drawn = chart([low, high], scale: scale)
      let grid = drawn.render(Size(width: 40, height: height))
      var labels: [String] = []
      for row in 0..<height - 3 {
        let label = grid.rows[row + 1].prefix(5).filter { $0 != " " }
        let hasTick = grid.scalar(row: row + 1, column: 5) == Glyphs.braille.rowTick.value
        #expect(hasTick == !label.isEmpty, "\n\(grid.text)")
        guard hasTick else { continue }
        labels.append(label)
        let value = try #require(number(label))
        // The label is rounded to its last digit, the tick is where that number lies.
        let row0 = drawn.y.dot(of: value, among: (height - 3) * 4).map { $0 / 4 }
        #expect(row0 == row, "\(label)\n\(grid.text)")
      }
      #expect(!labels.isEmpty && Set(labels).count == labels.count, "\n\(grid.text)")
    }
  }

  @Test func thePlotsLeftEdgeDoesNotMoveWhileNumbersChange() {
    let size = Size(width: 40, height: 9)
    for value in [1e-8, 0.003, 0.5, 7, 123, 45_678, 3e7, -2, -9e9] {
      for row in chart([value, 2 * value]).render(size).rows[1...5] {
        let edge = Array(row.unicodeScalars)[5]
        #expect(edge == "│" || edge == "┤", "\(value): \(row)")
      }
    }
  }
}
