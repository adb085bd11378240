import Charts
import Explorer

/// A terminal that plays a script and keeps what it was shown. At the script's end it hangs up, so that a loop
/// that missed its cue ends too.
@MainActor
final class ScriptedTerminal: Terminal {
  enum Step {
    case events([Event])
    /// Time passes until the last frame's text is as wanted: with a wake pipe by waiting for others, else by
    /// as many empty waits as it takes.
    case until((String) -> Bool)

    static func keys(_ text: String) -> Step {
      .events(text.unicodeScalars.map { .key(.character($0)) })
    }
  }

  private(set) var size: Size
  let hasUnicode: Bool
  let background: Background? = nil
  var theme = Theme.standard
  var takesMouse = false
  private(set) var frames: [Grid] = []
  private(set) var cursors: [Cursor?] = []
  private(set) var redraws = 0
  /// The time limits of the waits.
  private(set) var limits: [Int?] = []
  /// Whether an `until` never came true.
  private(set) var isStuck = false
  private var steps: ArraySlice<Step>
  private let wakePipe: WakePipe?
  private var idle = 0

  init(
    _ steps: [Step], size: Size = Size(width: 80, height: 24), unicode: Bool = true, wakePipe: WakePipe? = nil
  ) {
    self.steps = steps[...]
    self.size = size
    self.wakePipe = wakePipe
    hasUnicode = unicode
  }

  /// The last frame's rows, one below the other.
  var screen: String { frames.last?.text ?? "" }

  func present(_ grid: Grid, cursor: Cursor?) {
    frames.append(grid)
    cursors.append(cursor)
  }

  func redraw() { redraws += 1 }

  func wait(milliseconds: Int?) -> [Event] {
    limits.append(milliseconds)
    while let step = steps.first {
      switch step {
      case .until(let holds) where holds(screen):
        steps.removeFirst()
        idle = 0
      case .until:
        return pass(milliseconds)
      case .events(let events):
        steps.removeFirst()
        for case .resized(let size) in events { self.size = size }
        return events
      }
    }
    return [.hangup]
  }

  private func pass(_ milliseconds: Int?) -> [Event] {
    idle += 1
    guard let wakePipe else {
      isStuck = idle > 10_000
      return isStuck ? [.hangup] : []
    }
    // Without a limit of the loop's own: 20 s at most for one sign of life.
    let isAwake = wakePipe.wait(milliseconds: milliseconds ?? 20_000)
    wakePipe.drain()
    isStuck = idle > 100_000 || (!isAwake && milliseconds == nil)
    return isStuck ? [.hangup] : isAwake ? [.woken] : []
  }
}
