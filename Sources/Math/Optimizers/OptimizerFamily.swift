/// A rule a scenario can name.
package struct OptimizerFamily: Sendable {
  package enum ID: String, CaseIterable, Sendable {
    case sgd, momentum, adam, adamw
  }

  package let title: String
  package let make: @Sendable (Scenario) -> any Optimizer

  static let sgd = OptimizerFamily(title: "gradient descent") {
    SGD(learningRate: $0.learningRate, weightDecay: $0.weightDecay)
  }

  static let momentum = OptimizerFamily(title: "gradient descent with momentum, also Nesterov's") {
    Momentum(
      learningRate: $0.learningRate, momentum: $0.momentum, dampening: $0.dampening,
      isNesterov: $0.isNesterov,
      weightDecay: $0.weightDecay)
  }

  static let adam = OptimizerFamily(title: "Adam") { $0.adam(isDecoupled: false) }

  static let adamw = OptimizerFamily(title: "Adam with decoupled weight decay") { $0.adam(isDecoupled: true) }
}

extension OptimizerFamily.ID {
  package var family: OptimizerFamily {
    switch self {
    case .sgd: .sgd
    case .momentum: .momentum
    case .adam: .adam
    case .adamw: .adamw
    }
  }
}

extension Scenario {
  fileprivate func adam(isDecoupled: Bool) -> any Optimizer {
    Adam(
      learningRate: learningRate, β1: beta1, β2: beta2, ε: epsilon, weightDecay: weightDecay,
      isDecoupled: isDecoupled)
  }
}
