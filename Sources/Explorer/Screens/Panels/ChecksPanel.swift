import Charts
import Math
import Theory

/// The theory on trial at the step shown: drawing 4.8, or beside the charts a list of what applies.
func checksPanel(_ model: Model, _ size: Size) -> Grid {
  size.width < 60 ? checkList(model, size) : checkTable(model, size)
}

// MARK: Beside the charts

private func checkList(_ model: Model, _ size: Size) -> Grid {
  let board = model.checks
  let lines = board.order.compactMap { check -> [(text: String, style: Style)]? in
    guard let verdict = board.verdict(check), let comparison = verdict.comparison else { return nil }
    let head = model.glyphs.spell(
      "\(verdict.mark) \(check.id.padded(4))\(model.convention.written(check.name))")
    let margin = model.glyphs.spell(comparison.marginText)
    return [(text: head + margin.aligned(size.width - 3 - head.count), style: style(verdict))]
  }
  let note = board.findings.map { "t=\($0.step)" } ?? ""
  var panel = TextPanel(title: "Theory checks", note: note, lines: Array(lines.prefix(size.height - 1)))
  if lines.isEmpty {
    panel.lines = [[(text: board.findings == nil ? "being looked at" : "none applies", style: .theory)]]
  }
  return panel.render(size, model.glyphs)
}

// MARK: The panel alone

/// A table, and below it the check in focus in words, or its quantity over the steps.
private func checkTable(_ model: Model, _ size: Size) -> Grid {
  var grid = Grid(size)
  let board = model.checks
  let frame = CheckFrame(size, isTraced: board.traced != nil, model)
  let step = board.findings.map { "at t=\($0.step)  \(sums(board))" } ?? "being looked at"
  let titles = ["Theory checks \(step)", "Checks \(step)", step].map { model.glyphs.spell("    \($0)") }
  let title = titles.first { $0.count < frame.left } ?? titles[titles.count - 1]
  grid.put(
    title.padded(frame.left) + "measured".aligned(10) + "bound".aligned(12) + "margin".aligned(11), row: 0,
    column: 0, style: .bold)
  let order = board.order
  let focus = order.firstIndex { $0.id == board.focused.id } ?? 0
  let start = max(0, min(focus - frame.rows / 2, order.count - frame.rows))
  for (row, check) in order.dropFirst(start).prefix(frame.rows).enumerated() {
    let text = checkRow(check, board.verdict(check), frame)
    let isMarked = check.id == board.focused.id
    let style = board.verdict(check).map(style) ?? .theory
    grid.put(
      model.glyphs.spell(isMarked ? "▸" : " ") + text, row: row + 1, column: 0,
      style: isMarked ? Style(style.ink, .bold) : style)
  }
  for column in 0..<size.width {
    grid.put(model.glyphs.horizontal, row: frame.rows + 1, column: column, style: .theory)
  }
  let rest = order.count - start - frame.rows
  if rest > 0 { grid.put(model.glyphs.spell(" ↓ \(rest) more "), row: frame.rows + 1, column: 3) }
  var below = frame.rows + 2
  let traced = board.traced.flatMap(Check.named)
  let words = checkWords(traced ?? board.focused, model, width: size.width - 2)
  if let traced, board.verdict(traced)?.excuse == nil {
    let height = max(5, size.height - below - words.count)
    grid.draw(
      checkChart(traced, model).render(Size(width: size.width, height: height)), row: below, column: 0)
    below += height
  }
  for (row, line) in words.enumerated() { grid.put(line, row: below + row, column: 1) }
  return grid
}

/// `✓9 –3`: how many hold, fail, and do not apply, those of which there are any.
private func sums(_ board: CheckBoard) -> String {
  let marks = Check.all.compactMap { board.verdict($0)?.mark }
  return ["✓", "✗", "–"].compactMap { mark in
    let count = marks.count { $0 == mark }
    return count > 0 ? "\(mark)\(count)" : nil
  }.joined(separator: " ")
}

/// How many rows the table has, where its numbers begin, and whether statements fit before them.
private struct CheckFrame {
  let rows: Int
  let left: Int
  let hasStatements: Bool
  /// In the glyphs and the convention of the screen.
  let spell: (String) -> String

  init(_ size: Size, isTraced: Bool, _ model: Model) {
    let most = isTraced ? size.height / 3 : size.height - 9
    rows = max(2, min(Check.all.count, most))
    left = size.width - 34
    spell = { model.glyphs.spell(model.convention.written($0)) }
    let longest = Check.all.map { [spell] in spell($0.statement).count }.max() ?? 0
    hasStatements = longest + 10 <= left
  }
}

/// In the frame's glyphs, after the column of the mark.
private func checkRow(_ check: Check, _ verdict: Verdict?, _ frame: CheckFrame) -> String {
  let spell = frame.spell
  let words = frame.hasStatements ? check.statement : check.name
  let head = spell("\(verdict?.mark ?? "·") \(check.id.padded(4))\(words)").padded(frame.left - 1)
  guard let comparison = verdict?.comparison else {
    return head + "  " + cut(spell(verdict?.excuse ?? ""), 31, dots: spell(" …"))
  }
  let bound = "\(comparison.relation.rawValue) \(significant(comparison.bound, 3))"
  return head + significant(comparison.measured, 3).aligned(10) + spell(bound).aligned(12)
    + spell(comparison.marginText).aligned(11)
}

/// Where a word ends, as far as there is room.
private func cut(_ text: String, _ room: Int, dots: String) -> String {
  text.count <= room ? text : (wrapped(text, width: room - dots.count).first ?? "") + dots
}

private func style(_ verdict: Verdict) -> Style {
  verdict.hasFailed ? Style(.alert, .bold) : verdict.comparison == nil ? .theory : .plain
}

/// The measured side against its bound, over the steps.
private func checkChart(_ check: Check, _ model: Model) -> LineChart {
  var (measured, bound) = (Curve(), Curve())
  for point in model.checks.findings?.trace ?? [] where model.checks.findings?.traced == check.id {
    measured.append(point.comparison.measured, at: point.step)
    bound.append(point.comparison.bound, at: point.step)
  }
  let isPositive = (measured.finiteMaximum ?? 0) > 0
  let scale: Scale = isPositive ? .log : .linear
  // What looks at matrices of the run's sizes has the same numbers at every step.
  let words =
    measured.count == 0 ? ": no number yet" : check.subject == .layer ? ", the same at every step" : ""
  return LineChart(
    Heading(
      "\(check.id)  \(model.convention.written(check.name))\(words)", note: isPositive ? "log y" : "",
      legend: "\(model.glyphs.dashKey) bound"),
    series: [
      LineChart.Series(measured, marker: nil, style: .bold),
      LineChart.Series(bound, marker: nil, style: .theory, isDashed: true),
    ], x: model.xAxis, scale: scale, glyphs: model.glyphs, cursor: model.cursor.map(Double.init),
    isFocused: true, keepsLines: model.keepsLines)
}

/// What is claimed, by whom, and what it is measured with.
private func checkWords(_ check: Check, _ model: Model, width: Int) -> [String] {
  let isTraced = model.checks.traced != nil
  let written = model.convention.written
  let excuse = isTraced ? model.checks.verdict(check)?.excuse : nil
  if let excuse {
    return wrapped(model.glyphs.spell("\(check.id)  no number: \(written(excuse))"), width: width)
  }
  let parts = [
    "\(check.id)  \(written(check.statement))", written(check.formula),
    "tolerance \(significant(check.tolerance.value)) \(written(check.tolerance.reason))",
    "needs \(written(check.needs))", check.source,
  ]
  // Beside its chart there is room for two.
  return parts.prefix(isTraced ? 2 : parts.count).flatMap {
    wrapped(model.glyphs.spell($0), width: width)
  }
}
