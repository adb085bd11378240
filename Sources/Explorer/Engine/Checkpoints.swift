import Math

/// States of a run that it can be replayed from: the first, and others at even distances that double whenever
/// there is no room left.
package struct Checkpoints: Sendable {
  package private(set) var kept: [Simulation]
  /// The step of the last state offered.
  private(set) var reached: Int
  /// Steps from one to the next.
  private var interval = 1
  private let capacity: Int

  /// Room for the numbers of parameters and moments; a rule's scratch comes on top.
  package static let bytes = 1 << 28
  /// So no look back replays more than a thirty-second of the run, and a small one stays small.
  package static let most = 64

  package init(_ first: Simulation, bytes: Int = Self.bytes) {
    kept = [first.checkpoint]
    reached = first.step
    capacity = max(1, min(Self.most, bytes / max(1, first.checkpointBytes)))
  }

  package var steps: [Int] { kept.map(\.step) }

  /// Keeps a state that follows all that are kept, where one is due.
  package mutating func offer(_ simulation: Simulation) {
    reached = max(reached, simulation.step)
    guard capacity > 1, isDue(simulation.step) else { return }
    while kept.count >= capacity {
      interval *= 2
      let first = kept[0].step
      kept.removeAll { !($0.step - first).isMultiple(of: interval) }
    }
    if isDue(simulation.step) { kept.append(simulation.checkpoint) }
  }

  private func isDue(_ step: Int) -> Bool {
    step > kept[kept.count - 1].step && (step - kept[0].step).isMultiple(of: interval)
  }

  /// The last state by `step`; the first when there is none.
  package func nearest(_ step: Int) -> Simulation { kept.last { $0.step <= step } ?? kept[0] }
}
