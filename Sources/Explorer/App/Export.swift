/// What of a run is written to a file.
package enum Export: String, CaseIterable, Sendable {
  case csv, jsonl, text, ansi, svg, cast, checks

  package var title: String {
    switch self {
    case .csv: "losses and gaps of every step, as a table"
    case .jsonl: "the same, each line JSON"
    case .text: "this screen, its cells"
    case .ansi: "this screen with its colours"
    case .svg: "this screen, its curves as lines"
    case .cast: "the run up to here as a film (asciicast v2)"
    case .checks: "the theory's checks, Markdown"
    }
  }

  private var suffix: String {
    switch self {
    case .csv, .jsonl, .ansi, .svg, .cast: rawValue
    case .text: "txt"
    case .checks: "md"
    }
  }

  private var what: String {
    switch self {
    case .csv, .jsonl: "run"
    case .text, .ansi, .svg: "screen"
    case .cast: "film"
    case .checks: "checks"
    }
  }

  /// The same line has the same name.
  package func name(of course: Course) -> NewFile.Name {
    NewFile.Name(stem: "lora-explorer-\(course.line.fingerprint)-\(what)", suffix: suffix)
  }
}

extension String {
  /// FNV-1a of its UTF-8, eight digits (Fowler, Noll and Vo; RFC 9923).
  package var fingerprint: String {
    let hash = utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// Asks for a file; without `what` for what is to be written.
func export(_ model: inout Model, _ what: Export?) -> [Command] {
  guard let what else {
    model.overlay = .page(.exports(row: 0))
    return []
  }
  model.overlay = nil
  guard let step = model.history?.latest?.step else {
    model.notice = "nothing has been computed yet"
    return []
  }
  if let other = model.exporting {
    model.notice = "\(other.rawValue) is still being written"
    return []
  }
  model.exporting = what
  model.notice = "writing \(what.rawValue)"
  return [.export(what, to: step)]
}

/// A file that is not whole is asked about once.
func quit(_ model: inout Model) -> [Command] {
  guard let what = model.exporting else { return [.quit] }
  model.exporting = nil
  model.notice = "\(what.rawValue) is being written: q again leaves without it"
  return []
}
