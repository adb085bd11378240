import Theory

/// Words on top of the screen.
package enum Page: Equatable, Sendable {
  /// A panel in sentences, from a line on.
  case words(Panel, from: Int = 0)
  /// What a lesson tells the teacher alone, from a line on.
  case notes(from: Int = 0)
  /// The line that opens this run again, and the runs before it: row 0 is the present one, 1 the last before it.
  case session(row: Int)
  /// What can be written to a file, by row.
  case exports(row: Int)
  /// A mistake of the notes beside what is right, by number.
  case erratum(Int)

  package enum Action: Hashable, Sendable {
    /// By lines, runs or mistakes.
    case move(Int)
    /// What is in focus: a run again, the line of the present one kept, or a file written.
    case open
    /// The curves of the run in focus behind the present ones.
    case drawBehind
    case close
  }
}

func act(_ model: inout Model, _ action: Page.Action) -> [Command] {
  guard case .page(let page)? = model.overlay else { return [] }
  switch action {
  case .move(let count): model.overlay = .page(model.moved(page, by: count))
  case .open:
    switch page {
    case .session(let row):
      model.overlay = nil
      return row == 0 ? [.saveRun(model.course.line)] : reopen(&model, model.pastRun(atRow: row))
    case .exports(let row): return export(&model, Export.allCases[row])
    case .words, .notes, .erratum: break
    }
  case .drawBehind:
    if case .session(let row) = page, row > 0 { toggleGhost(&model, model.pastRun(atRow: row)) }
  case .close: model.overlay = nil
  }
  return []
}

extension Model {
  /// Row 1 is the last before the present one.
  fileprivate func pastRun(atRow row: Int) -> Int { past.runs[past.runs.count - row].number }

  /// Further down or up, as far as there is something.
  fileprivate func moved(_ page: Page, by count: Int) -> Page {
    func within(_ last: Int, _ row: Int) -> Int { max(0, min(row + count, last)) }
    return switch page {
    case .words(let panel, let top): .words(panel, from: within(lastTop(of: page), top))
    case .notes(let top): .notes(from: within(lastTop(of: page), top))
    case .session(let row): .session(row: within(past.runs.count, row))
    case .exports(let row): .exports(row: within(Export.allCases.count - 1, row))
    case .erratum(let row): .erratum(within(Erratum.all.count - 1, row))
    }
  }
}
