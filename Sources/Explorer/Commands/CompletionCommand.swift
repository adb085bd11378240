import ArgumentParser

package struct CompletionCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print the script that completes words for a shell.",
    // --help has no row to spare; `make install` puts the scripts in their places.
    shouldDisplay: false)

  package enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var parsers: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell.")
  package var shell: Shell

  package init() {}

  package func run() throws {
    var output = Output()
    try output.line(LoraExplorer.completionScript(for: shell.parsers))
    try output.flush()
  }
}
