import Charts

/// The table of the help overlay as text, with the names that `:` takes.
package var keysHelp: String {
  var lines = ["Keys of the screen, and after ':' the name of each on its command line.", ""]
  for group in KeyBinding.Group.allCases where group != .overlay {
    lines.append(group.rawValue)
    for binding in KeyBinding.commands where binding.group == group {
      let argument = binding.argument.map { " \($0.name)" } ?? ""
      lines.append("  \(binding.label.padded(11)) \(binding.help.padded(34)) :\(binding.name)\(argument)")
    }
  }
  for context in Context.allCases {
    let bindings = KeyBinding.overlays.filter { $0.contexts.contains(context) }
    guard !bindings.isEmpty else { continue }
    lines += [context.title] + bindings.map { "  \($0.label.padded(11)) \($0.help)" }
  }
  return lines.joined(separator: "\n")
}
