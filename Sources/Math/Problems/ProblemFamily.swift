/// A kind of problem a scenario can name. A new one is its file, a case and a line here.
package struct ProblemFamily: Sendable {
  package enum ID: String, CaseIterable, Sendable {
    case matrix, linreg, digits
  }

  package let title: String
  /// The data decide n and m.
  package let hasFixedShape: Bool
  /// Where this problem's default run differs from `Scenario`'s own values.
  let setDefaults: @Sendable (inout Scenario) -> Void
  package let make: @Sendable (Scenario, () -> Digits) throws(LinearAlgebraError) -> Problem

  static let matrix = ProblemFamily(
    title: "matrix approximation: L = ½‖W − W*‖²", hasFixedShape: false, setDefaults: { _ in },
    make: { (scenario, _) throws(LinearAlgebraError) in
      try .matrixApproximation(scenario.problemTarget, seed: UInt64(scenario.seed))
    })

  static let linreg = ProblemFamily(
    title: "linear regression: L = ‖XW − Y‖²/(2b), inputs with a chosen covariance", hasFixedShape: false,
    setDefaults: {
      $0.covariance = 0.5
      $0.noise = 0.1
      $0.batch = 64
    },
    make: { (scenario, _) throws(LinearAlgebraError) in
      try .linearRegression(
        scenario.problemTarget, samples: scenario.samples, decay: scenario.covariance, noise: scenario.noise,
        batch: scenario.batch, seed: UInt64(scenario.seed))
    })

  static let digits = ProblemFamily(
    title: "handwritten digits: softmax, pretrained on 0–4, fine-tuned on 0–9", hasFixedShape: true,
    setDefaults: {
      ($0.n, $0.m, $0.r, $0.alpha) = (64, 10, 4, 8)
      $0.learningRate = 0.1
    },
    make: { (scenario, digits) throws(LinearAlgebraError) in
      .digits(digits(), batch: scenario.batch, seed: UInt64(scenario.seed))
    })
}

extension ProblemFamily.ID {
  package var family: ProblemFamily {
    switch self {
    case .matrix: .matrix
    case .linreg: .linreg
    case .digits: .digits
    }
  }
}

extension Scenario {
  var problemTarget: Problem.Target {
    Problem.Target(rows: n, columns: m, spectrum: target, rank: k ?? min(n, m), norm: norm)
  }

  /// How many examples there are to take minibatches from; nil where the loss is of the weight itself.
  package var exampleCount: Int? {
    switch task {
    case .matrix: nil
    case .linreg: samples
    case .digits: 1797
    }
  }
}
