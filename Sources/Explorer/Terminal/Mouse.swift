/// What the mouse did at a cell, counted from 0.
package struct Mouse: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Of the left button.
    case press, doubleClick, release
    /// With the button held since a press in this row.
    case drag(fromRow: Int)
    case wheelUp, wheelDown
  }

  package var kind: Kind
  package var row: Int
  package var column: Int

  package init(_ kind: Kind, row: Int, column: Int) {
    self.kind = kind
    self.row = row
    self.column = column
  }
}

/// Turns the reports of modes 1002 and 1006 into what the mouse did.
package struct MouseDecoder: Sendable {
  private var lastPress: (mouse: Mouse, time: ContinuousClock.Instant)?
  private var pressedRow = 0

  /// Two presses of one cell within this time are a double click.
  private static let doubleClickTime = Duration.milliseconds(400)

  package init() {}

  /// - Parameter button: xterm's code: the button in bits 0 and 1, Shift, Alt and Ctrl in 2 to 4, motion in 5,
  ///   the wheel in 6.
  /// - Returns: nil for what has no name here.
  package mutating func event(
    button: Int, row: Int, column: Int, isRelease: Bool, at time: ContinuousClock.Instant
  ) -> Mouse? {
    guard row >= 0, column >= 0 else { return nil }
    switch button & ~0b11100 {
    case 0 where isRelease: return Mouse(.release, row: row, column: column)
    case 0: return press(row: row, column: column, at: time)
    case 32: return Mouse(.drag(fromRow: pressedRow), row: row, column: column)
    case 64: return Mouse(.wheelUp, row: row, column: column)
    case 65: return Mouse(.wheelDown, row: row, column: column)
    default: return nil
    }
  }

  private mutating func press(row: Int, column: Int, at time: ContinuousClock.Instant) -> Mouse {
    let press = Mouse(.press, row: row, column: column)
    pressedRow = row
    if let (before, then) = lastPress, before == press, time - then <= Self.doubleClickTime {
      // A third press is a first one again.
      lastPress = nil
      return Mouse(.doubleClick, row: row, column: column)
    }
    lastPress = (press, time)
    return press
  }
}
