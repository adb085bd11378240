import Foundation
import Charts
import Explorer
import Testing

@Suite("The choice of colour")
struct ColorChoiceTests {
  @Test(
    "goes by --color, NO_COLOR, CLICOLOR_FORCE, TERM, in this order",
    arguments: [
      (ColorChoice.auto, [:], ColorChoice.auto),
      (.auto, ["NO_COLOR": "1"], .never),
      (.auto, ["NO_COLOR": ""], .auto),
      (.auto, ["CLICOLOR_FORCE": "1"], .always),
      (.auto, ["CLICOLOR_FORCE": "0"], .auto),
      (.auto, ["CLICOLOR_FORCE": ""], .auto),
      (.auto, ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], .never),
      (.always, ["NO_COLOR": "1"], .always),
      (.never, ["CLICOLOR_FORCE": "1"], .never),
    ])
  func order(option: ColorChoice, environment: [String: String], expected: ColorChoice) {
    #expect(option.resolved { environment[$0] } == expected)
  }
}

@Suite("The palette")
struct PaletteTests {
  private static let series = (1...6).map { Ink.series($0) }

  @Test(
    "has the hues of Okabe and Ito as far as the terminal has them",
    arguments: [
      (256, [74, 172, 36, 175, 166, 33]), (65536, [74, 172, 36, 175, 166, 33]),
      (8, [6, 3, 2, 5, 1, 4]), (16, [6, 3, 2, 5, 1, 4]),
    ])
  func hues(colors: Int, expected: [Int]) {
    let palette = Palette(colors: colors)
    #expect(Self.series.map(palette.color) == expected)
    #expect(palette.color(.standard) == nil)
    #expect(palette.color(.theory) == nil)
  }

  @Test func withoutColourStyleStays() {
    let palette = Palette(colors: 0)
    #expect(Ink.allCases.allSatisfy { palette.color($0) == nil })
    #expect(palette.attributes(.theory) == .dim)
    #expect(palette.attributes(Style(.alert, .reverse)) == [.bold, .reverse])
    #expect(palette.attributes(Style(.series1, .bold)) == .bold)
  }
}

@Suite("A wake pipe")
struct WakePipeTests {
  @Test func wakesFromAnotherThreadAndForgets() throws {
    let pipe = try WakePipe()
    #expect(!pipe.drain())
    // A thread of its own: a task might wait for other tests to leave the pool.
    Thread.detachNewThread { pipe.wake() }
    #expect(pipe.wait(milliseconds: 20_000))
    #expect(pipe.drain())
    #expect(!pipe.wait(milliseconds: 0))
  }

  @Test func neverBlocksWhenFull() throws {
    let pipe = try WakePipe()
    for _ in 0..<200_000 { pipe.wake() }
    #expect(pipe.drain())
    #expect(!pipe.drain())
  }
}

@Suite("A scripted terminal") @MainActor
struct ScriptedTerminalTests {
  /// Counts waits until `q`.
  private func count(_ terminal: consuming some Terminal & ~Copyable) -> Event? {
    var waits = 0
    while true {
      var grid = Grid(terminal.size)
      grid.put("waits=\(waits)", row: 0, column: 0)
      terminal.present(grid, cursor: nil)
      for event in terminal.wait(milliseconds: 50) where event == .hangup || event == .key(.character("q")) {
        return event
      }
      waits += 1
    }
  }

  @Test func playsItsScript() {
    let terminal = ScriptedTerminal([
      .keys("ab"), .events([.resized(Size(width: 10, height: 2))]), .until { $0.contains("waits=7") },
      .keys("q"),
    ])
    #expect(count(terminal) == .key(.character("q")))
    #expect(terminal.frames.count == 8)
    #expect(terminal.screen == "waits=7   \n          ")
    #expect(!terminal.isStuck)
  }

  @Test func endsALoopThatMissesItsCue() {
    let terminal = ScriptedTerminal([.keys("x"), .until { _ in false }])
    #expect(count(terminal) == .hangup)
    #expect(terminal.isStuck)
  }

  @Test func waitsForOthers() throws {
    let pipe = try WakePipe()
    pipe.wake()
    let terminal = ScriptedTerminal([.until { $0.contains("waits=1") }, .keys("q")], wakePipe: pipe)
    #expect(count(terminal) == .key(.character("q")))
  }
}
