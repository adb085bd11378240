import Charts
import Math

func toggleSeries(_ model: inout Model, _ number: Int) {
  guard (0...model.scenario.variants.count).contains(number) else {
    model.notice = "there is no series \(number): they are 0 to \(model.scenario.variants.count)"
    return
  }
  if model.hidden.remove(number) == nil { model.hidden.insert(number) }
}

/// The first press goes to the table, the others sort it by the next column; a named one does both.
func sortTable(_ model: inout Model, by column: TableColumn?) {
  if let column {
    model.table.column = column
  } else if model.focus == .table {
    model.table.column = model.table.column.next
  }
  if model.focus != .table {
    model.isComparing = true
    focus(&model, .table)
  }
}

func moveRow(_ model: inout Model, _ count: Int) {
  let variants = model.tableVariants
  guard let row = variants.firstIndex(where: { $0 == model.tableFocus }) else { return }
  model.table.variant = variants[min(max(0, row + count), variants.count - 1)]
}

func pictureNext(_ model: inout Model, _ count: Int) {
  let variants = (1..<model.scenario.variants.count + 1).filter { !model.hidden.contains($0) }
  guard let k = variants.firstIndex(where: { $0 == model.pictured }) else { return }
  model.table.variant = variants[(k + count + variants.count) % variants.count]
}

/// The variant in focus alone with full fine-tuning; all again when it is alone.
func solo(_ model: inout Model) {
  guard let variant = model.tableFocus else { return }
  let others = Set(1...model.scenario.variants.count).subtracting([variant])
  model.hidden = model.hidden.subtracting([0]) == others ? [] : others
}

func nextLayer(_ model: inout Model) {
  let count = model.scenario.layerShapes.count
  guard count > 1 else {
    model.notice = "this network has one layer; task=twolayer has two"
    return
  }
  model.layer = (model.layer + 1) % count
  noteGhost(&model)
}

/// - Parameter glyphs: nil for the next set that the terminal can show.
func draw(_ model: inout Model, in glyphs: Glyphs?) {
  var set = glyphs ?? model.glyphs.next
  while glyphs == nil, !model.glyphSets.contains(set) { set = set.next }
  guard model.glyphSets.contains(set) else {
    let known = model.glyphSets.map(\.rawValue).joined(separator: ", ")
    model.notice = "\(set.rawValue) is unknown to this C library or locale; it shows \(known)"
    return
  }
  model.glyphs = set
}

func toggleLossSet(_ model: inout Model) {
  guard model.scenario.hasTestLoss else {
    model.notice = "no examples are held out for a test loss; tasks with examples take held=…"
    return
  }
  model.lossSet = model.lossSet.other
}

/// Through all panels when one is zoomed or there is room for one alone, else through those on the screen.
func focusNext(_ model: inout Model, _ direction: Int) {
  let isAlone = model.isZoomed || model.hasOneChart
  let panels = Panel.focusable.filter { isAlone || model.isOnScreen($0) }
  guard !panels.isEmpty else { return }
  let index = panels.firstIndex(of: model.focus) ?? 0
  focus(&model, panels[(index + direction + panels.count) % panels.count])
}

func focus(_ model: inout Model, _ panel: Panel) {
  model.focus = panel
  if !model.isOnScreen(panel) { model.isZoomed = true }
}

func goBack(_ model: inout Model) -> [Command] {
  if model.claim != nil { return stopClaim(&model) }
  let commands = model.focus == .sweep ? stopSweep(&model) : []
  if model.isZoomed {
    model.isZoomed = false
    if model.focus == .checks || !model.isOnScreen(model.focus) {
      model.focus = model.isComparing ? .table : .gap
    }
  } else if model.cursor != nil {
    model.cursor = nil
  } else if model.isComparing || model.focus == .table {
    model.isComparing = false
    if model.focus == .table { model.focus = .gap }
  } else if model.lessons?.isExplored == true {
    return perform(&model, .lesson(.open(nil)))
  }
  return commands
}

extension Glyphs {
  var next: Glyphs {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
