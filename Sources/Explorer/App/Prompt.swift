import Charts

/// The command line at the bottom of the screen: a name of `KeyBinding.commands` and what follows it.
package struct Prompt: Equatable, Sendable {
  package private(set) var text: String
  /// What Tab goes through, and where it is.
  private var candidates: [String] = []
  private var turn = 0

  package enum Outcome: Equatable, Sendable {
    case editing, cancelled
    case entered(String)
  }

  package init(_ text: String) { self.text = text }

  package enum Edit: Hashable, Sendable {
    /// The next word that fits, or the one before.
    case complete(Int)
    case type(Unicode.Scalar)
    case erase, clear, lastLine
    case enter, leave
  }

  mutating func perform(_ edit: Edit, _ model: Model) -> Outcome {
    switch edit {
    case .leave: return .cancelled
    case .enter: return .entered(text)
    case .complete(let direction): complete(model, direction)
    case .lastLine: put(model.lastLine)
    case .clear: put("")
    case .erase:
      if text.isEmpty { return .cancelled }
      put(String(text.dropLast()))
    case .type(let scalar):
      var longer = text
      longer.unicodeScalars.append(scalar)
      put(longer)
    }
    return .editing
  }

  private mutating func put(_ text: String) {
    self.text = text
    candidates = []
  }

  /// The first word that fits, then the next.
  private mutating func complete(_ model: Model, _ direction: Int) {
    if candidates.isEmpty {
      candidates = completions(model)
      turn = direction > 0 ? -1 : 0
    }
    guard !candidates.isEmpty else { return }
    turn = (turn + direction + candidates.count) % candidates.count
    text = candidates[turn]
  }

  /// Whole lines that begin with the text: names, and after a name the words it may take.
  package func completions(_ model: Model) -> [String] {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let binding = KeyBinding.named(String(words[0])) else {
      return KeyBinding.commands.map(\.name).filter { $0.hasPrefix(text) }
    }
    let typed = words[1]
    return (binding.argument?.words(model) ?? []).filter { $0.hasPrefix(typed) }.map { "\(words[0]) \($0)" }
  }

  /// What a line of the command line does, or why it cannot.
  package static func action(of line: String) throws(PromptError) -> Action? {
    let words = line.split(separator: " ", maxSplits: 1)
    guard let name = words.first.map(String.init) else { return nil }
    let argument = words.count > 1 ? String(words[1].drop { $0 == " " }) : ""
    guard let binding = KeyBinding.named(name) else { throw .unknown(name) }
    guard binding.argument != nil || argument.isEmpty else { throw .tooMuch(name, argument) }
    guard let action = binding.action(argument) else {
      throw .argument(name, argument, allowed: binding.argument?.allowed ?? "")
    }
    return action
  }
}

/// Why a command cannot be done, in one line.
package enum PromptError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case tooMuch(String, String)
  case argument(String, String, allowed: String)

  package var description: String {
    switch self {
    case .unknown(let name): "no command '\(name)'; near it: \(Self.nearest(name).joined(separator: ", "))"
    case .tooMuch(let name, let argument): "\(name) takes nothing after it, not '\(argument)'"
    case .argument(let name, "", let allowed): "\(name) takes \(allowed)"
    case .argument(let name, let argument, let allowed): "\(name) is given '\(argument)'; it takes \(allowed)"
    }
  }

  /// The names with the fewest letters to change.
  private static func nearest(_ name: String) -> [String] {
    KeyBinding.commands.map(\.name).sorted { distance($0, name) < distance($1, name) }.prefix(4).map { $0 }
  }

  /// Letters to insert, delete or replace (Levenshtein).
  private static func distance(_ a: String, _ b: String) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
