import Charts

/// The keys of the main screen, declared once: dispatch, bottom row and help read it here.
package struct KeyBinding: Sendable {
  package let keys: [Key]
  /// How the keys are written: `Space`, `1-6`.
  package let label: String
  package let help: String
  /// A word for the bottom row; nil where it has no room there.
  package let hint: String?
  package let group: Group
  package let action: @Sendable (Key) -> Action

  package enum Group: String, CaseIterable, Sendable {
    case run = "Run"
    case series = "Series"
    case chart = "Chart"
    case program = "Program"
  }

  private init(
    _ keys: [Key], _ label: String, _ help: String, hint: String? = nil, _ group: Group,
    _ action: @escaping @Sendable (Key) -> Action
  ) {
    self.keys = keys
    self.label = label
    self.help = help
    self.hint = hint
    self.group = group
    self.action = action
  }

  package static let all: [KeyBinding] = [
    KeyBinding([.character(" ")], "Space", "pause / resume", hint: "pause", .run) { _ in .togglePause },
    KeyBinding([.character("n")], "n", "one step", hint: "step", .run) { _ in .singleStep },
    KeyBinding([.character("r")], "r", "restart, same seed", hint: "again", .run) { _ in .restart },
    KeyBinding([.character("R")], "R", "restart, next seed", hint: "seed", .run) { _ in .nextSeed },
    KeyBinding([.character("p")], "p", "set up a run", hint: "set up", .run) { _ in .openPicker },
    KeyBinding(
      (1...6).map { .character(Unicode.Scalar(UInt8(48 + $0))) }, "1-6", "show / hide a variant",
      hint: "variants",
      .series
    ) { key in
      guard case .character(let digit) = key else { return .toggleSeries(0) }
      return .toggleSeries(Int(digit.value) - 48)
    },
    KeyBinding([.character("0")], "0", "show / hide full fine-tuning", hint: "full", .series) { _ in
      .toggleSeries(0)
    },
    KeyBinding([.character("y")], "y", "log / linear y", hint: "log", .chart) { _ in .toggleScale },
    KeyBinding([.control("l")], "Ctrl-L", "draw the screen again", .program) { _ in .redraw },
    KeyBinding([.character("?"), .function(1)], "?", "this help, and away again", hint: "help", .program) {
      _ in
      .toggleHelp
    },
    KeyBinding([.character("q")], "q", "quit, as Ctrl-C; Ctrl-Z suspends", hint: "", .program) { _ in .quit },
  ]

  package static func action(for key: Key) -> Action? {
    all.first { $0.keys.contains(key) }?.action(key)
  }
}
