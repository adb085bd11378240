/// A size in terminal cells.
package struct Size: Hashable, Sendable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
  }
}

/// What a cell looks like, named by its use; the terminal turns it into colours.
package enum Ink: UInt8, CaseIterable, Sendable {
  /// The terminal's own foreground.
  case standard
  /// The hues of the series 1 to 6.
  case series1, series2, series3, series4, series5, series6
  /// Lines and words of theory, and whatever may step back.
  case theory
  /// What went wrong.
  case alert

  /// The hue of series `number`, 1 to 6; later numbers start over.
  package static func series(_ number: Int) -> Ink {
    Ink(rawValue: UInt8((max(1, number) - 1) % 6 + 1)) ?? .standard
  }
}

package struct Style: Hashable, Sendable {
  package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let reverse = Attributes(rawValue: 4)
  }

  package var ink: Ink
  package var attributes: Attributes

  package init(_ ink: Ink = .standard, _ attributes: Attributes = []) {
    self.ink = ink
    self.attributes = attributes
  }

  package static let plain = Style()
  package static let bold = Style(.standard, .bold)
  package static let theory = Style(.theory)
}

/// A rectangle of cells, each one scalar of width 1 with a style. Writing outside is clipped.
package struct Grid: Equatable, Sendable {
  package let size: Size
  package private(set) var scalars: [UInt32]
  package private(set) var styles: [Style]
  /// The lines of charts, and what was drawn over them, for devices that draw finer than cells.
  package private(set) var layers: [Layer] = []
  /// Cells that show nothing but a line of the layers; empty if there are none.
  private var isLine: [Bool] = []

  package init(_ size: Size) {
    self.size = size
    scalars = Array(repeating: 0x20, count: size.width * size.height)
    styles = Array(repeating: .plain, count: size.width * size.height)
  }

  package func contains(row: Int, column: Int) -> Bool {
    row >= 0 && row < size.height && column >= 0 && column < size.width
  }

  package func scalar(row: Int, column: Int) -> UInt32 {
    contains(row: row, column: column) ? scalars[row * size.width + column] : 0x20
  }

  package func style(row: Int, column: Int) -> Style {
    contains(row: row, column: column) ? styles[row * size.width + column] : .plain
  }

  /// Sets one cell. A control character becomes `?`: text from a file never steers the terminal.
  /// - Parameter isLine: it is a part of a line that the layers have as well.
  package mutating func put(
    _ scalar: Unicode.Scalar, row: Int, column: Int, style: Style = .plain, isLine: Bool = false
  ) {
    guard contains(row: row, column: column) else { return }
    let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    scalars[row * size.width + column] = isControl ? 0x3f : scalar.value
    styles[row * size.width + column] = style
    mark(row * size.width + column, isLine: isLine)
  }

  private mutating func mark(_ cell: Int, isLine marked: Bool) {
    if isLine.isEmpty {
      guard marked else { return }
      isLine = Array(repeating: false, count: scalars.count)
    }
    isLine[cell] = marked
  }

  /// Whether the cell shows nothing but a part of a line that the layers have as well.
  package func isLine(row: Int, column: Int) -> Bool {
    contains(row: row, column: column) && !isLine.isEmpty && isLine[row * size.width + column]
  }

  mutating func add(_ layer: Layer) { layers.append(layer) }

  /// Writes `text` from `column` on, one scalar a cell.
  package mutating func put(_ text: String, row: Int, column: Int, style: Style = .plain) {
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      put(scalar, row: row, column: column + offset, style: style)
    }
  }

  /// Copies `other` with its upper left corner at (row, column).
  package mutating func draw(_ other: Grid, row: Int, column: Int) {
    let columns = max(0, -column)..<max(0, -column, min(other.size.width, size.width - column))
    for r in 0..<other.size.height where (0..<size.height).contains(row + r) {
      let (source, target) = (r * other.size.width, (row + r) * size.width + column)
      let cells = source + columns.lowerBound..<source + columns.upperBound
      let places = target + columns.lowerBound..<target + columns.upperBound
      scalars.replaceSubrange(places, with: other.scalars[cells])
      styles.replaceSubrange(places, with: other.styles[cells])
      guard !isLine.isEmpty || !other.isLine.isEmpty else { continue }
      for c in columns { mark(target + c, isLine: !other.isLine.isEmpty && other.isLine[source + c]) }
    }
    if !layers.isEmpty { layers.append(.cover(Rectangle(row: row, column: column, size: other.size))) }
    layers += other.layers.map { $0.moved(row: row, column: column) }
  }

  /// The runs of cells of one style in a row that are not as in `before`, which has the same size; without it all.
  package func changes(in row: Int, since before: Grid?) -> [Range<Int>] {
    let (oldScalars, oldStyles, isNew) = (before?.scalars ?? [], before?.styles ?? [], before == nil)
    var runs: [Range<Int>] = []
    for cell in row * size.width..<(row + 1) * size.width
    where isNew || oldScalars[cell] != scalars[cell] || oldStyles[cell] != styles[cell] {
      if let last = runs.last, last.upperBound == cell, styles[last.lowerBound] == styles[cell] {
        runs[runs.count - 1] = last.lowerBound..<cell + 1
      } else {
        runs.append(cell..<cell + 1)
      }
    }
    return runs
  }

  /// The rows as text, each exactly `size.width` scalars long.
  package var rows: [String] {
    (0..<size.height).map { row in
      var text = String.UnicodeScalarView()
      for column in 0..<size.width {
        text.append(Unicode.Scalar(scalars[row * size.width + column]) ?? "?")
      }
      return String(text)
    }
  }

  package var text: String { rows.joined(separator: "\n") }
}
