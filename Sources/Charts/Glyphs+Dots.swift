extension Glyphs {
  /// Dots beside one another in a cell.
  package var dotsAcross: Int {
    switch self {
    case .braille, .octant, .block: 2
    case .ascii: 1
    }
  }

  /// Dots above one another in a cell.
  package var dotsDown: Int {
    switch self {
    case .braille, .octant: 4
    case .block: 2
    case .ascii: 3
    }
  }

  /// The bit of the dot at (x, y) of a cell, from its upper left.
  func bit(x: Int, y: Int) -> UInt8 {
    switch self {
    case .braille: y == 3 ? (x == 0 ? 0x40 : 0x80) : 1 << UInt8(3 * x + y)
    case .octant, .block: 1 << UInt8(2 * y + x)
    case .ascii: 1 << UInt8(y)
    }
  }

  /// The glyph of a cell with the dots of `mask`.
  func dots(_ mask: UInt8) -> Unicode.Scalar {
    switch self {
    case .braille: Unicode.Scalar(0x2800 + UInt32(mask)) ?? " "
    case .octant: Self.octants[Int(mask)]
    case .block: Self.quadrants[Int(mask & 15)]
    case .ascii: Self.thirds[Int(mask & 7)]
    }
  }

  /// By upper left, upper right, lower left, lower right quarter.
  private static let quadrants: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]

  /// By upper, middle and lower third: one of them, two, all three.
  private static let thirds: [Unicode.Scalar] = [" ", "'", "-", ":", ".", ":", ":", "|"]
}
