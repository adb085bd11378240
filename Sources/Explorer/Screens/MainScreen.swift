import Charts
import Math

/// Status, panels, and three rows below: numbers, timeline, keys; with a side panel timeline, message, keys.
func mainScreen(_ model: Model, _ size: Size) -> Screen {
  var grid = Grid(size)
  let layout = model.layout(size)
  drawStatus(model, on: &grid)
  for column in layout.rules {
    for row in layout.body { grid.put(model.glyphs.vertical, row: row, column: column, style: .theory) }
  }
  for place in layout.places {
    grid.draw(render(place.panel, model, place.size), row: place.row, column: place.column)
  }
  for (row, line) in model.verdictLines(size).enumerated() {
    grid.put(line, row: layout.body.upperBound + row, column: 1, style: .bold)
  }
  let bottom = size.height - 1
  if Extent(size).hasSide {
    drawEvents(model, row: bottom - 1, on: &grid)
    drawMessage(model, row: bottom - 1, on: &grid)
  } else {
    drawReadOut(model, row: bottom - 2, on: &grid)
    drawMessage(model, row: bottom - 2, on: &grid)
  }
  drawTimeline(model, row: Extent(size).timelineRow(size.height), on: &grid)
  let cursor = drawKeys(row: bottom, on: &grid, model)
  return Screen(grid: grid, cursor: cursor ?? focused(model, layout))
}

/// The title of the panel in focus, or the row of the table.
private func focused(_ model: Model, _ layout: Layout) -> Cursor? {
  guard let place = layout.places.first(where: { $0.panel == model.focus }) ?? layout.places.first else {
    return nil
  }
  var row = place.row
  if place.panel == .table, let variant = model.tableFocus {
    row += (model.tableVariants.firstIndex(of: variant) ?? -1) + 1
  }
  return Cursor(row: min(row, place.row + place.size.height - 1), column: place.column, isShown: false)
}

/// One panel at a size.
package func render(_ panel: Panel, _ model: Model, _ size: Size) -> Grid {
  switch panel {
  case .gap: gapPanel(model, size)
  case .loss: lossPanel(model, size)
  case .spectrum: spectrumPanel(model, size)
  case .table: tablePanel(model, size)
  case .angles: anglesPanel(model, size)
  case .entries: entriesPanel(model, size)
  case .phase: phasePanel(model, size)
  case .checks: checksPanel(model, size)
  case .sweep: sweepPanel(model, size)
  case .run: runPanel(model, size)
  case .series: seriesPanel(model, size)
  case .readOut: readOutPanel(model, size)
  case .notes: notesPanel(model, size)
  case .events: eventsPanel(model, size)
  }
}

/// What a failure or the last key has to say, over whatever else the row holds, and those above it where one is
/// too short.
private func drawMessage(_ model: Model, row: Int, on grid: inout Grid) {
  guard let message = model.failure ?? model.notice else { return }
  let style: Style = model.failure == nil ? .bold : Style(.alert, .bold)
  let lines = wrapped(model.glyphs.spell(message), width: grid.size.width - 2).suffix(row - 1)
  for (k, line) in lines.enumerated() {
    let row = row - lines.count + 1 + k
    grid.put((" " + line).padded(grid.size.width), row: row, column: 0, style: style)
  }
}

extension Model {
  /// What is known of the claim, in as few rows as hold it all, and with as many numbers as then have room.
  func verdictLines(_ size: Size) -> [String] {
    guard let claim else { return [] }
    let width = size.width - 2
    let spelled = { (text: String) in wrapped(glyphs.spell(text), width: width) }
    let least = spelled(claim.words(convention) { _ in false }).count
    return spelled(claim.words(convention) { spelled($0).count <= max(least, 4) })
  }
}
