import Charts
import Math
import Theory

extension KeyBinding {
  /// The help shows them by group, the bottom row as many hints as fit, both in this order.
  package static let all: [KeyBinding] =
    run + others + time + series + panels + chart + lessons + program + overlays

  private static let run: [KeyBinding] = [
    KeyBinding(
      "pause", [.character(" "): ""], "pause / resume", hint: "pause", .run, in: .screen.union([.lesson])
    ) { _ in .togglePause },
    KeyBinding(
      "layer", [.character("w"): ""], "the next layer's W", hint: "layer", .series,
      in: [.main, .table, .sweep], when: { $0.scenario.layerShapes.count > 1 }
    ) { _ in .nextLayer },
    KeyBinding(
      "test", [.character("T"): ""], "training / held-out loss", hint: "test", .series,
      when: { $0.scenario.hasTestLoss }
    ) { _ in .toggleLossSet },
    KeyBinding(
      "step", [.character("n"): "1", .character("N"): "100"], "one step / 100 steps", .run,
      Argument("COUNT", "a whole number from 1")
    ) { text in Int(text.isEmpty ? "1" : text).flatMap { $0 > 0 ? .advance(steps: $0) : nil } },
    KeyBinding("restart", [.character("r"): ""], "restart, same seed", .run) { _ in .restart },
    KeyBinding("reseed", [.character("R"): ""], "restart, next seed", .run) { _ in .nextSeed },
    KeyBinding("setup", [.character("p"): ""], "set up a run", hint: "set up", .run, forTheEye: true) { _ in
      .openPicker
    },
    KeyBinding(
      "set", [:], "change KEY of the run to VALUE", .run,
      Argument("KEY VALUE", "a key of the run and its value") { model in
        Field.all.filter { $0.applies(model.scenario) }.map(\.key)
      }
    ) { text in
      let words = text.split(separator: " ", maxSplits: 1)
      return words.count == 2 ? .set(key: String(words[0]), value: String(words[1])) : nil
    },
    KeyBinding("seed", [:], "restart with this seed", .run, Argument("SEED", "a whole number from 0")) {
      text in
      text.isEmpty ? nil : .set(key: "seed", value: text)
    },
    KeyBinding("open", [:], "open the run of this line", .run, Argument("SPEC", "key=value words")) {
      .open($0)
    },
  ]

  private static let series: [KeyBinding] = [
    KeyBinding(
      "variants", [.character("v"): ""], "variants, their settings", hint: "variants", .series,
      forTheEye: true
    ) { _ in .chooseVariants },
    KeyBinding(
      "show",
      [
        .character("1"): "1", .character("2"): "2", .character("3"): "3", .character("4"): "4",
        .character("5"): "5", .character("6"): "6",
      ], label: "1-6", "show / hide a variant", hint: "show", .series,
      Argument("NUMBER", "the number of a series, 0 for full fine-tuning")
    ) { text in Int(text).map { .toggleSeries($0) } },
    KeyBinding("full", [.character("0"): ""], "show / hide full", .series) { _ in .toggleSeries(0) },
    KeyBinding(
      "sort", [.character("s"): ""], "table of variants; sort", hint: "sort", .series,
      Argument("COLUMN", of: TableColumn.allCases.map(\.rawValue)),
      when: { $0.context == .table }, forTheEye: true
    ) { text in text.isEmpty ? .sortTable(nil) : TableColumn(rawValue: text).map { .sortTable($0) } },
    KeyBinding(
      "row", [.up: "-1", .down: "1", .character("k"): "-1", .character("j"): "1"], label: "↑ ↓",
      "row of the table", hint: "row", .series, in: [.table, .checks],
      Argument("COUNT", "rows to go down, or up when negative"), forTheEye: true
    ) { text in Int(text).map { .moveRow($0) } },
    KeyBinding(
      "solo", [.enter: ""], "the row alone / all", hint: "solo", .series, in: [.table], forTheEye: true
    ) { _ in .solo
    },
  ]

  private static let panels: [KeyBinding] = [
    KeyBinding(
      "focus", [.tab: "next", .backTab: "previous"], label: "Tab ⇧Tab", "next / previous panel", .panels,
      Argument("PANEL", of: ["next", "previous"] + Panel.focusable.map(\.rawValue))
    ) { text in
      switch text {
      case "next": .focusNext(1)
      case "previous": .focusNext(-1)
      default: Panel(rawValue: text).flatMap { $0.isFocusable ? .focus($0) : nil }
      }
    },
    KeyBinding("zoom", [.enter: ""], "the panel alone / back", .panels, in: [.main, .sweep], forTheEye: true)
    { _ in .zoom },
    KeyBinding("back", [.escape: ""], "one level back", .panels, forTheEye: true) { _ in .back },
    KeyBinding(
      "checks", [.character("c"): ""], "the theory's checks", hint: "checks", .panels,
      Argument("ID", "the name of a check, as C2 or I3") { _ in Check.all.map(\.id) }
    ) { text in text.isEmpty ? .showChecks(nil) : Check.named(text).map { .showChecks($0.id) } },
    KeyBinding(
      "claim", [:], "a claim and its verdict", .panels,
      Argument("N", Claim.span) { _ in Claim.all.map(\.id) }
    ) { text in Claim.named(text).map { .tryClaim($0.id) } },
    KeyBinding("errata", [:], "the notes' mistakes", .panels) { _ in .showErrata },
    KeyBinding(
      "sweep", [.character("w"): ""], "sweep ranks, of the checks", hint: "sweep ranks", .panels,
      in: [.checks],
      Argument("KEY=A,B…", "one or two keys with values, as r=1,2,4; measure=NAME, seeds=K") { model in
        Field.all.filter { $0.applies(model.scenario) }.map { $0.key + "=" }
      }
    ) { .sweep($0) },
    KeyBinding("describe", [.character("i"): ""], "the panel in sentences", .panels) { _ in .describe },
  ]

  private static let chart: [KeyBinding] = [
    KeyBinding(
      "log", [.character("y"): "y", .character("x"): "x"], "log / linear y, x", hint: "log", .chart,
      Argument("AXIS", of: ["y", "x"]), forTheEye: true
    ) { text in text == "y" ? .toggleScale : text == "x" ? .toggleXScale : nil },
    KeyBinding(
      "magnify", [.character("+"): "in", .character("_"): "out", .character("z"): "reset"],
      "zoom in, out, reset", .chart, Argument("HOW", of: Zoom.sizes), forTheEye: true
    ) { text in Zoom.sizes.contains(text) ? Zoom(rawValue: text).map { .zoomChart($0) } : nil },
    KeyBinding(
      "pan",
      [
        .up: "up", .down: "down", .character("k"): "up", .character("j"): "down", .character("("): "left",
        .character(")"): "right",
      ], label: "↑ ↓ ( )", "move what is zoomed", .chart, in: [.main],
      Argument("WHERE", of: Zoom.directions), forTheEye: true
    ) { text in Zoom.directions.contains(text) ? Zoom(rawValue: text).map { .zoomChart($0) } : nil },
    KeyBinding(
      "phase", [:], "two measures as paths", .panels,
      Argument("X Y", "two of gap, loss and the measures that 'lora-explorer list measures' names") { _ in
        PhaseAxes.names
      }
    ) { text in text.isEmpty ? .showPhase(nil) : PhaseAxes(text).map { .showPhase($0) } },
    KeyBinding("difference", [.character("d"): ""], "difference to full, floor", .chart, forTheEye: true) {
      _ in
      .toggleDifference
    },
    KeyBinding("split", [.character("o"): ""], "one chart / one a series", .chart, forTheEye: true) { _ in
      .toggleMultiples
    },
    KeyBinding(
      "convention", [.character("W"): ""], "Y = XW / PEFT's Y = WX", .chart,
      Argument("WAY", of: Convention.allCases.map(\.rawValue))
    ) { text in text.isEmpty ? .writeAs(nil) : Convention(rawValue: text).map { .writeAs($0) } },
    KeyBinding(
      "glyphs", [.character("b"): ""], "braille, blocks, ASCII", .chart,
      Argument("SET", of: Glyphs.allCases.map(\.rawValue)), forTheEye: true
    ) { text in text.isEmpty ? .drawIn(nil) : Glyphs(rawValue: text).map { .drawIn($0) } },
    KeyBinding(
      "theme", [.character("t"): ""], "theme", .chart, in: .screen.union([.lesson]),
      Argument("NAME", of: Theme.allCases.map(\.rawValue)), forTheEye: true
    ) { text in text.isEmpty ? .colour(nil) : Theme(rawValue: text).map { .colour($0) } },
  ]

  private static let program: [KeyBinding] = [
    KeyBinding(
      "command", [.character(":"): ""], "anything by its name", .program,
      in: .screen.union([.lesson, .help, .page, .session, .exports, .divergence]), forTheEye: true
    ) { _ in
      .openCommandLine("")
    },
    KeyBinding(
      "export", [.character("e"): ""], "export", .program,
      Argument("WHAT", of: Export.allCases.map(\.rawValue))
    ) { text in text.isEmpty ? .export(nil) : Export(rawValue: text).map { .export($0) } },
    KeyBinding("session", [.character("S"): ""], "session", .program) { _ in .showSession },
    KeyBinding(
      "lesson", [.character("L"): ""], "lessons", .program,
      Argument("N", "the number of a lesson") { model in
        (model.lessons?.lessons.indices.map { "\($0 + 1)" }) ?? []
      }
    ) { text in text.isEmpty ? .lesson(.open(nil)) : Int(text).map { .lesson(.open($0)) } },
    KeyBinding("redraw", [.control("l"): ""], "redraw", .program, in: Set(Context.allCases), forTheEye: true)
    {
      _ in .redraw
    },
    KeyBinding(
      "mouse", [.function(9): ""], "mouse off / on", .program, in: Set(Context.allCases), forTheEye: true
    ) { _ in .toggleMouse },
    KeyBinding(
      "help", [.character("?"): "", .function(1): ""], "this help", hint: "help", .program,
      in: .screen.union([.help, .page, .session, .exports, .divergence, .lesson])
    ) { _ in .toggleHelp },
    KeyBinding(
      "quit", [.character("q"): ""], "quit; Ctrl-Z suspends", hint: "", .program,
      in: .screen.union([.help, .page, .session, .exports, .divergence, .lesson])
    ) { _ in .quit },
  ]
}
