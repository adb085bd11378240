/// Why there is no screen to draw on; the program then ends with exit code 3.
package enum TerminalError: Error, Hashable, CustomStringConvertible {
  /// Standard input or output is a file, a pipe or nothing.
  case notATerminal
  case unknownType(String)
  /// The terminal has no `cup`.
  case cannotPlaceCursor(String)
  case noPipe(errno: CInt)
  /// The C library is older than Unicode 16.
  case noOctants

  /// One line with the way out.
  package var description: String {
    switch self {
    case .notATerminal:
      "the screen needs a terminal; 'lora-explorer run SPEC' and 'lora-explorer render SPEC' print without one"
    case .unknownType(let name):
      "terminal type '\(name)' is unknown: set TERM; 'lora-explorer run SPEC' prints without it"
    case .cannotPlaceCursor(let name):
      "terminal type '\(name)' cannot place the cursor; 'lora-explorer run SPEC' prints without it"
    case .noPipe(let errno):
      "cannot make a pipe (errno \(errno)): close some files and try again"
    case .noOctants:
      "--glyphs is octant, which this C library or locale does not know (Unicode 16): braille, block or ascii"
    }
  }
}
