import Charts

extension Grid {
  /// The rows with escape sequences for colours and attributes (ECMA-48 SGR), plain again at each row's end.
  package func ansi(_ palette: Palette) -> String {
    (0..<size.height).map { ansi(row: $0, palette) + "\n" }.joined()
  }

  /// One of them.
  func ansi(row: Int, _ palette: Palette) -> String {
    var (text, current) = ("", "")
    for run in runs(row: row) {
      let codes = palette.codes(run.style)
      if codes != current { text += "\u{1b}[0\(codes)m" }
      current = codes
      text += run.text
    }
    return current.isEmpty ? text : text + "\u{1b}[0m"
  }

  /// Neighbouring cells of one style.
  struct Run: Equatable {
    let column: Int
    let style: Style
    var text: String
  }

  /// A row cut where its style changes.
  func runs(row: Int) -> [Run] {
    var runs: [Run] = []
    for column in 0..<size.width {
      let style = style(row: row, column: column)
      let scalar = Unicode.Scalar(scalar(row: row, column: column)) ?? "?"
      if runs.last?.style == style {
        runs[runs.count - 1].text.unicodeScalars.append(scalar)
      } else {
        runs.append(Run(column: column, style: style, text: String(scalar)))
      }
    }
    return runs
  }
}

extension Palette {
  /// The SGR codes of a style after the 0 that clears: `;1;38;5;74`, empty for plain text.
  fileprivate func codes(_ style: Style) -> String {
    let attributes = attributes(style)
    var codes = ""
    if attributes.contains(.bold) { codes += ";1" }
    if attributes.contains(.dim) { codes += ";2" }
    if attributes.contains(.reverse) { codes += ";7" }
    if let color = color(style.ink) { codes += ";38;5;\(color)" }
    return codes
  }
}
