/// Draws curves on a raster. Per dot column it keeps the first, lowest, highest and last value and joins
/// them, so that a spike of a single step shows at any width.
struct Tracer {
  let x: Axis
  let y: Axis
  private(set) var raster: Raster

  /// Where the line was last seen, in dots; nil before it starts.
  private(set) var head: (x: Int, y: Int)?
  /// Where the next piece joins; nil after a break.
  private var pen: (x: Int, y: Int)?
  private var pending = Piece()

  /// The values in one dot column; a value with no place on the axis is NaN.
  private struct Piece {
    var x = 0
    var first = Double.nan
    var last = Double.nan
    var low = Double.infinity
    var high = -Double.infinity
    var hasBreak = false
    var isEmpty = true
  }

  init(x: Axis, y: Axis, raster: Raster) {
    self.x = x
    self.y = y
    self.raster = raster
  }

  mutating func draw(_ curve: Curve, as index: Int, isDashed: Bool) {
    raster.begin(index, isDashed: isDashed)
    head = nil
    pen = nil
    for index in curve.indices(around: x.range) { add(curve.buckets[index]) }
    flush()
  }

  private func column(_ step: Int) -> Int? {
    x.dotColumn(of: Double(step), columns: raster.columns, dotsAcross: raster.glyphs.dotsAcross)
  }

  private mutating func add(_ bucket: Bucket) {
    guard let end = column(bucket.end) else { return }
    // What reaches in from the left, where a log axis has no place for step 0, shows at the edge.
    let start = bucket.end == bucket.start ? end : max(column(bucket.start) ?? .min, min(end, 0))
    let first = y.canPlace(bucket.first) ? bucket.first : .nan
    let last = y.canPlace(bucket.last) ? bucket.last : .nan
    let low = y.scale == .log ? bucket.smallestPositive : bucket.minimum
    let isWide = end != start
    add(
      first: first, last: isWide ? first : last, low: low, high: bucket.maximum,
      hasBreak: bucket.hasBreak, at: start)
    if isWide { add(first: last, last: last, low: last, high: last, hasBreak: false, at: end) }
  }

  private mutating func add(
    first: Double, last: Double, low: Double, high: Double, hasBreak: Bool, at x: Int
  ) {
    if !pending.isEmpty, pending.x != x { flush() }
    if pending.isEmpty {
      pending.isEmpty = false
      pending.x = x
      pending.first = first
    }
    pending.last = last
    pending.hasBreak = pending.hasBreak || hasBreak
    if low <= high {
      pending.low = min(pending.low, low)
      pending.high = max(pending.high, high)
    }
  }

  /// Draws the pending column: down from its highest to its lowest value, and joined with the one before.
  private mutating func flush() {
    let piece = pending
    pending = Piece()
    guard !piece.isEmpty else { return }
    let height = raster.height
    guard let top = y.dot(of: piece.high, among: height), let bottom = y.dot(of: piece.low, among: height)
    else {
      pen = nil
      return
    }
    if let pen, let first = y.dot(of: piece.first, among: height) {
      raster.join(pen.x, pen.y, piece.x, first)
    }
    let last = y.dot(of: piece.last, among: height)
    raster.fill(x: piece.x, bottom, top)
    if let last { raster.fill(x: piece.x, last, last) }
    head = (piece.x, last ?? top)
    // A line with a break in it ends here, and starts again in the next column.
    pen = piece.hasBreak ? nil : last.map { (piece.x, $0) }
  }
}
