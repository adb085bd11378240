import Charts

/// The help on top of the screen, and what it is to find.
package struct Help: Equatable, Sendable {
  package private(set) var query = ""
  package private(set) var isTyping = false
  /// Counted from 0; a screen may have fewer.
  package internal(set) var page = 0

  package enum Action: Hashable, Sendable {
    case turn(Int)
    case find
    case type(Unicode.Scalar), erase
    /// Ends the typing; what is found stays marked, or does not.
    case keep, clear
    case close
  }

  /// - Parameter pages: what is shown at the screen's size.
  /// - Returns: whether it stays open.
  mutating func perform(_ action: Action, _ pages: HelpPages) -> Bool {
    switch action {
    case .turn(let count):
      let last = pages.pages.count - 1
      page = max(0, min(min(page, last) + count, last))
    case .find: (query, isTyping) = ("", true)
    case .type(let scalar): query.unicodeScalars.append(scalar)
    case .erase: query = String(query.dropLast())
    case .keep: isTyping = false
    case .clear: (query, isTyping) = ("", false)
    case .close: return false
    }
    if isTyping || action == .keep { page = pages.page(finding: self) ?? page }
    return true
  }

  /// Whether a row is among what is looked for; none is when nothing is.
  package func finds(_ binding: KeyBinding) -> Bool {
    let words = "\(binding.name) \(binding.label) \(binding.help)"
    return !query.isEmpty && words.lowercased().contains(query.lowercased())
  }
}
