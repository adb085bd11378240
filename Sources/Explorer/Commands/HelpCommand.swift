import ArgumentParser
import Math

package struct HelpCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Explain a subcommand, 'spec' (a run's line) or 'man'.")

  @Argument(help: "spec, man, or a subcommand.")
  package var topic: String?

  /// Its `--convention`, which stands before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    var output = Output()
    switch topic {
    case nil: try output.line(fitted(LoraExplorer.helpMessage()))
    case "spec": try output.line(specHelp(root.convention))
    case "man": try output.line(manualPage)
    case let topic?:
      let commands = LoraExplorer.configuration.subcommands
      guard let command = commands.first(where: { $0.configuration.commandName == topic }) else {
        let known = ["spec", "man"] + commands.compactMap { $0.configuration.commandName }
        throw UsageError("no help on '\(topic)'; there is help on \(known.joined(separator: ", "))")
      }
      try output.line(LoraExplorer.helpMessage(for: command))
    }
    try output.flush()
  }
}

/// All keys of the scenario line and all settings of the variants, from their declarations.
package func specHelp(_ convention: Convention = .house) -> String {
  let written = convention.written
  var lines = [
    "SPEC is one line of key=value words; every key is optional and the order is free.",
    "The default is the first line of each task:",
    "",
  ]
  lines += ProblemFamily.ID.allCases.map { "  " + Scenario(task: $0).line }
  lines += ["", "Keys"]
  for field in Field.all {
    lines.append(
      "  \(field.key.padded(10)) \(written(field.meaning))\(field.restriction.map { " (\($0))" } ?? "")")
    lines.append("  \("".padded(10)) \(field.allowed)")
  }
  lines += ["", "Tasks"]
  lines += ProblemFamily.ID.allCases.map { "  \($0.rawValue.padded(10)) \(written($0.family.title))" }
  lines += ["", "Optimisers"]
  lines += OptimizerChoice.Family.allCases.map { "  \($0.rawValue.padded(12)) \($0.title)" }
  lines += ["", "Variants, and their settings as id(setting=value,…); the first value is the default"]
  for variant in Variant.all {
    lines.append("  \(variant.id.padded(10)) \(written(variant.title))")
    lines.append("  \("".padded(10)) \(written(variant.equation))   [\(variant.source)]")
    lines.append("  \("".padded(10)) gap from below: \(written(variant.floor))")
    for knob in variant.knobs {
      lines.append(
        "    \(knob.name.padded(8)) \(knob.allowed), default \(knob.defaultValue): \(written(knob.help))")
    }
  }
  lines += [
    "", written("W is n×m, A n×r, B r×m, Y = XW, W = W0 + s(AB − A0B0), s = alpha/r or alpha/√r."),
    "Quote SPEC as one word, or at least what holds parentheses:",
    "  lora-explorer run \"task=digits r=4 variants=lora,lora-ga(scale=unit),lora-pro(c=sylvester)\"",
    "", "Behind | stands a branch: from step t on another optimiser with its numbers, batch or steps.",
    "  lora-explorer run \"steps=200 | t=100 lr=0.001 | t=150 opt=adam\"",
  ]
  return lines.joined(separator: "\n")
}
