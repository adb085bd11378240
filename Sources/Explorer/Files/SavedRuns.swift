import Glibc

/// The lines of runs that were saved, one a row, the newest last.
package struct SavedRuns: Sendable {
  package let path: String

  /// Beside the preferences.
  /// - Returns: nil where the environment names no place.
  package init?(in environment: (String) -> String?) {
    guard let folder = stateFolder(in: environment) else { return nil }
    path = folder + "/runs"
  }

  /// More are forgotten, the oldest first.
  private static let most = 1000

  package var lines: [String] {
    guard let text = contents(of: path, limit: 1 << 20) else { return [] }
    return text.split(separator: "\n").map(String.init)
  }

  /// A line that is there already moves to the end.
  package func add(_ line: String) throws(OutputError) {
    makeFolders(of: path)
    let kept = lines.filter { $0 != line }.suffix(Self.most - 1) + [line]
    try replace(path, with: kept.map { $0 + "\n" }.joined())
  }

  /// Adds a line for the user.
  /// - Returns: what came of it.
  static func answer(_ line: String) -> String {
    guard let runs = SavedRuns(in: environment) else {
      return "there is no place to save to: set XDG_STATE_HOME or HOME to an absolute path"
    }
    do throws(OutputError) {
      try runs.add(line)
      return "saved in \(runs.path.printable)"
    } catch {
      return "\(error)"
    }
  }
}
