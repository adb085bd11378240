import Charts
import Math

/// |W_t − W_t^full| of one variant, entry by entry, in five shades of equally many cells.
func entriesPanel(_ model: Model, _ size: Size) -> Grid {
  let name = model.pictured.map { model.name($0) } ?? "LoRA"
  let heading = Heading(
    "|W_\(name) − W_full| by entry" + (model.layerName.map { ", \($0)" } ?? "") + model.seedWords,
    note: "t=\(model.shownStep)")
  let distances = model.shownEntries ?? Matrix(0, 0)
  return HeatMap(
    heading, rows: distances.rows, columns: distances.columns, values: distances.transposed.storage,
    glyphs: model.glyphs,
    isFocused: model.focus == .entries
  ).render(size)
}
