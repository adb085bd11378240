import Charts

/// A press moves the focus to a panel, a double click zooms it, or goes back, the wheel zooms at the pointer; a press
/// and a drag from the timeline move the cursor.
func point(_ model: inout Model, _ mouse: Mouse) -> [Command] {
  let places = model.layout(model.size).places
  guard model.overlay == nil, !places.isEmpty else { return [] }
  if mouse.scrubs(Extent(model.size).timelineRow(model.size.height)) {
    model.notice = nil
    return moveCursor(&model, to: timelineStep(model, column: mouse.column))
  }
  guard
    let place = places.first(where: { $0.contains(row: mouse.row, column: mouse.column) }),
    place.panel.isFocusable
  else { return [] }
  switch mouse.kind {
  case .press:
    model.notice = nil
    return perform(&model, .focus(place.panel))
  case .doubleClick: return perform(&model, .zoom)
  case .wheelUp, .wheelDown:
    focus(&model, place.panel)
    magnify(
      &model, by: mouse.kind == .wheelUp ? 1.25 : 0.8, around: model.chartPoint(mouse, in: place))
    return []
  case .drag, .release: return []
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
