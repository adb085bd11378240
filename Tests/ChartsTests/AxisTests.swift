import Charts
import Glibc
import Testing

/// A small generator with a written seed, so that a failure comes back.
struct Generator: RandomNumberGenerator {
  var state: UInt64 = 2026
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The number a label stands for: `1.5k`, `1e-3`, `0.25`.
func number(_ label: String) -> Double? {
  let units: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9]
  guard let unit = label.last.flatMap({ units[$0] }) else { return Double(label) }
  return Double(label.dropLast()).map { $0 * unit }
}

@Suite struct AxisTests {
  /// Ranges over many magnitudes, some narrow, some across zero.
  static let ranges: [(Double, Double)] = {
    var generator = Generator()
    return (0..<400).map { index in
      let size = pow(10, Double.random(in: -8...8, using: &generator))
      let low = Double.random(in: -1...1, using: &generator) * size
      let width = pow(10, Double.random(in: -3...1, using: &generator)) * size
      return index.isMultiple(of: 2) ? (low, low + width) : (abs(low), abs(low) + width)
    }
  }()

  @Test(arguments: Scale.allCases, [2, 3, 6, 8, 17, 50])
  func rowLabelsStandInTheRowOfTheirValue(scale: Scale, rows: Int) throws {
    for (low, high) in Self.ranges {
      let axis = Axis.fitting(low...high, scale: scale)
      let ticks = axis.rowTicks(rows: rows, dotsDown: 4, labelWidth: 5)
      #expect(!ticks.isEmpty, "\(low)...\(high) on \(axis.range)")
      #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks.map(\.label))")
      for tick in ticks {
        let value = try #require(number(tick.label), "\(tick.label)")
        #expect(
          abs(value - tick.value) <= 1e-9 * abs(tick.value) + 1e-12 * (axis.upper - axis.lower), "\(tick)")
        #expect(axis.row(of: tick.value, rows: rows, dotsDown: 4) == tick.place, "\(tick)")
        #expect(tick.label.count <= 5, "\(tick)")
      }
      for (lower, upper) in zip(ticks, ticks.dropFirst()) {
        #expect(lower.place - upper.place >= 2, "\(lower) \(upper)")
      }
    }
  }

  @Test(arguments: Scale.allCases, [8, 20, 31, 72, 150])
  func columnLabelsStandInTheColumnOfTheirStep(scale: Scale, columns: Int) throws {
    for steps in [1, 2, 3, 7, 10, 50, 99, 1000, 1234, 2000, 65_536, 1_000_000, 123_456_789] {
      let axis = Axis.steps(steps, scale: scale)
      let ticks = axis.columnTicks(columns: columns)
      #expect(!ticks.isEmpty, "\(steps)")
      #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks.map(\.label))")
      for tick in ticks {
        #expect(try abs(#require(number(tick.label)) - tick.value) <= 1e-9 * tick.value, "\(tick)")
        #expect(axis.column(of: tick.value, columns: columns) == tick.place, "\(tick)")
      }
      for (left, right) in zip(ticks, ticks.dropFirst()) {
        #expect(left.start + left.label.count < right.start, "\(left) \(right)")
      }
    }
  }

  @Test func aRangeOfTwoDecadesOrMoreIsLabelledByPowersOfTen() {
    for (low, high) in Self.ranges where low > 0 {
      for factor in [1.0, 100, 1e6] {
        let axis = Axis.fitting(low...high * factor, scale: .log)
        guard log10(axis.upper / axis.lower) >= 2 else { continue }
        for tick in axis.rowTicks(rows: 8, dotsDown: 4, labelWidth: 5) {
          #expect(tick.label.wholeMatch(of: /1e-?[0-9]+|0\.0*1|1|10+/) != nil, "\(tick.label)")
        }
      }
    }
  }

  @Test(arguments: [6, 10, 40])
  func moreThanFiveDecadesAreLabelledAtMostEverySecond(rows: Int) {
    for (low, high) in Self.ranges where low > 0 {
      let axis = Axis.fitting(low...high * 1e6, scale: .log)
      let ticks = axis.rowTicks(rows: rows, dotsDown: 4, labelWidth: 5)
      for (lower, upper) in zip(ticks, ticks.dropFirst()) {
        #expect(upper.value / lower.value > 99, "\(ticks.map(\.label))")
      }
    }
  }

  @Test(arguments: [4, 8, 20])
  func lessThanTwoDecadesAreLabelledByOneTwoAndFive(rows: Int) {
    for (low, high) in Self.ranges where low > 0 {
      let axis = Axis.fitting(low...high, scale: .log)
      guard log10(axis.upper / axis.lower) < 2 - 1e-9 else { continue }
      for tick in axis.rowTicks(rows: rows, dotsDown: 4, labelWidth: 5) {
        let digit = tick.label.first { $0 != "0" && $0 != "." }
        #expect(digit.map { "125".contains($0) } == true, "\(tick.label) on \(axis.range)")
      }
    }
  }

  @Test(arguments: Scale.allCases)
  func aZoomKeepsAValueInItsPlace(scale: Scale) throws {
    let axis = Axis(0.1, 1000, scale: scale)
    for value in [0.1, 3, 400, 1000] {
      for factor in [0.5, 1.25, 2, 100] {
        let zoomed = axis.zoomed(by: factor, around: value)
        // 1e-9: rounding of a power of ten and its logarithm.
        let before = try #require(axis.fraction(value)), after = try #require(zoomed.fraction(value))
        #expect(abs(before - after) < 1e-9 * factor)
        let ends = try [#require(axis.fraction(zoomed.lower)), #require(axis.fraction(zoomed.upper))]
        #expect(abs((ends[1] - ends[0]) * factor - 1) < 1e-9)
      }
    }
    let moved = axis.panned(by: 0.25)
    #expect(try abs(#require(axis.fraction(moved.lower)) - 0.25) < 1e-9)
    #expect(axis.panned(by: 0.25).limited(to: axis) == axis)
    let part = axis.zoomed(by: 2).panned(by: -3).limited(to: axis)
    #expect(abs(part.lower / axis.lower - 1) < 1e-9 && part.upper < axis.upper)
  }

  @Test func aZoomEndsWhereNumbersCannotTellTheEndsApart() {
    for start in [Axis(0, 1), Axis(1, 2, scale: .log), Axis.steps(1_000_000), Axis(5, 6)] {
      var axis = start
      for _ in 0..<200 { axis = axis.zoomed(by: 2, around: start.lower + 0.3 * (start.upper - start.lower)) }
      #expect(start.range.contains(axis.lower) && start.range.contains(axis.upper), "\(axis.range)")
      #expect(start.unit != .steps || axis.upper - axis.lower >= 2)
    }
  }

  @Test(
    arguments: [
      (0.05, 5.0, Scale.log, ["0.1", "1"]),
      (0.5, 5, .log, ["0.5", "1", "2", "5"]),
      (1e-3, 1, .log, ["1e-3", "1e-2", "1e-1", "1e0"]),
      (1e-3, 1e3, .log, ["1e-3", "1e-1", "1e1", "1e3"]),
      (1e-4, 1e4, .log, ["1e-4", "1e-2", "1e0", "1e2", "1e4"]),
      (1e-3, 1e90, .log, ["1e0", "1e20", "1e40", "1e60", "1e80"]),
      (0, 3, .linear, ["0", "1", "2", "3"]),
      (0, 1, .linear, ["0", "0.5", "1.0"]),
      (-2, 2, .linear, ["-2", "-1", "0", "1", "2"]),
      (0, 0.01, .linear, ["0", "5e-3", "1e-2"]),
      (0, 99_999, .linear, ["0", "50000"]),
      (0, 2e6, .linear, ["0", "5e5", "1e6", "1.5e6", "2e6"]),
    ])
  func labelsOfTenRowsAreWrittenInOneFormat(low: Double, high: Double, scale: Scale, labels: [String]) {
    let ticks = Axis(low, high, scale: scale).rowTicks(rows: 10, dotsDown: 4, labelWidth: 5)
    #expect(ticks.map(\.label) == labels)
  }

  @Test(
    arguments: [
      (2000, 72, ["0", "500", "1k", "1.5k", "2k"], [0, 18, 36, 53, 71]),
      (2000, 31, ["0", "500", "1k", "1.5k", "2k"], [0, 8, 15, 23, 30]),
      (3, 40, ["0", "1", "2", "3"], [0, 13, 26, 39]),
    ])
  func stepsAreLabelledLikeTheDesign(steps: Int, columns: Int, labels: [String], places: [Int]) {
    let ticks = Axis.steps(steps).columnTicks(columns: columns)
    #expect(ticks.map(\.label) == labels)
    #expect(ticks.map(\.place) == places)
  }

  @Test(
    arguments: [
      ([], Scale.linear, 0.0...1.0), ([.nan, .infinity], .linear, 0...1),
      ([0], .linear, 0...1), ([5], .linear, 2...8), ([-5], .linear, -8 ... -2),
      ([0.003, 0.16], .linear, 0...0.2), ([-1, 3], .linear, -1...3),
      ([], .log, 0.1...1), ([0, -3], .log, 0.1...1), ([1], .log, 0.5...2), ([3], .log, 2...5),
      ([0, 0.07, 3], .log, 0.05...5), ([0.1, 10], .log, 0.1...10),
    ])
  func fittedRangesEndOnTidyNumbers(values: [Double], scale: Scale, range: ClosedRange<Double>) {
    let fitted = Axis.fitting(values: values, scale: scale).range
    #expect(abs(fitted.lowerBound - range.lowerBound) < 1e-9, "\(fitted)")
    #expect(abs(fitted.upperBound - range.upperBound) < 1e-9, "\(fitted)")
  }

  static let extremes: [[Double]] = [
    [1e300], [-1e300], [1e-300], [-1e300, 1e300], [1e-300, 1e300], [.leastNonzeroMagnitude],
    [0, .leastNonzeroMagnitude],
    [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [.greatestFiniteMagnitude],
    [-.leastNonzeroMagnitude, 0],
    [1, 1 + 1e-15], [1e15, 1e15 + 1], [123_456, 123_457], [-99.99, -99.98],
  ]

  @Test(arguments: extremes, Scale.allCases)
  func extremeValuesGetAnAxis(values: [Double], scale: Scale) {
    let axis = Axis.fitting(values: values, scale: scale)
    #expect(axis.lower < axis.upper, "\(axis.range)")
    #expect(axis.lower.isFinite && axis.upper.isFinite, "\(axis.range)")
    for value in values where abs(value) <= 1e300 && axis.canPlace(value) && value >= 1e-300 {
      #expect(axis.range.contains(value), "\(value) in \(axis.range)")
    }
    for rows in 0...12 {
      let ticks = axis.rowTicks(rows: rows, dotsDown: 4, labelWidth: 5)
      #expect(ticks.count <= max(0, rows), "\(ticks)")
    }
  }

  @Test func rangesThatCannotBeShownAreReplaced() {
    for scale in Scale.allCases {
      for bounds in [(1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-1, 0), (-5, 5), (0, 0)] {
        let axis = Axis(bounds.0, bounds.1, scale: scale)
        #expect(axis.lower < axis.upper, "\(bounds) on \(scale): \(axis.range)")
        #expect(scale == .linear || axis.lower > 0, "\(bounds) on \(scale): \(axis.range)")
      }
    }
  }

  @Test func whatAScaleCannotShowHasNoPlace() {
    let log = Axis(0.1, 10, scale: .log)
    #expect(log.fraction(0) == nil)
    #expect(log.fraction(-1) == nil)
    #expect(log.fraction(.nan) == nil)
    #expect(log.row(of: 100, rows: 5, dotsDown: 4) == nil)
    #expect(Axis(0, 1).dot(of: .infinity, among: 8) == nil)
    #expect(Axis(0, 1).dot(of: 1, among: 8) == 0)
    #expect(Axis(0, 1).dot(of: 0, among: 8) == 7)
  }
}
