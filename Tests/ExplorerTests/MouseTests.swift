import Explorer
import Testing

@Suite("Mouse reports")
struct MouseTests {
  let start = ContinuousClock.now

  @Test(
    "are read as what the mouse did",
    arguments: [
      (0, false, Mouse.Kind.press), (0, true, .release), (32, false, .drag(fromRow: 0)),
      (64, false, .wheelUp),
      (65, false, .wheelDown), (16, false, .press), (68, false, .wheelUp), (2, false, nil), (35, false, nil),
    ])
  func kinds(button: Int, isRelease: Bool, kind: Mouse.Kind?) {
    var decoder = MouseDecoder()
    let event = decoder.event(button: button, row: 3, column: 300, isRelease: isRelease, at: start)
    #expect(event == kind.map { Mouse($0, row: 3, column: 300) })
  }

  /// The kinds of presses at (column, milliseconds).
  func presses(_ presses: [(column: Int, at: Int)]) -> [Mouse.Kind?] {
    var decoder = MouseDecoder()
    return presses.map { press in
      decoder.event(
        button: 0, row: 1, column: press.column, isRelease: false, at: start + .milliseconds(press.at))?.kind
    }
  }

  @Test func aDragTellsTheRowItBeganIn() {
    var decoder = MouseDecoder()
    for (button, row) in [(0, 22), (32, 22), (32, 20)] {
      let event = decoder.event(button: button, row: row, column: 7, isRelease: false, at: start)
      #expect(event?.kind == (button == 0 ? .press : .drag(fromRow: 22)))
    }
  }

  @Test func twoQuickPressesOfOneCellAreADoubleClick() {
    #expect(presses([(5, 0), (5, 200)]) == [.press, .doubleClick])
    #expect(presses([(5, 0), (6, 200)]) == [.press, .press])
    #expect(presses([(5, 0), (5, 900)]) == [.press, .press])
    #expect(presses([(5, 0), (5, 100), (5, 200), (5, 300)]) == [.press, .doubleClick, .press, .doubleClick])
  }
}
