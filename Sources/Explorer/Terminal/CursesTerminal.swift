import CNcurses
import Charts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The terminal by ncurses. There is one at a time; its end gives the screen back.
@MainActor
package struct CursesTerminal: ~Copyable, Terminal {
  package private(set) var size: Size
  package let hasUnicode: Bool
  package let background: Background?
  package var theme: Theme { didSet { if theme != oldValue { repaint() } } }
  package var takesMouse = false { didSet { if takesMouse != oldValue { cn_mouse(takesMouse) } } }
  private var palette: Palette
  private let wakePipe: WakePipe
  private var mouse = MouseDecoder()
  /// What has come of a paste that has not ended.
  private var paste: String.UnicodeScalarView?
  private var shown: Grid?
  private var cursor: Cursor?

  /// - Parameter wakePipe: ends a `wait` from other threads.
  package init(color: ColorChoice, wakePipe: WakePipe) throws(TerminalError) {
    let type = getenv("TERM").map { String(cString: $0) } ?? ""
    switch Int(cn_open(color != .never, wakePipe.readEnd, wakePipe.writeEnd)) {
    case CN_OPENED: break
    case CN_NOT_A_TERMINAL: throw .notATerminal
    case CN_NO_CURSOR_ADDRESS: throw .cannotPlaceCursor(type)
    default: throw .unknownType(type)
    }
    self.wakePipe = wakePipe
    hasUnicode = cn_is_utf8()
    size = Self.currentSize()
    background = Background(colorFGBG: getenv("COLORFGBG").map { String(cString: $0) })
    theme = .standard
    palette = Palette(colors: 0)
    repaint()
  }

  deinit { cn_close() }

  /// What its C library and locale know.
  var glyphSets: [Glyphs] {
    guard hasUnicode else { return [.ascii] }
    return Glyphs.allCases.filter { $0 != .octant || cn_fits_cell(0x1CD00) }
  }

  // MARK: Drawing

  package mutating func present(_ grid: Grid, cursor: Cursor?) {
    if let shown, shown == grid, self.cursor == cursor { return }
    if shown?.size != grid.size {
      cn_erase()
      shown = nil
    }
    putRows(of: grid)
    shown = grid
    self.cursor = cursor
    flush()
  }

  package mutating func redraw() {
    cn_redraw()
    flush()
  }

  /// Takes the theme's colours, for the whole of the next frame.
  private mutating func repaint() {
    palette = Palette(colors: Int(cn_colors()), theme: theme, background: background)
    for ink in Ink.allCases {
      if let color = palette.color(ink) { cn_pair(CInt(ink.rawValue), CInt(color)) }
    }
    shown = nil
  }

  private func flush() {
    cn_flush(CInt(cursor?.row ?? -1), CInt(cursor?.column ?? 0), cursor?.isShown ?? false)
  }

  /// One call for each run of cells of one style that changed: ncurses looks at every cell it is handed.
  private func putRows(of grid: Grid) {
    for row in 0..<min(grid.size.height, size.height) {
      for cells in grid.changes(in: row, since: shown) {
        let style = grid.styles[cells.lowerBound]
        cn_put(
          CInt(row), CInt(cells.lowerBound - row * grid.size.width), grid.scalars, CInt(cells.lowerBound),
          CInt(cells.count), palette.color(style.ink) == nil ? 0 : CInt(style.ink.rawValue),
          CInt(palette.attributes(style).bits))
      }
    }
  }

  private static func currentSize() -> Size {
    var (rows, columns): (CInt, CInt) = (0, 0)
    cn_size(&rows, &columns)
    return Size(width: Int(columns), height: Int(rows))
  }

  // MARK: Waiting

  package mutating func wait(milliseconds: Int?) -> [Event] {
    // ncurses keeps a queue that poll cannot see: empty it before waiting.
    var events: [Event] = []
    collect(&events)
    let limit = events.isEmpty ? milliseconds.map { CInt(clamping: max(0, $0)) } ?? -1 : 0
    let seen = Int(cn_wait(limit))
    if seen & CN_WOKEN != 0 {
      wakePipe.drain()
      events.append(.woken)
    }
    collect(&events)
    if seen & CN_HANGUP != 0 && !events.contains(.hangup) { events.append(.hangup) }
    return events
  }

  private mutating func collect(_ events: inout [Event]) {
    let signals = Int(cn_signals())
    if signals & CN_INTERRUPT != 0 { events.append(.interrupted) }
    if signals & CN_SUSPEND != 0 {
      cn_suspend()
      events.append(.continued)
    }
    // Bounded, so that no stream of keys can keep the screen from being drawn.
    var next: Int?
    for _ in 0..<1000 {
      let code = next ?? Int(cn_key())
      next = nil
      if code == 0x1b, paste == nil {
        next = escape(&events)
        continue
      }
      switch code {
      case CN_KEY_NONE: return
      case CN_KEY_END:
        events.append(.hangup)
        return
      case CN_KEY_RESIZE: resize(&events)
      case CN_KEY_MOUSE: point(&events)
      case CN_KEY_PASTE: paste = String.UnicodeScalarView()
      case CN_KEY_PASTE_END:
        if let paste { events.append(.pasted(String(paste))) }
        paste = nil
      default:
        if paste != nil {
          addToPaste(code)
        } else if let key = Key(code: code) {
          events.append(.key(key))
        }
      }
    }
  }

  /// Esc, or a sequence that the terminal's description does not know: one that is not an arrow with Shift is
  /// swallowed whole, or its letters would be keys.
  /// - Returns: what came after it, if that is a key of its own.
  private mutating func escape(_ events: inout [Event]) -> Int? {
    let next = Int(cn_key())
    guard next == 0x5b else {
      events.append(.key(.escape))
      return next
    }
    var text = ""
    for _ in 0..<32 {
      guard let scalar = Unicode.Scalar(UInt32(clamping: Int(cn_key()))), (0x20...0x7e).contains(scalar.value)
      else { break }
      text.unicodeScalars.append(scalar)
      if scalar.value >= 0x40 { break }
    }
    if text == "1;2D" { events.append(.key(.shiftLeft)) }
    if text == "1;2C" { events.append(.key(.shiftRight)) }
    return nil
  }

  private mutating func addToPaste(_ code: Int) {
    // A field holds a line; a paste without end stays small.
    guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init), (paste?.count ?? 0) < 10_000 else {
      return
    }
    paste?.append(scalar)
  }

  private mutating func point(_ events: inout [Event]) {
    var (button, row, column): (CInt, CInt, CInt) = (0, 0, 0)
    var isRelease = false
    cn_mouse_report(&button, &row, &column, &isRelease)
    if let event = mouse.event(
      button: Int(button), row: Int(row), column: Int(column), isRelease: isRelease, at: .now)
    {
      events.append(.mouse(event))
    }
  }

  private mutating func resize(_ events: inout [Event]) {
    size = Self.currentSize()
    cn_erase()
    // Of several changes that end at the old size ncurses sees none, and the terminal has moved its cells.
    cn_redraw()
    shown = nil
    // Of a storm only the last size matters.
    if case .resized = events.last { events.removeLast() }
    events.append(.resized(size))
  }
}

extension Style.Attributes {
  fileprivate var bits: Int {
    (contains(.bold) ? CN_BOLD : 0) | (contains(.dim) ? CN_DIM : 0) | (contains(.reverse) ? CN_REVERSE : 0)
  }
}

extension Key {
  /// nil for keys without a name here.
  fileprivate init?(code: Int) {
    switch code {
    case CN_KEY_UP: self = .up
    case CN_KEY_DOWN: self = .down
    case CN_KEY_LEFT: self = .left
    case CN_KEY_RIGHT: self = .right
    case CN_KEY_SHIFT_LEFT: self = .shiftLeft
    case CN_KEY_SHIFT_RIGHT: self = .shiftRight
    case CN_KEY_HOME: self = .home
    case CN_KEY_END_OF_LINE: self = .end
    case CN_KEY_PAGE_UP: self = .pageUp
    case CN_KEY_PAGE_DOWN: self = .pageDown
    case CN_KEY_BACK_TAB: self = .backTab
    case CN_KEY_DELETE: self = .delete
    case CN_KEY_ENTER, 0x0a, 0x0d: self = .enter
    case CN_KEY_BACKSPACE, 0x08, 0x7f: self = .backspace
    case 0x09: self = .tab
    case 0x1b: self = .escape
    case 0x01...0x1a: self = .control(Unicode.Scalar(UInt8(code + 0x60)))
    case CN_KEY_FUNCTION...CN_KEY_FUNCTION + 63: self = .function(code - CN_KEY_FUNCTION)
    case 0x20...0x10ffff:
      guard let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
      self = .character(scalar)
    default: return nil
    }
  }
}
