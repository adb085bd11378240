/// A kind of problem a scenario can name. A new one is its file, a case and a line here.
package struct ProblemFamily: Sendable {
  package enum ID: String, CaseIterable, Sendable {
    case matrix, linreg, digits, twolayer
  }

  package let title: String
  /// The data decide n and m.
  package let hasFixedShape: Bool
  /// Where this problem's default run differs from `Scenario`'s own values.
  let setDefaults: @Sendable (inout Scenario) -> Void
  package let make: @Sendable (Scenario, () -> Digits) throws(LinearAlgebraError) -> Problem

  static let matrix = ProblemFamily(
    title: "matrix approximation: L = ½ tr((W−W*)ᵀS(W−W*)), S the inputs' covariance", hasFixedShape: false,
    setDefaults: { _ in },
    make: { (scenario, _) throws(LinearAlgebraError) in
      try .matrixApproximation(
        scenario.problemTarget, decay: scenario.covariance, seed: UInt64(scenario.seed))
    })

  static let linreg = ProblemFamily(
    title: "linear regression: L = ‖XW − Y‖²/(2b), noisy samples and a held-out set", hasFixedShape: false,
    setDefaults: {
      $0.covariance = 0.5
      // Few and noisy enough that the test loss of full fine-tuning turns, while LoRA's hardly does.
      $0.samples = 96
      $0.noise = 0.5
      $0.batch = 32
      $0.heldOut = 256
      $0.optimizer.learningRate = 0.005
    },
    make: { (scenario, _) throws(LinearAlgebraError) in
      try .linearRegression(
        scenario.problemTarget, samples: scenario.problemSamples, batch: scenario.batch,
        seed: UInt64(scenario.seed))
    })

  static let digits = ProblemFamily(
    title: "handwritten digits: softmax, pretrained on 0–4, fine-tuned on 0–9", hasFixedShape: true,
    setDefaults: {
      ($0.n, $0.m, $0.r, $0.alpha) = (64, 10, 4, 8)
      $0.optimizer.learningRate = 0.1
    },
    make: { (scenario, digits) throws(LinearAlgebraError) in
      .digits(
        digits(), pretraining: scenario.pretraining, steps: scenario.pretrainingSteps,
        hasBias: scenario.hasBias, batch: scenario.batch, heldOut: scenario.heldOut,
        seed: UInt64(scenario.seed))
    })

  static let twolayer = ProblemFamily(
    title: "two layers: Ŷ = φ(X·W1)·W2, a teacher shifted in both", hasFixedShape: false,
    setDefaults: {
      ($0.n, $0.hidden, $0.m, $0.r, $0.alpha) = (16, 32, 8, 2, 4)
      $0.norm = 2
      $0.heldOut = 256
      // Ten times faster is stable too, but over before one can look.
      $0.optimizer.learningRate = 0.02
    },
    make: { (scenario, _) throws(LinearAlgebraError) in
      try .twoLayers(
        scenario.problemTarget, hidden: scenario.hidden, activation: scenario.activation, loss: scenario.loss,
        samples: scenario.problemSamples, batch: scenario.batch, seed: UInt64(scenario.seed))
    })
}

extension ProblemFamily.ID {
  package var family: ProblemFamily {
    switch self {
    case .matrix: .matrix
    case .linreg: .linreg
    case .digits: .digits
    case .twolayer: .twolayer
    }
  }
}

extension Scenario {
  var problemTarget: Problem.Target {
    var target = Problem.Target(rows: n, columns: m, spectrum: target, rank: k ?? largestRank, norm: norm)
    (target.pretrained, target.largest) = (pretrained, largest)
    return target
  }

  var problemSamples: Problem.Samples {
    Problem.Samples(count: samples, heldOut: heldOut, decay: covariance, noise: noise)
  }

  /// How many examples there are to take minibatches from; nil where the loss is of the weight itself.
  package var exampleCount: Int? {
    switch task {
    case .matrix: nil
    case .linreg, .twolayer: samples
    case .digits: 1797 - heldOut
    }
  }

  /// How many examples may be kept from training.
  var mostHeldOut: Int { task == .digits ? 1796 : 10_000_000 }
}
