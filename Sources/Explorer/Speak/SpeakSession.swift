import Charts
import Glibc
import Math
import Theory

/// Says a run instead of showing it.
@MainActor
package func runSpeaking(_ scenario: Scenario, isPaused: Bool) throws {
  var model = Model(scenario, glyphs: .ascii, memory: physicalMemory)
  model.isPaused = isPaused
  var session = try SpeakSession(model)
  try session.play()
}

/// The loop without a screen: what happens is said on standard output, and the lines of standard input are commands
/// of the command line. At their end it says the rest of the run and leaves.
@MainActor
package struct SpeakSession: ~Copyable {
  private var model: Model
  private let wakePipe: WakePipe
  private let mailbox: Mailbox
  private var engine: Engine
  private var speaker = Speaker()
  private var output = Output()
  private var input = LineInput()
  /// Commands not yet obeyed.
  private var lines: [String] = []
  /// Orders to advance that have not come to their end.
  private var stretches = 0
  /// The cause of a divergence has been asked for.
  private var awaitsCause = false

  package init(_ model: Model) throws(TerminalError) {
    self.model = model
    wakePipe = try WakePipe()
    mailbox = Mailbox(wakePipe: wakePipe)
    engine = Engine(mailbox: mailbox)
  }

  package mutating func play() throws(OutputError) {
    engine.prepare(model.course, run: model.run)
    try say(speaker.news(of: model))
    var isPrompted = false
    while true {
      while isReady, !lines.isEmpty {
        isPrompted = false
        if try obey(lines.removeFirst()) { return try output.flush() }
      }
      if isReady, !isMoving {
        if input.hasEnded, !awaitsCause { return try output.flush() }
        if input.isTerminal, !isPrompted { try output.text("Command, or help? ") }
        isPrompted = true
      }
      try output.flush()
      lines += input.lines(or: wakePipe)
      for report in mailbox.collect() { try hear(report) }
      if model.isPaused, isReady { try say(speaker.standstill(of: model)) }
    }
  }

  /// The run is set up, and the steps last asked for are taken: a script's next line counts from there.
  private var isReady: Bool {
    guard model.failure == nil, !model.isFinished else { return true }
    return model.history?.latest != nil && (isMoving || stretches == 0)
  }

  private var isMoving: Bool { !model.isPaused && !model.isFinished && model.failure == nil }

  /// Record by record, so that no event is passed over.
  private mutating func hear(_ report: Report) throws(OutputError) {
    guard case .records(let records) = report.news else { return try take(.report(report)) }
    for record in records { try take(.report(Report(run: report.run, news: .records([record])))) }
  }

  private mutating func take(_ message: Message) throws(OutputError) {
    if case .report(let report) = message, report.run == model.run { note(report.news) }
    for command in update(&model, message) { order(command) }
    if case .divergence(let report) = model.overlay {
      model.overlay = nil
      try say(["\(report.title): \(report.cause)."])
    }
    if case .report(let report) = message, report.run == model.run { try say(answers(report.news)) }
    try say(speaker.news(of: model))
  }

  /// What somebody has asked for and now is there.
  private func answers(_ news: Report.News) -> [String] {
    switch news {
    case .claimed(let result): [result.words]
    case .swept(let result): result.isComplete ? sentences(.sweep, model) : []
    case .ready, .records, .replayed, .found, .surveyed, .rested, .finished, .failed, .outlook, .divergence:
      []
    }
  }

  private mutating func note(_ news: Report.News) {
    switch news {
    case .rested, .finished: stretches -= 1
    case .divergence: awaitsCause = false
    case .ready, .records, .replayed, .found, .claimed, .surveyed, .swept, .failed, .outlook: break
    }
  }

  /// - Returns: whether the user wants to leave.
  private mutating func obey(_ line: String) throws(OutputError) -> Bool {
    let action: Action
    do {
      guard let parsed = try Prompt.action(of: line) else { return false }
      action = parsed
    } catch {
      try say(["\(error)"])
      return false
    }
    if action == .toggleHelp {
      try say(KeyBinding.commands.map { "\($0.name): \($0.help)." })
      return false
    }
    model.notice = nil
    for command in perform(&model, action) {
      if command == .quit { return true }
      order(command)
    }
    if model.overlay != nil {
      model.overlay = nil
      model.notice = "that needs the screen; set KEY VALUE changes the run"
    }
    try say(model.notice.map { [$0] } ?? [])
    try say(speaker.news(of: model))
    return false
  }

  private mutating func order(_ command: Command) {
    switch command {
    case .prepare: (stretches, awaitsCause) = (0, false)
    case .diagnose: awaitsCause = true
    case .advance: stretches += 1
    case .save(let name, let lines): model.notice = NewFile.answer(lines, named: name)
    case .saveRun(let line): model.notice = SavedRuns.answer(line)
    case .stop, .look, .want, .inquire, .tryClaim, .survey, .stopSurvey, .sweep, .stopSweep, .lookAhead,
      .redraw,
      .quit:
      break
    }
    // Nobody looks on, so nothing waits for the eye.
    engine.carryOut(command, model, pace: .unlimited)
  }

  private mutating func say(_ sentences: [String]) throws(OutputError) {
    for sentence in sentences { try output.line(Glyphs.ascii.spell(sentence).printable) }
  }
}
