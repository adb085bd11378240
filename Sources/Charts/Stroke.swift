/// What a curve does within one column of dots: its first, lowest, highest and last value there, so that a
/// spike of a single step shows at any width. A value that has no place on the axis is NaN.
struct Stroke {
  /// A value, and where it stands: columns of cells from the left.
  struct Corner {
    var place: Double
    var value: Double
  }

  /// Columns of dots from the left.
  let x: Int
  let first: Corner
  private(set) var last: Corner
  /// ∞ and −∞ if nothing can be drawn.
  private(set) var low: Corner
  private(set) var high: Corner
  private(set) var hasBreak: Bool

  var isVisible: Bool { low.value <= high.value }

  fileprivate init(x: Int, _ corner: Corner, hasBreak: Bool) {
    self.x = x
    first = corner
    last = corner
    low = corner.value.isNaN ? Corner(place: corner.place, value: .infinity) : corner
    high = corner.value.isNaN ? Corner(place: corner.place, value: -.infinity) : corner
    self.hasBreak = hasBreak
  }

  fileprivate mutating func merge(_ next: Stroke) {
    last = next.last
    if next.low.value < low.value { low = next.low }
    if next.high.value > high.value { high = next.high }
    hasBreak = hasBreak || next.hasBreak
  }
}

extension Curve {
  /// The curve over `columns` cells of `dotsAcross` dots, one stroke a column of dots that has samples.
  ///
  /// Reads two buckets a column, or all of them on a log axis, whose first columns hold few steps each.
  func strokes(x: Axis, y: Axis, columns: Int, dotsAcross: Int) -> [Stroke] {
    let wanted = x.scale == .linear ? 2 * columns * dotsAcross : Curve.capacity
    var strokes: [Stroke] = []
    var latest: Stroke?
    for bucket in buckets(around: x.range, atLeast: wanted) {
      bucket.forEachCorner(on: y.scale) { step, value in
        guard let place = x.place(of: Double(step), columns: columns) else { return }
        let corner = Stroke.Corner(place: place, value: y.canPlace(value) ? value : .nan)
        // Where in the bucket a line breaks is not known: nothing in it is joined.
        let stroke = Stroke(
          x: Int((place * Double(dotsAcross)).rounded(.down)), corner,
          hasBreak: bucket.hasBreak && step != bucket.end)
        if latest?.x == stroke.x {
          latest?.merge(stroke)
        } else {
          if let latest { strokes.append(latest) }
          latest = stroke
        }
      }
    }
    if let latest { strokes.append(latest) }
    return strokes
  }
}
