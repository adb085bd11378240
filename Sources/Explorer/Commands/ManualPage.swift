import ArgumentParser

/// The manual page, in roff's man macros, from the declarations that parse options and dispatch keys.
package var manualPage: String {
  var lines = [
    #".TH LORA\-EXPLORER 1 "" "lora\-explorer \#(LoraExplorer.version)" "User Commands""#,
    ".SH NAME",
    #"lora\-explorer \- \#(LoraExplorer.configuration.abstract.roff)"#,
  ]
  lines += section("OPTIONS", LoraExplorer.helpMessage())
  for command in LoraExplorer.configuration.subcommands where command != HelpCommand.self {
    let name = command.configuration.commandName ?? ""
    lines += section(name.uppercased(), LoraExplorer.helpMessage(for: command))
  }
  lines += section("SPEC", specHelp())
  lines += section("KEYS", keysHelp)
  lines += section(
    "EXIT STATUS", ExitStatus.allCases.map { "\($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))
  lines += section("ENVIRONMENT", environmentHelp)
  return lines.joined(separator: "\n")
}

private let environmentHelp = """
  NO_COLOR          not empty: no colour, unless --color says otherwise
  CLICOLOR_FORCE    neither empty nor 0: colour where there would be none
  LC_ALL, LC_CTYPE  the encoding, hence the glyphs
  TERM, COLORFGBG   the terminal and its background
  XDG_STATE_HOME    theme, glyphs and saved runs lie there in lora-explorer (else in ~/.local/state)
  """

/// A heading and text that keeps its lines.
private func section(_ title: String, _ text: String) -> [String] {
  [".SH \(title.roff)", ".nf", text.roff, ".fi"]
}

extension String {
  /// With what roff would take for a request, an escape or a hyphen written out, and in ASCII alone.
  fileprivate var roff: String {
    var escaped = ""
    var begins = true
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": escaped += #"\e"#
      case "-": escaped += #"\-"#
      case ".", "'": escaped += (begins ? #"\&"# : "") + String(scalar)
      case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += #"\[u\#(String(repeating: "0", count: max(0, 4 - digits.count)))\#(digits)]"#
      }
      begins = scalar == "\n"
    }
    return escaped
  }
}
