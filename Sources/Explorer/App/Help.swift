import Charts

/// The help on top of the screen, and what it is to find.
package struct Help: Equatable, Sendable {
  package private(set) var query = ""
  package private(set) var isTyping = false
  /// Counted from 0; a screen may have fewer.
  package internal(set) var page = 0

  enum Outcome { case open, closed }

  /// - Parameter pages: what is shown at the screen's size.
  mutating func press(_ key: Key, _ pages: HelpPages) -> Outcome {
    guard isTyping else {
      let last = pages.pages.count - 1
      switch key {
      case .down, .pageDown, .right, .character(" "), .character("j"): page = min(page + 1, last)
      case .up, .pageUp, .left, .character("k"): page = max(0, min(page, last) - 1)
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
    page = pages.page(finding: self) ?? page
    return .open
  }

  /// Whether a row is among what is looked for; none is when nothing is.
  package func finds(_ binding: KeyBinding) -> Bool {
    let words = "\(binding.name) \(binding.label) \(binding.help)"
    return !query.isEmpty && words.lowercased().contains(query.lowercased())
  }
}
