import Charts
import Math

/// The set-up of a run over the last one, drawing 4.6.
/// - Returns: where the cursor is parked: on the field that has the focus.
func draw(_ picker: Picker, on grid: inout Grid, glyphs: Glyphs) -> (row: Int, column: Int)? {
  let draft = picker.draft
  let lines = pickerLines(picker, draft)
  let box = Box(
    "Set up a run", footer: "Enter run · Esc keep the old one · arrows, Tab, type a number", width: 72,
    height: lines.count + 4, in: grid.size)
  box.draw(on: &grid, glyphs: glyphs)
  // A grid of its own, so that what is too long ends before the frame.
  var inside = Grid(Size(width: box.size.width - 2, height: box.size.height - 3))
  var cursor: (row: Int, column: Int)?
  for (row, line) in lines.prefix(inside.size.height).enumerated() {
    var column = 0
    for piece in line.left {
      let text = glyphs.spell(piece.text)
      inside.put(text, row: row, column: column, style: piece.isFocused ? Style(.standard, .reverse) : .plain)
      column += text.count
      if piece.isFocused { cursor = (box.row + 2 + row, box.column + column) }
    }
    let right = glyphs.spell(line.right)
    let start = max(column + 1, inside.size.width - 1 - right.count)
    inside.put(right, row: row, column: start, style: line.isWrong ? Style(.alert, .bold) : .plain)
  }
  grid.draw(inside, row: box.row + 2, column: box.column + 1)
  return cursor
}

private struct PickerLine {
  var left: [(text: String, isFocused: Bool)]
  var right = ""
  var isWrong = false
}

private func pickerLines(_ picker: Picker, _ draft: Result<Scenario, ScenarioError>) -> [PickerLine] {
  var lines: [PickerLine] = []
  for row in picker.rows {
    if case .variant? = row.first,
      !lines.contains(where: { $0.left.first?.text.contains("Variants") ?? false })
    {
      lines.append(PickerLine(left: [("", false)]))
      lines.append(
        PickerLine(left: [("   Variants (space toggles, at most \(Scenario.mostVariants))", false)]))
    }
    lines.append(pickerLine(row, picker, draft))
    if row.first == .field("task"), picker.hasFixedSizes, case .success(let scenario) = draft {
      lines.append(
        PickerLine(
          left: [("   Matrix n × m       \(scenario.n) × \(scenario.m)", false)], right: "fixed by the data"))
    }
  }
  lines.append(PickerLine(left: [("", false)]))
  lines.append(PickerLine(left: [("   " + equation(picker), false)]))
  if case .failure(let error) = draft, error.key == nil || error.key == "variants" {
    lines.append(PickerLine(left: [("   \(error)", false)], isWrong: true))
  }
  return lines
}

private func pickerLine(
  _ row: [Picker.Place], _ picker: Picker, _ draft: Result<Scenario, ScenarioError>
) -> PickerLine {
  let hasFocus = row.contains(picker.focus)
  var line = PickerLine(left: [(hasFocus ? " ▸ " : "   ", false)])
  for (i, place) in row.enumerated() {
    switch place {
    case .field(let key):
      if i == 0 { line.left.append((label(of: key).padded(18) + " ", false)) }
      if i > 0 { line.left.append((key == "m" ? " × " : "  η ", false)) }
      line.left.append(("‹ \(picker.texts[key] ?? "") ›", place == picker.focus))
    case .variant(let id):
      let isChosen = picker.choices.contains { $0.variant == id }
      line.left.append(("[\(isChosen ? "x" : " ")] \(id)", place == picker.focus))
      line.left.append((String(repeating: " ", count: max(1, 18 - id.count)), false))
    }
  }
  let keys = row.compactMap { if case .field(let key) = $0 { key } else { nil } }
  switch draft {
  case .failure(let error):
    guard let key = error.key, keys.contains(key) else { break }
    line.right = error.remedy
    line.isWrong = true
  case .success(let scenario):
    line.right = keys.first.map { consequence(of: $0, scenario) } ?? ""
  }
  return line
}

private func label(of key: String) -> String {
  switch key {
  case "task": "Task"
  case "n": "Matrix n × m"
  case "r": "Rank r"
  case "alpha": "α"
  case "target": "Target spectrum"
  case "opt": "Optimiser"
  case "steps": "Steps"
  case "seed": "Seed"
  default: key
  }
}

/// What a field leads to, beside it.
private func consequence(of key: String, _ scenario: Scenario) -> String {
  let weights = scenario.n * scenario.m
  let trained = scenario.r * (scenario.n + scenario.m)
  switch key {
  case "task": return String(scenario.task.family.title.prefix { $0 != ":" })
  case "n": return "\(weights) weights"
  case "r": return "\(trained) trained  \(significant(100 * Double(trained) / Double(weights), 3)) %"
  case "alpha": return "s = \(scenario.scaling.rawValue) = \(significant(scenario.scale, 4))"
  case "opt": return scenario.optimizer.family.title
  default: return ""
  }
}

/// Of the variant in focus, else of the first chosen.
private func equation(_ picker: Picker) -> String {
  var id = picker.choices.first?.variant
  if case .variant(let focused) = picker.focus { id = focused }
  return id.flatMap(Variant.named)?.equation ?? "full fine-tuning alone: W ← W − η·G"
}
