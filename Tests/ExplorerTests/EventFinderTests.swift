import Explorer
import Math
import Testing
import Theory

@Suite("Events")
struct EventFinderTests {
  /// Losses and gaps of full fine-tuning and two variants, step after step.
  func events(_ rows: [(losses: [Double], gaps: [Double])], floor: Double? = nil) -> [String] {
    var finder = EventFinder()
    for (step, row) in rows.enumerated() {
      let spectra = floor.map { floor in row.gaps.map { _ in Optional(Spectrum(values: [], floor: floor)) } }
      finder.take(
        Record(
          step: step, losses: row.losses, layers: [Record.Layer(gaps: row.gaps, spectra: spectra)]))
    }
    return finder.events.map(\.text)
  }

  func gaps(_ first: [Double], floor: Double? = nil) -> [String] {
    events(first.map { ([1, 2, 3], [0, $0, 100]) }, floor: floor)
  }

  @Test func aPeakIsToldAtItsStepOnceTheGapHasFallenByATwentieth() {
    #expect(gaps([0, 1, 2.126, 2.1, 2.05]) == [])
    #expect(gaps([0, 1, 2.126, 2.1, 2.05, 2.01]) == ["2 gap 1 peak 2.126"])
    #expect(gaps([5, 4, 3, 2]) == [], "where it begins is no peak")
    #expect(gaps([0, 1, 2, 1.5, 1.51, 1.5, 1.49, 3, 2]) == ["2 gap 1 peak 2", "7 gap 1 peak 3"])
  }

  @Test func theEarliestStepAtWhichACheckWasSeenBrokenIsAnEvent() {
    func findings(_ step: Int, _ measured: Double, trace: [(Int, Double)] = []) -> Findings {
      Findings(
        step: step,
        verdicts: ["I3": measured > 1 ? .failed(.atMost(measured, 1)) : .ok(.atMost(measured, 1))],
        traced: trace.isEmpty ? nil : "I3",
        trace: trace.map { Findings.Point(step: $0.0, comparison: .atMost($0.1, 1)) })
    }
    var finder = EventFinder()
    finder.take(findings(30, 0.5))
    #expect(finder.events.isEmpty)
    finder.take(findings(40, 2))
    finder.take(findings(50, 3))
    #expect(finder.events.map(\.text) == ["40 check I3 broken, 2"])
    finder.take(findings(50, 3, trace: [(10, 0.9), (20, 1.5), (30, 1.7)]))
    #expect(finder.events.map(\.text) == ["20 check I3 broken, 1.5"])
  }

  @Test func noiseOfAHundredthIsNoPeak() {
    #expect(gaps((0..<200).map { 1 + 0.01 * Double($0 % 2) }) == [])
    #expect(gaps((0..<200).map { 1e-14 * Double(1 + $0 % 2) }) == [], "nor is what rounding leaves")
  }

  @Test func gapsThatChangePlacesCross() {
    let rows = [(1.0, 2.0), (1.5, 1.8), (1.8, 1.79), (1.79, 1.8), (1.8, 1.7), (1.8, 1.9)]
    #expect(
      events(rows.map { ([1, 2, 3], [0, $0.0, $0.1]) })
        == ["4 gap 2 falls below gap 1", "5 gap 1 falls below gap 2"])
  }

  @Test func aLossThatPassesFullFineTuningIsToldToo() {
    let rows = [(3.0, 1.0), (2.5, 2.0), (2, 2.5)]
    #expect(
      events(rows.map { ([$0.0, $0.1, 9], [0, 1, 1]) }) == ["2 loss F falls below loss 1"])
  }

  @Test func floorsArePassedBothWays() {
    // 1.1, 1.4, 1.6 and 1.4 times the floor.
    #expect(
      gaps([1.1, 1.4, 1.6, 1.4], floor: 1) == [
        "2 gap 1 beyond 1.5× its floor", "2 gap 1 peak 1.6", "3 gap 1 within 1.5× its floor",
      ])
  }

  @Test func aGapUnderItsFloorIsToldOnce() {
    let told = gaps([1, 1 - 1e-12, 0.9, 0.8, 1], floor: 1)
    #expect(told.filter { $0.contains("under") } == ["2 gap 1 0.9 under its floor 1"])
  }

  @Test func divergenceIsToldOnceAndEndsTheRest() {
    let rows: [(losses: [Double], gaps: [Double])] = [
      ([1, 1, 1], [0, 1, 2]), ([1, .nan, 1], [0, .nan, 2]), ([1, .nan, 1], [0, .nan, 2]),
    ]
    #expect(events(rows) == ["1 series 1 diverged"])
  }

  @Test func aRoundOfSerialLoRAIsAnEvent() throws {
    var simulation = try Simulation(
      Scenario(parsing: "n=6 m=5 r=2 steps=10 variants=lora,serial-lora(every=4)"), digits: .embedded)
    var finder = EventFinder()
    finder.take(Record(measuring: &simulation, withSpectra: true))
    while simulation.step < 10 {
      simulation.advance()
      finder.take(Record(measuring: &simulation, withSpectra: true))
    }
    let restarts = finder.events.filter { $0.kind == .restart(series: 2) }.map(\.step)
    #expect(restarts == [4, 8])
  }

  @Test func layersAreNamedWhereThereAreTwo() {
    var finder = EventFinder()
    for (step, gap) in [0.0, 2, 1].enumerated() {
      let still = Record.Layer(gaps: [0, 1])
      finder.take(Record(step: step, losses: [1, 1], layers: [still, Record.Layer(gaps: [0, gap])]))
    }
    #expect(finder.events == [RunEvent(1, .peak(series: 1, gap: 2), layer: 1)])
    #expect(finder.events.map(\.text) == ["1 W2 gap 1 peak 2"])
  }

  @Test func aCurveThatShakesDoesNotFillTheMemory() {
    let told = gaps((0..<10_000).map { Double(1 + $0 % 2) })
    #expect(told.count == EventFinder.most)
  }
}
