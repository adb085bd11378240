import Math
import Synchronization

/// What the tasks of one run share: the states it can be replayed from, and what somebody looks at.
final class RunMemory: Sendable {
  let course: Course
  /// The same of the run it branched off from.
  let trunk: RunMemory?
  private let checkpoints = Mutex<Checkpoints?>(nil)
  private let looked: Mutex<Wanted>

  /// - Parameter present: may be the run it branches off from, or a branch of that.
  init(_ course: Course, _ wanted: Wanted, knowing present: RunMemory? = nil) {
    self.course = course
    trunk = course.parent.map { present?.memory(of: $0) ?? RunMemory($0, wanted, knowing: present) }
    looked = Mutex(wanted)
  }

  /// Its own, or that of a run it branched off from.
  private func memory(of course: Course) -> RunMemory? {
    self.course == course ? self : trunk?.memory(of: course)
  }

  /// Of the run that others branched off from.
  var root: RunMemory { trunk?.root ?? self }

  /// A state that the run has come to.
  func offer(_ simulation: Simulation) {
    checkpoints.withLock { kept in
      if kept == nil { kept = Checkpoints(simulation) } else { kept?.offer(simulation) }
    }
  }

  /// The last step that the run has come to, on its trunk before its own first; less than 0 before there is one.
  var reached: Int {
    checkpoints.withLock { $0?.reached } ?? min(trunk?.reached ?? -1, course.start - 1)
  }

  /// States kept at even distances, at most `most` of the run itself and of each that it branched off from.
  func states(_ most: Int) -> [Simulation] {
    let past = trunk?.states(most).filter { $0.step < course.start } ?? []
    let kept = checkpoints.withLock { $0?.kept ?? [] }
    let stride = max(1, (kept.count + most - 1) / most)
    return past + kept.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  /// The last state kept by `step`, of the trunk where that is earlier; nil before the run is set up.
  func nearest(_ step: Int) -> Simulation? {
    if step < course.start, let trunk { return trunk.nearest(step) }
    return checkpoints.withLock { $0?.nearest(step) }
  }

  var wanted: Wanted {
    get { looked.withLock { $0 } }
    set {
      looked.withLock { $0 = newValue }
      // The way to a branch may not be over yet.
      trunk?.wanted = newValue
    }
  }
}
