/// What a file says of the run it shows, so that it can be opened again: `lora-explorer 0.1.0  task=matrix …`.
package struct Signature: Equatable, Sendable {
  package let version: String
  /// Of the run, as `Course` reads it.
  package let line: String

  package init(_ course: Course) {
    version = LoraExplorer.version
    line = course.line
  }

  /// The first in a text, to where the line, the quotes, the mark-up around it end; nil where there is none.
  package init?(in text: String) {
    guard let match = text.firstMatch(of: /lora-explorer (\d+\.\d+\.\d+)  ([^\r\n"`<]*)/) else { return nil }
    version = String(match.1)
    line = String(match.2)
  }

  package var text: String { "lora-explorer \(version)  \(line)" }
}
