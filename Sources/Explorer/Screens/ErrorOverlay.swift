import Charts
import Math

/// Why a series diverged, and what to do, drawing 4.10: over the lower charts, so that the line stays in view.
func draw(_ report: DivergenceReport, of model: Model, on grid: inout Grid) -> Cursor {
  let glyphs = model.glyphs
  // Between the rules, where there are panels on either side.
  let rules = model.layout(grid.size).rules
  let columns = (rules.first.map { $0 + 2 } ?? 0)..<(rules.dropFirst().first ?? grid.size.width)
  let isWide = columns.count >= 80
  let width = min(columns.count - 4, 76)
  var lines = wrapped(glyphs.spell(report.cause), width: width - 14)
  for (i, line) in lines.enumerated() { lines[i] = (i == 0 ? "Cause   " : "        ") + line }
  let choices = [
    "1  \(report.rateWords)", "2  \(report.otherWords)", "3  \(report.keepWords)", "4  edit by hand",
  ].map(glyphs.spell)
  if isWide, choices[0].count <= 36, choices[1].count <= 26 {
    lines += [
      "Do      \(choices[0].padded(38))\(choices[1])", "        \(choices[2].padded(38))\(choices[3])",
    ]
  } else {
    for (i, choice) in choices.enumerated() { lines.append((i == 0 ? "Do      " : "        ") + choice) }
  }
  let state = model.notice ?? "The last good state is t=\(max(0, report.divergence.step - 1))."
  lines += grid.size.height >= 20 ? ["", state] : [state]
  let box = Box(
    report.title, footer: survivors(model), width: width, height: lines.count + 2, in: grid.size,
    columns: columns, bottom: Extent(grid.size).timelineRow(grid.size.height) - 1)
  // Where it hides the charts below, it does so whole.
  grid.draw(
    Grid(Size(width: columns.count, height: box.size.height)), row: box.row, column: columns.lowerBound)
  box.draw(on: &grid, glyphs: glyphs)
  var words = Grid(Size(width: box.size.width - 4, height: box.size.height - 2))
  for (row, line) in lines.enumerated() { words.put(glyphs.spell(line), row: row, column: 1) }
  grid.draw(words, row: box.row + 1, column: box.column + 2)
  return box.cursor
}

/// Who goes on.
private func survivors(_ model: Model) -> String {
  guard let history = model.history else { return "" }
  let going = history.names.indices.filter { history.divergedAt[$0] == nil }.map { history.names[$0] }
  return going.isEmpty
    ? "all series have stopped" : "\(going.joined(separator: ", ")) go\(going.count == 1 ? "es" : "") on"
}
