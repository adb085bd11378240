/// A named recipe of adapter, initialisation, scaling and optimiser, declared once with its knobs.
package struct Variant: Sendable {
  package let id: String
  package let title: String
  /// In plain text, house convention.
  package let equation: String
  package let source: String
  package let knobs: [Knob]
  /// The adapter and the start of its parameters at one layer.
  package let attach: @Sendable (Site, KnobValues) throws(LinearAlgebraError) -> (any Adapter, Parameters)
  /// The rule around the run's optimiser.
  package let rule: @Sendable (any Optimizer, Site, KnobValues) -> any Optimizer

  package init(
    id: String, title: String, equation: String, source: String, knobs: [Knob] = [],
    attach: @escaping @Sendable (Site, KnobValues) throws(LinearAlgebraError) -> (any Adapter, Parameters),
    rule: @escaping @Sendable (any Optimizer, Site, KnobValues) -> any Optimizer = { base, _, _ in base }
  ) {
    self.id = id
    self.title = title
    self.equation = equation
    self.source = source
    self.knobs = knobs
    self.attach = attach
    self.rule = rule
  }

  /// Every variant that can run beside full fine-tuning. A new one is its file and a line here.
  package static let all: [Variant] = [
    .lora,
    .loraGA,
    .loraPro,
  ]

  package static func named(_ id: String) -> Variant? { all.first { $0.id == id } }
}

/// What a variant knows of the layer it is attached to.
package struct Site: Sendable {
  package var W0: Matrix
  /// The gradient at W0 on the first minibatch.
  package var G0: Matrix
  package var rank: Int
  package var alpha: Double
  package var scaling: Scaling
  package var generator: Generator

  package init(
    W0: Matrix, G0: Matrix, rank: Int, alpha: Double, scaling: Scaling, generator: Generator
  ) {
    self.W0 = W0
    self.G0 = G0
    self.rank = rank
    self.alpha = alpha
    self.scaling = scaling
    self.generator = generator
  }

  package var scale: Double { scaling.scale(alpha: alpha, rank: rank) }

  /// W(θ) = W0 − s·A0B0 + s·AB, starting at W0.
  package func lowRank(A: Matrix, B: Matrix) -> (any Adapter, Parameters) {
    (LowRank(W0: W0, A0: A, B0: B, scale: scale), Parameters([.A: A, .B: B]))
  }
}

/// How s follows from α and r.
package enum Scaling: String, CaseIterable, Sendable {
  /// Hu et al. 2021.
  case overRank = "alpha/r"
  /// Kalajdzievski 2023, arXiv 2312.03732 (rsLoRA).
  case overRootRank = "alpha/sqrt(r)"

  package func scale(alpha: Double, rank: Int) -> Double {
    switch self {
    case .overRank: alpha / Double(rank)
    case .overRootRank: alpha / Double(rank).squareRoot()
    }
  }
}

/// The settings of one variant: what was said, and the defaults for the rest.
package struct KnobValues: Equatable, Sendable {
  private let values: [String: KnobValue]

  init(_ knobs: [Knob], _ settings: [String: KnobValue]) {
    values = Dictionary(uniqueKeysWithValues: knobs.map { ($0.name, settings[$0.name] ?? $0.defaultValue) })
  }

  package func word(_ name: String) -> String {
    guard case .word(let word)? = values[name] else { preconditionFailure("no word knob '\(name)'") }
    return word
  }

  package func number(_ name: String) -> Double {
    guard case .number(let number)? = values[name] else { preconditionFailure("no number knob '\(name)'") }
    return number
  }
}
