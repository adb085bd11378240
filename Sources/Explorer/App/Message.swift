import Charts
import Math

/// What happened.
package enum Message: Equatable, Sendable {
  case key(Key)
  case report(Report)
  /// The screen has this size, from the start and after every change.
  case resized(Size)
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
