/// A whole run on one readable line, seed included: the screen, the command line and the exports speak it.
package struct Scenario: Equatable, Sendable {
  package internal(set) var task: ProblemFamily.ID = .matrix
  /// Inputs and outputs of the weight.
  package internal(set) var n = 64
  package internal(set) var m = 48
  package internal(set) var r = 8
  package internal(set) var alpha = 16.0
  package internal(set) var scaling = Scaling.overRank
  package internal(set) var target = TargetSpectrum.geometric(0.8)
  /// How many singular values of the target's change are not zero; nil for min(n, m).
  package internal(set) var k: Int?
  /// ‖W* − W0‖_F.
  package internal(set) var norm = 4.0
  /// The singular values of W0, and the largest of them; nil for entries N(0, 1/n).
  package internal(set) var pretrained: TargetSpectrum?
  package internal(set) var largest = 4.0
  /// p of the input covariance's eigenvalues i^−p; 0 for isotropic inputs.
  package internal(set) var covariance = 0.0
  package internal(set) var samples = 256
  package internal(set) var noise = 0.0
  /// Examples kept from training, whose loss is measured too.
  package internal(set) var heldOut = 0
  /// What the digits' W0 was trained on, and for how many steps.
  package internal(set) var pretraining = Problem.Pretraining.half
  package internal(set) var pretrainingSteps = 200
  /// The digits have another input that is always 1.
  package internal(set) var hasBias = false
  /// Width of the layer between two.
  package internal(set) var hidden = 32
  package internal(set) var activation = Activation.tanh
  package internal(set) var loss = NetworkLoss.squaredError
  package internal(set) var optimizer = OptimizerChoice(learningRate: 0.003)
  /// How gradients are computed.
  package internal(set) var gradient = GradientForm.factored
  /// Examples a step; nil for all.
  package internal(set) var batch: Int?
  package internal(set) var steps = 2000
  package internal(set) var seed = 1
  package internal(set) var variants: [VariantChoice]

  /// The default run of a task.
  package init(task: ProblemFamily.ID = .matrix) {
    self.task = task
    variants = Self.defaultVariants
    task.family.setDefaults(&self)
  }

  private static let defaultVariants: [VariantChoice] = ["lora", "lora-ga", "lora-pro"].compactMap {
    try? VariantChoice(parsing: $0)
  }

  package static let mostVariants = 6

  /// s.
  package var scale: Double { scaling.scale(alpha: alpha, rank: r) }

  /// n and m of each layer.
  package var layerShapes: [(rows: Int, columns: Int)] {
    task == .twolayer ? [(n, hidden), (hidden, m)] : [(hasBias ? n + 1 : n, m)]
  }

  /// The largest rank that all layers have.
  package var largestRank: Int { layerShapes.reduce(Int.max) { min($0, $1.rows, $1.columns) } }

  /// Some examples are kept from training.
  package var hasTestLoss: Bool { heldOut > 0 }

  /// How the variants' series are called: by id, or by the whole choice where one id stands twice.
  package var seriesNames: [String] {
    let ids = variants.map(\.variant)
    return zip(variants, ids).map { choice, id in ids.count { $0 == id } > 1 ? choice.description : id }
  }
}

/// The two ways to the gradients of a factored weight.
package enum GradientForm: String, CaseIterable, Sendable {
  /// (XA)B: products with the factors alone.
  case factored
  /// X(W0 + AB): the merged weight and the dense G.
  case dense
}

/// What a two-layer network is trained for.
package enum NetworkLoss: String, CaseIterable, Sendable {
  case squaredError = "mse"
  case crossEntropy = "ce"
}

// MARK: One line

extension Scenario {
  /// Reads words of key=value; every key is optional.
  package init(parsing line: String) throws(ScenarioError) {
    var words: [(key: String, value: String)] = []
    for word in line.split(whereSeparator: \.isWhitespace) {
      guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
        throw .notAWord(String(word))
      }
      let key = String(word[..<equals])
      guard Field.named(key) != nil else { throw .unknownKey(key, known: Field.all.map(\.key)) }
      guard !words.contains(where: { $0.key == key }) else { throw .repeatedKey(key) }
      words.append((key, String(word[word.index(after: equals)...])))
    }
    // The task decides the defaults, hence first.
    var scenario = Scenario()
    if let task = words.first(where: { $0.key == "task" }) {
      try scenario.set("task", to: task.value)
      scenario = Scenario(task: scenario.task)
    }
    // In the order of the table: what a range depends on stands before what it bounds.
    for field in Field.all where field.key != "task" {
      guard let word = words.first(where: { $0.key == field.key }) else { continue }
      if field.key == "opt" || field.applies(scenario) {
        try field.set(&scenario, word.value)
      } else {
        throw .notApplicable(key: field.key, reason: field.condition(scenario))
      }
    }
    // The rank's default may exceed what the sizes allow; a stated rank has been checked.
    if !words.contains(where: { $0.key == "r" }) { scenario.r = min(scenario.r, scenario.largestRank) }
    // Nor did anybody ask for a batch larger than the examples.
    if !words.contains(where: { $0.key == "batch" }) {
      scenario.batch = scenario.batch.map { min($0, scenario.exampleCount ?? $0) }
    }
    self = scenario
    try validate()
  }

  /// Sets one key as the line would.
  package mutating func set(_ key: String, to value: String) throws(ScenarioError) {
    guard let field = Field.named(key) else { throw .unknownKey(key, known: Field.all.map(\.key)) }
    guard field.applies(self) else { throw .notApplicable(key: key, reason: field.condition(self)) }
    try field.set(&self, value)
  }

  /// Sets a setting of every system of a variant.
  package mutating func set(_ setting: String, of variant: String, to value: String) throws(ScenarioError) {
    guard variants.contains(where: { $0.systems.contains { $0.variant == variant } }) else {
      let key = "\(variant).\(setting)"
      throw .notApplicable(key: key, reason: "variants has no \(variant)")
    }
    var choices: [VariantChoice] = []
    for choice in variants { choices.append(try choice.setting(setting, of: variant, to: value)) }
    try set("variants", to: choices.map(\.description).joined(separator: ","))
  }

  /// Checks every key again: a later one may have moved the range of an earlier one.
  package func validate() throws(ScenarioError) {
    var copy = self
    for field in Field.all where field.applies(self) { try field.set(&copy, field.print(self)) }
  }

  /// The scenario on one canonical line, which parses to itself.
  package var line: String {
    Field.all.filter { $0.applies(self) && $0.print(self) != $0.unsaid }.map { "\($0.key)=\($0.print(self))" }
      .joined(separator: " ")
  }
}
