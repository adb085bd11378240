import Charts

/// What charts draw, beside the numbers that come.
struct Drawn: Equatable {
  /// The ranges of one are no ranges for another.
  struct Quantity: Equatable {
    var run: Int
    var layer: Int
    var lossSet: LossSet
    var isDifference: Bool
    var isSurvey: Bool
    var phase: PhaseAxes
  }

  var quantity: Quantity
  var hidden: Set<Int>
  var ghost: Int?
  var size: Size
}

extension Model {
  var drawn: Drawn {
    Drawn(
      quantity: Drawn.Quantity(
        run: run, layer: layer, lossSet: lossSet, isDifference: isDifference, isSurvey: survey != nil,
        phase: phase),
      hidden: hidden, ghost: past.ghost, size: size)
  }

  /// After every message: ranges widen at once, and narrow late or where the user changes what is drawn.
  mutating func followValues(since before: Drawn) {
    let drawn = drawn
    if drawn.quantity != before.quantity { ranges.reset() }
    let isAtOnce = isPaused || isFinished || drawn != before
    ranges.follow(.gap, gapExtent(self), scale: scale, isAtOnce: isAtOnce)
    ranges.follow(.loss, lossChart(self).extent, scale: lossScale, isAtOnce: isAtOnce)
    if let place = layout(size).places.first(where: { $0.panel == .spectrum }) {
      // What stands under the cursor is no course of numbers.
      ranges.follow(
        .spectrum, spectrumChart(self).extent(place.size), scale: scale, isAtOnce: isAtOnce || cursor != nil)
    }
    guard isOnScreen(.phase) else { return }
    let plane = phasePlane(self)
    let extents = plane.extents
    ranges.follow(.phaseX, extents.x, scale: plane.xScale, isAtOnce: isAtOnce)
    ranges.follow(.phaseY, extents.y, scale: plane.yScale, isAtOnce: isAtOnce)
  }
}
