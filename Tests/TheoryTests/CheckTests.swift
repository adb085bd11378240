import Assets
import Math
import Testing
import Theory

/// States of the built-in runs, a few steps of each.
struct State: Sendable {
  var line: String
  var start: Moment
  var present: Moment

  static let all = Result { try Check.scenarios.flatMap { line in try states(line, at: [0, 1, 4, 12]) } }

  static func states(_ line: String, at steps: [Int]) throws -> [State] {
    let scenario = try Scenario(parsing: line)
    let digits = try Digits(text: Assets.digits)
    var simulation = try Simulation(scenario, digits: digits)
    let start = Moment(simulation)
    return steps.map { step in
      while simulation.step < step { simulation.advance() }
      return State(line: line, start: start, present: Moment(simulation))
    }
  }

  /// What a check looks at here.
  func evidence(for check: Check) -> [Evidence] {
    let series = check.subject == .series ? present.now.series.indices : 0..<1
    return series.flatMap { i in
      (0..<present.now.layerCount).map { Evidence(start: start, present: present, series: i, layer: $0) }
    }
  }
}

extension Check: CustomTestStringConvertible {
  package var testDescription: String { "\(id): \(statement)" }
}

@Suite("Checks")
struct CheckTests {
  @Test("there is one for each identity of variants.md and each sentence of the panel")
  func registry() {
    let identities = (1...27).filter { $0 != 21 }.map { "I\($0)" }
    #expect(Check.all.map(\.id) == (1...5).map { "C\($0)" } + identities)
    #expect(Check.named("i3")?.id == "I3" && Check.named("I21") == nil)
  }

  @Test(
    "every check applies to one of the built-in runs, and holds on all of them", arguments: Check.scenarios)
  func holds(line: String) throws {
    let digits = try Digits(text: Assets.digits)
    let trial = try Trial.run(Scenario(parsing: line), digits: digits)
    for (check, verdict) in trial.results { #expect(!verdict.hasFailed, "\(check.id): \(verdict)") }
  }

  @Test("every check applies somewhere", arguments: Check.all)
  func applies(check: Check) throws {
    let verdicts = try State.all.get().flatMap { state in
      state.evidence(for: check).map { check.verdict(on: $0) }
    }
    #expect(verdicts.contains { $0.comparison != nil })
    #expect(!verdicts.contains(where: \.hasFailed))
  }

  /// Terms of a bound whose loss or wrong sign only loosens it.
  static let loose = ["C3": [1], "C5": [0]]

  @Test("a term that is dropped or has the wrong sign fails", arguments: Check.all)
  func slips(check: Check) throws {
    let evidence = try State.all.get().flatMap { $0.evidence(for: check) }
    let counts = evidence.map { one in
      var formula = Formula()
      return check.verdict(on: one, &formula).comparison == nil ? 0 : formula.count
    }
    let most = counts.max() ?? 0
    try #require(most > 0)
    for term in 0..<most where Self.loose[check.id]?.contains(term) != true {
      for kind in [Formula.Slip.Kind.dropped, .negated] {
        let isSeen = zip(evidence, counts).contains { one, count in
          guard term < count else { return false }
          var formula = Formula(.init(term: term, kind))
          return check.verdict(on: one, &formula).hasFailed
        }
        #expect(isSeen, "term \(term) \(kind)")
      }
    }
  }

  @Test(
    "so does a transposed one, where the layer is square",
    arguments: ["I3", "C4", "I20", "I22", "I12", "I10", "I5", "I18", "I24"])
  func transposed(id: String) throws {
    let check = try #require(Check.named(id))
    var lines = ["n=7 m=7 r=2 alpha=3 lr=0.05 variants=lora,lora(init=both),additive,dora"]
    if id == "I12" { lines = ["n=7 m=7 r=2 alpha=3 lr=0.05 opt=adam variants=lora(init=both)"] }
    let evidence = try lines.flatMap { try State.states($0, at: [0, 5]) }.flatMap { $0.evidence(for: check) }
    for one in evidence {
      var formula = Formula()
      guard check.verdict(on: one, &formula).comparison != nil else { continue }
      // The first term carries the formula; a symmetric one, of the Grams, is not told from its transpose.
      guard id != "I22" else { continue }
      var spoiled = Formula(.init(term: 0, .transposed))
      #expect(check.verdict(on: one, &spoiled).hasFailed)
    }
  }
}
