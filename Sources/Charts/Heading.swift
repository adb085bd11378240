/// The title row of a chart: what it shows, a note on how (`log y`), and the legend at the right;
/// the note stands midway between the two.
///
/// When they do not fit, the aside goes first, then the legend, then the note.
package struct Heading: Equatable, Sendable {
  package var title: String
  package var note: String
  /// What is added to the note where there is room.
  package var aside = ""
  package var legend: String
  package var legendStyle: Style

  package init(_ title: String, note: String = "", legend: String = "", legendStyle: Style = .plain) {
    self.title = title
    self.note = note
    self.legend = legend
    self.legendStyle = legendStyle
  }

  /// Bold if the chart has the focus.
  func draw(on grid: inout Grid, glyphs: Glyphs, isFocused: Bool) {
    let width = grid.size.width
    let title = glyphs.spell(title)
    var note = glyphs.spell(note)
    var legend = glyphs.spell(legend)
    let longer = [note, glyphs.spell(aside)].filter { !$0.isEmpty }.joined(separator: "  ")
    if taken([title, longer]) + length(legend) <= width { note = longer }
    if !legend.isEmpty, taken([title, note]) + length(legend) > width { legend = "" }
    grid.put(title, row: 0, column: 0, style: isFocused ? .bold : .plain)
    grid.put(legend, row: 0, column: width - length(legend), style: legendStyle)
    guard !note.isEmpty, taken([title]) + length(note) <= width else { return }
    let room = taken([title])...max(taken([title]), width - taken([legend]) - length(note))
    let middle = (length(title) + width - length(legend) - length(note)) / 2
    grid.put(note, row: 0, column: min(max(middle, room.lowerBound), room.upperBound))
  }

  private func length(_ text: String) -> Int { text.unicodeScalars.count }

  /// Columns of `texts`, with two blanks after each.
  private func taken(_ texts: [String]) -> Int {
    texts.reduce(0) { $1.isEmpty ? $0 : $0 + length($1) + 2 }
  }
}
