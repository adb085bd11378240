/// One key of the scenario line, declared once: parser, printer, help and picker all read it here.
package struct Field: Sendable {
  package let key: String
  package let meaning: String
  /// What may stand behind `key=`, in general.
  package let allowed: String
  package let print: @Sendable (Scenario) -> String
  package let set: @Sendable (inout Scenario, String) throws(ScenarioError) -> Void
  /// The tasks or optimisers it belongs to; nil for all.
  private let scope: Scope

  enum Scope: Sendable {
    case always
    case tasks([ProblemFamily.ID])
    case optimizers([OptimizerFamily.ID])
  }

  package static func named(_ key: String) -> Field? { all.first { $0.key == key } }

  /// Whether the key has a meaning in this scenario.
  package func applies(_ scenario: Scenario) -> Bool {
    switch scope {
    case .always: true
    case .tasks(let tasks): tasks.contains(scenario.task)
    case .optimizers(let optimizers): optimizers.contains(scenario.optimizer)
    }
  }

  /// The tasks or optimisers it belongs to; nil when it always applies.
  package var restriction: String? {
    switch scope {
    case .always: nil
    case .tasks(let tasks): "task=\(tasks.map(\.rawValue).joined(separator: "|"))"
    case .optimizers(let optimizers): "opt=\(optimizers.map(\.rawValue).joined(separator: "|"))"
    }
  }

  /// Why it does not apply.
  func condition(_ scenario: Scenario) -> String {
    switch scope {
    case .always: "it always does"
    case .tasks: "it belongs to \(restriction ?? ""), and task is \(scenario.task.rawValue)"
    case .optimizers: "it belongs to \(restriction ?? ""), and opt is \(scenario.optimizer.rawValue)"
    }
  }
}

extension Field {
  /// In the canonical order of the line.
  package static let all: [Field] = [
    Field(
      "task", "the problem", allowed: words(ProblemFamily.ID.self), print: { $0.task.rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.task = try word(text, key: "task")
      }),
    size("n", \.n, "inputs: rows of W"),
    size("m", \.m, "outputs: columns of W"),
    whole("r", \.r, "rank of the adapters", range: { 1...min($0.n, $0.m) }, allowed: "1 to min(n, m)"),
    real("alpha", \.alpha, "scale of the adapters before it is divided", 0...1e6),
    Field(
      "scaling", "how s follows from alpha", allowed: words(Scaling.self), print: { $0.scaling.rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.scaling = try word(text, key: "scaling")
      }),
    Field(
      "target", "singular values of the change to be learned", allowed: TargetSpectrum.allowed,
      scope: .tasks(synthetic), print: { $0.target.description },
      set: { (scenario, text) throws(ScenarioError) in
        guard let target = TargetSpectrum(text) else {
          throw .invalid(key: "target", value: text, allowed: TargetSpectrum.allowed)
        }
        scenario.target = target
      }),
    optionalWhole(
      "k", \.k, "how many of them are not zero", none: "all", range: { 1...min($0.n, $0.m) },
      allowed: "all, or 1 to min(n, m)", scope: .tasks(synthetic)),
    real("norm", \.norm, "Frobenius norm of the change to be learned", 0...1e6, scope: .tasks(synthetic)),
    real(
      "cov", \.covariance, "p of the inputs' covariance, eigenvalues i^-p; 0 is isotropic", 0...10,
      scope: .tasks([.linreg])),
    whole(
      "samples", \.samples, "examples", range: { _ in 1...10_000_000 }, allowed: "1 to 10000000",
      scope: .tasks([.linreg])),
    real("noise", \.noise, "standard deviation of the outputs' noise", 0...1e6, scope: .tasks([.linreg])),
    Field(
      "opt", "the optimiser", allowed: words(OptimizerFamily.ID.self), print: { $0.optimizer.rawValue },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.optimizer = try word(text, key: "opt")
      }),
    real("lr", \.learningRate, "learning rate eta", 0...1e6),
    real("mu", \.momentum, "momentum", 0...1, scope: .optimizers([.momentum])),
    real("dampening", \.dampening, "dampening of the momentum", 0...1, scope: .optimizers([.momentum])),
    Field(
      "nesterov", "Nesterov's momentum", allowed: "no|yes", scope: .optimizers([.momentum]),
      print: { $0.isNesterov ? "yes" : "no" },
      set: { (scenario, text) throws(ScenarioError) in
        guard ["no", "yes"].contains(text) else {
          throw .invalid(key: "nesterov", value: text, allowed: "no|yes")
        }
        scenario.isNesterov = text == "yes"
      }),
    real(
      "beta1", \.beta1, "decay of the first moment", 0...0.999999999, scope: .optimizers([.adam, .adamw])),
    real(
      "beta2", \.beta2, "decay of the second moment", 0...0.999999999, scope: .optimizers([.adam, .adamw])),
    real(
      "eps", \.epsilon, "added to the root of the second moment", 1e-300...1,
      scope: .optimizers([.adam, .adamw])),
    real("wd", \.weightDecay, "weight decay", 0...1e6),
    optionalWhole(
      "batch", \.batch, "examples a step", none: "all", range: { 1...($0.exampleCount ?? 1) },
      allowed: "all, or 1 to the number of examples", scope: .tasks([.linreg, .digits])),
    whole("steps", \.steps, "optimiser steps", range: { _ in 0...1_000_000_000 }, allowed: "0 to 1000000000"),
    whole(
      "seed", \.seed, "seed of every draw", range: { _ in 0...4_294_967_295 }, allowed: "0 to 4294967295"),
    Field(
      "variants", "what runs beside full fine-tuning, at most six",
      allowed: "id or id(setting=value,…), with commas between; full for full fine-tuning alone",
      print: { $0.variants.isEmpty ? "full" : $0.variants.map(\.description).joined(separator: ",") },
      set: { (scenario, text) throws(ScenarioError) in
        scenario.variants = try Scenario.parseVariants(text)
      }),
  ]

  private static let synthetic: [ProblemFamily.ID] = [.matrix, .linreg]

  private init(
    _ key: String, _ meaning: String, allowed: String, scope: Scope = .always,
    print: @escaping @Sendable (Scenario) -> String,
    set: @escaping @Sendable (inout Scenario, String) throws(ScenarioError) -> Void
  ) {
    self.key = key
    self.meaning = meaning
    self.allowed = allowed
    self.scope = scope
    self.print = print
    self.set = set
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
      throw .invalid(key: key, value: text, allowed: words(Word.self))
    }
    return word
  }

  private static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> String
  where Word.RawValue == String {
    Word.allCases.map(\.rawValue).joined(separator: "|")
  }
}

extension Scenario {
  /// Commas between choices, but not those inside parentheses. `full` may be named: it always runs.
  static func parseVariants(_ text: String) throws(ScenarioError) -> [VariantChoice] {
    var parts = [""]
    var depth = 0
    for character in text {
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    parts.removeAll { $0 == "full" }
    guard parts.count <= mostVariants else { throw .tooManyVariants(parts.count, most: mostVariants) }
    var choices: [VariantChoice] = []
    for part in parts {
      let choice = try VariantChoice(parsing: part)
      guard !choices.contains(choice) else { throw .repeatedVariant(choice.description) }
      choices.append(choice)
    }
    return choices
  }
}

extension TargetSpectrum: CustomStringConvertible {
  static let allowed = "flat|geometric:D (0 < D ≤ 1)|power:P (0 ≤ P ≤ 100)|cond:K (1 ≤ K ≤ 1e15)"

  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) : nil
    switch (parts[0], number) {
    case ("flat", nil) where parts.count == 1: self = .flat
    case ("geometric", let d?) where d > 0 && d <= 1: self = .geometric(d)
    case ("power", let p?) where p >= 0 && p <= 100: self = .power(p == 0 ? 0 : p)
    case ("cond", let κ?) where κ >= 1 && κ <= 1e15: self = .condition(κ)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .flat: "flat"
    case .geometric(let d): "geometric:\(plain(d))"
    case .power(let p): "power:\(plain(p))"
    case .condition(let κ): "cond:\(plain(κ))"
    }
  }
}
