import Charts
import Explorer
import Math
import Testing

/// The loop with the real engine, on a terminal that plays a script.
@Suite("Session", .timeLimit(.minutes(10)))
@MainActor
struct SessionTests {
  func play(_ line: String, _ script: [ScriptedTerminal.Step]) throws -> (
    end: Session.End, terminal: ScriptedTerminal
  ) {
    let wakePipe = try WakePipe()
    var terminal = ScriptedTerminal(
      script, size: Size(width: 80, height: 24), unicode: true, wakePipe: wakePipe)
    let model = Model(try Scenario(parsing: line), glyphs: .braille, memory: 1e9)
    var session = Session(model, mailbox: Mailbox(wakePipe: wakePipe))
    return (session.play(on: &terminal), terminal)
  }

  @Test func aRunMovesAndQuitLeavesBeforeWaitingAgain() throws {
    let (end, terminal) = try play(
      "n=8 m=6 r=2 steps=1000000", [.until { $0.contains("▶") && !$0.contains(" 0/1000000") }, .keys("q")])
    #expect(end == .quit)
    #expect(!terminal.isStuck)
  }

  @Test func aRunGoesToItsEnd() throws {
    let (_, terminal) = try play("n=8 m=6 r=2 steps=0", [.until { $0.contains("● 0/0") }, .keys("q")])
    #expect(!terminal.isStuck)
  }

  @Test func stepsAreTakenFromWhereThePauseWas() throws {
    let (_, terminal) = try play(
      "n=8 m=6 r=2 steps=1000000",
      [.until { $0.contains("▶") }, .keys(" "), .until { $0.contains("‖") }, .keys("nn"), .keys("q")])
    #expect(!terminal.isStuck)
  }

  @Test func aCalmScreenIsDrawnOnceASecondAndAnotherTwentyTimes() throws {
    let model = Model(try Scenario(parsing: "n=8 m=6 r=2"), glyphs: .braille, memory: 1e9)
    for (isCalm, interval) in [(true, Duration.seconds(1)), (false, .milliseconds(50))] {
      let session = Session(model, mailbox: Mailbox(wakePipe: try WakePipe()), isCalm: isCalm)
      #expect(session.frameInterval == interval)
    }
  }

  @Test func aVanishedTerminalEndsTheSession() throws {
    #expect(try play("n=8 m=6 r=2", [.events([.hangup])]).end == .hangup)
    #expect(try play("n=8 m=6 r=2", [.events([.interrupted])]).end == .interrupted)
  }
}
