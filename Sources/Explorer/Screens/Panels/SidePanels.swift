import Charts
import Math

/// A heading and lines of words below it, as the side panel of large screens has them.
struct TextPanel {
  var title: String
  /// At the right end of the heading.
  var note = ""
  var lines: [[(text: String, style: Style)]] = []

  func render(_ size: Size, _ glyphs: Glyphs) -> Grid {
    var grid = Grid(size)
    grid.put(glyphs.spell(" \(title)"), row: 0, column: 0, style: .bold)
    let note = glyphs.spell(note)
    grid.put(note, row: 0, column: size.width - 1 - note.unicodeScalars.count)
    for (row, line) in lines.enumerated() {
      var column = 2
      for (text, style) in line {
        let text = glyphs.spell(text)
        grid.put(text, row: row + 1, column: column, style: style)
        column += text.unicodeScalars.count
      }
    }
    return grid
  }
}

/// The run in words.
func runPanel(_ model: Model, _ size: Size) -> Grid {
  let scenario = model.scenario
  let shape = scenario.layerShapes[model.layer]
  let batch = scenario.batch.map { "batch \($0)" } ?? "full batch"
  let lines = [
    (
      "task",
      scenario.task.rawValue + (model.layerName.map { ", \($0) of \(scenario.layerShapes.count)" } ?? "")
    ),
    ("W", model.convention.shape(shape.rows, shape.columns, times: " × ")),
    ("r", "\(scenario.r)   α \(plain(scenario.alpha))   s \(significant(scenario.scale, 3))"),
    ("optim", "\(scenario.optimizer.family.rawValue)  η \(plain(scenario.optimizer.learningRate))"),
    ("", batch),
    ("seed", "\(scenario.seed)   \(scenario.steps) steps"),
  ]
  return TextPanel(
    title: "Run", lines: lines.map { [(text: $0.padded(8) + $1, style: .plain)] }
  ).render(size, model.glyphs)
}

/// The legend: each series with its gap and loss at the step shown.
func seriesPanel(_ model: Model, _ size: Size) -> Grid {
  let width = size.width - 2
  let names = ["full"] + model.scenario.seriesNames
  let marked = model.history?.outline.chosenAmongEquals ?? []
  let lines = names.indices.map { i in
    let room = width - 19
    let name = names[i] + (marked.contains(i) ? " ≈" : "")
    let text = "\(marker(of: i)) " + shortened(name, to: room, model.glyphs).padded(room)
    let style = model.hidden.contains(i) ? Style(.standard, .dim) : Style(style(of: i).ink, .bold)
    return [(text: text, style: style), (text: numbers(model, i), style: .plain)]
  }
  return TextPanel(
    title: model.survey == nil ? "Series" : "Medians", note: "gap".aligned(8) + model.lossWord.aligned(8),
    lines: lines
  ).render(size, model.glyphs)
}

private func numbers(_ model: Model, _ i: Int) -> String {
  if model.survey != nil {
    let gap = i == 0 ? nil : model.gapBand(i)
    return [gap, model.lossBand(i)].map(\.?.median).map { x in
      (x.map { $0.isFinite ? brief($0, 4, within: 7) : "✗" } ?? "–").aligned(8)
    }
    .joined()
  }
  if let step = model.lostAt(i) { return "✗ t=\(step)".aligned(16) }
  let gap = i == 0 ? "–" : model.gap(i).map { brief($0, 4, within: 7) } ?? ""
  return gap.aligned(8) + (model.loss(i).map { brief($0, 4, within: 7) } ?? "").aligned(8)
}

/// What the step shown says beside gap and loss: floors, or how far many seeds spread.
func readOutPanel(_ model: Model, _ size: Size) -> Grid {
  if model.survey != nil { return bandPanel(model, size) }
  let lines = model.shownVariants.map { i in
    if let step = model.lostAt(i) {
      return [(text: "\(marker(of: i)) ", style: style(of: i)), (text: "✗ t=\(step)", style: Style(.alert))]
    }
    let floor = model.floor(i).map { "floor \(brief($0))" } ?? "no floor"
    let ratio = model.gapOverFloor(i).map { "  \(significant($0, 3))×" } ?? ""
    return [(text: "\(marker(of: i)) ", style: style(of: i)), (text: floor + ratio, style: .plain)]
  }
  return TextPanel(title: "Floors", note: "t=\(model.shownStep)", lines: lines).render(size, model.glyphs)
}

private func bandPanel(_ model: Model, _ size: Size) -> Grid {
  let lines = model.shownSeries.map { i in
    let bands = [i == 0 ? nil : model.gapBand(i), model.lossBand(i)].map { ($0?.words ?? "–").aligned(14) }
    return [(text: "\(marker(of: i)) ", style: style(of: i)), (text: bands.joined(), style: .plain)]
  }
  return TextPanel(
    title: "Lowest–highest", note: "gap  \(model.lossWord.aligned(11))", lines: lines
  ).render(size, model.glyphs)
}

/// What the numbers say, in words.
func notesPanel(_ model: Model, _ size: Size) -> Grid {
  let words = explanationOfEquals(model).map { [$0] } ?? sentences(model.focus, model)
  var rows = words.flatMap { wrapped(model.glyphs.spell($0), width: max(1, size.width - 5)) }
  let room = max(1, size.height - 1)
  if rows.count > room { rows[room - 1] += " …" }
  let lines = rows.prefix(room).map { [(text: $0, style: Style.plain)] }
  return TextPanel(title: "Notes", lines: lines).render(size, model.glyphs)
}
