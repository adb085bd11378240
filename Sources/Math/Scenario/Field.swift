/// One key of the scenario line, declared once: parser, printer, help and picker all read it here.
package struct Field: Sendable {
  package let key: String
  package let meaning: String
  /// What may stand behind `key=`, in general.
  package let allowed: String
  /// The words it takes, where only words are taken.
  package let words: [String]?
  package let print: @Sendable (Scenario) -> String
  package let set: @Sendable (inout Scenario, String) throws(ScenarioError) -> Void
  /// What the line leaves out, as those older than the key do.
  let unsaid: String?
  /// The tasks or optimisers it belongs to; nil for all.
  private let scope: Scope

  enum Scope: Sendable {
    case always
    case tasks([ProblemFamily.ID], where: Condition? = nil)
    case optimizers([OptimizerChoice.Family])
  }

  /// On another key.
  struct Condition: Sendable {
    let words: String
    let holds: @Sendable (Scenario) -> Bool
  }

  package static func named(_ key: String) -> Field? { all.first { $0.key == key } }

  /// Whether the key has a meaning in this scenario.
  package func applies(_ scenario: Scenario) -> Bool {
    switch scope {
    case .always: true
    case .tasks(let tasks, let condition):
      tasks.contains(scenario.task) && condition?.holds(scenario) ?? true
    case .optimizers(let optimizers): optimizers.contains(scenario.optimizer.family)
    }
  }

  /// The tasks or optimisers it belongs to; nil when it always applies.
  package var restriction: String? {
    switch scope {
    case .always: nil
    case .tasks(let tasks, let condition):
      "task=\(tasks.map(\.rawValue).joined(separator: "|"))" + (condition.map { ", \($0.words)" } ?? "")
    case .optimizers(let optimizers): "opt=\(optimizers.map(\.rawValue).joined(separator: "|"))"
    }
  }

  /// Why it does not apply.
  func condition(_ scenario: Scenario) -> String {
    switch scope {
    case .always: "it always does"
    case .tasks(let tasks, let condition?) where tasks.contains(scenario.task):
      "it belongs to \(condition.words)"
    case .tasks(let tasks, _):
      "it belongs to task=\(tasks.map(\.rawValue).joined(separator: "|")), and task is \(scenario.task.rawValue)"
    case .optimizers: "it belongs to \(restriction ?? ""), and opt is \(scenario.optimizer.family.rawValue)"
    }
  }
}

extension Field {
  /// In the canonical order of the line.
  package static let all: [Field] = [
    Field(
      "task", "the problem", words: words(ProblemFamily.ID.self), print: { $0.task.rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.task = try word(text, key: "task")
      }),
    size("n", \.n, "inputs: rows of W"),
    size("m", \.m, "outputs: columns of W"),
    whole(
      "hidden", \.hidden, "width between the layers", range: { _ in 1...1_000_000_000 },
      allowed: "1 to 1000000000", scope: .tasks([.twolayer])),
    choice("phi", \.activation, "what acts between the layers", scope: .tasks([.twolayer])),
    choice("loss", \.loss, "squared error, or cross entropy with classes", scope: .tasks([.twolayer])),
    whole(
      "r", \.r, "rank of the adapters", range: { 1...$0.largestRank },
      allowed: "1 to the smallest size of a layer"),
    real("alpha", \.alpha, "scale of the adapters before it is divided", 0...1e6),
    choice("scaling", \.scaling, "how s follows from alpha"),
    Field(
      "target", "singular values of the change to be learned; gains rescale W0's columns",
      allowed: TargetSpectrum.allowed + "|gains", scope: .tasks(synthetic), print: { $0.target.description },
      set: { (scenario, text) throws(ScenarioError) in
        guard let target = TargetSpectrum(text) else {
          throw .invalid(key: "target", value: text, allowed: TargetSpectrum.allowed + "|gains")
        }
        scenario.target = target
      }),
    optionalWhole(
      "k", \.k, "how many of them are not zero", none: "all", range: { 1...$0.largestRank },
      allowed: "all, or 1 to the smallest size of a layer", scope: spectral),
    real("norm", \.norm, "Frobenius norm of the change to be learned", 0...1e6, scope: spectral),
    Field(
      "w0", "singular values of W0; normal has entries N(0,1/n) instead",
      allowed: "normal|" + TargetSpectrum.allowed, unsaid: "normal", scope: .tasks(synthetic),
      print: { $0.pretrained?.description ?? "normal" },
      set: { (scenario, text) throws(ScenarioError) in
        let spectrum = TargetSpectrum(text)
        guard text == "normal" || (spectrum != nil && spectrum != .gains) else {
          throw .invalid(key: "w0", value: text, allowed: "normal|" + TargetSpectrum.allowed)
        }
        scenario.pretrained = spectrum
      }),
    real(
      "top", \.largest, "largest singular value of W0", 0...1e6,
      scope: .tasks(synthetic, where: Condition(words: "a w0 that is not normal") { $0.pretrained != nil })),
    real(
      "cov", \.covariance, "p of the inputs' covariance, eigenvalues i^-p; 0 is isotropic", 0...10,
      scope: .tasks(synthetic)),
    whole(
      "samples", \.samples, "examples", range: { _ in 1...10_000_000 }, allowed: "1 to 10000000",
      scope: .tasks([.linreg, .twolayer])),
    whole(
      "held", \.heldOut, "examples kept from training, for a test loss", range: { 0...$0.mostHeldOut },
      allowed: "0 to 10000000; of the digits 0 to 1796", scope: .tasks([.linreg, .twolayer, .digits])),
    real(
      "noise", \.noise, "standard deviation of the outputs' noise", 0...1e6,
      scope: .tasks([.linreg, .twolayer])),
    Field(
      "opt", "the optimiser", words: words(OptimizerChoice.Family.self),
      print: { $0.optimizer.family.rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        let old = scenario.optimizer.family
        scenario.optimizer.family = try word(text, key: "opt")
        if scenario.optimizer.epsilon == old.defaultEpsilon {
          scenario.optimizer.epsilon = scenario.optimizer.family.defaultEpsilon
        }
      }),
    real("lr", \.optimizer.learningRate, "learning rate eta", 0...1e6),
    real("ratio", \.optimizer.ratioB, "B's learning rate over eta", 0...1e6),
    real("mu", \.optimizer.momentum, "momentum", 0...1, scope: .optimizers([.momentum, .muon])),
    real(
      "dampening", \.optimizer.dampening, "dampening of the momentum", 0...1, scope: .optimizers([.momentum])
    ),
    flag("nesterov", \.optimizer.isNesterov, "Nesterov's momentum", scope: .optimizers([.momentum])),
    real(
      "beta1", \.optimizer.beta1, "decay of the first moment", 0...0.999999999, scope: .optimizers(adaptive)),
    real(
      "beta2", \.optimizer.beta2, "decay of the second moment", 0...0.999999999, scope: .optimizers(adaptive)
    ),
    real(
      "eps", \.optimizer.epsilon, "added to the root of the second moment", 1e-300...1,
      scope: .optimizers(adaptive)),
    real(
      "wd", \.optimizer.weightDecay, "weight decay", 0...1e6,
      scope: .optimizers(OptimizerChoice.Family.allCases.filter { $0 != .signsgd })),
    choice("gradient", \.gradient, "form of the gradients: (XA)B, or X(W0 + AB) with the dense G"),
    flag("bias", \.hasBias, "another input that is always 1", scope: .tasks([.digits])),
    choice("from", \.pretraining, "what W0 was trained on", scope: .tasks([.digits])),
    whole(
      "pretrain", \.pretrainingSteps, "steps of that, full-batch of size 1", range: { _ in 0...100_000 },
      allowed: "0 to 100000", scope: .tasks([.digits])),
    optionalWhole(
      "batch", \.batch, "examples a step", none: "all", range: { 1...($0.exampleCount ?? 1) },
      allowed: "all, or 1 to the number of examples", scope: .tasks([.linreg, .twolayer, .digits])),
    whole("steps", \.steps, "optimiser steps", range: { _ in 0...1_000_000_000 }, allowed: "0 to 1000000000"),
    whole(
      "seed", \.seed, "seed of every draw", range: { _ in 0...4_294_967_295 }, allowed: "0 to 4294967295"),
    Field(
      "variants", "what runs beside full fine-tuning, at most six",
      allowed: "id or id(setting=value,…), with commas between; id+id for two layers; full for full alone",
      print: { $0.variants.isEmpty ? "full" : $0.variants.map(\.description).joined(separator: ",") },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.variants = try scenario.parseVariants(text)
      }),
  ]

  private static let synthetic: [ProblemFamily.ID] = [.matrix, .linreg, .twolayer]
  private static let spectral = Scope.tasks(
    synthetic, where: Condition(words: "a target that is not gains") { $0.target != .gains })
  private static let adaptive: [OptimizerChoice.Family] = [.adam, .adamw, .galoreAdamW]

  private init(
    _ key: String, _ meaning: String, allowed: String, words: [String]? = nil, unsaid: String? = nil,
    scope: Scope = .always,
    print: @escaping @Sendable (Scenario) -> String,
    set: @escaping @Sendable (inout Scenario, String) throws(ScenarioError) -> Void
  ) {
    self.key = key
    self.meaning = meaning
    self.allowed = allowed
    self.words = words
    self.unsaid = unsaid
    self.scope = scope
    self.print = print
    self.set = set
  }

  private init(
    _ key: String, _ meaning: String, words: [String], scope: Scope = .always,
    print: @escaping @Sendable (Scenario) -> String,
    set: @escaping @Sendable (inout Scenario, String) throws(ScenarioError) -> Void
  ) {
    self.init(
      key, meaning, allowed: words.joined(separator: "|"), words: words, scope: scope, print: print, set: set)
  }

  /// n or m: free, unless the task's data fix it.
  private static func size(
    _ key: String, _ path: any WritableKeyPath<Scenario, Int> & Sendable, _ meaning: String
  ) -> Field {
    Field(
      key, meaning, allowed: "1 to 1000000000; digits fix it", print: { String($0[keyPath: path]) },
      set: { (scenario, text) throws(ScenarioError) in
        if scenario.task.family.hasFixedShape {
          let fixed = Scenario(task: scenario.task)[keyPath: path]
          guard text == String(fixed) else {
            throw .invalid(
              key: key, value: text, allowed: "\(fixed), which task=\(scenario.task.rawValue) fixes")
          }
        }
        scenario[keyPath: path] = try parseWhole(text, key: key, 1...1_000_000_000)
      })
  }

  private static func flag(
    _ key: String, _ path: any WritableKeyPath<Scenario, Bool> & Sendable, _ meaning: String, scope: Scope
  ) -> Field {
    Field(
      key, meaning, words: ["no", "yes"], scope: scope, print: { $0[keyPath: path] ? "yes" : "no" },
      set: { (scenario, text) throws(ScenarioError) in
        guard ["no", "yes"].contains(text) else {
          throw .invalid(key: key, value: text, allowed: "no|yes")
        }
        scenario[keyPath: path] = text == "yes"
      })
  }

  private static func choice<Word: RawRepresentable & CaseIterable & SendableMetatype>(
    _ key: String, _ path: any WritableKeyPath<Scenario, Word> & Sendable, _ meaning: String,
    scope: Scope = .always
  ) -> Field where Word.RawValue == String {
    Field(
      key, meaning, words: words(Word.self), scope: scope, print: { $0[keyPath: path].rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        scenario[keyPath: path] = try word(text, key: key)
      })
  }

  private static func whole(
    _ key: String, _ path: any WritableKeyPath<Scenario, Int> & Sendable, _ meaning: String,
    range: @escaping @Sendable (Scenario) -> ClosedRange<Int>, allowed: String, scope: Scope = .always
  ) -> Field {
    Field(
      key, meaning, allowed: allowed, scope: scope, print: { String($0[keyPath: path]) },
      set: { (scenario, text) throws(ScenarioError) in
        scenario[keyPath: path] = try parseWhole(text, key: key, range(scenario))
      })
  }

  private static func optionalWhole(
    _ key: String, _ path: any WritableKeyPath<Scenario, Int?> & Sendable, _ meaning: String, none: String,
    range: @escaping @Sendable (Scenario) -> ClosedRange<Int>, allowed: String, scope: Scope
  ) -> Field {
    Field(
      key, meaning, allowed: allowed, scope: scope, print: { $0[keyPath: path].map(String.init) ?? none },
      set: { (scenario, text) throws(ScenarioError) in
        scenario[keyPath: path] =
          text == none ? nil : try parseWhole(text, key: key, range(scenario), or: none)
      })
  }

  private static func real(
    _ key: String, _ path: any WritableKeyPath<Scenario, Double> & Sendable, _ meaning: String,
    _ range: ClosedRange<Double>, scope: Scope = .always
  ) -> Field {
    let allowed = "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
    return Field(
      key, meaning, allowed: allowed, scope: scope, print: { plain($0[keyPath: path]) },
      set: { (scenario, text) throws(ScenarioError) in
        guard let value = Double(text), range.contains(value) else {
          throw .invalid(key: key, value: text, allowed: "a number from \(allowed)")
        }
        // Minus zero would print as 0 and no longer be itself.
        scenario[keyPath: path] = value == 0 ? 0 : value
      })
  }

  private static func parseWhole(
    _ text: String, key: String, _ range: ClosedRange<Int>, or none: String? = nil
  )
    throws(ScenarioError) -> Int
  {
    guard let value = Int(text), range.contains(value) else {
      let or = none.map { "\($0), or " } ?? ""
      throw .invalid(
        key: key, value: text,
        allowed: "\(or)a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private static func word<Word: RawRepresentable & CaseIterable>(_ text: String, key: String)
    throws(ScenarioError) -> Word where Word.RawValue == String
  {
    guard let word = Word(rawValue: text) else {
      throw .invalid(key: key, value: text, allowed: words(Word.self).joined(separator: "|"))
    }
    return word
  }

  private static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> [String]
  where Word.RawValue == String {
    Word.allCases.map(\.rawValue)
  }
}

extension Scenario {
  /// Commas stand between choices. `full` may be named: it always runs.
  func parseVariants(_ text: String) throws(ScenarioError) -> [VariantChoice] {
    let parts = text.splitOutsideParentheses(at: ",").filter { $0 != "full" }
    guard parts.count <= Self.mostVariants else {
      throw .tooManyVariants(parts.count, most: Self.mostVariants)
    }
    var choices: [VariantChoice] = []
    for part in parts {
      let choice = try VariantChoice(parsing: part)
      guard !choices.contains(choice) else { throw .repeatedVariant(choice.description) }
      try requireLayers(choice)
      choices.append(choice)
    }
    return choices
  }

  /// One system for all layers, or one for each; what follows from other series has no layer of its own.
  private func requireLayers(_ choice: VariantChoice) throws(ScenarioError) {
    guard choice.systems.count > 1 else { return }
    guard choice.systems.count == layerShapes.count else {
      throw .invalid(
        key: "variants", value: choice.description,
        allowed: layerShapes.count == 1
          ? "one system, as task=\(task.rawValue) has one layer"
          : "one system for all layers, or one for each of \(layerShapes.count)")
    }
    if let following = choice.systems.first(where: { $0.recipe.following != nil }) {
      throw .invalid(
        key: "variants", value: choice.description, allowed: "\(following.variant) for all layers or none")
    }
  }
}

extension TargetSpectrum: CustomStringConvertible {
  static let allowed = "flat|geometric:D (0 < D ≤ 1)|power:P (0 ≤ P ≤ 100)|cond:K (1 ≤ K ≤ 1e15)"

  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) : nil
    switch (parts[0], number) {
    case ("flat", nil) where parts.count == 1: self = .flat
    case ("gains", nil) where parts.count == 1: self = .gains
    case ("geometric", let d?) where d > 0 && d <= 1: self = .geometric(d)
    case ("power", let p?) where p >= 0 && p <= 100: self = .power(p == 0 ? 0 : p)
    case ("cond", let κ?) where κ >= 1 && κ <= 1e15: self = .condition(κ)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .flat: "flat"
    case .gains: "gains"
    case .geometric(let d): "geometric:\(plain(d))"
    case .power(let p): "power:\(plain(p))"
    case .condition(let κ): "cond:\(plain(κ))"
    }
  }
}
