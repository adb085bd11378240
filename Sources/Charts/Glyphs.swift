/// What charts are drawn with: lines and, for curves, braille, eighths or quarters of a cell; or nothing but ASCII.
package enum Glyphs: String, CaseIterable, Sendable {
  /// Octants are only for who asks: they came with Unicode 16, and few fonts have them.
  case braille, octant, block, ascii

  /// The set after this one, round and round.
  package var next: Glyphs {
    switch self {
    case .braille, .octant: .block
    case .block: .ascii
    case .ascii: .braille
    }
  }

  package var corner: Unicode.Scalar { pick("└", "+") }
  package var horizontal: Unicode.Scalar { pick("─", "-") }
  package var vertical: Unicode.Scalar { pick("│", "|") }
  /// A label's tick on the vertical axis.
  package var rowTick: Unicode.Scalar { pick("┤", "+") }
  /// A label's tick on the horizontal axis.
  package var columnTick: Unicode.Scalar { pick("┬", "+") }

  /// The line between the values a variant can follow and those it cannot.
  package var cut: Unicode.Scalar { pick("╎", ":") }
  package var cutFoot: Unicode.Scalar { pick("╨", "+") }

  package var cursor: Unicode.Scalar { pick("┊", ":") }
  package var cursorFoot: Unicode.Scalar { pick("▲", "^") }
  package var cross: Unicode.Scalar { pick("✗", "x") }

  package var elapsed: Unicode.Scalar { pick("━", "=") }
  package var ahead: Unicode.Scalar { pick("─", "-") }
  package var now: Unicode.Scalar { pick("●", "O") }
  package var event: Unicode.Scalar { pick("◆", "*") }

  /// A bar as a legend shows it.
  package var barKey: String { pick("▇", "#") }
  /// What marks a line of an earlier run; lines in ASCII are drawn with the other.
  package var past: Unicode.Scalar { pick("'", "~") }
  /// A line of theory as a legend shows it.
  package var dashKey: String { pick("┄", "--") }

  /// One cell of a bar, filled from below by 0 to 8 eighths.
  package func bar(eighths: Int) -> Unicode.Scalar {
    let filled = min(max(eighths, 0), 8)
    switch self {
    case .braille, .octant, .block: return Self.eighths[filled]
    case .ascii: return Self.quarters[(filled + 1) / 2]
    }
  }

  /// One cell of a lying bar, filled from the left by 0 to 8 eighths.
  package func lyingBar(eighths: Int) -> Unicode.Scalar {
    let filled = min(max(eighths, 0), 8)
    switch self {
    case .braille, .octant, .block: return Self.lyingEighths[filled]
    case .ascii: return filled == 0 ? " " : filled < 8 ? "-" : "#"
    }
  }

  /// One of the five levels 0 to 4 of a map.
  package func shade(_ level: Int) -> Unicode.Scalar {
    let level = min(max(level, 0), 4)
    switch self {
    case .braille, .octant, .block: return Self.shades[level]
    case .ascii: return Self.quarters[level]
    }
  }

  private static let lyingEighths: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  private static let shades: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]
  private static let eighths: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let quarters: [Unicode.Scalar] = [" ", ".", "-", "=", "#"]

  private func pick<Glyph>(_ unicode: Glyph, _ ascii: Glyph) -> Glyph {
    switch self {
    case .braille, .octant, .block: unicode
    case .ascii: ascii
    }
  }
}
