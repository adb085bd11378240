import Charts

/// A press moves the focus to a panel, a double click zooms it, or goes back; a press and a drag from the timeline
/// move the cursor.
func point(_ model: inout Model, _ mouse: Mouse) -> [Command] {
  let places = model.layout(model.size).places
  guard model.overlay == nil, !places.isEmpty else { return [] }
  if mouse.scrubs(Extent(model.size).timelineRow(model.size.height)) {
    model.notice = nil
    return moveCursor(&model, to: timelineStep(model, column: mouse.column))
  }
  guard
    let panel = places.first(where: { $0.contains(row: mouse.row, column: mouse.column) })?.panel,
    panel.isFocusable
  else { return [] }
  switch mouse.kind {
  case .press:
    model.notice = nil
    return perform(&model, .focus(panel))
  case .doubleClick: return perform(&model, .zoom)
  case .drag, .release, .wheelUp, .wheelDown: return []
  }
}

extension Mouse {
  /// Whether it moves along a row that was pressed; a hand that drags need not stay in it.
  fileprivate func scrubs(_ timeline: Int) -> Bool {
    switch kind {
    case .press, .doubleClick: row == timeline
    case .drag(let pressed): pressed == timeline
    case .release, .wheelUp, .wheelDown: false
    }
  }
}
