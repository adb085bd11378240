extension KeyBinding {
  /// Of a lesson. On the command line they also reach what their keys shadow elsewhere.
  static let lessons: [KeyBinding] = [
    KeyBinding(
      "answer", [.character("a"): "a", .character("b"): "b", .character("c"): "c"], label: "a b c", "predict",
      hint: "answer", .lesson, in: [.lesson], Argument("LETTER", of: ["a", "b", "c"]),
      when: { $0.lessons?.step == 0 && isPage($0) }
    ) { text in ["a", "b", "c"].firstIndex(of: text).map { .lesson(.answer($0)) } },
    KeyBinding(
      "go", [.enter: ""], "run it, go on", hint: "run it", .lesson, in: [.lesson],
      when: { $0.lessons?.step == 0 && isPage($0) }
    ) { _ in .lesson(.go) },
    KeyBinding(
      "choose", [.up: "-1", .down: "1", .character("k"): "-1", .character("j"): "1"], label: "↑ ↓",
      "a lesson of the list", hint: "choose, Enter opens", .lesson, in: [.lesson],
      Argument("COUNT", "rows to go down, or up when negative"), when: { !isPage($0) }
    ) { text in Int(text).map { .lesson(.choose($0)) } },
    KeyBinding(
      "turn", [.right: "next", .left: "back"], label: "→ ←", "next / last step", hint: "pages", .lesson,
      in: [.lesson], Argument("WHERE", of: ["next", "back"]), when: isPage
    ) { text in text == "next" ? .lesson(.step(1)) : text == "back" ? .lesson(.step(-1)) : nil },
    KeyBinding(
      "vary", [.character("v"): ""], "change it live", hint: "vary", .lesson, in: [.lesson],
      when: { $0.lessons.map { $0.step > 0 && !$0.lesson.changes.isEmpty } ?? false && isPage($0) }
    ) { _ in .lesson(.change) },
    KeyBinding(
      "again", [.character("r"): ""], "play it again", hint: "again", .lesson, in: [.lesson],
      when: { ($0.lessons?.step ?? 0) > 0 && isPage($0) }
    ) { _ in .lesson(.again) },
    KeyBinding(
      "lessons", [.character("l"): ""], "all lessons", hint: "list", .lesson, in: [.lesson], when: isPage
    ) { _ in .lesson(.list) },
    KeyBinding(
      "notes", [.character("T"): ""], "teacher's notes", hint: "notes", .lesson, in: [.lesson], when: isPage
    ) { _ in .lesson(.notes) },
    KeyBinding(
      "explore", [.character("o"): ""], "this run in the explorer", hint: "explore", .lesson, in: [.lesson],
      when: isPage
    ) { _ in .lesson(.explore) },
    KeyBinding(
      "leave", [.escape: ""], "leave; L comes back here", hint: "leave", .lesson, in: [.lesson]
    ) { _ in .lesson(.leave) },
  ]

  /// Not the list of lessons.
  private static let isPage: @Sendable (Model) -> Bool = { $0.lessons?.listed == nil }
}
