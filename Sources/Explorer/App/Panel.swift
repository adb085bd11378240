/// A part of the screen, by what it shows.
package enum Panel: String, CaseIterable, Sendable {
  case gap, loss, spectrum, table, checks
  case angles, entries, phase
  /// Many runs at once: the last number of each over the values of a key.
  case sweep
  /// Words and numbers in the side panel of large screens.
  case run, series, readOut = "numbers", notes, events

  /// Whether it can have the focus, and so be zoomed.
  package var isFocusable: Bool {
    switch self {
    case .gap, .loss, .spectrum, .table, .checks, .angles, .entries, .phase, .sweep: true
    case .run, .series, .readOut, .notes, .events: false
    }
  }

  package static let focusable = allCases.filter(\.isFocusable)

  /// In a sentence.
  package var title: String {
    switch self {
    case .gap, .loss, .table, .sweep: rawValue
    case .checks: "theory's checks"
    case .spectrum: "singular values"
    case .angles: "principal angles"
    case .entries: "entry map"
    case .phase: "phase plane"
    case .run, .series, .readOut, .notes, .events: "run"
    }
  }
}
