import Charts
import Glibc
import Math

/// Opens the screen and stays until the user leaves.
@MainActor
package func runSession(_ scenario: Scenario, color: ColorChoice, glyphs: GlyphsChoice) throws(TerminalError)
  -> Session.End
{
  let wakePipe = try WakePipe()
  let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
  var terminal = try CursesTerminal(color: color.resolved(in: environment), wakePipe: wakePipe)
  let model = Model(
    scenario, glyphs: glyphs.resolved(hasUnicode: terminal.hasUnicode), memory: physicalMemory)
  var session = Session(model, mailbox: Mailbox(wakePipe: wakePipe))
  return session.play(on: &terminal)
}

extension GlyphsChoice {
  package func resolved(hasUnicode: Bool) -> Glyphs {
    switch self {
    case .auto: hasUnicode ? .braille : .ascii
    case .braille: .braille
    case .block: .block
    case .ascii: .ascii
    }
  }
}

/// The loop: wait, update, carry out, draw.
@MainActor
package struct Session {
  package enum End: Equatable {
    case quit, interrupted, hangup
  }

  package private(set) var model: Model
  private let mailbox: Mailbox
  private var engine: Engine
  private var lastFrame: ContinuousClock.Instant?

  /// At most twenty frames a second; between them news only accumulate.
  private static let frameInterval = Duration.milliseconds(50)

  package init(_ model: Model, mailbox: Mailbox) {
    self.model = model
    self.mailbox = mailbox
    engine = Engine(mailbox: mailbox)
  }

  package mutating func play(on terminal: inout some Terminal & ~Copyable) -> End {
    engine.prepare(model.scenario, run: model.run)
    _ = update(&model, .resized(terminal.size))
    draw(on: &terminal)
    var isStale = false
    while true {
      let events = terminal.wait(milliseconds: isStale ? millisecondsToNextFrame : nil)
      var isUrgent = false
      for event in events {
        switch event {
        case .hangup: return .hangup
        case .interrupted: return .interrupted
        case .woken, .mouse: break
        case .pasted(let text):
          isUrgent = true
          if handle(.pasted(text), &terminal) { return .quit }
        case .continued: isUrgent = true
        case .resized(let size):
          isUrgent = true
          if handle(.resized(size), &terminal) { return .quit }
        case .key(let key):
          isUrgent = true
          // Leave after the update, before waiting again.
          if handle(.key(key), &terminal) { return .quit }
        }
      }
      for report in mailbox.collect() {
        isStale = true
        if handle(.report(report), &terminal) { return .quit }
      }
      if isUrgent || (isStale && millisecondsToNextFrame <= 0) {
        draw(on: &terminal)
        isStale = false
      }
    }
  }

  /// - Returns: whether the user wants to leave.
  private mutating func handle(_ message: Message, _ terminal: inout some Terminal & ~Copyable) -> Bool {
    for command in update(&model, message) {
      switch command {
      case .prepare(let scenario, let run): engine.prepare(scenario, run: run)
      case .advance(let count):
        engine.advance(by: count, pace: model.pace, of: model.scenario, run: model.run)
      case .stop: engine.stop()
      case .lookAhead(let scenario): engine.lookAhead(scenario, run: model.run)
      case .diagnose(let series): engine.diagnose(model.scenario, series: series, run: model.run)
      case .save(let name, let lines):
        do throws(OutputError) {
          _ = update(&model, .answer("written to \(try NewFile.write(lines, named: name))"))
        } catch {
          _ = update(&model, .answer("\(error)"))
        }
      case .redraw: terminal.redraw()
      case .quit: return true
      }
    }
    return false
  }

  private var millisecondsToNextFrame: Int {
    guard let lastFrame else { return 0 }
    let left = Self.frameInterval - (.now - lastFrame)
    return max(0, Int((left / .milliseconds(1)).rounded(.up)))
  }

  private mutating func draw(on terminal: inout some Terminal & ~Copyable) {
    let screen = view(model, terminal.size)
    terminal.present(screen.grid, cursor: screen.cursor)
    lastFrame = .now
  }
}

extension Model {
  /// A run is shown in ten seconds, if it can be computed as fast.
  var pace: Pace { .stepsPerSecond(Double(max(1, scenario.steps)) / 10) }
}
