/// A named recipe of adapter, initialisation, scaling and optimiser, declared once with its knobs.
package struct Variant: Sendable {
  package let id: String
  package let title: String
  /// In plain text, house convention.
  package let equation: String
  package let source: String
  /// What bounds the gap from below, in plain text.
  package let floor: String
  package let knobs: [Knob]
  /// Whether a start asks for `Site.gradientSVD`.
  package let startsFromGradient: @Sendable (KnobValues) -> Bool
  /// The adapter and the start of its parameters at one layer.
  package let attach: @Sendable (Site, KnobValues) throws(LinearAlgebraError) -> Attachment
  /// The rule that moves the parameters of all layers, made at the first.
  package let rule: @Sendable (Site, KnobValues) -> any Optimizer
  /// Weights that follow from other series instead of being trained; nil for all that train.
  package let following: (@Sendable (KnobValues) -> Following)?

  package init(
    id: String, title: String, equation: String, source: String,
    floor: String = "tail_r(W_full − Wfz)", knobs: [Knob] = [],
    startsFromGradient: @escaping @Sendable (KnobValues) -> Bool = { _ in false },
    attach: @escaping @Sendable (Site, KnobValues) throws(LinearAlgebraError) -> Attachment,
    rule: @escaping @Sendable (Site, KnobValues) -> any Optimizer = { site, _ in site.optimizer.rule() },
    following: (@Sendable (KnobValues) -> Following)? = nil
  ) {
    self.id = id
    self.title = title
    self.equation = equation
    self.source = source
    self.floor = floor
    self.knobs = knobs
    self.startsFromGradient = startsFromGradient
    self.attach = attach
    self.rule = rule
    self.following = following
  }

  /// Every variant that can run beside full fine-tuning. A new one is its file and a line here.
  package static let all: [Variant] = [
    .lora,
    .rsLoRA,
    .loraPlus,
    .piSSA,
    .oLoRA,
    .doRA,
    .adaLoRA,
    .loraGA,
    .loraPro,
    .loraMuon,
    .scaledGD,
    .refLoRA,
    .gaLore,
    .randomProjection,
    .serialLoRA,
    .parallelLoRA,
    .additive,
    .oracle,
    .floor,
    .frozen,
  ]

  /// One of `all`, or `full` for a layer of its own.
  package static func named(_ id: String) -> Variant? { (all + [.full]).first { $0.id == id } }
}

/// How weights that are not trained follow from those that are.
package struct Following: Sendable {
  /// How many hidden series train beside, each another draw of the variant.
  package var members: Int
  /// W of a layer from its W0 and frozen part, full fine-tuning's W and the members'.
  package var weight: @Sendable (Sources) throws(LinearAlgebraError) -> Matrix

  package struct Sources: Sendable {
    package var W0: Matrix
    /// What the following series' own adapter keeps frozen, and the rank it has.
    package var reach: Reach
    package var full: Matrix
    package var members: [Matrix]
  }

  package init(
    members: Int = 0, weight: @escaping @Sendable (Sources) throws(LinearAlgebraError) -> Matrix
  ) {
    self.members = members
    self.weight = weight
  }
}
