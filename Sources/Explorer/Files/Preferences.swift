import Charts
import Glibc

/// What is remembered between sessions: the theme for each background, and the glyphs.
package struct Preferences: Equatable, Sendable {
  /// By the background's name, `unknown` where the terminal tells none.
  private var themes: [String: Theme] = [:]
  package var glyphs: GlyphsChoice?

  package init() {}

  package func theme(on background: Background?) -> Theme? { themes[Self.name(background)] }

  package mutating func setTheme(_ theme: Theme, on background: Background?) {
    themes[Self.name(background)] = theme
  }

  private static func name(_ background: Background?) -> String { background?.rawValue ?? "unknown" }

  // MARK: Text

  /// Lines of `key=value`.
  package var text: String {
    var lines = themes.sorted { $0.key < $1.key }.map { "theme.\($0)=\($1.rawValue)\n" }
    if let glyphs { lines.append("glyphs=\(glyphs.rawValue)\n") }
    return lines.joined()
  }

  package init(parsing text: String) throws(PreferencesError) {
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.last) {
      case (nil, _): continue
      case ("glyphs", let value?):
        guard let glyphs = GlyphsChoice(rawValue: value) else { throw PreferencesError(number, line) }
        self.glyphs = glyphs
      case (let key?, let value?):
        let background = String(key.dropFirst("theme.".count))
        guard key.hasPrefix("theme."), ["dark", "light", "unknown"].contains(background),
          let theme = Theme(rawValue: value)
        else { throw PreferencesError(number, line) }
        themes[background] = theme
      case (_, nil): throw PreferencesError(number, line)
      }
    }
  }
}

package struct PreferencesError: Error, CustomStringConvertible {
  private let line: Int
  private let text: Substring

  fileprivate init(_ line: Int, _ text: Substring) {
    self.line = line
    self.text = text.prefix(30)
  }

  package var description: String { "line \(line) is '\(String(text).printable)'" }
}

/// Where the preferences lie. A file that cannot be read as such is ignored, and replaced at the next change.
package struct PreferencesFile: Sendable {
  package let path: String

  /// - Returns: nil where the environment names no place.
  package init?(in environment: (String) -> String?) {
    guard let folder = stateFolder(in: environment) else { return nil }
    path = folder + "/state"
  }

  /// - Returns: the defaults when there is no file; with a notice, when there is one that says something else.
  package func read() -> (Preferences, notice: String?) {
    guard let text = contents(of: path, limit: 4096) else { return (Preferences(), nil) }
    do {
      return (try Preferences(parsing: text), nil)
    } catch {
      return (Preferences(), "\(path.printable) is ignored: \(error)")
    }
  }

  package func write(_ preferences: Preferences) throws(OutputError) {
    makeFolders(of: path)
    try replace(path, with: preferences.text)
  }
}

/// The preferences of a session, and what happens to them.
package struct Memory: Sendable {
  private let file: PreferencesFile?
  package private(set) var preferences: Preferences
  /// What is wrong with the file.
  package let notice: String?

  /// - Parameter file: nil to forget at the end.
  package init(_ file: PreferencesFile?) {
    self.file = file
    (preferences, notice) = file?.read() ?? (Preferences(), nil)
  }

  /// Remembers what the user has chosen by the last message.
  /// - Returns: why that cannot be.
  package mutating func note(_ look: Look, since before: Look, on background: Background?) -> String? {
    guard look != before else { return nil }
    if look.theme != before.theme { preferences.setTheme(look.theme, on: background) }
    if look.glyphs != before.glyphs { preferences.glyphs = GlyphsChoice(look.glyphs) }
    do throws(OutputError) {
      try file?.write(preferences)
      return nil
    } catch {
      return "not remembered: \(error)"
    }
  }
}

/// What of a model is remembered.
package struct Look: Equatable, Sendable {
  let theme: Theme
  let glyphs: Glyphs
}

extension Model {
  var look: Look { Look(theme: theme, glyphs: glyphs) }
}

extension GlyphsChoice {
  fileprivate init(_ glyphs: Glyphs) {
    switch glyphs {
    case .braille: self = .braille
    case .octant: self = .octant
    case .block: self = .block
    case .ascii: self = .ascii
    }
  }
}

/// Where the program keeps what it remembers; nil where the environment names no place.
func stateFolder(in environment: (String) -> String?) -> String? {
  // XDG says that a relative path is to be ignored.
  if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder + "/lora-explorer" }
  if let home = environment("HOME"), home.hasPrefix("/") { return home + "/.local/state/lora-explorer" }
  return nil
}

/// The first `limit` bytes of a file; nil where it cannot be read.
func contents(of path: String, limit: Int) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = read(file, &bytes, limit)
  return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
}

/// Only the user's own, as XDG asks.
func makeFolders(of path: String) {
  for (i, character) in zip(path.indices, path) where character == "/" && i > path.startIndex {
    mkdir(String(path[..<i]), 0o700)
  }
}
