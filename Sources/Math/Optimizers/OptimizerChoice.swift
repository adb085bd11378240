/// The optimiser of a run with its numbers; a family ignores those it has no use for.
package struct OptimizerChoice: Equatable, Sendable {
  package enum Family: String, CaseIterable, Sendable {
    case sgd, momentum, adam, adamw, signsgd, muon
    case galoreAdamW = "galore-adamw"

    package var title: String {
      switch self {
      case .sgd: "gradient descent"
      case .momentum: "gradient descent with momentum, also Nesterov's"
      case .adam: "Adam"
      case .adamw: "Adam with decoupled weight decay"
      case .signsgd: "the gradient's signs alone"
      case .muon: "Muon: each matrix moves equally fast in all directions"
      case .galoreAdamW: "AdamW as GaLore's authors wrote it: eps uncorrected, decay last"
      }
    }

    /// The authors' ε.
    package var defaultEpsilon: Double { self == .galoreAdamW ? 1e-6 : 1e-8 }
  }

  package var family = Family.sgd
  /// η.
  package var learningRate: Double
  package var momentum = 0.9
  package var dampening = 0.0
  package var isNesterov = false
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8
  package var weightDecay = 0.0
  /// B's learning rate as a multiple of η.
  package var ratioB = 1.0

  package init(_ family: Family = .sgd, learningRate: Double) {
    self.family = family
    self.learningRate = learningRate
    epsilon = family.defaultEpsilon
  }

  /// A rule with no history.
  /// - Parameters:
  ///   - ratioB: in place of its own.
  ///   - stepOffset: see `Adam`.
  package func rule(ratioB: Double? = nil, stepOffset: Int = 0) -> any Optimizer {
    let ratioB = ratioB ?? self.ratioB
    return switch family {
    case .sgd: SGD(learningRate: learningRate, ratioB: ratioB, weightDecay: weightDecay)
    case .momentum:
      Momentum(
        learningRate: learningRate, ratioB: ratioB, momentum: momentum, dampening: dampening,
        isNesterov: isNesterov, weightDecay: weightDecay)
    case .adam: adam(.coupled(weightDecay), ratioB, stepOffset)
    case .adamw: adam(.before(weightDecay), ratioB, stepOffset)
    case .signsgd: SignSGD(learningRate: learningRate, ratioB: ratioB)
    case .muon:
      Muon(learningRate: learningRate, ratioB: ratioB, momentum: momentum, weightDecay: weightDecay)
    case .galoreAdamW: adam(.after(weightDecay), ratioB, stepOffset)
    }
  }

  private func adam(_ decay: Adam.Decay, _ ratioB: Double, _ stepOffset: Int) -> Adam {
    Adam(
      learningRate: learningRate, ratioB: ratioB, β1: beta1, β2: beta2, ε: epsilon, decay: decay,
      isEpsilonUncorrected: family == .galoreAdamW, stepOffset: stepOffset)
  }

  /// The same without weight decay, for rules that decay by themselves.
  package var withoutDecay: OptimizerChoice {
    var copy = self
    copy.weightDecay = 0
    return copy
  }
}
