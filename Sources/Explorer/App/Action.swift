import Charts

/// What a key or a command can do, by name.
package enum Action: Hashable, Sendable {
  // Run
  case togglePause
  case advance(steps: Int)
  case restart
  case nextSeed
  case openPicker
  /// The set-up, with the focus on the variants.
  case chooseVariants
  /// A key of the scenario line, and the run starts anew.
  case set(key: String, value: String)
  /// The run of a scenario line.
  case open(String)
  /// A run that goes on from the cursor with other words of the scenario line.
  case branch(String)
  /// The present scenario with so many seeds.
  case survey(Int)
  /// The present scenario at other values of a key or two: `r=1,2,4 seeds=5`; empty for ranks.
  case sweep(String)
  /// A past run again.
  case reopen(Int)
  /// A past run's curves behind the present ones.
  case toggleGhost(Int)
  /// A claim of the theory, by id: its run, and the verdict over seeds.
  case tryClaim(String)
  // Time
  case moveCursor(Int)
  case moveCursorByPercent(Int)
  case goTo(Int)
  case goToStart
  case goToEnd
  /// Forward for 1, back for -1.
  case nextEvent(Int)
  case setMark
  case goToMark
  case faster
  case slower
  /// As fast as it can be computed.
  case unlimited
  // Series
  /// 0 is full fine-tuning.
  case toggleSeries(Int)
  /// By the next column when nil.
  case sortTable(TableColumn?)
  case moveRow(Int)
  /// Another variant in the pictures of one alone.
  case pictureNext(Int)
  /// The table's row in focus alone, or all again.
  case solo
  case nextLayer
  case toggleLossSet
  // Lessons
  case lesson(LessonAction)
  // Panels
  case focusNext(Int)
  case focus(Panel)
  case zoom
  case back
  case describe
  /// By the id of a check; nil for all.
  case showChecks(String?)
  /// Draws the check in focus over the steps, or no longer.
  case traceCheck
  case showSession
  /// Nil for the list of what can be written.
  case export(Export?)
  /// The notes' mistakes.
  case showErrata
  // Charts
  case toggleScale
  case toggleXScale
  case zoomChart(Zoom)
  /// Two quantities against each other; the same as before when nil.
  case showPhase(PhaseAxes?)
  case toggleDifference
  case toggleMultiples
  /// Nil for the next.
  case drawIn(Glyphs?)
  /// Nil for the other.
  case writeAs(Convention?)
  // Program
  /// Nil for the next.
  case colour(Theme?)
  case toggleMouse
  case openCommandLine(String)
  case toggleHelp
  // What lies on top
  case help(Help.Action)
  case picker(Picker.Action)
  case prompt(Prompt.Edit)
  case page(Page.Action)
  /// To the question a divergence asks.
  case answer(DivergenceReport.Answer)
  case redraw
  case quit
}
