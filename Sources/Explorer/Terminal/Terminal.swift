import Charts

package enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  /// With Ctrl, named by the small letter; Ctrl-C and Ctrl-Z arrive as `Event`s.
  case control(Unicode.Scalar)
  case up, down, left, right
  /// Not in every terminal: `TERM=screen` has no arrows with Shift.
  case shiftLeft, shiftRight
  case home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete
  case function(Int)
}

package enum Event: Hashable, Sendable {
  case key(Key)
  case mouse(Mouse)
  /// What was pasted into the terminal, not typed.
  case pasted(String)
  case resized(Size)
  /// Ctrl-C: end with exit code 130.
  case interrupted
  /// Back from Ctrl-Z, the last frame already painted anew.
  case continued
  /// The terminal is gone: end, nothing can be shown or read any more.
  case hangup
  /// Someone called `WakePipe.wake()`; sometimes a signal, so there may be nothing to fetch.
  case woken
}

/// Where the terminal's cursor stands: shown where something is typed, else hidden on what has the focus, since
/// braille displays follow it.
package struct Cursor: Hashable, Sendable {
  package var row: Int
  package var column: Int
  package var isShown: Bool

  package init(row: Int, column: Int, isShown: Bool) {
    self.row = row
    self.column = column
    self.isShown = isShown
  }
}

/// What the session draws on and waits at.
@MainActor
package protocol Terminal: ~Copyable {
  var size: Size { get }

  /// Whether the locale can show more than ASCII.
  var hasUnicode: Bool { get }

  /// The terminal's background, where it is known.
  var background: Background? { get }

  /// The hues of the next frame.
  var theme: Theme { get set }

  /// Whether presses, drags and the wheel come as events; else the mouse selects text.
  var takesMouse: Bool { get set }

  /// Shows `grid`, clipped to the terminal.
  mutating func present(_ grid: Grid, cursor: Cursor?)

  /// Sends every cell of the last frame again.
  mutating func redraw()

  /// Everything that happened, at the latest after `milliseconds` (nil: no limit); empty when time is up.
  mutating func wait(milliseconds: Int?) -> [Event]
}
