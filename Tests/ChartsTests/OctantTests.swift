import Charts
import Testing

/// Numbers and names of The Unicode Standard 16.0, chart U1CC00: octant 1 is the upper left, 2 beside it, 8 the
/// lower right.
@Suite struct OctantTests {
  private func mask(_ octants: [Int]) -> Int { octants.reduce(0) { $0 | 1 << ($1 - 1) } }

  private static let names: [(code: UInt32, octants: [Int])] = [
    (0x1CD00, [3]), (0x1CD01, [2, 3]), (0x1CD04, [1, 4]), (0x1CD0D, [1, 3, 5]), (0x1CD13, [1, 2, 4, 5]),
    (0x1CDD3, [4, 6, 7, 8]), (0x1CDDB, [1, 5, 6, 7, 8]), (0x1CDE0, [1, 2, 3, 5, 6, 7, 8]),
    (0x1CDE5, [2, 3, 4, 5, 6, 7, 8]),
  ]

  @Test(arguments: names)
  func aNameTellsTheEighths(code: UInt32, octants: [Int]) {
    #expect(Glyphs.octants[mask(octants)].value == code)
  }

  @Test func everyMaskHasAGlyphOfItsOwn() {
    #expect(Glyphs.octants.count == 256 && Set(Glyphs.octants).count == 256)
    #expect(Glyphs.octants.count { 0x1CD00...0x1CDE5 ~= $0.value } == 230)
  }

  @Test func halvesAndQuartersAreThoseOfBlocks() {
    // Where both rows of a half are alike, the four halves of rows are the four quarters of a cell.
    let quarters: [Unicode.Scalar] = [
      " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
    ]
    for (i, quarter) in quarters.enumerated() {
      let (above, below) = (i & 3, i >> 2)
      #expect(Glyphs.octants[above | above << 2 | below << 4 | below << 6] == quarter)
    }
  }

  @Test func aCurveHasTheSameDotsAsInBraille() {
    func dots(_ glyphs: Glyphs) -> [[Int]] {
      chart([0, 1, 4, 9, 3, 3, 8], glyphs: glyphs).render(Size(width: 24, height: 8)).rows.map { row in
        row.unicodeScalars.map { scalar in
          if 0x2800...0x28FF ~= scalar.value { return Int(scalar.value - 0x2800).nonzeroBitCount }
          return glyphs == .octant
            ? Glyphs.octants.firstIndex(of: scalar)?.nonzeroBitCount ?? -1 : scalar == " " ? 0 : -1
        }
      }
    }
    #expect(dots(.octant) == dots(.braille))
  }
}
