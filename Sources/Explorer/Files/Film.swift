import Charts
import Math

/// A run from its first step as frames of the screen, in asciicast v2 (docs.asciinema.org/manual/asciicast/v2):
/// a line of JSON with the size, then one for each frame. It does not know what time it was made.
package struct Film {
  package static let frameCount = 100
  private static let secondsPerFrame = 0.1

  private let palette: Palette
  private var shown: Grid?

  /// Frames evenly spread over the steps; the last is the screen of `model` itself.
  package static func write(_ model: Model, to last: Int, _ output: inout Output) async throws {
    var film = Film(palette: Palette(colors: Palette.most, theme: model.theme))
    let (size, title) = (model.size, jsonString(Signature(model.course).text))
    try output.line(#"{"version":2,"width":\#(size.width),"height":\#(size.height),"title":\#(title)}"#)
    var walk = try Walk(model.course)
    var scene = model.beginning(RunOutline(walk.simulation))
    for k in 0..<frameCount {
      let next = last * k / frameCount
      while true {
        try scene.take(&walk)
        if walk.step >= next || walk.simulation.hasStopped { break }
        try walk.advance()
        try Task.checkCancellation()
        if walk.step.isMultiple(of: 64) { await Task.yield() }
      }
      try output.line(film.line(scene.frame(), at: k))
    }
    try output.line(film.line(model.frame(), at: frameCount))
  }

  /// The rows that have changed.
  private mutating func line(_ grid: Grid, at k: Int) -> String {
    var text = shown == nil ? "\u{1b}[?25l\u{1b}[2J" : ""
    for row in 0..<grid.size.height where shown?.runs(row: row) != grid.runs(row: row) {
      text += "\u{1b}[\(row + 1);1H" + grid.ansi(row: row, palette)
    }
    shown = grid
    return "[\(Double(k) * Self.secondsPerFrame),\"o\",\(jsonString(text))]"
  }
}

extension Model {
  /// Looking as it does now, at a run that has yet to begin.
  fileprivate func beginning(_ outline: RunOutline) -> Model {
    var model = self
    model.history = RunHistory(outline)
    (model.cursor, model.lookback) = (nil, Lookback())
    (model.isPaused, model.isFinished) = (false, false)
    if !ranges.isManual { model.ranges = ChartRanges() }
    return model
  }

  /// Takes in the step where `walk` stands, unless it has.
  fileprivate mutating func take(_ walk: inout Walk) throws {
    guard history?.latest?.step != walk.step else { return }
    let isDue = walk.step.isMultiple(of: scenario.stepsBetweenCurves)
    _ = update(&self, .report(Report(run: run, news: .records([walk.record(for: isDue ? wanted : nil)]))))
  }
}
