import Testing

import Math

/// variants.md 3.11 and I9, by Monte Carlo with a fixed seed.
@Suite("Random projection")
struct RandomProjectionTests {
  static let N = 4000
  let G = Matrix.random(5, 4, seed: 1300)
  let k = 0.7
  let r = 3

  /// N independent steps from W = 0, as −ΔW/η.
  private func samples(_ form: RandomProjectionRule.Form, η: Double) throws -> [Matrix] {
    var rule = RandomProjectionRule(
      base: SGD(learningRate: η), form: form, k: k, learningRate: η,
      draws: .generated(Generator(seed: 11, .adapters), rank: r))
    return try (0..<Self.N).map { _ in
      var (θ, g) = ([Parameters([.W: Matrix(5, 4)])], [Parameters([.W: G])])
      try rule.step(&θ, &g)
      return (-1 / η) * θ[0][.W]
    }
  }

  @Test(
    "I9: on average first is 2kG, left and right are kG, exact is first",
    arguments: RandomProjectionRule.Form.allCases)
  func mean(form: RandomProjectionRule.Form) throws {
    let draws = try samples(form, η: 0.3)
    let wanted = (form == .left || form == .right ? k : 2 * k) * G
    let mean = (1 / Double(Self.N)) * draws.reduce(Matrix(5, 4)) { $0 + $1 }
    let variance = draws.reduce(0) { $0 + ($1 - wanted).squaredNorm } / Double(Self.N)
    // Five standard errors of the whole mean.
    #expect((mean - wanted).norm <= 5 * (variance / Double(Self.N)).squareRoot())
    #expect((mean - wanted).norm <= 0.1 * wanted.norm)
  }

  @Test("I9: E‖AAᵀG − G‖² = (n + 1)/r·‖G‖², and (m + 1)/r on the right")
  func variance() throws {
    for (form, size) in [(RandomProjectionRule.Form.left, 5.0), (.right, 4)] {
      let squares = try samples(form, η: 0.3).map { ((1 / k) * $0 - G).squaredNorm }
      let mean = squares.reduce(0, +) / Double(Self.N)
      let spread = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Self.N)
      let wanted = (size + 1) / Double(r) * G.squaredNorm
      #expect(abs(mean - wanted) <= 5 * (spread / Double(Self.N)).squareRoot(), "\(mean), not \(wanted)")
    }
  }

  @Test("a step is the formula's with the step's own draws, exact that of a LoRA begun anew")
  func formulas() throws {
    let draws = (0..<3 as Range<UInt64>).map {
      (A: Matrix.random(5, 3, seed: 1310 + $0), B: Matrix.random(3, 4, seed: 1320 + $0))
    }
    for form in RandomProjectionRule.Form.allCases {
      let η = 0.2
      var rule = RandomProjectionRule(
        base: SGD(learningRate: η), form: form, k: k, learningRate: η, draws: .given(draws))
      var θ = [Parameters([.W: .random(5, 4, seed: 1330)])]
      for (A, B) in draws {
        let before = θ[0][.W]
        var g = [Parameters([.W: G])]
        try rule.step(&θ, &g)
        let (left, right) = (A * (A.T * G), (G * B.T) * B)
        let wanted =
          switch form {
          case .first: (-η * k) * (left + right)
          case .left: (-η * k) * left
          case .right: (-η * k) * right
          // See I3.
          case .exact: try Layer(G: G, A: A, B: B, s: 1).change(SGD(learningRate: η * k))
          }
        #expect(deviation(θ[0][.W] - before, wanted) <= 1e-13 * max(1, wanted.norm), "\(form)")
      }
    }
  }

  @Test("every step and every layer has its own draws, the same for the same seed")
  func draws() throws {
    var simulation = try Simulation(
      line: "task=twolayer n=6 hidden=6 m=6 r=2 samples=20 held=0 variants=random-projection")
    simulation.advance()
    var rule = RandomProjectionRule(
      base: SGD(learningRate: 1), form: .left, k: 1, learningRate: 1,
      draws: .generated(Generator(seed: 1, .adapters), rank: 2))
    var again = rule
    func step(_ rule: inout RandomProjectionRule) throws -> [Matrix] {
      var θ = Array(repeating: Parameters([.W: Matrix(5, 4)]), count: 2)
      var g = Array(repeating: Parameters([.W: G]), count: 2)
      try rule.step(&θ, &g)
      return θ.map { $0[.W] }
    }
    let steps = try (0..<3).flatMap { _ in try step(&rule) }
    #expect(try (0..<3).flatMap { _ in try step(&again) } == steps)
    for i in steps.indices {
      for j in 0..<i { #expect(deviation(steps[i], steps[j]) > 1e-3) }
      // Rank r at most.
      #expect(try SVD.values(steps[i])[2] <= 1e-13 * steps[i].norm)
    }
  }
}
