import ArgumentParser
import Glibc
import Math

package struct LoraExplorer: ParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "lora-explorer",
    abstract: "Full fine-tuning and LoRA variants side by side, live in a terminal.",
    // The generated line is wider than a screen.
    usage: "lora-explorer [--run <SPEC>] [<options>]\nlora-explorer <subcommand>",
    discussion: "Without a subcommand it opens the screen; 'lora-explorer help spec' explains SPEC.",
    version: version,
    subcommands: [RunCommand.self, ListCommand.self, HelpCommand.self])

  @Option(name: .customLong("run"), help: ArgumentHelp("The run to open.", valueName: "SPEC"))
  package var spec: String?

  @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
  package var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("Glyphs: auto, braille, block or ascii.", valueName: "set"))
  package var glyphs: GlyphsChoice = .auto

  @Flag(name: .customLong("help-keys"), help: "List the keys of the screen and leave.")
  package var wantsKeys = false

  package init() {}

  /// Opens the screen, on the first thread.
  @MainActor
  package func open() throws {
    if wantsKeys {
      var output = Output()
      try output.line(keysHelp)
      return try output.flush()
    }
    let scenario = try Scenario.checked(spec ?? "")
    switch try runSession(scenario, color: color, glyphs: glyphs) {
    case .quit: return
    case .interrupted: throw ExitCode(128 + SIGINT)
    case .hangup: throw ExitCode(128 + SIGHUP)
    }
  }
}

extension ColorChoice: ExpressibleByArgument {}

/// Which glyphs to draw with; `auto` goes by the locale's encoding.
package enum GlyphsChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, braille, block, ascii
}
