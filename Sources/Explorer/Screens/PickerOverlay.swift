import Charts
import Math

/// The set-up of a run over the last one, which stays in view around it, drawing 4.6: a list that scrolls, and
/// below it what is to be said about the place in focus.
/// - Returns: where the cursor is parked: on the field that has the focus.
func draw(_ picker: Picker, on grid: inout Grid, _ model: Model) -> Cursor? {
  let (glyphs, convention) = (model.glyphs, model.convention)
  let draft = picker.draft
  let isSmall = grid.size.width < 80 || grid.size.height < 24
  let width = isSmall ? grid.size.width : min(grid.size.width - 6, 100)
  let lines = pickerLines(picker, draft, convention, width: width - 2)
  let explanationHeight = grid.size.height <= 24 ? 4 : 5
  // The status stays in view above, timeline and keys below.
  let above = Extent(grid.size).timelineRow(grid.size.height)
  let box = Box(
    "Set up a run", footer: "Enter run · Esc keep old · Space choose · r reset",
    width: width,
    height: min(lines.count + explanationHeight + 3, above - (isSmall ? 1 : 2)), in: grid.size,
    bottom: min(above - 1, (grid.size.height + lines.count + explanationHeight + 3) / 2))
  box.draw(on: &grid, glyphs: glyphs)
  // Grids of their own, so that what is too long ends before the frame.
  var list = Grid(Size(width: box.size.width - 2, height: box.size.height - explanationHeight - 3))
  let focused = lines.firstIndex { $0.pieces.contains(where: \.isFocused) } ?? 0
  let top = max(0, min(focused - list.size.height / 2, lines.count - list.size.height))
  var cursor: Cursor?
  for (row, line) in lines.dropFirst(top).prefix(list.size.height).enumerated() {
    if let column = line.draw(row: row, on: &list, glyphs: glyphs) {
      cursor = Cursor(row: box.row + 1 + row, column: box.column + 1 + column, isShown: true)
    }
  }
  grid.draw(list, row: box.row + 1, column: box.column + 1)
  let below = lines.count - top - list.size.height
  let rule = box.row + 1 + list.size.height
  for c in 1..<max(1, box.size.width - 1) { grid.put(glyphs.horizontal, row: rule, column: box.column + c) }
  if top > 0 { box.put("↑ \(top) more", row: box.row, on: &grid, glyphs: glyphs) }
  if below > 0 { box.put("↓ \(below) more", row: rule, on: &grid, glyphs: glyphs) }
  var words = Grid(Size(width: box.size.width - 4, height: explanationHeight))
  var row = 0
  // Beside the field, or here.
  let beside = lines[focused]
  let unsaid = beside.isWrong || beside.fits(beside.right, list.size.width, glyphs) ? "" : beside.right
  for (text, style) in (unsaid.isEmpty ? [] : [(unsaid, .bold)]) + explanation(picker, draft, convention) {
    for line in wrapped(glyphs.spell(text), width: words.size.width) {
      words.put(line, row: row, column: 0, style: style)
      row += 1
    }
  }
  grid.draw(words, row: rule + 1, column: box.column + 2)
  return cursor
}

extension Box {
  /// Words in an edge, at its right.
  fileprivate func put(_ words: String, row: Int, on grid: inout Grid, glyphs: Glyphs) {
    let text = glyphs.spell(" \(words) ")
    grid.put(text, row: row, column: column + size.width - 2 - text.unicodeScalars.count, style: .bold)
  }
}

// MARK: The list

private struct PickerLine {
  struct Piece {
    var text: String
    var style = Style.plain
    var isFocused = false
    /// In columns, of which blanks after the text may take some.
    var width = 0
  }

  var pieces: [Piece]
  var right = ""
  /// Of what stands at the right, where all of it has no room.
  var short = ""
  var isWrong = false

  init(_ text: String = "", right: String = "") {
    pieces = [Piece(text: text)]
    self.right = right
  }

  /// Shortens the last piece until the line has `width` scalars.
  mutating func cut(to width: Int) {
    let excess = pieces.reduce(0) { $0 + $1.text.unicodeScalars.count } - width
    if excess > 0 { pieces[pieces.count - 1].text = pieces[pieces.count - 1].text.dropLast(excess + 1) + "…" }
  }

  /// Behind the pieces.
  func fits(_ text: String, _ width: Int, _ glyphs: Glyphs) -> Bool {
    let left = pieces.reduce(0) { $0 + max($1.width, glyphs.spell($1.text).unicodeScalars.count) }
    return width - 1 - glyphs.spell(text).unicodeScalars.count > left
  }

  /// - Returns: the column after the piece in focus.
  func draw(row: Int, on grid: inout Grid, glyphs: Glyphs) -> Int? {
    var column = 0
    var cursor: Int?
    for piece in pieces {
      let text = glyphs.spell(piece.text).padded(piece.width)
      grid.put(
        text, row: row, column: column, style: piece.isFocused ? Style(.standard, .reverse) : piece.style)
      column += text.unicodeScalars.count
      if piece.isFocused { cursor = min(column, grid.size.width - 1) }
    }
    // Half a remedy would be another one: it stands below as well.
    if let text = [right, short].first(where: { fits($0, grid.size.width, glyphs) }) {
      let text = glyphs.spell(text)
      let start = grid.size.width - 1 - text.unicodeScalars.count
      grid.put(text, row: row, column: start, style: isWrong ? Style(.alert, .bold) : .plain)
    }
    return cursor
  }
}

private func pickerLines(
  _ picker: Picker, _ draft: Result<Scenario, ScenarioError>, _ convention: Convention, width: Int
)
  -> [PickerLine]
{
  var lines: [PickerLine] = []
  /// Series whose title stands above their knobs.
  var titled = 0
  func title(through last: Int) {
    while titled <= last, titled < picker.choices.count {
      lines.append(seriesLine(titled, picker, draft, width: width))
      titled += 1
    }
  }
  var last: Picker.Place?
  for places in picker.rows {
    defer { last = places[0] }
    // Outputs first where weights are written so.
    let isSizes = places[0] == .field("n") && convention == .peft
    let row = isSizes ? places.reversed() : places
    switch row[0] {
    case .variant, .choice:
      guard !(last?.isVariant ?? false) else { break }
      let count = "\(picker.choices.count) of at most \(Scenario.mostVariants)"
      lines.append(PickerLine("   Variants beside full fine-tuning: \(count)"))
    case .knob(let i, _, _): title(through: i)
    case .field:
      guard let last, !last.isField, titled <= picker.choices.count else { break }
      title(through: picker.choices.count)
      lines.append(PickerLine("   More of the run"))
    }
    lines.append(pickerLine(row, picker, draft, convention, width: width))
    if row[0] == .field("task"), picker.hasFixedSizes, case .success(let scenario) = draft {
      lines.append(
        PickerLine(
          "   \(convention.written("Matrix n × m").padded(18)) \(convention.shape(scenario.n, scenario.m, times: " × "))",
          right: "fixed by the data"))
    }
  }
  title(through: picker.choices.count)
  return lines
}

/// A series over its knobs: its title gives way to what is known of it.
private func seriesLine(
  _ i: Int, _ picker: Picker, _ draft: Result<Scenario, ScenarioError>, width: Int
) -> PickerLine {
  let id = picker.choices[i].id
  var line = PickerLine("   ")
  line.pieces.append(.init(text: "\(i + 1) \(id)", style: Style(.series(i + 1), .bold)))
  line.pieces.append(.init(text: titleBeside(id)))
  if case .success(let scenario) = draft, let series = picker.outlook(of: scenario)?.forecast.series,
    series.indices.contains(i + 1)
  {
    line.right = summary(series[i + 1], weights: scenario.weightCount)
    line.cut(to: width - 3 - line.right.unicodeScalars.count)
  }
  return line
}

/// `[1] lora`, `[ ] dora`: chosen as that series, or not.
private func variantText(_ place: Picker.Place, _ picker: Picker) -> String {
  switch place {
  case .variant(let id): "[ ] \(id)"
  case .choice(let i): "[\(i + 1)] \(picker.choices[i].id)"
  case .field, .knob: ""
  }
}

/// Of a column of variants.
private func variantWidth(_ column: Int, _ picker: Picker) -> Int {
  let places = picker.rows.filter { $0[0].isVariant && column < $0.count }.map { $0[column] }
  return (places.map { variantText($0, picker).unicodeScalars.count }.max() ?? 0) + 1
}

private func pickerLine(
  _ row: [Picker.Place], _ picker: Picker, _ draft: Result<Scenario, ScenarioError>, _ convention: Convention,
  width: Int
) -> PickerLine {
  var line = PickerLine(row.contains(picker.focus) ? " ▸ " : "   ")
  for (i, place) in row.enumerated() {
    let isFocused = place == picker.focus
    let value = "‹ \(picker.text(at: place)) ›"
    switch place {
    case .field(let key):
      line.pieces.append(
        i == 0 ? .init(text: title(of: key, in: row, convention), width: 19) : .init(text: symbol(of: key)))
      line.pieces.append(.init(text: value, isFocused: isFocused))
    case .variant, .choice:
      let isChosen = if case .choice(let k) = place { k + 1 } else { 0 }
      line.pieces.append(
        .init(
          text: variantText(place, picker), style: isChosen > 0 ? Style(.series(isChosen), .bold) : .plain,
          isFocused: isFocused, width: variantWidth(i, picker)))
    case .knob(_, _, let name):
      if i == 0 { line.pieces.append(.init(text: "      ")) }
      line.pieces.append(.init(text: "\(name) "))
      line.pieces.append(.init(text: value, isFocused: isFocused))
      let taken = name.unicodeScalars.count + 1 + value.unicodeScalars.count
      line.pieces.append(.init(text: String(repeating: " ", count: max(1, 20 - taken))))
    }
  }
  switch draft {
  case .failure(let error):
    guard let key = error.key, row.contains(where: { picker.key(of: $0) == key }) else { break }
    line.right = error.remedy
    line.isWrong = true
  case .success(let scenario):
    let outlook = picker.outlook(of: scenario)
    switch row[0] {
    case .field(let key):
      line.right = consequence(of: key, scenario, outlook)
      if key == "opt", let outlook { line.short = stability(outlook.forecast, withFull: false) }
    case .choice, .variant, .knob: break
    }
  }
  return line
}

extension Picker {
  /// What a `ScenarioError` calls the place.
  fileprivate func key(of place: Place) -> String? {
    switch place {
    case .field(let key): key
    case .knob(let choice, let system, let name): "\(choices[choice].systems[system].id)(\(name))"
    case .variant, .choice: nil
    }
  }
}

/// The words before the first field of a row.
private func title(of key: String, in row: [Picker.Place], _ convention: Convention) -> String {
  switch key {
  case "task": "Task"
  case "n", "m":
    row.contains(.field("hidden"))
      ? "Sizes " + (key == "n" ? "n × h × m" : "m × h × n") : convention.written("Matrix n × m")
  case "r": "Rank r"
  case "alpha": "α"
  case "target": "Target spectrum"
  case "norm": "Target norm"
  case "samples": "Samples"
  case "phi": "Between layers φ"
  case "held": "Held-out samples"
  case "opt": "Optimiser"
  case "mu": "Momentum μ"
  case "beta1": "Moments β1"
  case "batch": "Batch"
  case "gradient": "Gradient"
  case "from": "Pretrained on"
  case "ratio": "η of B over η"
  case "steps": "Steps"
  default: key
  }
}

/// The words before the others: the key of the scenario line, or its usual sign.
private func symbol(of key: String) -> String {
  switch key {
  case "hidden", "n", "m": " × "
  case "scaling": "  s = "
  case "lr": "  η "
  case "beta2": "  β2 "
  case "eps": "  ε "
  default: "  \(key) "
  }
}

private func titleBeside(_ id: String) -> String {
  "".padded(max(1, 18 - id.unicodeScalars.count)) + (Variant.named(id)?.title ?? "a system for each layer")
}

/// What a field leads to, beside it.
private func consequence(of key: String, _ scenario: Scenario, _ outlook: Outlook?) -> String {
  switch key {
  case "task": return String(scenario.task.family.title.prefix { $0 != ":" })
  case "n", "m": return "\(scenario.weightCount) weights"
  case "r":
    let trained = scenario.layerShapes.reduce(0) { $0 + scenario.r * ($1.rows + $1.columns) }
    return "\(trained) trained  \(share(trained, of: scenario.weightCount))"
  case "alpha": return "s is \(significant(scenario.scale, 4))"
  case "target": return scenario.effectiveRank.map { "eff. rank \(significant($0, 3))" } ?? ""
  case "opt":
    return outlook.map { stability($0.forecast) }
      ?? (Outlook.isTooMuch(scenario) ? "too large to look ahead" : scenario.optimizer.family.title)
  case "steps":
    return outlook?.secondsPerStep.map { "≈ \(duration($0 * Double(scenario.steps))) at speed max" } ?? ""
  default: return ""
  }
}

private func share(_ trained: Int, of weights: Int) -> String {
  "\(significant(100 * Double(trained) / Double(weights), 3)) %"
}

/// `at the start below 0.21 (1), full 2`: the least of the series' bounds, and where it holds; `stable below 2 (full),
/// 1 3 unknown` where of some none is known.
private func stability(_ forecast: Forecast, withFull: Bool = true) -> String {
  guard let least = forecast.stableRate,
    let i = forecast.series.firstIndex(where: { $0.bound?.rate == least }),
    let bound = forecast.series[i].bound
  else { return "no stable η is known" }
  let unknown = forecast.series.indices.filter { forecast.series[$0].bound == nil }.map(String.init)
  let full = forecast.series[0].bound.flatMap { i > 0 ? ", full \(significant($0.rate, 3))" : nil } ?? ""
  let others = full + (unknown.isEmpty ? "" : ", \(unknown.joined(separator: " ")) unknown")
  let whose = i > 0 ? " (\(i))" : forecast.series.count > 1 ? " (full)" : ""
  let place =
    switch bound.place {
    case .everywhere: "stable below"
    case .start: "at the start below"
    case .end: "once learned below"
    }
  return "\(place) \(significant(least, 3))" + whose + (withFull ? others : "")
}

/// `0.4 s`, `3 min`, `2 h`.
private func duration(_ seconds: Double) -> String {
  switch seconds {
  case ..<100: "\(significant(seconds, 2)) s"
  case ..<6000: "\(Int((seconds / 60).rounded())) min"
  default: "\(significant(seconds / 3600, 3)) h"
  }
}

/// `896 = 29.2 %  floor 0.677`.
private func summary(_ series: Forecast.Series, weights: Int) -> String {
  "\(series.trained) = \(share(series.trained, of: weights))  floor \(floor(series))"
}

private func floor(_ series: Forecast.Series) -> String {
  switch series.floor {
  case .exact(let x)?: significant(x, 3)
  // Where full fine-tuning ends, however long it takes.
  case .approximate(let x)?: "→ " + significant(x, 3)
  case .untold?: "?"
  case nil: "–"
  }
}

/// What is known of a series, in a sentence or two.
private func details(_ series: Forecast.Series, _ optimizer: OptimizerChoice) -> String {
  var parts: [String] = []
  if let s = series.scale { parts.append("s = \(significant(s, 3))") }
  if let rate = series.effectiveRate {
    let formula =
      optimizer.stableProduct == nil ? "√(s·η_A·η_B)" : "s√(η_A·η_B)"
    parts.append("η_eff = \(formula) = \(significant(rate, 3))")
  }
  if let bound = series.bound {
    let place =
      switch bound.place {
      case .everywhere: ""
      case .start: " at the start"
      case .end: " once it has learned"
      }
    parts.append(
      "stable for η < \(significant(bound.rate, 3))\(place), λ_max \(significant(bound.curvature, 3))")
  } else {
    parts.append("no stable η is known")
  }
  switch series.floor {
  case .exact, .approximate: break
  case .untold: parts.append("its floor only the run can tell")
  case nil: parts.append("it has no floor")
  }
  return parts.joined(separator: "; ")
}

extension Scenario {
  fileprivate var weightCount: Int { layerShapes.reduce(0) { $0 + $1.rows * $1.columns } }
}

// MARK: Below the list

/// What is wrong, and what the place in focus is and takes.
private func explanation(_ picker: Picker, _ draft: Result<Scenario, ScenarioError>, _ convention: Convention)
  -> [(String, Style)]
{
  var lines: [(String, Style)] = []
  if let notice = picker.notice { lines.append((notice, .bold)) }
  var isWrong = false
  if case .failure(let error) = draft {
    lines.append(("\(error)", Style(.alert, .bold)))
    // The error has said what is allowed.
    isWrong = error.key == picker.key(of: picker.focus)
  }
  switch picker.focus {
  case .field(let key):
    guard let field = Field.named(key) else { break }
    lines.append(("\(key)  \(convention.written(field.meaning))", .plain))
    if !isWrong { lines.append((field.allowed, .theory)) }
    let word = picker.text(at: picker.focus)
    let title: String? =
      switch key {
      case "task": ProblemFamily.ID(rawValue: word)?.family.title
      case "opt": OptimizerChoice.Family(rawValue: word)?.title
      default: nil
      }
    if let title { lines.append((title, .plain)) }
    if key == "opt", case .success(let scenario) = draft { lines += effort(scenario) }
  case .variant(let id):
    guard let variant = Variant.named(id) else { break }
    let count = variant.knobs.count
    lines.append(("\(id)  \(convention.written(variant.title))", .plain))
    lines += about([variant], convention)
    lines.append(("Space adds it" + (count == 0 ? "" : ", with its \(count) settings"), .theory))
  case .choice(let i):
    let recipes = picker.choices[i].systems.map(\.recipe)
    if recipes.count == 1 {
      lines.append(("\(recipes[0].id)  \(convention.written(recipes[0].title))", .plain))
    }
    let words = about(recipes, convention)
    lines += words.prefix(recipes.count)
    if case .success(let scenario) = draft, let series = picker.outlook(of: scenario)?.forecast.series,
      series.indices.contains(i + 1)
    {
      lines.append((details(series[i + 1], scenario.optimizer), .plain))
    }
    if case .success(let scenario) = draft { lines += effort(scenario) }
    lines += words.dropFirst(recipes.count)
    lines.append(("Space takes it away, + adds another with other settings", .theory))
  case .knob(let choice, let system, let name):
    guard let knob = picker.knob(at: picker.focus) else { break }
    let systems = picker.choices[choice].systems
    let place = systems.count > 1 ? " in layer \(system + 1)'s \(systems[system].id)" : ""
    lines.append(("\(name)\(place)  \(convention.written(knob.help))", .plain))
    if !isWrong { lines.append(("\(knob.allowed), default \(knob.defaultValue)", .theory)) }
  }
  return lines
}

/// Why nothing is known of a run before it is run, where it is large.
private func effort(_ scenario: Scenario) -> [(String, Style)] {
  guard Outlook.isTooMuch(scenario) else { return [] }
  let (work, most) = (significant(scenario.forecastWork, 2), significant(Outlook.mostWork, 2))
  return [
    ("bounds, floors and time would take \(work) operations to foresee, at most \(most) are taken", .plain)
  ]
}

/// Equation and source; of several the equations alone, for room.
private func about(_ variants: [Variant], _ convention: Convention) -> [(String, Style)] {
  var lines = variants.map { (convention.written($0.equation), Style.plain) }
  if variants.count == 1, !variants[0].source.isEmpty { lines.append((variants[0].source, .theory)) }
  return lines
}

/// Lines of at most `width` scalars, broken between words.
func wrapped(_ text: String, width: Int) -> [String] {
  let text = text.unicodeScalars
  var lines: [Substring.UnicodeScalarView] = []
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = text[last.startIndex..<word.endIndex]
    } else {
      lines.append(word)
    }
  }
  return lines.map { String($0) }
}
