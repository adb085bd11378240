import ArgumentParser
import Glibc
import Math

package struct LoraExplorer: ParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "lora-explorer",
    abstract: "Full fine-tuning and LoRA variants side by side, live in a terminal.",
    // The generated line is wider than a screen.
    usage: "lora-explorer [--run <SPEC>] [<options>], or lora-explorer <subcommand>",
    version: version,
    subcommands: [
      RunCommand.self, RenderCommand.self, CheckCommand.self, ClaimCommand.self, SweepCommand.self,
      LessonCommand.self, ReplayCommand.self,
      ListCommand.self, CompletionCommand.self, HelpCommand.self,
    ])

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run to open; 'help spec' explains it.", valueName: "SPEC"))
  package var spec: String?

  @OptionGroup package var drawing: DrawingOptions

  @Flag(name: .customLong("help-keys"), help: "List the keys of the screen and leave.")
  package var wantsKeys = false

  @Option(
    help: ArgumentHelp("Hues.", valueName: "name"))
  package var theme: Theme?

  @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
  package var leavesMouse = false

  @Flag(help: "Wait at step 0.")
  package var paused = false

  @Flag(help: "A picture a second, not twenty.")
  package var calm = false

  @Flag(help: "Sentences instead of a screen.")
  package var speak = false

  @Option(help: ArgumentHelp("Formulas.", valueName: "way"))
  package var convention: Convention = .house

  package init() {}

  /// Opens the screen, on the first thread.
  /// - Parameters:
  ///   - given: the run in place of that of `--run`.
  ///   - notice: what is to be known of it.
  ///   - lessons: over the run.
  @MainActor
  package func open(_ given: Course? = nil, notice: String? = nil, lessons: LessonPlay? = nil) throws {
    if wantsKeys {
      var output = Output()
      try output.line(keysHelp)
      return try output.flush()
    }
    let course = try given ?? Course.checked(spec ?? "")
    do {
      if speak { return try runSpeaking(course, isPaused: paused, lessons, convention) }
      var options = options
      (options.lessons, options.notice) = (lessons, notice)
      switch try runSession(course, options) {
      case .quit: return
      case .interrupted: throw ExitCode(128 + SIGINT)
      case .hangup: throw ExitCode(128 + SIGHUP)
      }
    } catch TerminalError.cannotPlaceCursor {
      try runSpeaking(course, isPaused: paused, lessons, convention)
    }
  }

  private var options: SessionOptions {
    var options = SessionOptions()
    options.color = drawing.color
    options.glyphs = drawing.glyphs
    options.theme = theme
    options.takesMouse = !leavesMouse
    options.isPaused = paused
    options.isCalm = calm
    options.convention = convention
    return options
  }
}

/// How a screen is drawn. A group, since options of the same name in a subcommand would lose to the program's own.
package struct DrawingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colour.", valueName: "when"))
  package var color: ColorChoice = .auto

  // Its row of the help has no room for a default, which is the first of the values.
  @Option(name: .customLong("glyphs"), help: ArgumentHelp(valueName: "set"))
  package var glyphsGiven: GlyphsChoice?

  package var glyphs: GlyphsChoice { glyphsGiven ?? .auto }

  package init() {}
}

extension ColorChoice: ExpressibleByArgument {}
extension Theme: ExpressibleByArgument {}
extension Convention: ExpressibleByArgument {}

/// Which glyphs to draw with; `auto` goes by the locale's encoding.
package enum GlyphsChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, braille, octant, block, ascii
}
