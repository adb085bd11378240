import Charts
import Math

/// All that the screen depends on, but for its size.
package struct Model: Equatable, Sendable {
  package enum Overlay: Equatable, Sendable {
    case help
    case picker(Picker)
  }

  package internal(set) var scenario: Scenario
  /// Runs are numbered; news of an earlier one is dropped.
  package internal(set) var run = 1
  /// Nil until the run has been set up.
  package internal(set) var history: RunHistory?
  package internal(set) var isPaused = false
  package internal(set) var isFinished = false
  /// Why the run could not start.
  package internal(set) var failure: String?
  /// Series that are not drawn, by number.
  package internal(set) var hidden: Set<Int> = []
  package internal(set) var scale = Scale.log
  /// Whose gap and singular values are shown, counted from 0.
  package internal(set) var layer = 0
  package internal(set) var lossSet = LossSet.train
  package internal(set) var overlay: Overlay?
  /// One line that answers the last key, until the next.
  package internal(set) var notice: String?
  package let glyphs: Glyphs
  /// Bytes a run may take.
  package let memory: Double

  package init(_ scenario: Scenario, glyphs: Glyphs, memory: Double) {
    self.scenario = scenario
    self.glyphs = glyphs
    self.memory = memory
  }
}

/// The examples whose loss is shown.
package enum LossSet: String, Equatable, Sendable {
  case train, test

  var other: LossSet { self == .train ? .test : .train }
}

/// What happened.
package enum Message: Equatable, Sendable {
  case key(Key)
  case report(Report)
}

/// What is to be done about it.
package enum Command: Equatable, Sendable {
  case prepare(Scenario, run: Int)
  /// By so many steps, or to the end.
  case advance(Int?)
  case stop
  case redraw
  case quit
}
