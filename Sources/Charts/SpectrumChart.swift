/// Singular values by index: bars for the reference, a digit at its height for each variant.
package struct SpectrumChart: Equatable, Sendable {
  package struct Variant: Equatable, Sendable {
    package var marker: Unicode.Scalar
    package var style: Style
    /// Largest first.
    package var values: [Double]

    package init(_ values: [Double], marker: Unicode.Scalar, style: Style) {
      self.values = values
      self.marker = marker
      self.style = style
    }
  }

  package var heading: Heading
  /// Largest first.
  package var reference: [Double]
  package var referenceStyle: Style
  package var variants: [Variant]
  /// The last index a variant can follow: the line stands after it.
  package var cut: Int?
  package var scale: Scale
  /// Values the vertical axis has to show; without them it fits the values in view.
  package var range: ClosedRange<Double>?
  package var labelWidth: Int
  package var glyphs: Glyphs
  package var isFocused: Bool

  package init(
    _ heading: Heading, reference: [Double], referenceStyle: Style = .plain, variants: [Variant] = [],
    cut: Int? = nil, scale: Scale = .log, range: ClosedRange<Double>? = nil, labelWidth: Int = 5,
    glyphs: Glyphs = .braille, isFocused: Bool = false
  ) {
    self.heading = heading
    self.reference = reference
    self.referenceStyle = referenceStyle
    self.variants = variants
    self.cut = cut
    self.scale = scale
    self.range = range
    self.labelWidth = max(0, labelWidth)
    self.glyphs = glyphs
    self.isFocused = isFocused
  }

  package func render(_ size: Size) -> Grid {
    var grid = Grid(size)
    let frame = PlotFrame(size, labelWidth: labelWidth, margin: 0)
    if frame.hasTitle { heading.draw(on: &grid, glyphs: glyphs, isFocused: isFocused) }
    guard frame.rows > 0, frame.columns > 0 else { return grid }
    let slots = slots(frame)
    let y = axis(of: slots.count)
    let ticks = y.rowTicks(rows: frame.rows, dotsDown: 8, labelWidth: labelWidth)
    frame.drawVerticalAxis(ticks, on: &grid, glyphs: glyphs)
    drawIndices(slots, frame, on: &grid)
    drawCut(slots, frame, on: &grid)
    drawValues(slots, y, frame, on: &grid)
    return grid
  }

  private func slots(_ frame: PlotFrame) -> Slots {
    let values = variants.map(\.values.count).reduce(reference.count, max)
    return Slots(columns: frame.columns, variants: variants.count, values: values, cut: cut ?? 0)
  }

  /// The values that are drawn at `size`, from lowest to highest; nil without any.
  package func extent(_ size: Size) -> ClosedRange<Double>? {
    let seen = seen(slots(PlotFrame(size, labelWidth: labelWidth, margin: 0)).count)
    guard let low = seen.min(), let high = seen.max() else { return nil }
    return low...high
  }

  private func seen(_ count: Int) -> [Double] {
    let noise = noise
    return ([reference] + variants.map(\.values)).flatMap { $0.prefix(count) }.filter {
      isShown($0, above: noise)
    }
  }
}

extension SpectrumChart {
  /// The axis for the first `count` values: from 0, or from the decade that holds the smallest of them.
  package func axis(of count: Int) -> Axis {
    let seen = seen(count)
    let low = range?.lowerBound ?? seen.min()
    let high = range?.upperBound ?? seen.max()
    switch scale {
    case .linear:
      return .fitting(0...max(high ?? 0, 0), scale: .linear, labelWidth: labelWidth)
    case .log:
      guard let low, let high, low <= high else { return .fitting(nil, scale: .log) }
      let fitted = Axis.fitting(low...high, scale: .log)
      // Bars stand on the lower end, which therefore has to be one of the labels.
      let decade = OneTwoFive.decade(of: OneTwoFive.atMost(fitted.lower))
      return Axis(OneTwoFive.value(3 * decade), fitted.upper, scale: .log)
    }
  }

  private func isShown(_ value: Double, above noise: Double) -> Bool {
    value.isFinite && (scale == .linear ? value >= 0 : value > noise)
  }

  /// What is 1e-12 of the largest.
  private var noise: Double {
    let largest = ([reference] + variants.map(\.values)).joined().filter(\.isFinite).max() ?? 0
    return max(0, largest * 1e-12)
  }

  /// The height of a value in eighths of a cell, its own included; 0 for none.
  private func height(_ value: Double, above noise: Double, _ y: Axis, _ frame: PlotFrame) -> Int {
    guard isShown(value, above: noise), value > 0 else { return 0 }
    guard let dot = y.dot(of: value, among: 8 * frame.rows) else { return 0 }
    return min(max(8 * frame.rows - dot, 0), 8 * frame.rows)
  }

  private func drawValues(_ slots: Slots, _ y: Axis, _ frame: PlotFrame, on grid: inout Grid) {
    let (bottom, noise) = (frame.top + frame.rows - 1, noise)
    for (index, value) in reference.prefix(slots.count).enumerated() {
      let height = height(value, above: noise, y, frame)
      for row in 0..<(height + 7) / 8 {
        let glyph = glyphs.bar(eighths: height - 8 * row)
        grid.put(glyph, row: bottom - row, column: frame.left + slots.bar(index), style: referenceStyle)
      }
    }
    for (order, variant) in variants.enumerated().reversed() {
      for (index, value) in variant.values.prefix(slots.count).enumerated() where isShown(value, above: noise)
      {
        guard let row = y.row(of: value, rows: frame.rows, dotsDown: 8) else { continue }
        let column = frame.left + slots.digit(index, of: order)
        guard column < frame.left + frame.columns else { continue }
        grid.put(variant.marker, row: frame.top + row, column: column, style: variant.style)
      }
    }
  }

  private func drawCut(_ slots: Slots, _ frame: PlotFrame, on grid: inout Grid) {
    guard let cut, cut > 0, cut < slots.count else { return }
    let column = frame.left + slots.bar(cut) - 1
    for row in 0..<frame.rows { grid.put(glyphs.cut, row: frame.top + row, column: column, style: .theory) }
    if frame.hasHorizontalAxis {
      grid.put(glyphs.cutFoot, row: frame.axisRow, column: column, style: .theory)
    }
  }

  /// The labels 1, 2, 4, 8, … that have room, and the letter i at the end.
  private func drawIndices(_ slots: Slots, _ frame: PlotFrame, on grid: inout Grid) {
    var ticks: [Tick] = []
    var index = 1
    while index <= slots.count {
      let tick = Tick(value: Double(index), label: "\(index)", place: slots.bar(index - 1))
      let isFree = ticks.last.map { $0.start + $0.label.count + 4 <= tick.start } ?? true
      if isFree, tick.start + tick.label.count < frame.columns - 1 { ticks.append(tick) }
      index *= 2
    }
    frame.drawHorizontalAxis(ticks, length: frame.columns, on: &grid, glyphs: glyphs)
    if frame.hasColumnLabels, frame.columns > 1 {
      grid.put("i", row: frame.labelRow, column: frame.left + frame.columns - 1)
    }
  }
}
