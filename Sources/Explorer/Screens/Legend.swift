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

  /// A chart with the names at the right of its heading, or above it.
  func drawn(with heading: Heading, _ size: Size, _ chart: (Heading, Size) -> Grid) -> Grid {
    guard isBesideTitle else {
      var grid = Grid(size)
      draw(row: 0, column: 1, on: &grid)
      grid.draw(chart(heading, Size(width: size.width, height: size.height - 1)), row: 1, column: 0)
      return grid
    }
    var heading = heading
    heading.legend = String(repeating: " ", count: width)
    var grid = chart(heading, size)
    draw(row: 0, column: size.width - width, on: &grid)
    return grid
  }
}

/// Of the gap's panel: the variants' names, and the floor's dash.
func legend(_ model: Model, _ heading: Heading, _ size: Size) -> Legend {
  legend(model, heading, size, tail: gapTail(model))
}

/// The variants' names, then `tail`. Only what a whole row does not hold is shortened: to the id, or to the settings
/// where a variant runs twice, then to their values, and at last at the end.
func legend(
  _ model: Model, _ heading: Heading, _ size: Size, tail: [(text: String, style: Style)]
) -> Legend {
  let taken = [heading.title, heading.note].reduce(0) { $0 + $1.unicodeScalars.count + 2 }
  let names = model.scenario.seriesNames
  for gap in ["  ", " "] {
    let legend = makeLegend(model, names, gap, tail)
    if legend.width <= size.width - taken { return legend }
  }
  let (settings, values) = (shortNames(names), shortNames(names, isValues: true))
  let longest = values.map(\.count).max() ?? 0
  let cut = stride(from: longest, through: 0, by: -1).lazy.map { length in
    values.map { shortened($0, to: length, model.glyphs) }
  }
  for (names, gap) in [(names, "  "), (names, " "), (settings, " ")] + cut.map({ ($0, " ") }) {
    var legend = makeLegend(model, names, gap, tail)
    legend.isBesideTitle = false
    if legend.width <= size.width - 2 { return legend }
  }
  return makeLegend(model, names.map { _ in "" }, " ", tail)
}

/// `lora-ga` of `lora-ga(scale=unit)` where it is the only one of its kind, else `scale=unit`, or the values alone.
private func shortNames(_ names: [String], isValues: Bool = false) -> [String] {
  let ids = names.map { name in name.prefix { $0 != "(" } }
  return zip(names, ids).map { name, id in
    let settings = name.dropFirst(id.count + 1).dropLast()
    guard !settings.isEmpty, ids.count(where: { $0 == id }) > 1 else { return String(id) }
    guard isValues else { return String(settings) }
    return settings.split(separator: ",").map { $0.drop { $0 != "=" }.dropFirst() }.joined(separator: ",")
  }
}

private func makeLegend(
  _ model: Model, _ names: [String], _ gap: String, _ tail: [(text: String, style: Style)]
) -> Legend {
  var legend = Legend()
  for (i, name) in zip(1..., names) {
    let isMarked = model.history?.outline.chosenAmongEquals.contains(i) ?? false
    let words = ["\(i)", name, isMarked ? model.glyphs.spell("≈") : ""].filter { !$0.isEmpty }
    let style = model.hidden.contains(i) ? Style(.standard, .dim) : Style(style(of: i).ink, .bold)
    legend.pieces.append((words.joined(separator: " "), style))
    legend.pieces.append((gap, .plain))
  }
  legend.pieces += tail
  return legend
}

private func gapTail(_ model: Model) -> [(text: String, style: Style)] {
  let names = model.scenario.seriesNames
  let hasFloors = model.history.map { !$0.layers[model.layer].distinctFloors.isEmpty } ?? !names.isEmpty
  // A variant may be called floor, too.
  let dash = names.contains("floor") ? "least within reach" : "floor"
  let keys = [
    hasFloors && !model.isDifference ? "\(model.glyphs.dashKey) \(dash)\(model.seedWords)" : nil,
    model.ghostName,
  ]
  .compactMap(\.self)
  return keys.isEmpty ? [] : [(keys.joined(separator: "  "), .theory)]
}

/// Cut at the end: `lora(init=g…`.
func shortened(_ name: String, to length: Int, _ glyphs: Glyphs) -> String {
  guard name.count > length else { return name }
  let dots = glyphs.spell("…")
  return String(name.prefix(max(0, length - dots.count))) + dots
}
