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
  var lines = labelled("Cause", wrapped(glyphs.spell(report.cause), width: width - 14))
  if let losses = losses(beside: report, model) {
    lines += labelled("Also", wrapped(losses, width: width - 14))
  }
  let choices = [
    "1  \(report.rateWords)", "2  \(report.otherWords)", "3  \(report.keepWords)", "4  edit by hand",
  ].map(glyphs.spell)
  if isWide, choices[0].count <= 36, choices[1].count <= 26 {
    lines += [
      "Do      \(choices[0].padded(38))\(choices[1])", "        \(choices[2].padded(38))\(choices[3])",
    ]
  } else {
    lines += labelled("Do", choices)
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

/// A word before the first of some lines.
private func labelled(_ word: String, _ lines: [String]) -> [String] {
  lines.enumerated().map { ($0 == 0 ? word : "").padded(8) + $1 }
}

/// The other series that have been lost by now, with their steps, in the order in which they were.
private func losses(beside report: DivergenceReport, _ model: Model) -> String? {
  guard let history = model.history else { return nil }
  let others = history.divergedAt.indices.filter { $0 != report.divergence.series }.compactMap { i in
    history.divergedAt[i].map { (step: $0, name: history.names[i]) }
  }.sorted { $0.step < $1.step }
  return others.isEmpty ? nil : others.map { "\($0.name) at t=\($0.step)" }.joined(separator: ", ")
}

/// Who goes on.
private func survivors(_ model: Model) -> String {
  guard let history = model.history else { return "" }
  let going = history.names.indices.filter { history.divergedAt[$0] == nil }.map { history.names[$0] }
  return going.isEmpty
    ? "all series have stopped" : "\(going.joined(separator: ", ")) go\(going.count == 1 ? "es" : "") on"
}
