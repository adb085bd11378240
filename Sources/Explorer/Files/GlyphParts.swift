import Charts

/// What a glyph is made of, for pictures that do not depend on a font: parts of a cell that it fills, and
/// strokes from the cell's middle to its edges.
struct GlyphParts: Equatable {
  /// In parts of a cell, from its upper left corner.
  struct Part: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  var filled: [Part] = []
  /// How much of what is filled covers the ground, 0 to 1.
  var opacity = 1.0
  var strokes: Strokes = []

  struct Strokes: OptionSet, Equatable {
    let rawValue: UInt8
    static let left = Strokes(rawValue: 1)
    static let right = Strokes(rawValue: 2)
    static let up = Strokes(rawValue: 4)
    static let down = Strokes(rawValue: 8)
  }

  /// Nil for a glyph that is text.
  init?(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x2581...0x2588:
      let height = Double(scalar.value - 0x2580) / 8
      filled = [Part(x: 0, y: 1 - height, width: 1, height: height)]
    case 0x2589...0x258f:
      filled = [Part(x: 0, y: 0, width: Double(0x2590 - scalar.value) / 8, height: 1)]
    case 0x2591...0x2593:
      filled = [Part(x: 0, y: 0, width: 1, height: 1)]
      opacity = Double(scalar.value - 0x2590) / 4
    case 0x2801...0x28ff:
      filled = Self.dots(scalar.value - 0x2800)
    case 0x1cd00...0x1ceab, 0x1fb82, 0x1fb85, 0x1fbe6, 0x1fbe7:
      guard let mask = Glyphs.octants.firstIndex(of: scalar) else { return nil }
      filled = Self.parts(of: mask, rows: 4)
    default:
      if let quarters = Self.quarters[scalar] {
        filled = Self.parts(of: quarters, rows: 2)
      } else if let strokes = Self.strokes[scalar] {
        self.strokes = strokes
      } else {
        return nil
      }
    }
  }

  /// Of a cell of two columns, row by row from the upper left, those whose bit is set.
  private static func parts(of mask: Int, rows: Int) -> [Part] {
    let height = 1 / Double(rows)
    var parts: [Part] = []
    for bit in 0..<2 * rows where mask >> bit & 1 == 1 {
      let (row, column) = bit.quotientAndRemainder(dividingBy: 2)
      parts.append(Part(x: 0.5 * Double(column), y: height * Double(row), width: 0.5, height: height))
    }
    return parts
  }

  /// Upper left 1, upper right 2, lower left 4, lower right 8.
  private static let quarters: [Unicode.Scalar: Int] = [
    "▀": 3, "▐": 10, "▖": 4, "▗": 8, "▘": 1, "▙": 13, "▚": 9, "▛": 7, "▜": 11, "▝": 2, "▞": 6, "▟": 14,
  ]

  private static let strokes: [Unicode.Scalar: Strokes] = [
    "─": [.left, .right], "━": [.left, .right], "│": [.up, .down], "┊": [.up, .down], "╎": [.up, .down],
    "┌": [.right, .down], "┐": [.left, .down], "└": [.right, .up], "┘": [.left, .up],
    "├": [.right, .up, .down], "┤": [.left, .up, .down], "┬": [.left, .right, .down],
    "┴": [.left, .right, .up], "┼": [.left, .right, .up, .down], "╨": [.left, .right, .up],
  ]

  /// Dots 1, 2, 3, 7 are on the left and 4, 5, 6, 8 on the right, from above.
  private static func dots(_ mask: UInt32) -> [Part] {
    let places: [(column: Int, row: Int)] = [
      (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3),
    ]
    var parts: [Part] = []
    for (bit, place) in places.enumerated() where mask >> UInt32(bit) & 1 == 1 {
      let (x, y) = (0.15 + 0.5 * Double(place.column), 0.06 + 0.25 * Double(place.row))
      parts.append(Part(x: x, y: y, width: 0.2, height: 0.12))
    }
    return parts
  }
}
