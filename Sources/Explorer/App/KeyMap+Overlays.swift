import Charts

extension KeyBinding {
  /// Keys of what lies on top, by where it does. Text is typed besides: see `Context.action(for:)`.
  package static let overlays: [KeyBinding] =
    checks + sweep + help + picker + pages + divergence + commandLine

  private static let checks = [
    overlay(.checks, [.enter: ""], "draw it") { _ in .traceCheck }
  ]

  private static let sweep = [
    overlay(
      .sweep, [.down: "1", .up: "-1", .character("j"): "1", .character("k"): "-1"], label: "↓ ↑",
      "another variant", hint: "variant"
    ) { Int($0).map { .pictureNext($0) } }
  ]

  private static let help = [
    overlay(.help, [.character("/"): ""], "find") { _ in .help(.find) },
    overlay(.help, [.escape: ""], "close") { _ in .help(.close) },
    overlay(
      .help,
      [
        .down: "1", .right: "1", .pageDown: "1", .character(" "): "1", .character("j"): "1", .up: "-1",
        .left: "-1", .pageUp: "-1", .character("k"): "-1",
      ], label: "↓ ↑", "turn the page", hint: ""
    ) { Int($0).map { .help(.turn($0)) } },
    overlay(.search, [.enter: ""], "keep") { _ in .help(.keep) },
    overlay(.search, [.escape: ""], "all") { _ in .help(.clear) },
    overlay(.search, [.backspace: ""], "erase", hint: "") { _ in .help(.erase) },
  ]

  private static let picker = [
    overlay(
      .picker,
      [.up: "-1", .down: "1", .pageUp: "-10", .pageDown: "10", .home: "-1000", .end: "1000"], label: "↑ ↓",
      "field"
    ) { Int($0).map { .picker(.move(rows: $0)) } },
    overlay(.picker, [.tab: "1", .backTab: "-1"], label: "Tab ⇧Tab", "the next in the row", hint: "") {
      Int($0).map { .picker(.moveOn($0)) }
    },
    overlay(.picker, [.left: "-1", .right: "1"], label: "← →", "change") {
      Int($0).map { .picker(.turn($0)) }
    },
    overlay(.picker, [.enter: ""], "run") { _ in .picker(.run) },
    overlay(.picker, [.escape: ""], "keep old run") { _ in .picker(.keepOld) },
    overlay(.picker, [.character(" "): ""], "choose, or the next word", hint: "") { _ in
      .picker(.toggle)
    },
    overlay(.picker, [.character("+"): ""], "the same variant again", hint: "") { _ in .picker(.addAnother) },
    overlay(.picker, [.backspace: "", .delete: ""], "erase", hint: "") { _ in .picker(.erase) },
    // Some fields take words.
    overlay(.picker, [.character("r"): "r", .control("r"): ""], label: "r", "reset") { text in
      .picker(.reset(orType: text.unicodeScalars.first))
    },
  ]

  private static let pages = [
    overlay(
      .session, [.up: "-1", .down: "1", .character("k"): "-1", .character("j"): "1"], label: "↑ ↓", "run"
    ) {
      Int($0).map { .page(.move($0)) }
    },
    overlay(.session, [.enter: ""], "save, or open again") { _ in .page(.open) },
    overlay(.session, [.character(" "): ""], "draw behind") { _ in .page(.drawBehind) },
    overlay(.session, [.escape: ""], "back") { _ in .page(.close) },
    overlay(
      .exports, [.up: "-1", .down: "1", .character("k"): "-1", .character("j"): "1"], label: "↑ ↓", "what"
    ) { Int($0).map { .page(.move($0)) } },
    overlay(.exports, [.enter: ""], "write") { _ in .page(.open) },
    overlay(.exports, [.escape: ""], "back") { _ in .page(.close) },
    overlay(
      .page,
      [
        .up: "-1", .down: "1", .left: "-1", .right: "1", .character("k"): "-1", .character("j"): "1",
        .character("h"): "-1", .character("l"): "1", .pageUp: "-10", .pageDown: "10",
      ], label: "↑ ↓", "more", hint: ""
    ) { Int($0).map { .page(.move($0)) } },
    overlay(.page, [.escape: "", .enter: "", .character(" "): "", .character("i"): ""], label: "Esc", "back")
    { _ in .page(.close)
    },
  ]

  private static let divergence = [
    overlay(
      .divergence,
      [.character("1"): "1", .character("2"): "2", .character("3"): "3", .character("4"): "4"], "choose"
    ) { Int($0).flatMap(DivergenceReport.Answer.init).map { .answer($0) } },
    overlay(.divergence, [.escape: ""], "same as 3") { _ in .answer(.keep) },
    overlay(.divergence, [.character("!"): ""], "report to a file") { _ in .answer(.report) },
  ]

  private static let commandLine = [
    overlay(.commandLine, [.tab: "1", .backTab: "-1"], label: "Tab", "complete") {
      Int($0).map { .prompt(.complete($0)) }
    },
    overlay(.commandLine, [.up: ""], "the last line") { _ in .prompt(.lastLine) },
    overlay(.commandLine, [.enter: ""], "do it") { _ in .prompt(.enter) },
    overlay(.commandLine, [.control("u"): ""], "clear") { _ in .prompt(.clear) },
    overlay(.commandLine, [.backspace: ""], "erase", hint: "") { _ in .prompt(.erase) },
    overlay(.commandLine, [.escape: ""], "leave") { _ in .prompt(.leave) },
  ]

  /// - Parameter hint: nil for the same as the help.
  private static func overlay(
    _ context: Context, _ keys: KeyValuePairs<Key, String>, label: String? = nil, _ help: String,
    hint: String? = nil, _ action: @escaping @Sendable (String) -> Action?
  ) -> KeyBinding {
    KeyBinding("", keys, label: label, help, hint: hint ?? help, .overlay, in: [context]) { action($0) }
  }
}

extension Context {
  /// What a key does here; where text is taken, characters that do nothing else are typed.
  package func action(for key: Key) -> Action? {
    if let action = KeyBinding.action(for: key, in: self) { return action }
    guard case .character(let scalar) = key else { return nil }
    return switch self {
    case .search: .help(.type(scalar))
    case .picker: .picker(.type(scalar))
    case .commandLine: .prompt(.type(scalar))
    case .main, .table, .checks, .sweep, .help, .page, .session, .exports, .divergence, .lesson: nil
    }
  }

  /// How a list of keys heads what lies on top.
  package var title: String {
    switch self {
    case .main: "Screen"
    case .table: "Table of variants"
    case .checks: "Checks"
    case .sweep: "Sweep over two keys"
    case .help: "Help"
    case .search: "Finding in the help"
    case .picker: "Set-up"
    case .commandLine: "Command line"
    case .page: "Words"
    case .session: "Runs of the session"
    case .exports: "Files to write"
    case .divergence: "A series has diverged"
    case .lesson: "Lesson"
    }
  }
}
