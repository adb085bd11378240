import Charts
import Testing

/// A line chart of one series over the steps 0, 1, 2, …
func chart(
  _ values: [Double], scale: Scale = .linear, range: ClosedRange<Double>? = nil, glyphs: Glyphs = .braille,
  marker: Unicode.Scalar? = nil, isDashed: Bool = false, stop: LineChart.Stop? = nil
) -> LineChart {
  let series = LineChart.Series(
    Curve(values), marker: marker, style: Style(.series1), isDashed: isDashed, stop: stop)
  return LineChart(
    Heading("Loss"), series: [series], x: .steps(values.count - 1), scale: scale, range: range,
    glyphs: glyphs)
}

/// Compares a screen with its rows; a failure shows it, with a bar at the right edge.
func expectScreen(_ grid: Grid, _ rows: [String], sourceLocation: SourceLocation = #_sourceLocation) {
  let drawn = grid.rows.map { $0 + "|" }.joined(separator: "\n")
  #expect(grid.rows == rows, "drawn:\n\(drawn)", sourceLocation: sourceLocation)
}

let smallSizes: [Size] =
  (0...16).flatMap { width in (0...9).map { Size(width: width, height: $0) } }
  + [(200, 3), (3, 200), (200, 1), (1, 200), (60, 16), (80, 11), (120, 40), (200, 60)].map {
    Size(width: $0, height: $1)
  }

private let octants = Set(Glyphs.octants.map(\.value))

/// Each row as wide as the size says, no control characters, and in ASCII nothing else.
func expectWellFormed(_ grid: Grid, _ size: Size, _ glyphs: Glyphs, _ name: String) {
  #expect(grid.size == size, "\(name)")
  #expect(grid.rows.map { $0.unicodeScalars.count } == Array(repeating: size.width, count: size.height))
  let limit: UInt32 = glyphs == .ascii ? 0x7e : 0x2fff
  let others = glyphs == .octant ? octants : []
  let strange = grid.scalars.filter { $0 < 0x20 || $0 > limit && !others.contains($0) || $0 == 0x3f }
  #expect(strange.isEmpty, "\(name) at \(size): \(strange)\n\(grid.text)")
}
