extension KeyBinding {
  /// Where one is in a run, and how fast it goes.
  static let time: [KeyBinding] = [
    KeyBinding(
      "scrub",
      [
        .left: "-1", .right: "1", .character(","): "-1", .character("."): "1", .character("h"): "-1",
        .character("l"): "1",
      ], label: "← →", "scrub one step; or , .", hint: "scrub", .time,
      Argument("STEPS", "a whole number, back when negative")
    ) { text in Int(text).map { .moveCursor($0) } },
    KeyBinding(
      "leap", [.shiftLeft: "-1", .shiftRight: "1", .character("<"): "-1", .character(">"): "1"],
      label: "⇧← ⇧→ < >", "scrub 1 %", .time, Argument("PERCENT", "a whole number from -100 to 100")
    ) { text in Int(text).flatMap { (-100...100).contains($0) ? .moveCursorByPercent($0) : nil } },
    KeyBinding(
      "event", [.character("["): "previous", .character("]"): "next"], "previous / next event", hint: "event",
      .time,
      Argument("WHICH", of: ["next", "previous"]), when: { $0.cursor != nil }
    ) { text in text == "next" ? .nextEvent(1) : text == "previous" ? .nextEvent(-1) : nil },
    KeyBinding(
      "goto", [.home: "start", .end: "end", .character("g"): "", .character("'"): "mark"],
      label: "Home End g '", "start, end, step…, mark", hint: "go to", .time,
      Argument("STEP", "a step of this run, start, end or mark") { _ in ["start", "end", "mark"] },
      when: { $0.cursor != nil }
    ) { text in
      switch text {
      case "": .openCommandLine("goto ")
      case "start": .goToStart
      case "end": .goToEnd
      case "mark": .goToMark
      default: Int(text).map { .goTo($0) }
      }
    },
    KeyBinding(
      "mark", [.character("m"): ""], "mark this step", hint: "mark", .time, when: { $0.cursor != nil }
    ) { _ in .setMark },
    KeyBinding(
      "speed", [.character("-"): "slower", .character("="): "faster"],
      label: "- =", "slower / faster, then max", .time, in: .screen.union([.lesson]),
      Argument("WHICH", of: ["slower", "faster", "max"]), forTheEye: true
    ) { text in
      switch text {
      case "slower": .slower
      case "faster": .faster
      case "max": .unlimited
      default: nil
      }
    },
  ]

  /// Runs beside the present one.
  static let others: [KeyBinding] = [
    KeyBinding(
      "branch", [.character("B"): ""], "branch off from here…", .run,
      Argument("WORDS", "key=value words: the optimiser with its numbers, batch, steps")
    ) { text in text.isEmpty ? .openCommandLine("branch ") : .branch(text) },
    KeyBinding(
      "seeds", [.character("X"): "20"], "×20 seeds / away", .run,
      Argument("COUNT", "a whole number from 2 to 1000")
    ) { text in Int(text).flatMap { (2...1000).contains($0) ? .survey($0) : nil } },
    KeyBinding(
      "reopen", [:], "a past run again", .run,
      Argument("NUMBER", "the number of a past run") { model in
        model.past.runs.map { "\($0.number)" }
      }
    ) { text in Int(text).map { .reopen($0) } },
    KeyBinding(
      "ghost", [:], "a past run's curves behind", .run,
      Argument("NUMBER", "the number of a past run") { model in model.past.runs.map { "\($0.number)" } },
      forTheEye: true
    ) { text in Int(text).map { .toggleGhost($0) } },
  ]
}
