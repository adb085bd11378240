import Charts

/// Where a key is pressed: each has keys, and a bottom row, of its own.
package enum Context: CaseIterable, Sendable {
  case main
  /// The main screen with the focus on the table of variants.
  case table
  /// The same with the focus on the checks of the theory.
  case checks
  /// The same with the focus on the heat map of a sweep.
  case sweep
  case help
  /// Typing what the help is to find.
  case search
  case picker
  case commandLine
  /// Words on top of the screen.
  case page
  /// The runs of the session.
  case session
  /// What can be written to a file.
  case exports
  /// A series has diverged, and is asked about.
  case divergence
  /// A lesson has the screen.
  case lesson
}

extension Set<Context> {
  /// Nothing lies on top.
  package static let screen: Self = [.main, .table, .checks, .sweep]
}

/// What can be done: its keys, its name on the command line and its words, declared once. Dispatch, bottom row,
/// help, `--help-keys` and `:` read `KeyBinding.all`.
package struct KeyBinding: Sendable {
  /// On the command line; one word.
  package let name: String
  /// Each with the argument it stands for: `N` is `:step 100`.
  package let keys: [(key: Key, argument: String)]
  /// How the keys are written: `Space`, `1-6`.
  package let label: String
  package let help: String
  /// A word for the bottom row; nil where it has no room there.
  package let hint: String?
  package let group: Group
  package let contexts: Set<Context>
  /// It changes only what a screen shows, or how fast: nothing that could be said.
  package let isForTheEye: Bool
  /// What may follow the name; nil for nothing.
  package let argument: Argument?
  /// Whether the bottom row has the hint now.
  package let isHinted: @Sendable (Model) -> Bool
  /// nil for an argument that cannot be.
  package let action: @Sendable (_ argument: String) -> Action?

  package enum Group: String, CaseIterable, Sendable {
    case run = "Run"
    case time = "Time"
    case panels = "Panels"
    case series = "Series"
    case chart = "Chart"
    case lesson = "Lesson"
    case program = "Program"
    /// Of what lies on top; the help does not list them.
    case overlay = "Overlay"
  }

  /// What the command line takes after a name.
  package struct Argument: Sendable {
    /// As the help writes it: `STEP`.
    package let name: String
    package let allowed: String
    /// Words that may complete it.
    package let words: @Sendable (Model) -> [String]

    init(
      _ name: String, _ allowed: String, words: @escaping @Sendable (Model) -> [String] = { _ in [] }
    ) {
      self.name = name
      self.allowed = allowed
      self.words = words
    }

    /// One of a few words.
    init(_ name: String, of words: [String]) {
      self.init(name, words.joined(separator: ", ")) { _ in words }
    }
  }

  init(
    _ name: String, _ keys: KeyValuePairs<Key, String> = [:], label: String? = nil, _ help: String,
    hint: String? = nil, _ group: Group, in contexts: Set<Context> = .screen, _ argument: Argument? = nil,
    when isHinted: @escaping @Sendable (Model) -> Bool = { _ in true },
    forTheEye isForTheEye: Bool = false,
    _ action: @escaping @Sendable (String) -> Action?
  ) {
    self.name = name
    self.keys = keys.map { (key: $0.key, argument: $0.value) }
    self.label = label ?? self.keys.map(\.key.label).joined(separator: " ")
    self.help = help
    self.hint = hint
    self.group = group
    self.contexts = contexts
    self.argument = argument
    self.isForTheEye = isForTheEye
    self.isHinted = isHinted
    self.action = action
  }

  package static func action(for key: Key, in context: Context) -> Action? {
    for binding in all where binding.contexts.contains(context) {
      guard let match = binding.keys.first(where: { $0.key == key }) else { continue }
      return binding.action(match.argument)
    }
    return nil
  }

  /// Of the command line.
  package static func named(_ name: String) -> KeyBinding? {
    commands.first { $0.name == name }
  }

  /// What has a name on the command line.
  package static let commands = all.filter { $0.group != .overlay }
}

extension Key {
  /// How the help writes it.
  package var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let scalar): String(scalar)
    case .control(let scalar): "Ctrl-\(String(scalar).uppercased())"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .shiftLeft: "Shift-←"
    case .shiftRight: "Shift-→"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .function(let number): "F\(number)"
    }
  }
}
