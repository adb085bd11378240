import Charts
import Math

/// The numbers of the step shown, where no side panel has them; of many seeds their medians.
func drawReadOut(_ model: Model, row: Int, on grid: inout Grid) {
  guard model.shown != nil else { return }
  if let explanation = explanationOfEquals(model) {
    grid.put(model.glyphs.spell(" \(explanation)"), row: row, column: 0)
    return
  }
  let all = ReadOut.ways.map { $0.items(model).map { $0.spelled(model.glyphs) } }
  let fitting = all.first { $0.reduce(0) { $0 + $1.width } <= grid.size.width }
  draw(fitting ?? all[all.count - 1], row: row, on: &grid, model.glyphs)
}

/// A name and a number that stand or go together, since half a number would be another number.
private struct Item {
  var name: (text: String, style: Style)
  var number: (text: String, style: Style)

  var width: Int { name.text.count + number.text.count }

  func spelled(_ glyphs: Glyphs) -> Item {
    Item(name: (glyphs.spell(name.text), name.style), number: (glyphs.spell(number.text), number.style))
  }
}

/// How much of the numbers a row has room for. Gaps are compared by four digits: what stands behind a number goes
/// before they do, and so does the losses' last digit.
private struct ReadOut {
  var gapDigits = 4
  var lossDigits = 4
  /// How many times its floor a gap is; of many seeds the lowest and the highest.
  var hasAsides = true
  /// And the floors themselves.
  var hasFloors = false

  static let ways = [
    ReadOut(hasFloors: true), ReadOut(), ReadOut(lossDigits: 3), ReadOut(lossDigits: 3, hasAsides: false),
    ReadOut(gapDigits: 3, lossDigits: 3, hasAsides: false),
  ]

  func items(_ model: Model) -> [Item] {
    model.shownVariants.enumerated().map { count, i in
      gap(of: i, model, lead: count == 0 ? (model.gapBands == nil ? "gap " : "median gap ") : "")
    }
      + model.shownSeries.enumerated().map { count, i in
        loss(of: i, model, lead: count == 0 ? " \(model.lossOwner)\(model.lossWord) " : "")
      }
  }

  private func gap(of i: Int, _ model: Model, lead: String) -> Item {
    let name = (text: " \(lead)\(i) ", style: style(of: i))
    if let band = model.gapBand(i) { return Item(name: name, number: number(band, gapDigits)) }
    if let step = model.lostAt(i) {
      return Item(name: name, number: ("✗ t=\(step)", Style(.alert)))
    }
    let floor = hasFloors ? model.floor(i).map { " floor \(brief($0))" } ?? "" : ""
    let ratio = hasAsides ? model.gapOverFloor(i).map { " \(significant($0, 2))×" } ?? "" : ""
    return Item(
      name: name, number: ((model.gap(i).map { steady($0, gapDigits) } ?? "–") + floor + ratio, .plain))
  }

  private func loss(of i: Int, _ model: Model, lead: String) -> Item {
    let name = (text: " \(lead)\(marker(of: i)) ", style: style(of: i))
    if let band = model.lossBand(i) { return Item(name: name, number: number(band, lossDigits)) }
    guard let loss = model.loss(i), loss.isFinite else {
      return Item(name: name, number: ("–", Style(.alert)))
    }
    return Item(name: name, number: (steady(loss, lossDigits), .plain))
  }

  private func number(_ band: SeedBand.Reading, _ digits: Int) -> (text: String, style: Style) {
    guard band.median.isFinite else { return ("✗", Style(.alert)) }
    return (steady(band.median, digits) + (hasAsides ? " (\(band.words))" : ""), .plain)
  }
}

extension Model {
  /// What stands before losses that are of one seed, beside medians.
  fileprivate var lossOwner: String { survey != nil && lossBands == nil ? "seed \(scenario.seed) " : "" }
}

/// As many whole items as fit, and `…` where some do not.
private func draw(_ items: [Item], row: Int, on grid: inout Grid, _ glyphs: Glyphs) {
  let dots = glyphs.spell(" …")
  var column = 0
  for (k, item) in items.enumerated() {
    let room = grid.size.width - (k == items.count - 1 ? 0 : dots.count)
    guard column + item.width <= room else { return grid.put(dots, row: row, column: column) }
    for (text, style) in [item.name, item.number] {
      grid.put(text, row: row, column: column, style: style)
      column += text.count
    }
  }
}

/// Three digits, or fewer where there is no room for them, without the zero before the point.
package func brief(_ x: Double, _ digits: Int = 3, within width: Int = .max) -> String {
  withoutZero(significant(x, digits, within: width))
}

/// The same with zeros at the end, so that what follows stays where it is while the number changes.
private func steady(_ x: Double, _ digits: Int) -> String {
  withoutZero(significant(x, digits, keepsZeros: true))
}

private func withoutZero(_ text: String) -> String { text.hasPrefix("0.") ? String(text.dropFirst()) : text }

/// For the first two seconds of a run, the first fifth: what ≈ in the legend means.
func explanationOfEquals(_ model: Model) -> String? {
  guard let history = model.history, 5 * history.step < model.scenario.steps else { return nil }
  let series = history.outline.chosenAmongEquals.filter { !model.hidden.contains($0) }
  guard !series.isEmpty else { return nil }
  let names = series.map(String.init).joined(separator: " ")
  return "≈ \(names): start not unique, singular values coincide"
}
