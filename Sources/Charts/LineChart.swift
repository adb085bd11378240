/// Curves over the steps of a run.
package struct LineChart: Equatable, Sendable {
  package struct Series: Equatable, Sendable {
    /// The glyph that names the series on its line; theory has none.
    package var marker: Unicode.Scalar?
    /// What names it at its end, where that says more than the marker.
    package var headText: String?
    package var style: Style
    /// Theory is dashed: dots in every second cell.
    package var isDashed: Bool
    package var curve: Curve
    package var stop: Stop?
    /// Shaded between two curves: how far many seeds spread around their median.
    package var band: Band?

    package init(
      _ curve: Curve, marker: Unicode.Scalar?, headText: String? = nil, style: Style, isDashed: Bool = false,
      stop: Stop? = nil, band: Band? = nil
    ) {
      self.curve = curve
      self.marker = marker
      self.headText = headText
      self.style = style
      self.isDashed = isDashed
      self.stop = stop
      self.band = band
    }

    fileprivate var curves: [Curve] { band.map { [curve, $0.low, $0.high] } ?? [curve] }
  }

  package struct Band: Equatable, Sendable {
    package var low: Curve
    package var high: Curve

    package init(low: Curve, high: Curve) {
      self.low = low
      self.high = high
    }
  }

  /// Where a series came to its end, and why: `t=37: not finite`.
  package struct Stop: Equatable, Sendable {
    package var step: Int
    package var text: String

    package init(step: Int, text: String) {
      self.step = step
      self.text = text
    }
  }

  package var heading: Heading
  /// In the order of their rank: where two meet, the focused gives the style, else the first that is not dashed.
  package var series: [Series]
  package var x: Axis
  /// Under the steps 0, 1, 2, … instead of their numbers.
  package var xLabels: [String] = []
  package var scale: Scale
  /// The range of y; without one it fits the series.
  package var range: ClosedRange<Double>?
  package var labelWidth: Int
  package var glyphs: Glyphs
  /// The heading says how many values a log axis has no place for.
  package var tellsHidden = true
  /// The step to look at.
  package var cursor: Double?
  /// The series in focus, by index.
  package var focus: Int?
  package var isFocused: Bool
  /// Whether the grid gets the lines themselves, too, for devices that draw finer than cells.
  package var keepsLines: Bool

  package init(
    _ heading: Heading, series: [Series], x: Axis, scale: Scale = .linear,
    range: ClosedRange<Double>? = nil, labelWidth: Int = 5, glyphs: Glyphs = .braille,
    cursor: Double? = nil, focus: Int? = nil, isFocused: Bool = false,
    keepsLines: Bool = false
  ) {
    self.heading = heading
    self.series = series
    self.x = x
    self.scale = scale
    self.range = range
    self.labelWidth = max(0, labelWidth)
    self.glyphs = glyphs
    self.cursor = cursor
    self.focus = focus
    self.isFocused = isFocused
    self.keepsLines = keepsLines
  }

  /// The axis of y: `range` as it is, or a tidy one around all series.
  package var y: Axis {
    if let range { return Axis(range.lowerBound, range.upperBound, scale: scale) }
    return .fitting(extent, scale: scale, labelWidth: labelWidth)
  }

  /// The values the axis has to show, from lowest to highest, over all series and their bands; what has come to its
  /// end leaves through the top.
  package var extent: ClosedRange<Double>? {
    let all = series.flatMap(\.curves)
    let lows = all.compactMap { scale == .log ? $0.smallestPositive : $0.finiteMinimum }
    guard let low = lows.min(), let high = high(of: all) else { return nil }
    let lasting = self.high(of: series.filter { $0.stop == nil }.flatMap(\.curves))
    return low...max(low, scale.top(high, lasting: lasting))
  }

  private func high(of curves: [Curve]) -> Double? {
    curves.compactMap(\.finiteMaximum).filter { scale == .linear || $0 > 0 }.max()
  }

  /// Values that are not drawn because a log axis has no place for them; those of theory go without saying.
  package var hiddenCount: Int {
    guard scale == .log else { return 0 }
    let own = series.lazy.filter { !$0.isDashed && $0.style != .theory }
    return own.reduce(0) { $0 + $1.curve.nonPositiveCount }
  }

  /// What stands under the cursor: for each series the remembered value nearest to it, nil if there is none.
  package var readings: [Reading] {
    guard let cursor, cursor.isFinite, abs(cursor) < 1e18 else { return [] }
    return series.map {
      Reading(marker: $0.marker, style: $0.style, value: $0.curve.value(nearest: Int(cursor.rounded())))
    }
  }

  package struct Reading: Equatable, Sendable {
    package let marker: Unicode.Scalar?
    package let style: Style
    package let value: Double?
  }

  /// The step and the value at a cell of the chart as it is drawn at `size`; nil outside of its plot.
  package func point(row: Int, column: Int, in size: Size) -> (x: Double, y: Double)? {
    PlotFrame(size, labelWidth: labelWidth).values(
      row: row, column: column, x: x, y: y, dotsDown: glyphs.dotsDown)
  }

  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    let frame = PlotFrame(size, labelWidth: labelWidth)
    if frame.hasTitle { fullHeading.draw(on: &grid, glyphs: glyphs, isFocused: isFocused) }
    guard frame.rows > 0, frame.columns > 0 else { return grid }
    let y = y
    let rowTicks = y.rowTicks(rows: frame.rows, dotsDown: glyphs.dotsDown, labelWidth: labelWidth)
    let columnTicks = columnTicks(frame.columns)
    frame.drawVerticalAxis(rowTicks, on: &grid, glyphs: glyphs)
    frame.drawHorizontalAxis(columnTicks, length: frame.columns, on: &grid, glyphs: glyphs)
    drawPlot(frame, y: y, on: &grid)
    return grid
  }

  private func columnTicks(_ columns: Int) -> [Tick] {
    guard !xLabels.isEmpty else { return x.columnTicks(columns: columns) }
    return xLabels.enumerated().compactMap { i, label in
      x.column(of: Double(i), columns: columns).map { Tick(value: Double(i), label: label, place: $0) }
    }
  }

  private var fullHeading: Heading {
    guard tellsHidden, hiddenCount > 0 else { return heading }
    var heading = heading
    // With nothing to be seen, how it is drawn matters less.
    if extent == nil { heading.note = "no number above 0" }
    heading.aside = "\(hiddenCount) ≤ 0 hidden"
    return heading
  }
}
