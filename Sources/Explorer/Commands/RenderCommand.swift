import ArgumentParser
import Charts
import Glibc
import Math

package struct RenderCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Draw one frame of the screen, without a terminal.",
    discussion: "'lora-explorer help spec' explains SPEC.")

  @Argument(help: ArgumentHelp("The run, as key=value words.", valueName: "SPEC"))
  package var words: [String] = []

  @Option(help: ArgumentHelp("Columns x rows.", valueName: "120x40"))
  package var size = "80x24"

  @Option(help: ArgumentHelp("The step to draw; the last without it.", valueName: "step"))
  package var at: Int?

  @Option(help: "text, ansi or svg.")
  package var format: FrameFormat = .text

  @OptionGroup package var drawing: DrawingOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
  package var output: String?

  @Flag(help: "Write over a file that exists.")
  package var force = false

  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "render")
    // Before the run, which may take long.
    if let output, !force, isFile(output) { throw OutputError(existing: output) }
    let size = try Self.size(size)
    let course = try Course.checked(words.joined(separator: " "))
    let steps = course.scenario.steps
    if let at, !(0...steps).contains(at) {
      throw UsageError("--at is \(at); it goes from 0 to \(steps), the run's steps")
    }
    let glyphs = format == .svg ? drawing.glyphs.resolved(hasUnicode: true, on: nil) : drawing.glyphs.here
    var model = try Model.played(
      course.upTo(at ?? steps), to: at ?? steps, size, glyphs: glyphs, convention: root.convention)
    model.keepsLines = format == .svg
    let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
    let colors = drawing.color.resolved(in: environment) == .never ? 0 : 256
    let text = format.text(view(model, size).grid, colors: colors, of: course)
    if let output {
      try force ? replace(output, with: text) : create(output, with: text)
    } else {
      var out = Output()
      try out.text(text)
      try out.flush()
    }
    let hasDiverged = model.history?.divergedAt.contains { $0 != nil } ?? false
    if model.failure != nil || hasDiverged { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  /// `120x40`: from what the notice of a small screen needs up to what any screen has.
  package static func size(_ text: String) throws(UsageError) -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count == 2, (20...1000).contains(parts[0]), (3...1000).contains(parts[1]) else {
      throw UsageError("--size is \(text); it takes columns x rows, from 20x3 to 1000x1000")
    }
    return Size(width: parts[0], height: parts[1])
  }
}

extension GlyphsChoice {
  /// By the locale, where it is left to it.
  var here: Glyphs {
    setlocale(LC_CTYPE, "")
    let encoding = nl_langinfo(CInt(CODESET)).map { String(cString: $0) }
    return resolved(hasUnicode: encoding == "UTF-8")
  }
}

/// How a frame is written.
package enum FrameFormat: String, CaseIterable, ExpressibleByArgument {
  /// The cells, blanks at the end of a row kept.
  case text
  /// With escape sequences for colours.
  case ansi
  case svg

  /// - Parameter course: the run it is of, where the format can say it.
  package func text(_ grid: Grid, colors: Int, of course: Course? = nil) -> String {
    switch self {
    case .text: grid.rows.map { $0 + "\n" }.joined()
    case .ansi: grid.ansi(Palette(colors: colors))
    // On white: it is for paper and pages.
    case .svg:
      grid.svg(
        SVGColors(Palette(colors: colors, background: .light), isDark: false),
        of: course.map { Signature($0).text } ?? "")
    }
  }
}

extension Model {
  /// The model of a run that the same engine as the screen's has brought to `step`, where it is paused.
  /// Blocks its thread, so it is not for a task.
  /// - Parameters:
  ///   - wanted: instead of what the panels of the size show.
  ///   - prepare: what is to be shown, and so measured on the way.
  package static func played(
    _ course: Course, to step: Int, _ size: Size, glyphs: Glyphs, convention: Convention = .house,
    wanted given: Wanted? = nil, _ prepare: (inout Model) -> Void = { _ in }
  ) throws -> Model {
    let wakePipe = try WakePipe()
    let mailbox = Mailbox(wakePipe: wakePipe)
    var engine = Engine(mailbox: mailbox)
    var model = Model(course, glyphs: glyphs, memory: physicalMemory, convention: convention)
    model.isPaused = step < course.scenario.steps
    var (hasLooked, isDiagnosing) = (false, false)
    /// Only what is drawn: the run's own way is ordered below.
    func take(_ message: Message) {
      for command in update(&model, message) {
        switch command {
        case .diagnose:
          isDiagnosing = true
          engine.carryOut(command, model, pace: .unlimited)
        case .inquire: engine.carryOut(command, model, pace: .unlimited)
        default: break
        }
      }
    }
    func takeReports(while isWaiting: () -> Bool) {
      while model.failure == nil, isWaiting() {
        _ = wakePipe.wait(milliseconds: -1)
        wakePipe.drain()
        for report in mailbox.collect() {
          take(.report(report))
          switch report.news {
          case .replayed: hasLooked = true
          case .divergence: isDiagnosing = false
          default: break
          }
        }
      }
    }
    take(.resized(size))
    prepare(&model)
    let wanted = given ?? model.wanted
    engine.want(wanted)
    engine.prepare(model.course, run: model.run)
    engine.advance(by: step - course.start, pace: .unlimited, of: course.scenario, run: model.run)
    takeReports {
      !(model.isFinished || model.isPaused && model.history?.latest?.step == step)
        || model.checks.asked != nil || isDiagnosing
    }
    guard given == nil, model.failure == nil, model.wanted != wanted else { return model }
    // The entry map is of the table's first row, and another variant has come first.
    engine.want(model.wanted)
    engine.look(at: model.position, run: model.run)
    takeReports { !hasLooked }
    return model
  }
}
