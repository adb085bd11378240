import Charts

extension Grid {
  /// The frame as SVG 1.1: a line of a chart is a polyline for each piece without a break, theory a dashed path;
  /// axes and bars are shapes, and the rest is a text element a row.
  /// - Parameter words: what it shows, in words.
  package func svg(_ colors: SVGColors, of words: String = "") -> String {
    SVG(self, colors, words).text
  }
}

/// Colours as `#rrggbb`.
package struct SVGColors: Sendable {
  let palette: Palette
  let paper: String
  let foreground: String

  package init(_ palette: Palette, isDark: Bool) {
    self.palette = palette
    paper = isDark ? "#000000" : "#ffffff"
    foreground = isDark ? "#e4e4e4" : "#000000"
  }

  func color(_ ink: Ink) -> String { palette.color(ink).map(Self.rgb) ?? foreground }

  /// Of the 256 colours: xterm's sixteen, a cube of six levels, and greys.
  static func rgb(_ index: Int) -> String {
    switch index {
    case ..<16: return named[max(0, index)]
    case ..<232:
      let levels = [0, 95, 135, 175, 215, 255]
      let rest = index - 16
      return hex([levels[rest / 36], levels[rest / 6 % 6], levels[rest % 6]])
    default:
      let grey = 8 + 10 * (min(index, 255) - 232)
      return hex([grey, grey, grey])
    }
  }

  private static let named = [
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5", "#7f7f7f",
    "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
  ]

  private static func hex(_ parts: [Int]) -> String {
    "#" + parts.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

private struct SVG {
  /// Pixels of a cell, and of a letter in it.
  private static let (width, height, letter) = (8.0, 16.0, 13)

  private(set) var text: String
  private let grid: Grid
  private let colors: SVGColors

  init(_ grid: Grid, _ colors: SVGColors, _ words: String) {
    self.grid = grid
    self.colors = colors
    let size = (Self.width * Double(grid.size.width), Self.height * Double(grid.size.height))
    text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(short(size.0))" height="\(short(size.1))" \
      viewBox="0 0 \(short(size.0)) \(short(size.1))" font-family="monospace" font-size="\(Self.letter)">
      <desc>\(Self.escaped(words))</desc>
      <rect width="100%" height="100%" fill="\(colors.paper)"/>

      """
    for layer in grid.layers { draw(layer) }
    for row in 0..<grid.size.height { draw(row: row) }
    text += "</svg>\n"
  }

  // MARK: Lines

  private mutating func draw(_ layer: Layer) {
    switch layer {
    case .cover(let cells):
      text += "<rect \(frame(cells)) fill=\"\(colors.paper)\"/>\n"
    case .lines(let lines, let plot):
      guard !lines.isEmpty else { return }
      // An inner svg cuts off what leaves the plot.
      text += "<svg \(frame(plot)) fill=\"none\" stroke-width=\"1.5\" stroke-linejoin=\"round\">\n"
      for line in lines { draw(line) }
      text += "</svg>\n"
    }
  }

  private mutating func draw(_ line: Polyline) {
    // A lone point is a line of no length, which a round cap makes a dot.
    let points = line.points.count == 1 ? line.points + line.points : line.points
    let places = points.map { "\(short($0.x * Self.width)),\(short($0.y * Self.height))" }
    let stroke = "stroke=\"\(colors.color(line.style.ink))\""
    if line.isDashed {
      let path = "M" + places.joined(separator: "L")
      text += "<path class=\"theory\" d=\"\(path)\" \(stroke) stroke-dasharray=\"5 5\" opacity=\"0.7\"/>\n"
    } else {
      let points = places.joined(separator: " ")
      text += "<polyline points=\"\(points)\" \(stroke) stroke-linecap=\"round\"/>\n"
    }
  }

  private func frame(_ cells: Rectangle) -> String {
    let (x, y) = (Self.width * Double(cells.column), Self.height * Double(cells.row))
    let (width, height) = (Self.width * Double(cells.size.width), Self.height * Double(cells.size.height))
    return "x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"\(short(height))\""
  }

  // MARK: Cells

  private mutating func draw(row: Int) {
    var words: [Grid.Run] = []
    for run in grid.runs(row: row) {
      if run.style.attributes.contains(.reverse) { ground(run, row) }
      var isWord = false
      for (offset, scalar) in run.text.unicodeScalars.enumerated() {
        let column = run.column + offset
        guard scalar != " ", !grid.isLine(row: row, column: column) else {
          isWord = false
          continue
        }
        if let parts = GlyphParts(scalar) {
          draw(parts, row, column, run.style)
          isWord = false
        } else if isWord {
          words[words.count - 1].text.unicodeScalars.append(scalar)
        } else {
          words.append(Grid.Run(column: column, style: run.style, text: String(scalar)))
          isWord = true
        }
      }
    }
    guard !words.isEmpty else { return }
    text += "<text y=\"\(short(Self.height * (Double(row) + 0.75)))\">"
    for word in words { draw(word) }
    text += "</text>\n"
  }

  /// Each word at its own column, so that a font with other widths cannot shift what follows.
  private mutating func draw(_ word: Grid.Run) {
    let attributes = colors.palette.attributes(word.style)
    let fill = attributes.contains(.reverse) ? colors.paper : colors.color(word.style.ink)
    let length = Self.width * Double(word.text.unicodeScalars.count)
    text += "<tspan x=\"\(short(Self.width * Double(word.column)))\" textLength=\"\(short(length))\""
    text += " fill=\"\(fill)\""
    if attributes.contains(.bold) { text += " font-weight=\"bold\"" }
    if attributes.contains(.dim) { text += " opacity=\"0.7\"" }
    text += ">\(Self.escaped(word.text))</tspan>"
  }

  private mutating func ground(_ run: Grid.Run, _ row: Int) {
    let size = Size(width: run.text.unicodeScalars.count, height: 1)
    let cells = Rectangle(row: row, column: run.column, size: size)
    text += "<rect \(frame(cells)) fill=\"\(colors.color(run.style.ink))\"/>\n"
  }

  private mutating func draw(_ parts: GlyphParts, _ row: Int, _ column: Int, _ style: Style) {
    let (left, top) = (Self.width * Double(column), Self.height * Double(row))
    var path = ""
    for part in parts.filled {
      path += "M\(short(left + Self.width * part.x)) \(short(top + Self.height * part.y))"
      path += "h\(short(Self.width * part.width))v\(short(Self.height * part.height))"
      path += "h\(short(-Self.width * part.width))z"
    }
    let color = colors.color(style.ink)
    if !path.isEmpty {
      text += "<path d=\"\(path)\" fill=\"\(color)\" fill-opacity=\"\(short(parts.opacity))\"/>\n"
    }
    let middle = "M\(short(left + Self.width / 2)) \(short(top + Self.height / 2))"
    let ends: [(GlyphParts.Strokes, String)] = [
      (.left, "h\(short(-Self.width / 2))"), (.right, "h\(short(Self.width / 2))"),
      (.up, "v\(short(-Self.height / 2))"), (.down, "v\(short(Self.height / 2))"),
    ]
    let strokes = ends.filter { parts.strokes.contains($0.0) }.map { middle + $0.1 }.joined()
    if !strokes.isEmpty { text += "<path d=\"\(strokes)\" stroke=\"\(color)\"/>\n" }
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      // XML has no place for them.
      case "\u{fffe}", "\u{ffff}": escaped += "?"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// Hundredths of a pixel: `12`, `12.5`, `12.25`.
private func short(_ x: Double) -> String {
  let rounded = (x * 100).rounded() / 100
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
