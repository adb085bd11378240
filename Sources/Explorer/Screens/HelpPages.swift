import Charts

/// The table of keys on pages of a size: one with all of them where they fit, in two columns with the program's own
/// below, else as many pages as it takes, in two columns or, on a narrow screen, in one.
struct HelpPages {
  typealias Line = (text: String, binding: KeyBinding?)
  typealias Item = (text: String, column: Int, binding: KeyBinding)

  /// By page, then column.
  private(set) var pages: [[[Line]]] = []
  /// Below the columns of a single page, beside one another.
  private(set) var program: [[Item]] = []

  static let width = 80

  /// - Parameter size: of the screen; a frame goes off it.
  /// - Parameter isTeaching: a lesson has keys of its own, and not those of the charts.
  init(_ size: Size, _ glyphs: Glyphs, isTeaching: Bool = false) {
    let groups = KeyBinding.Group.allCases.filter {
      isTeaching ? $0 == .lesson || $0 == .program : $0 != .overlay && $0 != .lesson
    }
    let others = groups.filter { $0 != .program }.flatMap(Self.lines)
    let rows = max(1, size.height - 2)
    let onTop = isTeaching ? [] : Context.allCases.flatMap(Self.lines)
    let packed = Self.packed(
      Self.bindings(of: .program), width: min(Self.width, size.width) - 6, glyphs: glyphs)
    // What only lies on top has its keys in the bottom row, and here where there is room.
    let whole = Self.inTwo(others + onTop)
    let half = whole[0].count + packed.count <= rows ? whole : Self.inTwo(others)
    if size.width >= Self.width, half[0].count + packed.count <= rows {
      (pages, program) = ([half], packed)
      return
    }
    var rest = groups.flatMap(Self.lines)[...]
    while !rest.isEmpty {
      pages.append(
        (1...(size.width >= Self.width ? 2 : 1)).map { _ in
          defer { rest = rest.dropFirst(rows) }
          return Array(rest.prefix(rows))
        })
    }
  }

  /// The rows of a page.
  var height: Int { (pages.first?.map(\.count).max() ?? 0) + program.count }

  /// The first page with something that is looked for.
  func page(finding help: Help) -> Int? {
    if program.joined().contains(where: { help.finds($0.binding) }) { return 0 }
    return pages.firstIndex { $0.joined().contains { $0.binding.map(help.finds) ?? false } }
  }

  private static func bindings(of group: KeyBinding.Group) -> [KeyBinding] {
    KeyBinding.all.filter { $0.group == group && !$0.keys.isEmpty }
  }

  /// A heading, and a line for each row of the table.
  private static func lines(_ group: KeyBinding.Group) -> [Line] {
    let bindings = bindings(of: group)
    guard !bindings.isEmpty else { return [] }
    return [(group.rawValue, nil)] + bindings.map(Self.line)
  }

  /// The same of what lies on top in a context.
  private static func lines(_ context: Context) -> [Line] {
    let bindings = bindings(of: .overlay).filter { $0.contexts.contains(context) }
    return bindings.isEmpty ? [] : [(context.title, nil)] + bindings.map(Self.line)
  }

  private static func line(_ binding: KeyBinding) -> Line {
    ("  \(binding.label.padded(9)) \(binding.help)", binding)
  }

  /// Two columns of about the same length; no heading stands last in the first.
  private static func inTwo(_ lines: [Line]) -> [[Line]] {
    var half = (lines.count + 1) / 2
    if half > 0, half < lines.count, lines[half - 1].binding == nil { half += 1 }
    return [Array(lines.prefix(half)), Array(lines.dropFirst(half))]
  }

  /// Beside one another, as many a row as fit.
  private static func packed(_ bindings: [KeyBinding], width: Int, glyphs: Glyphs) -> [[Item]] {
    var rows: [[Item]] = [[]]
    var column = 0
    for binding in bindings {
      let text = glyphs.spell("\(binding.label) \(binding.help)")
      if column > 0, column + text.unicodeScalars.count > width {
        rows.append([])
        column = 0
      }
      rows[rows.count - 1].append((text, column, binding))
      column += text.unicodeScalars.count + 3
    }
    return rows
  }
}
