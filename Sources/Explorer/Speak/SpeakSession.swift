import Charts
import Glibc
import Math
import Theory

/// Says a run instead of showing it.
@MainActor
package func runSpeaking(_ course: Course, isPaused: Bool, _ lessons: LessonPlay?, _ convention: Convention)
  throws
{
  var model = Model(course, glyphs: .ascii, memory: physicalMemory, convention: convention)
  model.isPaused = isPaused
  model.lessons = lessons
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
  /// What has been asked for and has not come.
  private var awaited: Set<Answer> = []
  /// Of the run's divergence: its number answers it.
  private var question: DivergenceReport?

  /// What the engine answers beside the run.
  private enum Answer { case cause, step, checks, claim, errata, sweep, file }

  package init(_ model: Model) throws(TerminalError) {
    self.model = model
    wakePipe = try WakePipe()
    mailbox = Mailbox(wakePipe: wakePipe)
    engine = Engine(mailbox: mailbox)
  }

  package mutating func play() throws(OutputError) {
    engine.prepare(model.course, run: model.run)
    if model.lessons != nil { for command in perform(&model, .lesson(.open(nil))) { order(command) } }
    try say(speaker.news(of: model))
    var isPrompted = false
    while true {
      while isReady, !lines.isEmpty {
        isPrompted = false
        if try obey(lines.removeFirst()) { return try output.flush() }
      }
      if isReady, !isMoving {
        if input.hasEnded { return try output.flush() }
        if input.isTerminal, !isPrompted { try output.text("Command, or help? ") }
        isPrompted = true
      }
      try output.flush()
      lines += input.lines(or: wakePipe)
      for report in mailbox.collect() { try hear(report) }
      if model.isPaused, isReady { try say(speaker.standstill(of: model)) }
    }
  }

  /// The run is set up, the steps last asked for are taken, and the answers are there: a script's next line counts
  /// from there.
  private var isReady: Bool {
    if model.isTeaching { return model.lessonIsReady }
    guard awaited.isEmpty, model.survey?.isComplete ?? true else { return false }
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
    if case .report(let report) = message, concerns(report) { note(report.news) }
    for command in update(&model, message) {
      // Only a screen that has the checks asks for them by itself.
      if case .inquire = command { continue }
      order(command)
    }
    if case .divergence(let report) = model.overlay {
      (model.overlay, question) = (nil, report)
      try say(report.spoken)
    }
    try say(speaker.news(of: model))
    if case .report(let report) = message, concerns(report) {
      try say(speaker.answer(report.news, model))
    }
  }

  private func concerns(_ report: Report) -> Bool { report.run == model.run || report.news.isBesideRuns }

  private mutating func note(_ news: Report.News) {
    switch news {
    case .rested, .finished: stretches -= 1
    case .divergence: awaited.remove(.cause)
    case .replayed: awaited.remove(.step)
    case .found: awaited.remove(.checks)
    case .claimed: awaited.remove(.claim)
    case .erred: awaited.remove(.errata)
    case .swept(let result): if result.isComplete { awaited.remove(.sweep) }
    case .exported: awaited.remove(.file)
    case .failed: awaited = []
    case .ready, .records, .traced, .measured, .surveyed, .outlook: break
    }
  }

  /// - Returns: whether the user wants to leave.
  private mutating func obey(_ line: String) throws(OutputError) -> Bool {
    let action: Action
    do throws(PromptError) {
      if let pressed = key(line) {
        action = pressed
      } else {
        guard let parsed = try Prompt.action(of: line) else { return false }
        action = parsed
      }
    } catch {
      try say(["\(error)"])
      return false
    }
    if action == .toggleHelp {
      try say(model.spokenCommands)
      return false
    }
    return try carryOut(action)
  }

  /// What a line of one character does as a key of the screen: r, a lesson's a, a divergence's 1.
  private mutating func key(_ line: String) -> Action? {
    guard line.unicodeScalars.count == 1, let scalar = line.unicodeScalars.first else { return nil }
    if let question, Context.divergence.action(for: .character(scalar)) != nil, "1234!".contains(line) {
      model.overlay = .divergence(question)
    }
    return model.context.action(for: .character(scalar))
  }

  private mutating func carryOut(_ action: Action) throws(OutputError) -> Bool {
    model.notice = nil
    var commands = perform(&model, action)
    if case .showChecks(let id) = action {
      model.checks.focus = id
      commands.append(.inquire(Inquiry(step: model.position, traced: nil, isLive: false)))
      // Asked once, not at every step as while a screen shows them.
      (model.focus, model.isZoomed) = (.gap, false)
    }
    if commands.contains(.quit) { return true }
    for command in commands { order(command) }
    var words = model.notice.map { [$0] } ?? []
    if case .tryClaim = action, let claim = model.claim { words = [claim.words(model.convention)] }
    words = spokenOverlay ?? words
    model.overlay = nil
    words += speaker.news(of: model)
    try say(words.isEmpty && commands.isEmpty ? ["that changes what a screen shows, and no number"] : words)
    return false
  }

  /// What lies on top of the screen; nil for nothing.
  private var spokenOverlay: [String]? {
    switch model.overlay {
    case .page(.words(let panel, _)): sentences(panel, model)
    case .page(.notes):
      model.lessons.map { [model.convention.written($0.filled($0.lesson.notesOrNone))] }
    case .page(.session): model.spokenSession
    // Their numbers are waited for.
    case .page(.erratum): model.errata == nil ? [] : model.spokenErrata
    case .page(.exports): [wanted(after: "export")]
    case .commandLine(let prompt): [wanted(after: prompt.text)]
    case .picker: ["that needs the screen; set KEY VALUE changes the run"]
    case .help, .divergence, nil: nil
    }
  }

  private func wanted(after name: String) -> String {
    let binding = name.split(separator: " ").first.flatMap { KeyBinding.named(String($0)) }
    return binding?.argument.map { "\(name) takes \($0.allowed)" } ?? "say what is to be done; help lists it"
  }

  private mutating func order(_ command: Command) {
    switch command {
    case .prepare: (stretches, awaited, question) = (0, [], nil)
    case .diagnose: awaited.insert(.cause)
    case .look: awaited.insert(.step)
    case .inquire: awaited.insert(.checks)
    case .tryClaim: awaited.insert(.claim)
    case .tryErrata: awaited.insert(.errata)
    case .advance: stretches += 1
    case .save(let name, let lines): model.notice = NewFile.answer(lines, named: name)
    case .export: awaited.insert(.file)
    case .saveRun(let line): model.notice = SavedRuns.answer(line)
    case .sweep: awaited.insert(.sweep)
    case .stopSweep: awaited.remove(.sweep)
    case .stopClaim: awaited.remove(.claim)
    case .stop, .want, .trace, .measure, .survey, .stopSurvey, .lookAhead, .redraw, .quit: break
    }
    // Nobody looks on, so nothing waits for the eye.
    engine.carryOut(command, model, pace: .unlimited)
  }

  private mutating func say(_ sentences: [String]) throws(OutputError) {
    for sentence in sentences { try output.line(Glyphs.ascii.spell(sentence).printable) }
  }
}
