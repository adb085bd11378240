import Charts
import Glibc
import Testing

@Suite struct PhasePlaneTests {
  private func plane(_ x: [Double], _ y: [Double], _ glyphs: Glyphs = .braille) -> PhasePlane {
    PhasePlane(
      Heading("gap, loss"), paths: [.init(x: Curve(x), y: Curve(y), marker: "1", style: Style(.series1))],
      glyphs: glyphs, keepsLines: true)
  }

  @Test func aPathGoesFromItsStartToItsHeadPastEachQuarter() {
    let steps = (0...8).map(Double.init)
    expectScreen(
      plane(steps, steps, .ascii).render(Size(width: 19, height: 8)),
      [
        "gap, loss          ",
        "     |         .1  ",
        "    5+      .-1'   ",
        "     |     1'      ",
        "     |  .1:        ",
        "    0+*:           ",
        "     ++-----+----  ",
        "      0     5      ",
      ])
  }

  @Test(arguments: [Double.nan, .infinity])
  func aPlaceThatIsNotFiniteBreaksThePath(broken: Double) {
    let grid = plane([0, 1, broken, 9, 10], [1, 1, 1, 1, 1], .ascii).render(Size(width: 40, height: 8))
    let row = grid.rows.first { $0.contains("*") } ?? ""
    #expect(row.dropFirst(12).prefix(15).allSatisfy { $0 == " " }, "\(grid.text)")
    guard case .lines(let lines, _)? = grid.layers.first else {
      Issue.record("no lines")
      return
    }
    #expect(lines.count == 2)
  }

  @Test func onlyStepsOfBothAreDrawn() {
    var x = Curve(), y = Curve()
    for step in 0..<10 { x.append(Double(step), at: step) }
    for step in stride(from: 0, to: 20, by: 3) { y.append(1, at: step) }
    let grid = PhasePlane(
      Heading(""), paths: [.init(x: x, y: y, marker: "1", style: .plain)], keepsLines: true
    ).render(Size(width: 40, height: 8))
    guard case .lines(let lines, _)? = grid.layers.first else {
      Issue.record("no lines")
      return
    }
    #expect(lines.map(\.points.count) == [4])
  }

  @Test func aPathThatLeavesThePlaneIsDrawnAsFarAsItsEdge() {
    func rows(to end: Double) -> [Substring] {
      var drawn = plane([0, end], [0, end])
      (drawn.xRange, drawn.yRange) = (0...1, 0...1)
      return drawn.render(Size(width: 60, height: 20)).rows.map { $0.dropLast(4) }
    }
    #expect(rows(to: 1e3) == rows(to: 1) && rows(to: 1).joined().contains("⡠"))
  }

  @Test func whatHasEndedStretchesNoAxisAndEndsInACross() {
    var two = plane([1, 2, 1e80, .nan], [1, 2, 1e90, .nan])
    two.paths.append(.init(x: Curve([1, 2, 3]), y: Curve([4, 3, 2]), marker: "2", style: .plain))
    #expect(two.extents.x == 1...1e80)
    two.paths[0].hasEnded = true
    #expect(two.extents.x == 1...30 && two.extents.y == 1...40)
    (two.xScale, two.yScale) = (.log, .log)
    #expect(two.extents.y == 1...4e3)
    let rows = two.render(Size(width: 60, height: 20)).rows
    #expect(rows[1].contains("1✗") && rows.joined().contains("2"), "\(rows.joined(separator: "\n"))")
  }

  @Test(arguments: Glyphs.allCases)
  func everySizeAndScaleIsDrawn(glyphs: Glyphs) {
    for (name, values) in LineChartTests.awkward {
      for (xScale, yScale) in [(Scale.linear, Scale.log), (.log, .linear), (.log, .log)] {
        var drawn = plane(values, values.reversed(), glyphs)
        (drawn.xScale, drawn.yScale) = (xScale, yScale)
        for size in smallSizes { expectWellFormed(drawn.render(size), size, glyphs, name) }
      }
    }
  }
}
