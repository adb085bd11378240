/// Two measures against each other, as paths of the series: `◆` at its first step, its marker at each quarter of the
/// steps and, bold, where it is now; reversed where the cursor is.
package struct PhasePlane: Equatable, Sendable {
  package struct Path: Equatable, Sendable {
    package var x: Curve
    package var y: Curve
    package var marker: Unicode.Scalar
    package var style: Style
    /// It goes no further, having left all numbers behind.
    package var hasEnded: Bool

    package init(x: Curve, y: Curve, marker: Unicode.Scalar, style: Style, hasEnded: Bool = false) {
      self.x = x
      self.y = y
      self.marker = marker
      self.style = style
      self.hasEnded = hasEnded
    }

    /// The steps both remember; a place that is not finite breaks the path.
    package var samples: [(step: Int, x: Double, y: Double)] {
      let others = y.samples
      var next = 0
      return x.samples.compactMap { sample in
        while next < others.count, others[next].step < sample.step { next += 1 }
        guard next < others.count, others[next].step == sample.step else { return nil }
        return (sample.step, sample.value, others[next].value)
      }
    }
  }

  package var heading: Heading
  /// The first gives the style where paths meet.
  package var paths: [Path]
  package var xScale: Scale
  package var yScale: Scale
  /// Without ranges the axes fit the paths.
  package var xRange: ClosedRange<Double>?
  package var yRange: ClosedRange<Double>?
  /// The step to look at.
  package var cursor: Int?
  package var labelWidth: Int
  package var glyphs: Glyphs
  package var isFocused: Bool
  /// As in a `LineChart`.
  package var keepsLines: Bool

  package init(
    _ heading: Heading, paths: [Path], xScale: Scale = .linear, yScale: Scale = .linear,
    xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil, cursor: Int? = nil,
    labelWidth: Int = 5, glyphs: Glyphs = .braille, isFocused: Bool = false,
    keepsLines: Bool = false
  ) {
    self.heading = heading
    self.paths = paths
    self.xScale = xScale
    self.yScale = yScale
    self.xRange = xRange
    self.yRange = yRange
    self.cursor = cursor
    self.labelWidth = max(0, labelWidth)
    self.glyphs = glyphs
    self.isFocused = isFocused
    self.keepsLines = keepsLines
  }

  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    let frame = PlotFrame(size, labelWidth: labelWidth)
    if frame.hasTitle { heading.draw(on: &grid, glyphs: glyphs, isFocused: isFocused) }
    guard frame.rows > 0, frame.columns > 0 else { return grid }
    let samples = paths.map(\.samples)
    let (x, y) = (xAxis, yAxis)
    let rowTicks = y.rowTicks(rows: frame.rows, dotsDown: glyphs.dotsDown, labelWidth: labelWidth)
    frame.drawVerticalAxis(rowTicks, on: &grid, glyphs: glyphs)
    let columnTicks = x.columnTicks(columns: frame.columns)
    frame.drawHorizontalAxis(columnTicks, length: frame.columns, on: &grid, glyphs: glyphs)
    var plot = PathPlot(
      x, y, Raster(columns: frame.columns, rows: frame.rows, glyphs: glyphs), keepsLines: keepsLines)
    for (index, path) in paths.enumerated() { plot.draw(samples[index], of: path, as: index, cursor: cursor) }
    plot.put(on: &grid, frame, paths)
    return grid
  }

  /// The two values at a cell of the chart as it is drawn at `size`; nil outside of its plot.
  package func point(row: Int, column: Int, in size: Size) -> (x: Double, y: Double)? {
    PlotFrame(size, labelWidth: labelWidth).values(
      row: row, column: column, x: xAxis, y: yAxis, dotsDown: glyphs.dotsDown)
  }

  private var xAxis: Axis { axis(xRange, extent(xScale, \.x), xScale) }
  private var yAxis: Axis { axis(yRange, extent(yScale, \.y), yScale) }

  private func axis(_ range: ClosedRange<Double>?, _ extent: ClosedRange<Double>?, _ scale: Scale) -> Axis {
    if let range { return Axis(range.lowerBound, range.upperBound, scale: scale) }
    return .fitting(extent, scale: scale, labelWidth: labelWidth)
  }

  /// The values each axis has to show, from lowest to highest.
  package var extents: (x: ClosedRange<Double>?, y: ClosedRange<Double>?) {
    (extent(xScale, \.x), extent(yScale, \.y))
  }

  private typealias Sample = (step: Int, x: Double, y: Double)

  private func extent(_ scale: Scale, _ value: (Sample) -> Double) -> ClosedRange<Double>? {
    func shown(_ path: Path) -> [Double] {
      path.samples.map(value).filter { $0.isFinite && (scale == .linear || $0 > 0) }
    }
    let values = paths.map(shown)
    guard let low = values.joined().min(), let high = values.joined().max() else { return nil }
    let lasting = zip(paths, values).filter { !$0.0.hasEnded }.flatMap(\.1).max()
    return low...max(low, scale.top(high, lasting: lasting))
  }
}

/// Paths on a raster, with what names them.
private struct PathPlot {
  private typealias Dot = (x: Int, y: Int)

  private let x: Axis
  private let y: Axis
  private let keepsLines: Bool
  private var raster: Raster
  private var lines: [Polyline] = []
  private var labels: [(glyph: Unicode.Scalar, dot: Dot, style: Style)] = []

  init(_ x: Axis, _ y: Axis, _ raster: Raster, keepsLines: Bool) {
    self.x = x
    self.y = y
    self.keepsLines = keepsLines
    self.raster = raster
  }

  mutating func draw(
    _ samples: [(step: Int, x: Double, y: Double)], of path: PhasePlane.Path, as index: Int, cursor: Int?
  ) {
    raster.begin(index, isDashed: false)
    var pen: Dot?
    var (first, last): (Dot?, Dot?) = (nil, nil)
    // The last dot that is seen.
    var edge: Dot?
    let end = samples.last?.step ?? 0
    var quarter = 1
    for sample in samples {
      guard let dot = dot(sample.x, sample.y), let point = point(sample.x, sample.y) else {
        pen = nil
        continue
      }
      if let pen {
        edge = raster.line(pen, dot) ?? edge
        if keepsLines { lines[lines.count - 1].points.append(point) }
      } else {
        raster.fill(x: dot.x, dot.y, dot.y)
        if keepsLines { lines.append(Polyline([point], style: path.style, isDashed: false)) }
      }
      if 4 * sample.step >= quarter * end, quarter < 4, sample.step < end {
        labels.append((path.marker, dot, path.style))
        while 4 * sample.step >= quarter * end { quarter += 1 }
      }
      (pen, last) = (dot, dot)
      first = first ?? dot
    }
    if let first { labels.append((raster.glyphs.event, first, path.style)) }
    let bold = Style(path.style.ink, .bold)
    if path.hasEnded, let edge {
      // It may have left the plane.
      labels.append((raster.glyphs.cross, edge, Style(.alert, .bold)))
      labels.append((path.marker, (edge.x - raster.glyphs.dotsAcross, edge.y), bold))
    } else if let last {
      labels.append((path.marker, last, bold))
    }
    guard let cursor, let sample = samples.last(where: { $0.step <= cursor }),
      let dot = dot(sample.x, sample.y)
    else { return }
    labels.append((path.marker, dot, Style(path.style.ink, [.bold, .reverse])))
  }

  private func dot(_ xValue: Double, _ yValue: Double) -> Dot? {
    guard
      let column = x.dotColumn(
        of: xValue, columns: raster.columns, dotsAcross: raster.glyphs.dotsAcross),
      let row = y.dot(of: yValue, among: raster.height)
    else { return nil }
    return (column, row)
  }

  private func point(_ xValue: Double, _ yValue: Double) -> Point? {
    guard let left = x.place(of: xValue, columns: raster.columns),
      let top = y.place(of: yValue, rows: raster.rows, dotsDown: raster.glyphs.dotsDown)
    else { return nil }
    return Point(x: left, y: top)
  }

  func put(on grid: inout Grid, _ frame: PlotFrame, _ paths: [PhasePlane.Path]) {
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        guard let cell = raster.cell(row: row, column: column) else { continue }
        let style = paths[cell.owner].style
        grid.put(
          cell.glyph, row: frame.top + row, column: frame.left + column, style: style, isLine: keepsLines)
      }
    }
    if keepsLines { grid.add(.lines(lines.reversed(), frame.plot)) }
    for label in labels {
      let (row, column) = (label.dot.y / raster.glyphs.dotsDown, label.dot.x / raster.glyphs.dotsAcross)
      guard (0..<frame.rows).contains(row), (0..<frame.columns).contains(column) else { continue }
      grid.put(label.glyph, row: frame.top + row, column: frame.left + column, style: label.style)
    }
  }
}
