import Charts
import Math

/// The numbers of the step shown, where no side panel has them.
func drawReadOut(_ model: Model, row: Int, on grid: inout Grid) {
  guard let history = model.history, let latest = model.shown else { return }
  if let explanation = explanationOfEquals(model) {
    grid.put(model.glyphs.spell(" \(explanation)"), row: row, column: 0)
    return
  }
  // A gap with its floor and a loss take 23 columns at most; of many series the floors' share goes first.
  let hasRatios = model.shownVariants.count <= 3 || grid.size.width >= 11 + 23 * model.shownVariants.count
  var items: [[(text: String, style: Style)]] = []
  for i in model.shownVariants {
    let name = (text: items.isEmpty ? " gap \(i) " : " \(i) ", style: style(of: i))
    if let step = history.divergedAt[i] {
      items.append([name, (text: "✗ t=\(step)", style: Style(.alert))])
    } else {
      let ratio = hasRatios ? model.gapOverFloor(i).map { " \(significant($0, 2))×" } ?? "" : ""
      items.append([name, (text: brief(latest.layers[model.layer].gaps[i]) + ratio, style: .plain)])
    }
  }
  let losses = model.lossSet == .train ? latest.losses : latest.heldOutLosses ?? []
  for (count, i) in model.shownSeries.enumerated() where losses.indices.contains(i) {
    let name = (
      text: count == 0 ? "  \(model.lossWord) \(marker(of: i)) " : " \(marker(of: i)) ", style: style(of: i)
    )
    let loss = losses[i]
    items.append([
      name, loss.isFinite ? (text: brief(loss), style: .plain) : (text: "–", style: Style(.alert)),
    ])
  }
  draw(items, row: row, on: &grid, model.glyphs)
}

/// As many whole items as fit, since half a number would be another number, and `…` where some do not.
private func draw(_ items: [[(text: String, style: Style)]], row: Int, on grid: inout Grid, _ glyphs: Glyphs)
{
  let dots = glyphs.spell(" …")
  var column = 0
  for (k, item) in items.enumerated() {
    let words = item.map { (text: glyphs.spell($0.text), style: $0.style) }
    let room = grid.size.width - (k == items.count - 1 ? 0 : dots.count)
    guard column + words.reduce(0, { $0 + $1.text.count }) <= room else {
      return grid.put(dots, row: row, column: column)
    }
    for (text, style) in words {
      grid.put(text, row: row, column: column, style: style)
      column += text.count
    }
  }
}

/// Three digits, or fewer where there is no room for them, without the zero before the point.
package func brief(_ x: Double, within width: Int = .max) -> String {
  let text = significant(x, 3, within: width)
  return text.hasPrefix("0.") ? String(text.dropFirst()) : text
}

/// For the first two seconds of a run, the first fifth: what ≈ in the legend means.
func explanationOfEquals(_ model: Model) -> String? {
  guard let history = model.history, 5 * history.step < model.scenario.steps else { return nil }
  let series = history.outline.chosenAmongEquals.filter { !model.hidden.contains($0) }
  guard !series.isEmpty else { return nil }
  let names = series.map(String.init).joined(separator: " ")
  return "≈ \(names): start not unique, singular values coincide"
}
