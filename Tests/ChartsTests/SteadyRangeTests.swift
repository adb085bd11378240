import Charts
import Testing

@Suite struct SteadyRangeTests {
  private func following(_ extents: [ClosedRange<Double>], scale: Scale = .linear) -> SteadyRange {
    var range = SteadyRange(patience: 40)
    for (tick, extent) in extents.enumerated() { range.follow(extent, scale: scale, at: tick) }
    return range
  }

  @Test func itWidensAtOnceToTheTickGrid() {
    #expect(following([0...0.9]).range == 0...1)
    #expect(following([0...0.9, 0...3.3]).range == 0...4)
    #expect(following([0...0.9, -0.5...0.9]).range == -0.5...1)
    #expect(following([0.1...0.9, 0.02...0.9], scale: .log).range == 0.02...1)
  }

  @Test func itHoldsBothWhatItShowedAndWhatComes() {
    let ranges = AxisTests.ranges.map { $0.0...$0.1 }
    for (a, b) in zip(ranges, ranges.dropFirst()) {
      for scale in Scale.allCases where scale == .linear || min(a.lowerBound, b.lowerBound) > 0 {
        var range = SteadyRange(patience: 40)
        range.follow(a, scale: scale, at: 0)
        let before = range.range
        range.follow(b, scale: scale, at: 1)
        for value in [a.lowerBound, a.upperBound, b.lowerBound, b.upperBound] {
          // 1e-9: the tolerance with which ends are rounded to the grid.
          let slack = 1e-9 * max(abs(a.lowerBound), abs(a.upperBound), abs(b.lowerBound), abs(b.upperBound))
          #expect(
            range.range.map { value >= $0.lowerBound - slack && value <= $0.upperBound + slack } == true,
            "\(value) in \(String(describing: range.range)), before \(String(describing: before))")
        }
      }
    }
  }

  @Test func itNarrowsAfterItsPatienceAndNotBefore() {
    var range = SteadyRange(patience: 40)
    range.follow(0...9, scale: .linear, at: 0)
    for tick in 1...40 {
      range.follow(0...0.9, scale: .linear, at: tick)
      #expect(range.range == 0...10, "\(tick)")
    }
    range.follow(0...0.9, scale: .linear, at: 41)
    #expect(range.range == 0...1)
  }

  @Test func aWideValueInBetweenStartsTheWaitAnew() {
    var range = SteadyRange(patience: 40)
    for tick in 0...200 {
      range.follow(tick.isMultiple(of: 30) ? 0...9 : 0...0.9, scale: .linear, at: tick)
      #expect(range.range == 0...10, "\(tick)")
    }
  }

  @Test func aPausedRunIsFittedAtOnce() {
    var range = following([0...9])
    range.follow(0...0.9, scale: .linear, at: 1, isPaused: true)
    #expect(range.range == 0...1)
  }

  @Test func anotherScaleStartsAnew() {
    var range = following([0...9])
    range.follow(0.2...0.9, scale: .log, at: 1)
    #expect(range.range == 0.2...1)
  }

  @Test func zoomAndPanFreezeItAndResetReleases() {
    var range = following([0...9])
    range.zoom(by: 2, around: 0)
    #expect(range.range == 0...5 && range.isManual)
    range.follow(0...900, scale: .linear, at: 2)
    #expect(range.range == 0...5)
    range.pan(by: 0.5)
    #expect(range.range == 2.5...7.5)
    range.reset()
    #expect(range.range == nil && !range.isManual)
    range.follow(0...0.9, scale: .linear, at: 3)
    #expect(range.range == 0...1)
  }

  @Test func beforeAnyValueThereIsNoRange() {
    var range = SteadyRange(patience: 1)
    range.zoom(by: 2)
    range.follow(nil, scale: .log, at: 0)
    #expect(range.range == nil && !range.isManual)
  }
}
