/// Draws curves on a raster, and if asked to keeps each as a line that finer devices than cells can draw.
struct Tracer {
  let x: Axis
  let y: Axis
  private let keepsLines: Bool
  private(set) var raster: Raster

  /// Where the line was last seen, in dots; nil before it starts.
  private(set) var head: (x: Int, y: Int)?
  /// Where the next stroke joins; nil after a break.
  private var pen: (x: Int, y: Int)?
  /// The present curve, in pieces without a break; none unless lines are kept.
  private(set) var pieces: [[Point]] = []

  init(x: Axis, y: Axis, raster: Raster, keepsLines: Bool) {
    self.x = x
    self.y = y
    self.keepsLines = keepsLines
    self.raster = raster
  }

  mutating func draw(_ curve: Curve, as index: Int, isDashed: Bool) {
    raster.begin(index, isDashed: isDashed)
    head = nil
    pen = nil
    pieces = []
    for stroke in strokes(of: curve) { draw(stroke) }
  }

  /// Every other dot between the two curves, where nothing else is drawn.
  mutating func shade(from low: Curve, to high: Curve, as index: Int) {
    raster.begin(index, isDashed: false)
    var lows = strokes(of: low)[...]
    for top in strokes(of: high) where top.isVisible {
      lows = lows.drop { $0.x < top.x }
      guard let bottom = lows.first, bottom.x == top.x, bottom.isVisible,
        let y0 = y.dot(of: top.high.value, among: raster.height),
        let y1 = y.dot(of: bottom.low.value, among: raster.height)
      else { continue }
      raster.shade(x: top.x, y0, y1)
    }
  }

  private func strokes(of curve: Curve) -> [Stroke] {
    curve.strokes(x: x, y: y, columns: raster.columns, dotsAcross: raster.glyphs.dotsAcross)
  }

  /// From the stroke before to the first value, over all between the lowest and the highest, to the last.
  private mutating func draw(_ stroke: Stroke) {
    let height = raster.height
    guard stroke.isVisible, let top = y.dot(of: stroke.high.value, among: height),
      let bottom = y.dot(of: stroke.low.value, among: height)
    else {
      pen = nil
      return
    }
    // Most strokes rise or fall from end to end: these dots are known.
    func dot(_ value: Double) -> Int? {
      value == stroke.high.value ? top : value == stroke.low.value ? bottom : y.dot(of: value, among: height)
    }
    if let pen, let first = dot(stroke.first.value) { raster.join(pen.x, pen.y, stroke.x, first) }
    let last = dot(stroke.last.value)
    raster.fill(x: stroke.x, bottom, top)
    if let last { raster.fill(x: stroke.x, last, last) }
    if keepsLines { keep(stroke, isFirst: pen == nil) }
    head = (stroke.x, last ?? top)
    // A line with a break in it ends here, and starts again in the next column.
    pen = stroke.hasBreak ? nil : last.map { (stroke.x, $0) }
  }

  private mutating func keep(_ stroke: Stroke, isFirst: Bool) {
    if isFirst { pieces.append([]) }
    // First and last stay the ends; what lies between goes by its place.
    let between = [stroke.low, stroke.high].sorted { $0.place < $1.place }
    for corner in [stroke.first] + between + [stroke.last] {
      guard let y = y.place(of: corner.value, rows: raster.rows, dotsDown: raster.glyphs.dotsDown) else {
        continue
      }
      let point = Point(x: corner.place, y: y)
      if pieces[pieces.count - 1].last != point { pieces[pieces.count - 1].append(point) }
    }
  }
}
