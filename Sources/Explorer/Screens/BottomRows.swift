import Charts
import Math

extension Extent {
  /// The row of the timeline, of `height` rows.
  func timelineRow(_ height: Int) -> Int { height - (hasSide ? 3 : 2) }
}

/// Columns free on either side of the timeline.
private let margin = 1

func drawTimeline(_ model: Model, row: Int, on grid: inout Grid) {
  let size = Size(width: grid.size.width - 2 * margin, height: 1)
  grid.draw(timeline(model).render(size), row: row, column: margin)
}

/// The first step at a column of the screen, of the timeline's nearer end beside it.
func timelineStep(_ model: Model, column: Int) -> Int {
  let share = timeline(model).fraction(at: column - margin, width: model.size.width - 2 * margin)
  return Int((share * Double(model.scenario.steps)).rounded(.up))
}

private func timeline(_ model: Model) -> Timeline {
  let step = model.position
  return Timeline(
    fraction: Double(step) / Double(max(1, model.scenario.steps)), label: "t=\(step)",
    labelWidth: "\(model.scenario.steps)".count + 4,
    events: model.history?.events.map { Double($0.step) / Double(max(1, model.scenario.steps)) } ?? [],
    mark: model.lookback.mark.map { Double($0) / Double(max(1, model.scenario.steps)) }, glyphs: model.glyphs)
}

/// The keys of the present context that have a hint, dropped from the right when narrow; `? help  q` always
/// stands. The command line takes the row while it is open.
/// - Returns: where something is typed.
func drawKeys(row: Int, on grid: inout Grid, _ model: Model) -> Cursor? {
  if case .commandLine(let prompt) = model.overlay {
    return drawPrompt(prompt, row: row, on: &grid, model)
  }
  // The way out of a lesson, and back to it, always stands.
  let context = model.context
  let way = context == .lesson ? "Esc leave  " : model.lessons?.isExplored == true ? "L lesson  " : ""
  // Where text is taken, ? and q are text.
  let end = way + (context.action(for: .character("q")) == .quit ? "? help  q" : "")
  let widest = min(grid.size.width - 1, 78)
  var text = " "
  // What is possible only here comes first, in the table what is done to series, in the past what is done to time.
  let here = KeyBinding.all.filter { $0.hint?.isEmpty == false && $0.contexts.contains(context) }
  let (common, own) = (
    here.filter { $0.contexts.contains(.main) }, here.filter { !$0.contexts.contains(.main) }
  )
  let near: KeyBinding.Group? = context == .table ? .series : model.cursor != nil ? .time : nil
  let (nearer, others) = (common.filter { $0.group == near }, common.filter { $0.group != near })
  for binding in own + nearer + others {
    guard let hint = binding.hint, !["help", "leave"].contains(binding.name), binding.isHinted(model) else {
      continue
    }
    let piece = model.glyphs.spell("\(binding.label) \(hint)  ")
    if text.unicodeScalars.count + piece.unicodeScalars.count + end.count > widest { break }
    text += piece
  }
  // On a projector dim is gone.
  grid.put(text + end, row: row, column: 0, style: context == .lesson ? .plain : Style(.standard, .dim))
  return nil
}

/// As many words as have room, and a mark where there are more: half a name would be another.
private func whole(_ words: [String], within width: Int, _ glyphs: Glyphs) -> String {
  let all = words.joined(separator: " ")
  guard all.count > width else { return all }
  let mark = glyphs.spell("…")
  var text = ""
  for word in words {
    guard text.count + word.count + 1 + mark.count <= width else { break }
    text += word + " "
  }
  return text + mark
}

/// `:` and what is typed; the end of it where the row is too short. Completions stand behind it.
private func drawPrompt(_ prompt: Prompt, row: Int, on grid: inout Grid, _ model: Model) -> Cursor {
  let room = grid.size.width - 3
  let text = ":" + String(prompt.text.suffix(room))
  grid.put(text, row: row, column: 0, style: .bold)
  let column = text.unicodeScalars.count
  let others = prompt.completions(model).filter { $0 != prompt.text }
  let words = others.map { $0.split(separator: " ").last.map(String.init) ?? "" }
  if !prompt.text.isEmpty || column + 2 + words.joined(separator: " ").count <= grid.size.width {
    let text = whole(words, within: grid.size.width - column - 2, model.glyphs)
    grid.put(text, row: row, column: column + 2, style: .theory)
  }
  return Cursor(row: row, column: min(column, grid.size.width - 1), isShown: true)
}
