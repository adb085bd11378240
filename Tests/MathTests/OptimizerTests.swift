import Glibc
import Testing

import Math

/// A rule, and the same rule for a single number as variants.md section 2 writes it.
struct RuleSample: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var rule: any Optimizer
  /// p after each of the gradients g(p).
  var scalar: @Sendable (_ start: Double, _ gradients: [Double]) -> [Double]

  static let η = 0.03

  static func sgd(_ wd: Double) -> RuleSample {
    RuleSample(testDescription: "sgd wd=\(wd)", rule: SGD(learningRate: η, weightDecay: wd)) {
      start, gradients in
      var p = start
      return gradients.map { g in
        p -= η * (g + wd * p)
        return p
      }
    }
  }

  static func momentum(_ μ: Double, damp: Double, nesterov: Bool, wd: Double) -> RuleSample {
    RuleSample(
      testDescription: "momentum \(μ) damp=\(damp) nesterov=\(nesterov) wd=\(wd)",
      rule: Momentum(learningRate: η, momentum: μ, dampening: damp, isNesterov: nesterov, weightDecay: wd)
    ) { start, gradients in
      var p = start
      var v: Double?
      return gradients.map { gradient in
        let g = gradient + wd * p
        let now = v.map { μ * $0 + (1 - damp) * g } ?? g
        v = now
        p -= η * (nesterov ? g + μ * now : now)
        return p
      }
    }
  }

  static func adam(_ β1: Double, _ β2: Double, ε: Double, wd: Double, decoupled: Bool) -> RuleSample {
    RuleSample(
      testDescription: "\(decoupled ? "adamw" : "adam") \(β1) \(β2) eps=\(ε) wd=\(wd)",
      rule: Adam(learningRate: η, β1: β1, β2: β2, ε: ε, decay: decoupled ? .before(wd) : .coupled(wd))
    ) { start, gradients in
      var (p, m, v) = (start, 0.0, 0.0)
      return gradients.enumerated().map { index, gradient in
        let t = Double(index + 1)
        if decoupled { p *= 1 - η * wd }
        let g = decoupled ? gradient : gradient + wd * p
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        p -= η * (m / (1 - pow(β1, t))) / (v.squareRoot() / (1 - pow(β2, t)).squareRoot() + ε)
        return p
      }
    }
  }

  static func muon(_ μ: Double, wd: Double) -> RuleSample {
    RuleSample(
      testDescription: "muon \(μ) wd=\(wd)", rule: Muon(learningRate: η, momentum: μ, weightDecay: wd)
    ) {
      start, gradients in
      var (p, mean) = (start, 0.0)
      return gradients.map { g in
        mean = μ * mean + (1 - μ) * g
        // Of a single number msign is the sign.
        p = p * (1 - η * wd) - η * (mean > 0 ? 1 : mean < 0 ? -1 : 0)
        return p
      }
    }
  }

  static func signSGD() -> RuleSample {
    RuleSample(testDescription: "signsgd", rule: SignSGD(learningRate: η)) { start, gradients in
      var p = start
      return gradients.map { g in
        p -= g > 0 ? η : g < 0 ? -η : 0
        return p
      }
    }
  }

  /// variants.md section 2: ε before the correction of bias, decay on the new parameter.
  static func galoreAdamW(_ β1: Double, _ β2: Double, ε: Double, wd: Double) -> RuleSample {
    RuleSample(
      testDescription: "galore-adamw \(β1) \(β2) eps=\(ε) wd=\(wd)",
      rule: Adam(learningRate: η, β1: β1, β2: β2, ε: ε, decay: .after(wd), isEpsilonUncorrected: true)
    ) { start, gradients in
      var (p, m, v) = (start, 0.0, 0.0)
      return gradients.enumerated().map { index, g in
        let t = Double(index + 1)
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        p -= η * (1 - pow(β2, t)).squareRoot() / (1 - pow(β1, t)) * m / (v.squareRoot() + ε)
        p -= η * wd * p
        return p
      }
    }
  }

  static let all: [RuleSample] = [
    signSGD(), galoreAdamW(0.9, 0.999, ε: 1e-6, wd: 0), galoreAdamW(0.5, 0.9, ε: 1e-2, wd: 0.4),
    sgd(0), sgd(0.4), sgd(1 / η),
    momentum(0.9, damp: 0, nesterov: false, wd: 0), momentum(0.9, damp: 0.3, nesterov: false, wd: 0),
    momentum(0.8, damp: 0, nesterov: true, wd: 0), momentum(0.8, damp: 0.5, nesterov: true, wd: 0.2),
    momentum(0, damp: 0, nesterov: false, wd: 0.1), momentum(1, damp: 1, nesterov: false, wd: 0),
    adam(0.9, 0.999, ε: 1e-8, wd: 0, decoupled: false), adam(0.5, 0.9, ε: 1e-3, wd: 0.3, decoupled: false),
    adam(0.9, 0.999, ε: 1e-8, wd: 0.3, decoupled: true), adam(0, 0, ε: 1, wd: 0, decoupled: false),
  ]
}

@Suite("Optimisers")
struct OptimizerTests {
  @Test(
    "eight steps are those of the scalar formula, in every entry of every layer", arguments: RuleSample.all)
  func steps(sample: RuleSample) throws {
    var rule = sample.rule
    let start = [
      Parameters([.W: .random(3, 2, seed: 200)]),
      Parameters([.A: .random(4, 2, seed: 201), .B: .random(2, 5, seed: 202)]),
    ]
    let gradients = (0..<8 as Range<UInt64>).map { t in
      [
        Parameters([.W: .random(3, 2, seed: 300 + t)]),
        Parameters([.A: .random(4, 2, seed: 400 + t), .B: .random(2, 5, seed: 500 + t)]),
      ]
    }
    var θ = start
    var states: [[Parameters]] = []
    for t in 0..<8 {
      var g = gradients[t]
      try rule.step(&θ, &g)
      states.append(θ)
    }
    for l in start.indices {
      for i in start[l].matrices.indices {
        for e in start[l].matrices[i].storage.indices {
          let wanted = sample.scalar(
            start[l].matrices[i].storage[e], gradients.map { $0[l].matrices[i].storage[e] })
          let got = states.map { $0[l].matrices[i].storage[e] }
          // 1e-13: the same eight operations, associated otherwise.
          #expect(
            deviation(got, wanted) <= 1e-13, "layer \(l), matrix \(i), entry \(e): \(got), not \(wanted)")
        }
      }
    }
  }

  @Test("a copied rule goes on as the original does", arguments: RuleSample.all)
  func copies(sample: RuleSample) throws {
    func step(_ rule: inout any Optimizer, _ θ: inout [Parameters], _ seed: UInt64) throws {
      var g = [Parameters([.W: .random(3, 2, seed: seed)])]
      try rule.step(&θ, &g)
    }
    var (rule, θ) = (sample.rule, [Parameters([.W: .random(3, 2, seed: 210)])])
    try step(&rule, &θ, 211)
    try step(&rule, &θ, 212)
    var (copy, copiedθ) = (rule, θ)
    try step(&rule, &θ, 213)
    try step(&copy, &copiedθ, 213)
    #expect(θ == copiedθ)
    // The original's third step did not leak into the copy, nor the other way round.
    try step(&copy, &copiedθ, 214)
    try step(&rule, &θ, 214)
    #expect(θ == copiedθ)
  }

  @Test("the rules that scenarios name are these, with the scenario's numbers")
  func scenarioRules() throws {
    let cases: [(String, RuleSample)] = [
      ("opt=sgd lr=0.03 wd=0.4", .sgd(0.4)),
      (
        "opt=momentum lr=0.03 mu=0.8 dampening=0.5 nesterov=yes wd=0.2",
        .momentum(0.8, damp: 0.5, nesterov: true, wd: 0.2)
      ),
      (
        "opt=adam lr=0.03 beta1=0.5 beta2=0.9 eps=0.001 wd=0.3",
        .adam(0.5, 0.9, ε: 1e-3, wd: 0.3, decoupled: false)
      ),
      ("opt=adamw lr=0.03 wd=0.3", .adam(0.9, 0.999, ε: 1e-8, wd: 0.3, decoupled: true)),
      ("opt=signsgd lr=0.03", .signSGD()),
      // Its authors' ε is 1e-6, unless another is asked for.
      ("opt=muon lr=0.03 mu=0.6 wd=0.3", .muon(0.6, wd: 0.3)),
      ("opt=galore-adamw lr=0.03 wd=0.4", .galoreAdamW(0.9, 0.999, ε: 1e-6, wd: 0.4)),
      ("opt=galore-adamw lr=0.03 eps=0.01 wd=0.4", .galoreAdamW(0.9, 0.999, ε: 0.01, wd: 0.4)),
    ]
    let families = try Set(cases.map { try Scenario(parsing: $0.0).optimizer.family })
    #expect(families == Set(OptimizerChoice.Family.allCases))
    for (line, sample) in cases {
      let scenario = try Scenario(parsing: line)
      var rule = scenario.optimizer.rule()
      var θ = [Parameters([.W: .random(1, 1, seed: 220)])]
      let start = θ[0][.W][0, 0]
      var got: [Double] = []
      let gradients = [0.7, -1.1, 0.2]
      for gradient in gradients {
        var g = [Parameters([.W: Matrix(1, 1, repeating: gradient)])]
        try rule.step(&θ, &g)
        got.append(θ[0][.W][0, 0])
      }
      #expect(deviation(got, sample.scalar(start, gradients)) <= 1e-14, "\(line)")
    }
  }

  @Test("B's rate is its ratio times the others', in every rule and its decay")
  func ratios() throws {
    func rules(_ η: Double, _ ratio: Double) -> [any Optimizer] {
      [
        SGD(learningRate: η, ratioB: ratio, weightDecay: 0.2),
        Momentum(learningRate: η, ratioB: ratio, isNesterov: true, weightDecay: 0.2),
        Momentum(learningRate: η, ratioB: ratio, dampening: 0.1),
        Adam(learningRate: η, ratioB: ratio, decay: .coupled(0.2)),
        Adam(learningRate: η, ratioB: ratio, decay: .before(0.2)),
        Adam(learningRate: η, ratioB: ratio, decay: .after(0.2), isEpsilonUncorrected: true),
        SignSGD(learningRate: η, ratioB: ratio),
        Muon(learningRate: η, ratioB: ratio, weightDecay: 0.2),
      ]
    }
    let start = [Parameters([.A: .random(4, 2, seed: 240), .B: .random(2, 3, seed: 241)])]
    func after(_ rule: any Optimizer) throws -> Parameters {
      var (rule, θ) = (rule, start)
      for t in 0..<3 as Range<UInt64> {
        var g = [Parameters([.A: .random(4, 2, seed: 242 + t), .B: .random(2, 3, seed: 252 + t)])]
        try rule.step(&θ, &g)
      }
      return θ[0]
    }
    for (both, (slow, fast)) in zip(rules(0.01, 7), zip(rules(0.01, 1), rules(0.07, 1))) {
      #expect(try after(both)[.A] == after(slow)[.A])
      // 1e-14: 7 · 0.01 is rounded.
      #expect(try deviation(after(both)[.B], after(fast)[.B]) <= 1e-14)
      #expect(try deviation(after(both)[.B], after(slow)[.B]) > 1e-3)
    }
  }

  @Test("I12: Adam's first step is −ηG/(|G| + ε), whatever β")
  func adamsFirstStep() throws {
    let G = Matrix.random(6, 4, seed: 230)
    for (β1, β2) in [(0.9, 0.999), (0.5, 0.9), (0.99, 0.99)] {
      var rule = Adam(learningRate: 0.1, β1: β1, β2: β2)
      var θ = [Parameters([.W: Matrix(6, 4)])]
      var g = [Parameters([.W: G])]
      rule.step(&θ, &g)
      // variants.md I12 states 1e-8; the formula with ε is exact but for rounding.
      #expect(deviation(θ[0][.W], Matrix(6, 4) { -0.1 * G[$0, $1] / (abs(G[$0, $1]) + 1e-8) }) <= 1e-13)
    }
  }
}
