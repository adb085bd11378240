import Math
import Synchronization

/// What the tasks of one run share: the states it can be replayed from, and what somebody looks at.
final class RunMemory: Sendable {
  let course: Course
  private let checkpoints = Mutex<Checkpoints?>(nil)
  private let looked: Mutex<Wanted>

  init(_ course: Course, _ wanted: Wanted) {
    self.course = course
    looked = Mutex(wanted)
  }

  /// A state that the run has come to.
  func offer(_ simulation: Simulation) {
    checkpoints.withLock { kept in
      if kept == nil { kept = Checkpoints(simulation) } else { kept?.offer(simulation) }
    }
  }

  /// Of the states kept, at most `most`, evenly spread.
  func states(_ most: Int) -> [Simulation] {
    let kept = checkpoints.withLock { $0?.kept ?? [] }
    let stride = max(1, (kept.count + most - 1) / most)
    return kept.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  /// The last state kept by `step`; nil before the run is set up.
  func nearest(_ step: Int) -> Simulation? { checkpoints.withLock { $0?.nearest(step) } }

  var wanted: Wanted {
    get { looked.withLock { $0 } }
    set { looked.withLock { $0 = newValue } }
  }
}
