/// Words on top of the screen.
package enum Page: Equatable, Sendable {
  /// A panel in sentences.
  case words(Panel)
  /// The line that opens this run again.
  case session
}
