import Math

/// A run of this session that another has followed.
package struct PastRun: Equatable, Sendable {
  package let number: Int
  package let course: Course
  /// As far as it went, with all its curves.
  package let history: RunHistory

  package init(number: Int, course: Course, history: RunHistory) {
    self.number = number
    self.course = course
    self.history = history
  }

  package var step: Int { history.step }

  /// The numbers of a series at its end; nil where it has none, or none any more.
  package func end(_ i: Int, layer: Int = 0) -> (gap: Double?, overFloor: Double?, loss: Double?) {
    func finite(_ x: Double?) -> Double? { x.flatMap { $0.isFinite ? $0 : nil } }
    let latest = history.latest
    return (
      i == 0 ? nil : finite(latest?.layers[layer].gaps[i]), history.layers[layer].gapOverFloor(i),
      finite(latest?.losses[i])
    )
  }
}

/// The runs of a session before the present one.
package struct PastRuns: Equatable, Sendable {
  /// The newest last.
  package private(set) var runs: [PastRun] = []
  /// The one whose curves are drawn dim behind the present run's, by number.
  package var ghost: Int?

  /// Curves of a run take a few megabytes at most.
  package static let most = 24

  package init() {}

  package mutating func add(_ run: PastRun) {
    runs.append(run)
    if runs.count > Self.most { runs.removeFirst() }
    if !runs.contains(where: { $0.number == ghost }) { ghost = nil }
  }

  package func named(_ number: Int) -> PastRun? { runs.first { $0.number == number } }

  /// What there is, for a message.
  var numbers: String {
    runs.isEmpty ? "there are none yet" : "there are " + runs.map { "\($0.number)" }.joined(separator: ", ")
  }

  package var ghostRun: PastRun? { ghost.flatMap(named) }
}
