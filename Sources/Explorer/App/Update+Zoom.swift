import Charts

/// What can be done to the part of a chart that is shown.
package enum Zoom: String, CaseIterable, Sendable {
  case `in`, out, reset
  case left, right, up, down

  static let sizes = [Zoom.in, .out, .reset].map(\.rawValue)
  static let directions = [Zoom.left, .right, .up, .down].map(\.rawValue)
}

func zoomChart(_ model: inout Model, _ zoom: Zoom) {
  guard zoom == .in || model.ranges.isManual else {
    model.notice = "nothing is zoomed; + zooms in at the cursor"
    return
  }
  switch zoom {
  case .in: magnify(&model, by: 2)
  case .out: magnify(&model, by: 0.5)
  case .reset: model.ranges.reset()
  case .left: pan(&model, across: -0.25)
  case .right: pan(&model, across: 0.25)
  case .up: pan(&model, up: 0.25)
  case .down: pan(&model, up: -0.25)
  }
}

/// The chart in focus, around a place of its own or the cursor.
func magnify(_ model: inout Model, by factor: Double, around place: (x: Double, y: Double)? = nil) {
  guard let axes = model.focus.axes else {
    model.notice = "\(model.focus.title): no axis to zoom; Tab goes to a chart with one"
    return
  }
  guard model.history != nil else { return }
  if axes.x == nil {
    let step = place?.x ?? Double(model.position)
    model.ranges.zoomSteps(by: factor, around: step, of: model.allSteps)
    // What shows every step shows every value.
    if model.ranges.steps == nil { return model.ranges.reset() }
  }
  if let x = axes.x { model.ranges.zoom(x, by: factor, around: place?.x) }
  if let y = axes.y { model.ranges.zoom(y, by: factor, around: place?.y ?? model.valueUnderCursor) }
}

private func pan(_ model: inout Model, across share: Double = 0, up: Double = 0) {
  guard let axes = model.focus.axes else { return }
  if let y = axes.y, up != 0 { model.ranges.pan(y, by: up) }
  guard share != 0 else { return }
  if let x = axes.x {
    model.ranges.pan(x, by: share)
  } else {
    model.ranges.panSteps(by: share, of: model.allSteps)
  }
}

extension Panel {
  /// Those that can be zoomed: the horizontal one is nil where it is the steps, the vertical one where it is fixed.
  fileprivate var axes: (x: ChartRanges.Name?, y: ChartRanges.Name?)? {
    switch self {
    case .gap: (nil, .gap)
    case .loss: (nil, .loss)
    case .angles: (nil, nil)
    case .phase: (.phaseX, .phaseY)
    case .spectrum, .entries, .table, .checks, .sweep, .run, .series, .readOut, .notes, .events: nil
    }
  }
}

extension Model {
  /// A panel's curves over the steps.
  private func lineChart(_ panel: Panel) -> LineChart? {
    switch panel {
    case .gap: gapChart(self)
    case .loss: lossChart(self)
    case .angles: anglesChart(self)
    case .phase, .spectrum, .entries, .table, .checks, .sweep, .run, .series, .readOut, .notes, .events: nil
    }
  }

  /// On the line in focus, or the first.
  fileprivate var valueUnderCursor: Double? {
    guard var chart = lineChart(focus) else { return nil }
    chart.cursor = Double(position)
    let readings = chart.readings
    let index = chart.focus ?? 0
    return readings.indices.contains(index) ? readings[index].value : nil
  }

  /// The values at a cell of the screen.
  func chartPoint(_ mouse: Mouse, in place: Place) -> (x: Double, y: Double)? {
    let hasLegendAbove =
      switch place.panel {
      case .gap: !legend(self, gapHeading(self), place.size).isBesideTitle
      case .phase: !phaseLegend(self, place.size).isBesideTitle
      case _: false
      }
    let above = hasLegendAbove ? 1 : 0
    let (row, column) = (mouse.row - place.row - above, mouse.column - place.column)
    let size = Size(width: place.size.width, height: place.size.height - above)
    if place.panel == .phase { return phasePlane(self).point(row: row, column: column, in: size) }
    return isSplit ? nil : lineChart(place.panel)?.point(row: row, column: column, in: size)
  }
}
