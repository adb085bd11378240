import Charts
import Math

/// What has happened by the step shown, as much of the latest as has room, and how fast the run goes.
func drawEvents(_ model: Model, row: Int, on grid: inout Grid) {
  let speed = "speed \(model.speed.text) "
  grid.put(model.glyphs.spell(speed), row: row, column: grid.size.width - speed.count)
  if let explanation = explanationOfEquals(model) {
    return grid.put(model.glyphs.spell(" \(explanation)"), row: row, column: 0)
  }
  let lead = " \(model.glyphs.event) "
  var words = ""
  for event in model.eventsByNow.reversed() {
    let longer = event.text + (words.isEmpty ? "" : " · ") + words
    if lead.count + longer.count + speed.count + 2 > grid.size.width { break }
    words = longer
  }
  guard !words.isEmpty else { return }
  grid.put(model.glyphs.spell(lead + words), row: row, column: 0)
}

/// The events by the step shown, the latest below; what is to come stays dim.
func eventsPanel(_ model: Model, _ size: Size) -> Grid {
  let all = model.history?.events ?? []
  let past = model.eventsByNow.count
  let rows = max(0, size.height - 1)
  let start = max(0, min(past - rows / 2, all.count - rows))
  let lines = all.indices.dropFirst(start).prefix(rows).map { k in
    [
      (
        text: shortened(all[k].text, to: size.width - 4, model.glyphs),
        style: k == past - 1 ? Style.bold : k < past ? .plain : Style(.standard, .dim)
      )
    ]
  }
  return TextPanel(
    title: "Events\(model.seedWords)", note: all.isEmpty ? "" : "\(past) of \(all.count)", lines: lines
  )
  .render(size, model.glyphs)
}

extension Model {
  fileprivate var eventsByNow: ArraySlice<RunEvent> {
    (history?.events ?? []).prefix { $0.step <= position }
  }
}
