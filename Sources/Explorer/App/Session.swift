import Charts
import Glibc
import Math

/// How the program was asked to appear.
package struct SessionOptions: Sendable {
  package var color = ColorChoice.auto
  package var glyphs = GlyphsChoice.auto
  /// The remembered one when nil.
  package var theme: Theme?
  package var takesMouse = true
  package var isPaused = false
  /// One frame a second, so that eyes and braille displays can follow.
  package var isCalm = false
  package var convention = Convention.house
  /// Opened over the run.
  package var lessons: LessonPlay?
  /// What is to be known of the run.
  package var notice: String?

  package init() {}
}

/// Opens the screen and stays until the user leaves.
@MainActor
package func runSession(_ course: Course, _ options: SessionOptions) throws(TerminalError) -> Session.End {
  let wakePipe = try WakePipe()
  var terminal = try CursesTerminal(color: options.color.resolved(in: environment), wakePipe: wakePipe)
  let glyphSets = terminal.glyphSets
  if options.glyphs == .octant, !glyphSets.contains(.octant) { throw .noOctants }
  let memory = Memory(PreferencesFile(in: environment))
  let remembered = memory.preferences.glyphs.flatMap {
    glyphSets.contains($0.resolved(hasUnicode: terminal.hasUnicode)) ? $0 : nil
  }
  let glyphs = options.glyphs == .auto ? remembered : nil
  var model = Model(
    course, glyphs: (glyphs ?? options.glyphs).resolved(hasUnicode: terminal.hasUnicode),
    memory: physicalMemory, convention: options.convention)
  model.glyphSets = glyphSets
  model.theme = options.theme ?? memory.preferences.theme(on: terminal.background) ?? .standard
  model.takesMouse = options.takesMouse
  model.isPaused = options.isPaused
  model.notice = options.notice ?? memory.notice
  model.lessons = options.lessons
  var session = Session(model, mailbox: Mailbox(wakePipe: wakePipe), memory: memory, isCalm: options.isCalm)
  return session.play(on: &terminal)
}

/// A variable of the environment.
package func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

extension GlyphsChoice {
  /// - Parameter terminal: its type; the fonts of a Linux console have no braille.
  package func resolved(hasUnicode: Bool, on terminal: String? = environment("TERM")) -> Glyphs {
    switch self {
    case .auto: !hasUnicode ? .ascii : terminal == "linux" ? .block : .braille
    case .braille: .braille
    case .octant: .octant
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
  private var memory: Memory
  /// When one is due again.
  private var nextFrame: ContinuousClock.Instant?

  /// From one to the next; between them news only accumulate. A key is answered at once.
  package let frameInterval: Duration

  package init(_ model: Model, mailbox: Mailbox, memory: Memory = Memory(nil), isCalm: Bool = false) {
    self.model = model
    frameInterval = .milliseconds(isCalm ? 1000 : 50)
    self.memory = memory
    self.mailbox = mailbox
    engine = Engine(mailbox: mailbox)
  }

  package mutating func play(on terminal: inout some Terminal & ~Copyable) -> End {
    // What is wanted of the first step depends on the size.
    _ = handle(.resized(terminal.size), &terminal)
    engine.prepare(model.course, run: model.run)
    if model.lessons != nil { _ = carryOut(perform(&model, .lesson(.open(nil))), &terminal) }
    draw(on: &terminal)
    var isStale = false
    while true {
      let events = terminal.wait(milliseconds: isStale ? millisecondsToNextFrame : nil)
      var isUrgent = false
      for event in events {
        switch event {
        case .hangup: return .hangup
        case .interrupted: return .interrupted
        case .woken: break
        case .continued: isUrgent = true
        case .resized(let size):
          isUrgent = true
          if handle(.resized(size), &terminal) { return .quit }
        case .key(let key):
          isUrgent = true
          // Leave after the update, before waiting again.
          if handle(.key(key), &terminal) { return .quit }
        case .mouse(let mouse):
          isUrgent = true
          if handle(.mouse(mouse), &terminal) { return .quit }
        case .pasted(let text):
          isUrgent = true
          if handle(.pasted(text), &terminal) { return .quit }
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
    let before = model.look
    if carryOut(update(&model, message), &terminal) { return true }
    if let problem = memory.note(model.look, since: before, on: terminal.background) {
      model.notice = problem
    }
    return false
  }

  /// - Returns: whether the user wants to leave.
  private mutating func carryOut(_ commands: [Command], _ terminal: inout some Terminal & ~Copyable) -> Bool {
    for command in commands {
      switch command {
      case .prepare, .advance, .stop, .look, .want, .trace, .inquire, .tryClaim, .stopClaim, .tryErrata,
        .measure,
        .survey, .stopSurvey, .sweep, .stopSweep, .lookAhead, .diagnose, .export:
        engine.carryOut(command, model, pace: model.pace)
      case .save(let name, let lines): _ = update(&model, .answer(NewFile.answer(lines, named: name)))
      case .saveRun(let line): _ = update(&model, .answer(SavedRuns.answer(line)))
      case .redraw: terminal.redraw()
      case .quit: return true
      }
    }
    return false
  }

  private var millisecondsToNextFrame: Int {
    guard let left = nextFrame.map({ $0 - .now }) else { return 0 }
    return max(0, Int((left / .milliseconds(1)).rounded(.up)))
  }

  private mutating func draw(on terminal: inout some Terminal & ~Copyable) {
    terminal.theme = model.theme
    terminal.takesMouse = model.takesMouse
    let screen = view(model, terminal.size)
    terminal.present(screen.grid, cursor: screen.cursor)
    // Counted from when this one was due: what drawing takes must not add up.
    let now = ContinuousClock.now
    nextFrame = min(max((nextFrame ?? now) + frameInterval, now), now + frameInterval)
  }
}

extension Engine {
  /// What of a command is the engine's.
  mutating func carryOut(_ command: Command, _ model: Model, pace: Pace) {
    switch command {
    case .prepare(let course, let run): prepare(course, run: run, isTrunkTold: model.trunk != nil)
    case .advance(let count): advance(by: count, pace: pace, of: model.scenario, run: model.run)
    case .stop: stop()
    case .lookAhead(let scenario): lookAhead(scenario, run: model.run)
    case .diagnose(let series): diagnose(series: series, run: model.run)
    case .look(let step): look(at: step, run: model.run)
    case .want(let wanted): want(wanted)
    case .trace: trace(run: model.run)
    case .tryClaim(let id): tryClaim(id, run: model.run)
    case .stopClaim: stopClaim()
    case .tryErrata: tryErrata(run: model.run)
    case .measure(let scene, let place): measure(scene, place, run: model.run)
    case .inquire(let inquiry): inquire(inquiry, run: model.run)
    case .survey(let course, let count):
      survey(course, seeds: count, memory: model.memory, run: model.run)
    case .stopSurvey: stopSurvey()
    case .sweep(let sweep):
      self.sweep(sweep, atOnce: (try? sweep.runsAtOnce(memory: model.memory)) ?? 1, run: model.run)
    case .stopSweep: stopSweep()
    case .export(let what, let step): export(what, model, to: step)
    case .save, .saveRun, .redraw, .quit: break
    }
  }
}
