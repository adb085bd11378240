import Math

/// How fast a run is shown: in ten seconds, a power of two faster or slower, or as fast as it can be computed.
package struct Speed: Equatable, Sendable {
  /// Times the usual, as a power of two; nil for no limit.
  package internal(set) var doublings: Int? = 0

  package init() {}

  /// Beyond these nothing is to be seen.
  private static let range = -6...6

  mutating func faster() { doublings = doublings.flatMap { $0 < Self.range.upperBound ? $0 + 1 : nil } }

  mutating func slower() {
    doublings = max(Self.range.lowerBound, (doublings ?? Self.range.upperBound + 1) - 1)
  }

  /// - Parameter seconds: that the whole run takes at the usual speed.
  package func pace(of scenario: Scenario, usual seconds: Double = 10) -> Pace {
    guard let doublings else { return .unlimited }
    let usual = Double(max(1, scenario.steps)) / seconds
    return .stepsPerSecond(doublings < 0 ? usual / Double(1 << -doublings) : usual * Double(1 << doublings))
  }

  /// `1×`, `1/4×`, `max`.
  package var text: String {
    guard let doublings else { return "max" }
    return doublings < 0 ? "1/\(1 << -doublings)×" : "\(1 << doublings)×"
  }
}
