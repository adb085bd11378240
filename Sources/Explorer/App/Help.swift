import Charts

/// The help on top of the screen, and what it is to find.
package struct Help: Equatable, Sendable {
  package private(set) var query = ""
  package private(set) var isTyping = false

  enum Outcome { case open, closed }

  mutating func press(_ key: Key) -> Outcome {
    guard isTyping else {
      switch key {
      case .character("/"):
        query = ""
        isTyping = true
      case .escape: return .closed
      default: break
      }
      return .open
    }
    switch key {
    case .enter: isTyping = false
    case .escape:
      query = ""
      isTyping = false
    case .backspace: query = String(query.dropLast())
    case .character(let scalar): query.unicodeScalars.append(scalar)
    default: break
    }
    return .open
  }

  /// Whether a row is among what is looked for; none is when nothing is.
  package func finds(_ binding: KeyBinding) -> Bool {
    let words = "\(binding.name) \(binding.label) \(binding.help)"
    return !query.isEmpty && words.lowercased().contains(query.lowercased())
  }
}
