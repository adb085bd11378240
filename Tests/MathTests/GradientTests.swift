import Glibc
import Testing

import Math

/// A parametrisation at a point that is nothing special: θ is not its start.
enum AdapterSample: String, CaseIterable, Sendable {
  case dense, lowRank, lowRankWithCompensation, lowRankFromZero
  case doRA, doRADetached, singularValueForm, additive, additiveCut, serial, merged, frozen

  func layer(_ n: Int, _ m: Int, seed: UInt64) -> Layers.Element {
    let W0 = Matrix.random(n, m, seed: seed)
    let r = 2
    let (A, B) = (Matrix.random(n, r, seed: seed + 1), Matrix.random(r, m, seed: seed + 2))
    switch self {
    case .dense: return (DenseWeight(), Parameters([.W: W0]))
    case .lowRank: return (LowRank(W0: W0, A0: A, B0: Matrix(r, m), scale: 0.7), Parameters([.A: A, .B: B]))
    case .lowRankWithCompensation:
      let (A0, B0) = (Matrix.random(n, r, seed: seed + 3), Matrix.random(r, m, seed: seed + 4))
      return (LowRank(W0: W0, A0: A0, B0: B0, scale: 1.3), Parameters([.A: A, .B: B]))
    case .lowRankFromZero:
      return (LowRank(W0: W0, A0: A, B0: Matrix(r, m), scale: 2), Parameters([.A: A, .B: Matrix(r, m)]))
    case .doRA, .doRADetached:
      let (A0, B0) = (Matrix.random(n, r, seed: seed + 3), Matrix.random(r, m, seed: seed + 4))
      let (adapter, μ) = DoRA.attach(
        LowRank(W0: W0, A0: A0, B0: B0, scale: 0.6), W0: W0, isNormDetached: self == .doRADetached)
      return (adapter, Parameters([.A: A, .B: B, .μ: μ + .random(1, m, seed: seed + 5)]))
    case .singularValueForm:
      let E = Matrix.random(r, 1, seed: seed + 3)
      return (SingularValueForm(W0: W0, rank: r, scale: 0.8), Parameters([.A: A, .E: E, .B: B]))
    case .additive, .additiveCut:
      let r = self == .additive ? 1 : 3
      let (A, B) = (Matrix.random(n, r, seed: seed + 1), Matrix.random(r, m, seed: seed + 2))
      let (A0, B0) = (Matrix.random(n, r, seed: seed + 3), Matrix.random(r, m, seed: seed + 4))
      return (Additive(W0: W0, A0: A0, B0: B0, scale: 0.4), Parameters([.A: A, .B: B]))
    case .serial:
      let first = LowRank(W0: W0, A0: A, B0: Matrix(r, m), scale: 0.7)
      var (adapter, θ) = (
        Serial(first, period: 1, draws: .given([Parameters([.A: -1 * A, .B: 2 * B])])),
        Parameters([.A: A, .B: B])
      )
      _ = adapter.restart(after: 0, &θ)
      return (adapter, θ)
    case .merged:
      let (adapter, θ) = AdapterSample.doRA.layer(n, m, seed: seed)
      return (Merged(adapter, θ), θ)
    case .frozen: return (FrozenWeight(W0: W0), Parameters([:]))
    }
  }
}

enum ProblemSample: String, CaseIterable, Sendable {
  case matrix, linreg, softmax

  /// For a chain from `n` inputs to `m` outputs, of seven examples.
  func problem(_ n: Int, _ m: Int) -> (Examples, Objective) {
    switch self {
    case .matrix: (Examples(X: nil, Y: .random(n, m, seed: 90)), .squaredDistance)
    case .linreg: (Examples(X: .random(7, n, seed: 91), Y: .random(7, m, seed: 92)), .meanSquaredError)
    case .softmax: (Examples(X: .random(7, n, seed: 93), labels: (0..<7).map { $0 * $0 % m }), .crossEntropy)
    }
  }
}

@Suite("Gradients")
struct GradientTests {
  @Test(
    "the pull-back is the derivative of the loss", arguments: AdapterSample.allCases, ProblemSample.allCases)
  func oneLayer(adapter: AdapterSample, problem: ProblemSample) {
    let (examples, objective) = problem.problem(5, 4)
    expectDerivative([adapter.layer(5, 4, seed: 100)], examples, objective)
  }

  @Test(
    "two layers pull back through the upper one's input gradient", arguments: AdapterSample.allCases,
    AdapterSample.allCases)
  func twoLayers(lower: AdapterSample, upper: AdapterSample) {
    let layers = [lower.layer(5, 6, seed: 110), upper.layer(6, 4, seed: 120)]
    for problem in ProblemSample.allCases {
      let (examples, objective) = problem.problem(5, 4)
      for activation in Activation.allCases { expectDerivative(layers, examples, objective, activation) }
    }
  }

  @Test("three layers work as two do")
  func threeLayers() {
    let (examples, objective) = ProblemSample.softmax.problem(5, 4)
    let layers = [
      AdapterSample.lowRank.layer(5, 6, seed: 130), AdapterSample.dense.layer(6, 3, seed: 140),
      AdapterSample.lowRankWithCompensation.layer(3, 4, seed: 150),
    ]
    expectDerivative(layers, examples, objective)
  }

  @Test("∂L/∂X is D·W(θ)ᵀ", arguments: AdapterSample.allCases)
  func inputGradient(sample: AdapterSample) {
    let (adapter, θ) = sample.layer(5, 4, seed: 160)
    var pass = LayerPass(X: .random(3, 5, seed: 161), rows: 3, columns: 4, adapter: adapter)
    adapter.forward(θ, &pass)
    var W = Matrix(5, 4)
    adapter.weight(θ, into: &W)
    #expect(deviation(pass.Y, Matrix.random(3, 5, seed: 161) * W) <= 1e-13)
    pass.gradient.D = .random(3, 4, seed: 162)
    var g = θ.zeros
    adapter.pullback(θ, &pass, into: &g)
    var dX = Matrix(3, 5, repeating: .nan)
    adapter.inputGradient(θ, &pass, into: &dX)
    #expect(deviation(dX, pass.gradient.D * W.T) <= 1e-13)
  }

  // MARK: Losses

  @Test("D is the derivative of the loss in every output", arguments: ProblemSample.allCases)
  func lossDerivative(problem: ProblemSample) {
    let (examples, objective) = problem.problem(7, 4)
    let Y = Matrix.random(7, 4, seed: 180)
    var D = Matrix(7, 4, repeating: .nan)
    _ = objective.loss(Y, examples, D: &D)
    let h = 1e-5
    for i in 0..<7 {
      for j in 0..<4 {
        var ignored = Matrix(7, 4)
        let sides = [h, -h].map { step in
          var moved = Y
          moved[i, j] += step
          return objective.loss(moved, examples, D: &ignored)
        }
        // 1e-8 with h = 1e-5: rounding of a loss of some tens, over h.
        #expect(abs(D[i, j] - (sides[0] - sides[1]) / (2 * h)) <= 1e-8)
      }
    }
  }

  @Test("the losses are the formulas of the specification")
  func lossFormulas() {
    let (Y, T) = (Matrix.random(7, 4, seed: 181), Matrix.random(7, 4, seed: 182))
    let labels = [0, 1, 2, 3, 0, 1, 2]
    var D = Matrix(7, 4)
    let squares = (0..<28).reduce(0) {
      $0 + (Y.storage[$1] - T.storage[$1]) * (Y.storage[$1] - T.storage[$1])
    }
    // 1e-14 relative: 28 addends.
    let wanted = Examples(X: nil, Y: T)
    #expect(abs(Objective.squaredDistance.loss(Y, wanted, D: &D) - squares / 2) <= 1e-14 * squares)
    #expect(abs(Objective.meanSquaredError.loss(Y, wanted, D: &D) - squares / 14) <= 1e-14 * squares)
    var entropy = 0.0
    for i in 0..<7 {
      let sum = (0..<4).reduce(0) { $0 + exp(Y[i, $1]) }
      entropy -= log(exp(Y[i, labels[i]]) / sum) / 7
    }
    let classes = Examples(X: Matrix(7, 1), labels: labels)
    #expect(abs(Objective.crossEntropy.loss(Y, classes, D: &D) - entropy) <= 1e-14 * 7)
  }

  @Test("the cross entropy neither overflows nor depends on a shift")
  func largeLogits() {
    let Y = Matrix.random(7, 4, seed: 183)
    let examples = Examples(X: Matrix(7, 1), labels: [0, 1, 2, 3, 0, 1, 2])
    var (D, shifted) = (Matrix(7, 4), Matrix(7, 4))
    let loss = Objective.crossEntropy.loss(Y, examples, D: &D)
    let again = Objective.crossEntropy.loss(Y + Matrix(7, 4, repeating: 1000), examples, D: &shifted)
    // 1e-12: adding 1000 rounds each logit at 1e-13.
    #expect(abs(loss - again) <= 1e-12)
    #expect(deviation(D, shifted) <= 1e-12)
    let far = Objective.crossEntropy.loss(1e300 * Y, examples, D: &D)
    #expect(far.isFinite && far > 1e299)
    #expect(D.isFinite)
    // Each row of D sums to zero: probabilities sum to one.
    for i in 0..<7 { #expect(abs((0..<4).reduce(0) { $0 + D[i, $1] }) <= 1e-15) }
  }
}
