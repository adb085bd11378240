/// A press moves the focus to a panel, a double click zooms it, or goes back.
func point(_ model: inout Model, _ mouse: Mouse) -> [Command] {
  let places = model.layout(model.size).places
  guard model.overlay == nil,
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
