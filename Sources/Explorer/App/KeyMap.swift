import Charts
import Math

/// The keys of the main screen, declared once: dispatch, bottom row and help read it here.
package struct KeyBinding: Sendable {
  package let keys: [Key]
  /// How the keys are written: `Space`, `1-6`.
  package let label: String
  package let help: String
  /// A word for the bottom row; nil where it has no room there.
  package let hint: String?
  package let group: Group
  /// Whether the bottom row of this run has the hint.
  package let isHinted: @Sendable (Scenario) -> Bool
  package let action: @Sendable (Key) -> Action

  package enum Group: String, CaseIterable, Sendable {
    case run = "Run"
    case series = "Series"
    case chart = "Chart"
    case program = "Program"
  }

  private init(
    _ keys: [Key], _ label: String, _ help: String, hint: String? = nil, _ group: Group,
    when isHinted: @escaping @Sendable (Scenario) -> Bool = { _ in true },
    _ action: @escaping @Sendable (Key) -> Action
  ) {
    self.keys = keys
    self.label = label
    self.help = help
    self.hint = hint
    self.group = group
    self.isHinted = isHinted
    self.action = action
  }

  /// The help shows them by group, the bottom row as many as fit, in this order.
  package static let all: [KeyBinding] = [
    KeyBinding([.character(" ")], "Space", "pause / resume", hint: "pause", .run) { _ in .togglePause },
    KeyBinding([.character("n")], "n", "one step", hint: "step", .run) { _ in .singleStep },
    KeyBinding([.character("r")], "r", "restart, same seed", hint: "again", .run) { _ in .restart },
    KeyBinding([.character("R")], "R", "restart, next seed", .run) { _ in .nextSeed },
    KeyBinding([.character("p")], "p", "set up a run", hint: "set up", .run) { _ in .openPicker },
    KeyBinding([.character("v")], "v", "choose variants and their settings", hint: "variants", .series) { _ in
      .chooseVariants
    },
    KeyBinding(
      [.character("l")], "l", "next layer: gap, floor, singular values", hint: "layer", .chart,
      when: { $0.layerShapes.count > 1 }
    ) { _ in .nextLayer },
    KeyBinding(
      [.character("T")], "T", "loss on training / held-out examples", hint: "test", .chart,
      when: { $0.hasTestLoss }
    ) { _ in .toggleLossSet },
    KeyBinding(
      (1...6).map { .character(Unicode.Scalar(UInt8(48 + $0))) }, "1-6", "show / hide a variant",
      hint: "show", .series
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
