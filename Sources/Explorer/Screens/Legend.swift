import Charts
import Math

struct Legend {
  var pieces: [(text: String, style: Style)] = []
  /// At the right of the gap's heading, else in a row of its own.
  var isBesideTitle = true
  var width: Int { pieces.reduce(0) { $0 + $1.text.unicodeScalars.count } }

  func draw(row: Int, column: Int, on grid: inout Grid) {
    var column = column
    for (text, style) in pieces {
      grid.put(text, row: row, column: column, style: style)
      column += text.unicodeScalars.count
    }
  }
}

/// The variants' names, and the floor's dash. Only what a whole row does not hold is shortened: to the
/// settings alone where a variant runs twice, then to the ends of a name.
func legend(_ model: Model, _ size: Size) -> Legend {
  let heading = gapChart(model).heading
  let taken = [heading.title, heading.note].reduce(0) { $0 + $1.unicodeScalars.count + 2 }
  let names = model.scenario.seriesNames
  for gap in ["  ", " "] {
    let legend = makeLegend(model, names, gap)
    if legend.width <= size.width - taken { return legend }
  }
  let settings = names.map { name in
    name.firstIndex(of: "(").map { String(name[$0...].dropFirst().dropLast()) } ?? name
  }
  let longest = settings.map(\.count).max() ?? 0
  let cut = stride(from: longest, through: 0, by: -1).lazy.map { length in
    settings.map { shortened($0, to: length, model.glyphs) }
  }
  for (names, gap) in [(names, "  "), (names, " ")] + cut.map({ ($0, " ") }) {
    var legend = makeLegend(model, names, gap)
    legend.isBesideTitle = false
    if legend.width <= size.width - 2 { return legend }
  }
  return makeLegend(model, names.map { _ in "" }, " ")
}

private func makeLegend(_ model: Model, _ names: [String], _ gap: String) -> Legend {
  var legend = Legend()
  for (i, name) in zip(1..., names) {
    let isMarked = model.history?.outline.chosenAmongEquals.contains(i) ?? false
    let words = ["\(i)", name, isMarked ? model.glyphs.spell("≈") : ""].filter { !$0.isEmpty }
    let style = model.hidden.contains(i) ? Style(.standard, .dim) : Style(style(of: i).ink, .bold)
    legend.pieces.append((words.joined(separator: " "), style))
    legend.pieces.append((gap, .plain))
  }
  let hasFloors = model.history.map { !$0.layers[model.layer].distinctFloors.isEmpty } ?? !names.isEmpty
  if hasFloors { legend.pieces.append(("\(model.glyphs.dashKey) floor", .theory)) }
  return legend
}

/// Cut in the middle, since what tells settings apart stands at the end: `sca…unit`.
func shortened(_ name: String, to length: Int, _ glyphs: Glyphs) -> String {
  guard name.count > length else { return name }
  let dots = glyphs.spell("…")
  let kept = max(0, length - dots.count)
  return String(name.prefix(kept / 2)) + dots + name.suffix(kept - kept / 2)
}
