/// What a curve does within one column of dots: its first, lowest, highest and last value there, so that a
/// spike of a single step shows at any width. A value that has no place on the axis is NaN.
struct Stroke: Equatable {
  /// Columns of dots from the left.
  let x: Int
  let first: Double
  private(set) var last: Double
  private(set) var low: Double
  private(set) var high: Double
  private(set) var hasBreak: Bool

  /// Whether anything can be drawn.
  var isVisible: Bool { low <= high }

  fileprivate init(x: Int, _ value: Double, hasBreak: Bool) {
    self.x = x
    first = value
    last = value
    low = value.isNaN ? .infinity : value
    high = value.isNaN ? -.infinity : value
    self.hasBreak = hasBreak
  }

  /// All of a bucket.
  fileprivate init(x: Int, _ bucket: Bucket, _ y: Axis) {
    let lowest = y.scale == .log ? bucket.smallestPositive : bucket.minimum
    self.x = x
    first = y.canPlace(bucket.first) ? bucket.first : .nan
    last = y.canPlace(bucket.last) ? bucket.last : .nan
    low = lowest <= bucket.maximum ? lowest : .infinity
    high = lowest <= bucket.maximum ? bucket.maximum : -.infinity
    hasBreak = bucket.hasBreak
  }

  fileprivate mutating func merge(_ next: Stroke) {
    last = next.last
    low = min(low, next.low)
    high = max(high, next.high)
    hasBreak = hasBreak || next.hasBreak
  }
}

extension Curve {
  /// The curve over `columns` cells of `dotsAcross` dots, one stroke a column of dots that has samples.
  ///
  /// Reads two buckets a column, or all of them on a log axis, whose first columns hold few steps each.
  func strokes(x: Axis, y: Axis, columns: Int, dotsAcross: Int) -> [Stroke] {
    let column = { (step: Int) in
      x.dotColumn(of: Double(step), columns: columns, dotsAcross: dotsAcross)
    }
    let wanted = x.scale == .linear ? 2 * columns * dotsAcross : Curve.capacity
    var strokes: [Stroke] = []
    func add(_ stroke: Stroke) {
      if strokes.last?.x == stroke.x {
        strokes[strokes.count - 1].merge(stroke)
      } else {
        strokes.append(stroke)
      }
    }
    for bucket in buckets(around: x.range, atLeast: wanted) {
      if let start = column(bucket.start), bucket.end == bucket.start || column(bucket.end) == start {
        add(Stroke(x: start, bucket, y))
      } else {
        // A bucket over several columns, or with a step 0 that a log axis has no place for.
        for (step, value) in bucket.corners {
          guard let x = column(step) else { continue }
          // Where in the bucket a line breaks is not known: nothing in it is joined.
          add(Stroke(x: x, y.canPlace(value) ? value : .nan, hasBreak: bucket.hasBreak && step != bucket.end))
        }
      }
    }
    return strokes
  }
}
