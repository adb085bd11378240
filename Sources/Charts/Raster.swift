/// Dots of several series over the cells of a plot. A cell shows the dots of all, in the style of the first
/// that put one there.
struct Raster {
  let glyphs: Glyphs
  let columns: Int
  let rows: Int
  /// Dots across and down.
  let width: Int
  let height: Int

  private var masks: [UInt8]
  /// The series a cell belongs to, −1 for none.
  private var owners: [Int16]
  /// The same for shading, which shows only in cells without a line.
  private var shades: [UInt8]
  private var shaders: [Int16]

  /// The series that draws now; set by `begin`.
  private var owner: Int16 = -1
  private var skipsOddColumns = false
  /// The dot row where the present series left each column of cells, −1 where it was not.
  private(set) var trace: [Int32]

  init(columns: Int, rows: Int, glyphs: Glyphs) {
    self.glyphs = glyphs
    self.columns = columns
    self.rows = rows
    width = columns * glyphs.dotsAcross
    height = rows * glyphs.dotsDown
    masks = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: -1, count: columns * rows)
    shades = masks
    shaders = owners
    trace = Array(repeating: -1, count: columns)
  }

  /// What follows belongs to series `index`, dashed or not. Series that begin early own the cells they meet.
  mutating func begin(_ index: Int, isDashed: Bool) {
    owner = Int16(truncatingIfNeeded: index)
    skipsOddColumns = isDashed
    for column in 0..<columns { trace[column] = -1 }
  }

  /// The dots from `y0` to `y1`, in either order, of column `x`; what lies outside is cut off.
  mutating func fill(x: Int, _ y0: Int, _ y1: Int) {
    guard x >= 0, x < width else { return }
    let column = x / glyphs.dotsAcross
    if skipsOddColumns, column & 1 == 1 { return }
    let low = max(min(y0, y1), 0)
    let high = min(max(y0, y1), height - 1)
    guard low <= high else { return }
    trace[column] = Int32(min(max(y1, 0), height - 1))
    let across = x % glyphs.dotsAcross
    for y in low...high {
      let cell = y / glyphs.dotsDown * columns + column
      masks[cell] |= glyphs.bit(x: across, y: y % glyphs.dotsDown)
      if owners[cell] < 0 { owners[cell] = owner }
    }
  }

  /// Every other dot from `y0` to `y1`, in either order, of column `x`, in cells that no other series shades.
  mutating func shade(x: Int, _ y0: Int, _ y1: Int) {
    guard x >= 0, x < width else { return }
    let (low, high) = (max(min(y0, y1), 0), min(max(y0, y1), height - 1))
    guard low <= high else { return }
    let column = x / glyphs.dotsAcross
    for y in low...high where (x + y).isMultiple(of: 2) {
      let cell = y / glyphs.dotsDown * columns + column
      guard shaders[cell] < 0 || shaders[cell] == owner else { continue }
      shades[cell] |= glyphs.bit(x: x % glyphs.dotsAcross, y: y % glyphs.dotsDown)
      shaders[cell] = owner
    }
  }

  /// Joins (x0, y0) with (x1, y1), x0 < x1, half of each rise in the column it comes from.
  mutating func join(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int) {
    let slope = Double(y1 - y0) / Double(x1 - x0)
    var x = max(x0 + 1, 0)
    var before = y0 + Int((slope * Double(x - 1 - x0)).rounded())
    while x <= min(x1, width) {
      let y = y0 + Int((slope * Double(x - x0)).rounded())
      if abs(y - before) > 1 {
        let middle = (before + y) >> 1
        let next = y > before ? middle + 1 : middle
        fill(x: x - 1, before, y > before ? middle : middle + 1)
        fill(x: x, next, y)
      } else {
        fill(x: x, y, y)
      }
      before = y
      x += 1
    }
  }

  /// The dots on the straight line between two, which may lie far outside.
  /// - Returns: the last of them, nil where none is among those of the raster.
  @discardableResult
  mutating func line(_ a: (x: Int, y: Int), _ b: (x: Int, y: Int)) -> (x: Int, y: Int)? {
    let length = max(abs(b.x - a.x), abs(b.y - a.y))
    let (across, down) = (shares(from: a.x, to: b.x, width), shares(from: a.y, to: b.y, height))
    let (first, last) = (max(across.first, down.first), min(across.last, down.last))
    guard first <= last else { return nil }
    var end: (x: Int, y: Int)?
    for i in Int(first * Double(length))...Int((last * Double(length)).rounded(.up)) {
      let share = length == 0 ? 0 : Double(i) / Double(length)
      let x = a.x + Int((share * Double(b.x - a.x)).rounded())
      let y = a.y + Int((share * Double(b.y - a.y)).rounded())
      fill(x: x, y, y)
      if (0..<width).contains(x), (0..<height).contains(y) { end = (x, y) }
    }
    return end
  }

  /// Which part of the way from a to b, of 0 to 1, lies among `count` dots and one on either side; none: 1 to 0.
  private func shares(from a: Int, to b: Int, _ count: Int) -> (first: Double, last: Double) {
    guard a != b else { return (0..<count).contains(a) ? (0, 1) : (1, 0) }
    let ends = [-1, count].map { Double($0 - a) / Double(b - a) }
    return (max(0, min(ends[0], ends[1])), min(1, max(ends[0], ends[1])))
  }

  /// The owner and the glyph of a cell with dots of lines, else of shading; nil for an empty one.
  func cell(row: Int, column: Int) -> (owner: Int, glyph: Unicode.Scalar, isShade: Bool)? {
    let index = row * columns + column
    if masks[index] != 0 { return (Int(owners[index]), glyphs.dots(masks[index]), false) }
    return shades[index] == 0 ? nil : (Int(shaders[index]), glyphs.dots(shades[index]), true)
  }
}
