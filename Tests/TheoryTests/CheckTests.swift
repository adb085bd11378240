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
  @Test("there is one for each identity and each sentence of the panel")
  func registry() {
    let identities = (1...27).filter { $0 != 21 }.map { "I\($0)" }
    #expect(Check.all.map(\.id) == (1...5).map { "C\($0)" } + identities)
    #expect(Check.named("i3")?.id == "I3" && Check.named("I21") == nil)
    for check in Check.all {
      #expect(
        !check.source.isEmpty && !check.source.contains(".md"), "no reader has such a file: \(check.id)")
    }
  }

  @Test(
    "every check applies to one of the built-in runs, and holds on all of them",
    arguments: Check.scenarios + CheckTests.corners)
  func holds(line: String) throws {
    let digits = try Digits(text: Assets.digits)
    let scenario = try Scenario(parsing: line)
    var run = try Simulation(scenario, digits: digits)
    var trial = Trial(of: run)
    for date in Trial.dates(scenario) {
      while run.step < date, !run.hasStopped { run.advance() }
      if run.step == date { trial.look(at: run) }
    }
    for (check, verdict) in trial.results { #expect(!verdict.hasFailed, "\(check.id): \(verdict)") }
  }

  @Test(
    "after a branch to another rate every check holds or does not apply",
    arguments: [("lr", "0.0001"), ("lr", "0.02"), ("opt", "adam")])
  func holdsOnABranch(key: String, value: String) throws {
    let first = try Scenario(parsing: "n=12 m=9 r=2 lr=0.005 steps=40 variants=lora,lora-ga")
    var next = first
    try next.set(key, to: value)
    let digits = try Digits(text: Assets.digits)
    var run = try Simulation(first, digits: digits)
    var trial = Trial(of: run)
    for _ in 0..<20 { run.advance() }
    run = try run.branched(to: next)
    for _ in 0..<3 {
      trial.look(at: run)
      for _ in 0..<7 { run.advance() }
    }
    for (check, verdict) in trial.results { #expect(!verdict.hasFailed, "\(check.id): \(verdict)") }
  }

  /// The smallest sizes, a large s, none, a rate that diverges, losses that are not quadratic, and settings that
  /// the built-in runs leave alone.
  static let corners =
    [
      "n=1 m=1 r=1 steps=20", "n=5 m=3 r=1 opt=momentum steps=20", "n=6 m=5 r=2 alpha=0 steps=5",
      "n=6 m=5 r=2 lr=3 steps=50", "n=6 m=5 r=2 alpha=1e-3 steps=20", "n=24 m=24 r=24 steps=5",
      "task=twolayer phi=relu loss=ce n=6 hidden=7 m=5 r=2 samples=30 held=0 steps=20 "
        + "variants=lora,frozen+lora,parallel-lora,floor,oracle,adalora",
      "n=9 m=6 r=1 alpha=5 steps=20 variants=pissa,dora(init=both),dora(init=zero-a,detach=no),lora-ga(split=ArBr)",
      "n=9 m=6 r=6 alpha=5 steps=20 variants=pissa,lora-pro,lora-pro(init=lora-ga)",
      "n=9 m=7 r=3 lr=1.7 steps=20 variants=full", "n=9 m=7 r=3 lr=1 steps=20 variants=full",
      // Factors that grow apart, sizes far from 1, a loss that blows up but is still finite.
      "n=12 m=9 r=3 lr=0.05 steps=300 variants=lora-pro(c=random)", "norm=1e6 steps=20", "norm=1e-6 steps=20",
      "n=32 m=24 k=8 norm=4 cov=0.5 r=8 alpha=8 lr=0.05 steps=200 seed=5 variants=lora-pro",
      "task=digits r=4 steps=60 lr=0.5 batch=32 variants=lora,lora-ga,pissa",
      "n=12 m=4 r=2 alpha=3 lr=0.02 opt=momentum steps=20 variants=lora,lora(init=zero-a),lora-plus(ratio=7)",
    ]
    + ["n=9 m=7 r=3", "n=6 m=8 r=3", "n=7 m=4 r=4 "].flatMap { sizes in
      ["gap=1,scale=1", "gap=5,scale=0.5"].map { rest in
        "\(sizes) lr=0.1 steps=10 variants="
          + GaLoreRule.Side.allCases.map { "galore(side=\($0.rawValue),\(rest))" }.joined(separator: ",")
      }
    }

  @Test("every check applies somewhere", arguments: Check.all)
  func applies(check: Check) throws {
    let verdicts = try State.all.get().flatMap { state in
      state.evidence(for: check).map { check.verdict(on: $0) }
    }
    #expect(verdicts.contains { $0.comparison != nil })
    #expect(!verdicts.contains { $0.hasFailed })
  }

  /// Terms of a bound that such a slip only loosens.
  static let loose: [Formula.Slip.Kind: [String: [Int]]] = [
    .dropped: ["C3": [1], "C5": [0]], .negated: ["C3": [1], "C5": [0]],
    .doubled: ["C1": [0], "C2": [0], "C3": [0, 1], "C5": [0, 1], "I10": [3], "I23": [0]],
  ]

  @Test("a term that is dropped, doubled or has the wrong sign fails", arguments: Check.all)
  func slips(check: Check) throws {
    let evidence = try State.all.get().flatMap { $0.evidence(for: check) }
    let counts = evidence.map { one in
      var formula = Formula()
      return check.verdict(on: one, &formula).comparison == nil ? 0 : formula.count
    }
    let most = counts.max() ?? 0
    try #require(most > 0)
    for term in 0..<most {
      for kind in [Formula.Slip.Kind.dropped, .negated, .doubled] {
        if Self.loose[kind]?[check.id]?.contains(term) == true { continue }
        let isSeen = zip(evidence, counts).contains { one, count in
          guard term < count else { return false }
          var formula = Formula(.init(term: term, kind))
          return check.verdict(on: one, &formula).hasFailed
        }
        #expect(isSeen, "term \(term) \(kind)")
      }
    }
  }

  /// Those with a square term that is not its own transpose where all sizes are equal.
  static let transposable = [
    "C4", "I1", "I3", "I5", "I6", "I7", "I8", "I9", "I10", "I12", "I15", "I17", "I18", "I19", "I20", "I24",
    "I25",
  ]

  @Test("so does a transposed one, where sizes are equal", arguments: Check.all)
  func transposed(check: Check) throws {
    let lines = [
      "n=6 m=6 r=6 alpha=3 lr=0.05 variants=lora(init=both),lora,galore(gap=1,scale=1),dora",
      "n=6 m=6 r=3 alpha=5 lr=0.05 variants=lora(init=both),lora,additive",
      "n=6 m=6 r=6 alpha=3 opt=adam lr=0.05 variants=lora(init=both),lora",
    ]
    let evidence = try lines.flatMap { try State.states($0, at: [0, 5]) }.flatMap { $0.evidence(for: check) }
    var slipped: Set<Int> = []
    var seen: Set<Int> = []
    for one in evidence {
      var formula = Formula()
      guard check.verdict(on: one, &formula).comparison != nil else { continue }
      for term in 0..<formula.count {
        var spoiled = Formula(.init(term: term, .transposed))
        let verdict = check.verdict(on: one, &spoiled)
        if spoiled.hasSlipped { slipped.insert(term) }
        if verdict.hasFailed { seen.insert(term) }
      }
    }
    #expect(seen == slipped)
    #expect(slipped.isEmpty != Self.transposable.contains(check.id), "\(slipped)")
  }

  /// A thousand draws: G alone is 15 standard errors away from 2G where r = 1.
  @Test("fresh random factors of rank 1 or 2 give 2G, and G would be seen", arguments: [1, 2], [1, 2, 3, 4])
  func redrawing(r: Int, seed: Int) throws {
    let check = try #require(Check.named("I9"))
    let state = try #require(try State.states("n=16 m=16 r=\(r) seed=\(seed) variants=full", at: [0]).first)
    let one = try #require(state.evidence(for: check).first)
    #expect(check.verdict(on: one).comparison?.holds == true)
    var formula = Formula(.init(term: 0, .dropped))
    #expect(check.verdict(on: one, &formula).hasFailed)
  }

  @Test("a run that has diverged says so, where the check would apply, and not what it needs")
  func diverged() throws {
    let state = try #require(try State.states("n=6 m=5 r=2 lr=5 variants=lora", at: [600]).first)
    func verdict(_ id: String) throws -> Verdict {
      try #require(Check.named(id)).verdict(
        on: Evidence(start: state.start, present: state.present, series: 1))
    }
    #expect(try verdict("I3") == .undecided(because: "the run has diverged"))
    #expect(try verdict("I18") == .notApplicable(needs: "dora"))
  }

  @Test("a program whose gradient of B has the wrong sign, or no s, fails", arguments: [-1, 1 / 1.5])
  func brokenProgram(factor: Double) throws {
    let scenario = try Scenario(parsing: "n=7 m=5 r=2 alpha=3 lr=0.05 variants=lora(init=both)")
    let digits = try Digits(text: Assets.digits)
    let whole = try Simulation(scenario, digits: digits)
    let θ = whole.series[1].chain.parameters[0]
    let lowRank = try #require(whole.series[1].chain.adapters[0] as? LowRank)
    let chain = Chain([(Broken(inner: lowRank, factor: factor), θ)])
    let series = Series(name: "lora", chain: chain, rule: SGD(learningRate: 0.05))
    let broken = Simulation(
      problem: whole.problem, full: SGD(learningRate: 0.05), variants: [series], scenario: scenario)
    let failed = Check.all.filter { check in
      let start = Moment(broken)
      return check.verdict(on: Evidence(start: start, present: start, series: 1)).hasFailed
    }
    #expect(Set(failed.map(\.id)).isSuperset(of: ["I3", "I5", "I6", "I22", "I25", "C4"]))
  }
}

/// LoRA, but for a factor of ∂L/∂B.
private struct Broken: Adapter {
  let inner: LowRank
  let factor: Double

  func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { inner.shape(θ) }
  func scratch(rows: Int) -> [Matrix] { inner.scratch(rows: rows) }
  func forward(_ θ: Parameters, _ pass: inout LayerPass) { inner.forward(θ, &pass) }
  func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    inner.pullback(θ, &pass, into: &g)
    g[.B].scale(by: factor)
  }
  func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    inner.inputGradient(θ, &pass, into: &dX)
  }
  func weight(_ θ: Parameters, into W: inout Matrix) { inner.weight(θ, into: &W) }
  func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    inner.pullback(θ, dense: G, into: &g)
  }
  func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double { 0 }
  var reach: Reach? { inner.reach }
  var rankBound: Int? { inner.rankBound }
  var factoring: Factoring { inner.factoring }
}
