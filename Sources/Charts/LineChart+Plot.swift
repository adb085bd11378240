extension LineChart {
  func drawPlot(_ frame: PlotFrame, y: Axis, on grid: inout Grid) {
    let raster = Raster(columns: frame.columns, rows: frame.rows, glyphs: glyphs)
    var tracer = Tracer(x: x, y: y, raster: raster, keepsLines: keepsLines)
    var markers = Markers(columns: frame.columns, rows: frame.rows)
    var lines: [Polyline] = []
    for index in drawingOrder {
      let series = series[index]
      tracer.draw(series.curve, as: index, isDashed: series.isDashed)
      lines += tracer.pieces.map { Polyline($0, style: series.style, isDashed: series.isDashed) }
      mark(index, tracer: tracer, markers: &markers)
    }
    for (index, series) in series.enumerated() {
      guard let band = series.band else { continue }
      tracer.shade(from: band.low, to: band.high, as: index)
    }
    draw(tracer.raster, frame, on: &grid)
    if keepsLines { grid.add(.lines(lines.reversed(), frame.plot)) }
    drawCursor(frame, on: &grid)
    for label in markers.labels {
      grid.put(label.text, row: frame.top + label.row, column: frame.left + label.column, style: label.style)
    }
  }

  /// The focused series first, since where lines meet the first gives the style; theory last.
  private var drawingOrder: [Int] {
    let rank = { (index: Int) in index == focus ? 0 : series[index].isDashed ? 2 : 1 }
    return series.indices.sorted { (rank($0), $0) < (rank($1), $1) }
  }

  private func draw(_ raster: Raster, _ frame: PlotFrame, on grid: inout Grid) {
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        guard let cell = raster.cell(row: row, column: column) else { continue }
        let style = series[cell.owner].style
        let (row, column) = (frame.top + row, frame.left + column)
        if cell.isShade {
          grid.put(cell.glyph, row: row, column: column, style: Style(style.ink, .dim))
        } else {
          grid.put(cell.glyph, row: row, column: column, style: style, isLine: keepsLines)
        }
      }
    }
  }

  /// The cursor stands behind the lines and before the axis.
  private func drawCursor(_ frame: PlotFrame, on grid: inout Grid) {
    guard let cursor, let column = x.column(of: cursor, columns: frame.columns) else { return }
    let target = frame.left + column
    for row in frame.top..<frame.top + frame.rows where grid.scalar(row: row, column: target) == 0x20 {
      grid.put(glyphs.cursor, row: row, column: target, style: .theory)
    }
    if frame.hasHorizontalAxis {
      grid.put(glyphs.cursorFoot, row: frame.axisRow, column: target, style: .bold)
    }
  }

  private func mark(_ index: Int, tracer: Tracer, markers: inout Markers) {
    let series = series[index]
    let style = Style(series.style.ink, series.style.attributes.union(.bold))
    let head = tracer.head.flatMap { head in cell(head, of: tracer.raster) }
    let name = series.headText ?? series.marker.map { String($0) }
    if let marker = series.marker {
      markers.place(marker, style, index: index, along: tracer.raster, before: head?.column)
    }
    guard let stop = series.stop, let column = x.column(of: Double(stop.step), columns: tracer.raster.columns)
    else {
      if let name, let head { markers.placeHead(name, style, at: head) }
      return
    }
    // The mark of the end stands beside the name; of one that has left through the top or the bottom, where it left.
    let end = tracer.head.map { head in
      let dot = (x: head.x, y: min(max(0, head.y), tracer.raster.height - 1))
      return cell(dot, of: tracer.raster) ?? (row: 0, column: column)
    }
    let ownName = end == nil ? nil : name
    let place = (
      row: end?.row ?? tracer.raster.rows - 1,
      column: ownName == nil ? column : max(column, (end?.column ?? 0) + 1)
    )
    markers.placeStop(
      String(glyphs.cross), glyphs.spell(stop.text), after: ownName.map { ($0, style) }, at: place)
  }

  /// The cell of a dot, nil outside the plot.
  private func cell(_ dot: (x: Int, y: Int), of raster: Raster) -> (row: Int, column: Int)? {
    guard (0..<raster.width).contains(dot.x), (0..<raster.height).contains(dot.y) else { return nil }
    return (dot.y / glyphs.dotsDown, dot.x / glyphs.dotsAcross)
  }
}
