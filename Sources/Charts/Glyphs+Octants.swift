extension Glyphs {
  /// The cell whose eighths, two across and four down, row by row from the upper left, are the bits of a mask.
  ///
  /// Unicode 16 numbers from U+1CD00, in the order of masks, those that no earlier character had been.
  package static let octants: [Unicode.Scalar] = {
    var next: UInt32 = 0x1CD00
    return (0...255).map { mask in
      if let scalar = earlier[mask] { return scalar }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? " "
    }
  }()

  private static let earlier: [Int: Unicode.Scalar] = [
    0: " ", 1: "\u{1CEA8}", 2: "\u{1CEAB}", 3: "\u{1FB82}", 5: "▘", 10: "▝", 15: "▀", 20: "\u{1FBE6}",
    40: "\u{1FBE7}", 63: "\u{1FB85}", 64: "\u{1CEA3}", 80: "▖", 85: "▌", 90: "▞", 95: "▛", 128: "\u{1CEA0}",
    160: "▗", 165: "▚", 170: "▐", 175: "▜", 192: "▂", 240: "▄", 245: "▙", 250: "▟", 252: "▆", 255: "█",
  ]
}
