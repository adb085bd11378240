/// Words on top of the screen.
package enum Page: Equatable, Sendable {
  /// A panel in sentences.
  case words(Panel)
  /// What a lesson tells the teacher alone.
  case notes
  /// The line that opens this run again, and the runs before it: row 0 is the present one, 1 the last before it.
  case session(row: Int)
  /// What can be written to a file, by row.
  case exports(row: Int)
  /// A mistake of the notes beside what is right, by number.
  case erratum(Int)
}
