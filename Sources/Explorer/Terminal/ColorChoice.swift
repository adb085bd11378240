/// Whether to use colour, from `--color` and the environment.
package enum ColorChoice: String, CaseIterable, Sendable {
  /// As many colours as the terminal's type has.
  case auto
  case always
  case never

  /// Settles `auto` by `environment`: NO_COLOR (no-color.org) goes before CLICOLOR_FORCE, and both before TERM.
  package func resolved(in environment: (String) -> String?) -> ColorChoice {
    guard self == .auto else { return self }
    if let value = environment("NO_COLOR"), !value.isEmpty { return .never }
    if let value = environment("CLICOLOR_FORCE"), !value.isEmpty, value != "0" { return .always }
    return .auto
  }
}
