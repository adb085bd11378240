/// What runs as one series: a system for all layers, as `lora-ga(scale=unit)`, or one for each, as
/// `lora+frozen`.
package struct VariantChoice: Equatable, Sendable {
  /// One, or one a layer.
  package let systems: [SystemChoice]

  package init(parsing text: String) throws(ScenarioError) {
    var systems: [SystemChoice] = []
    for part in text.splitOutsideParentheses(at: "+") { systems.append(try SystemChoice(parsing: part)) }
    self.systems = systems
  }

  private init(systems: [SystemChoice]) { self.systems = systems }

  /// The same with a setting changed in the systems of one variant.
  func setting(_ knob: String, of variant: String, to value: String) throws(ScenarioError) -> VariantChoice {
    var systems = systems
    for i in systems.indices where systems[i].variant == variant {
      try systems[i].set("\(knob)=\(value)", of: systems[i].recipe)
    }
    return VariantChoice(systems: systems)
  }

  package func system(layer: Int) -> SystemChoice { systems.count == 1 ? systems[0] : systems[layer] }

  /// The ids alone.
  package var variant: String { systems.map(\.variant).joined(separator: "+") }

  /// Layers of the same system, which one rule moves together.
  package func groups(layerCount: Int) -> [(system: SystemChoice, layers: [Int])] {
    var groups: [(system: SystemChoice, layers: [Int])] = []
    for l in 0..<layerCount {
      if let i = groups.firstIndex(where: { $0.system == system(layer: l) }) {
        groups[i].layers.append(l)
      } else {
        groups.append((system(layer: l), [l]))
      }
    }
    return groups
  }
}

extension VariantChoice: CustomStringConvertible {
  /// As the scenario line says it; settings at their default are left out.
  package var description: String { systems.map(\.description).joined(separator: "+") }
}

/// A variant with the settings asked for.
package struct SystemChoice: Equatable, Sendable {
  package let variant: String
  /// What differs from the variant's defaults.
  package private(set) var settings: [String: KnobValue]

  /// - Parameter text: `id` or `id(knob=value,…)`.
  package init(parsing text: String) throws(ScenarioError) {
    let parts = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
    let id = String(parts[0])
    guard let variant = Variant.named(id) else {
      throw .unknownVariant(id, known: ["full"] + Variant.all.map(\.id))
    }
    self.variant = id
    settings = [:]
    guard parts.count == 2 else { return }
    guard parts[1].last == ")" else {
      throw .invalid(key: "variants", value: text, allowed: "\(id)(setting=value,…)")
    }
    var said: Set<String> = []
    for setting in parts[1].dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      let knob = try set(String(setting), of: variant)
      guard said.insert(knob).inserted else { throw .repeatedKey("\(id)(\(knob))") }
    }
  }

  /// - Returns: the knob's name.
  @discardableResult
  fileprivate mutating func set(_ setting: String, of variant: Variant) throws(ScenarioError) -> String {
    let pair = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let knob = variant.knobs.first(where: { $0.name == pair[0] }) else {
      throw .unknownKnob(variant: variant.id, knob: pair[0], known: variant.knobs.map(\.name))
    }
    guard pair.count == 2, let value = knob.value(pair[1]) else {
      throw .invalid(
        key: "\(variant.id)(\(knob.name))", value: pair.count == 2 ? pair[1] : "empty", allowed: knob.allowed)
    }
    settings[knob.name] = value == knob.defaultValue ? nil : value
    return knob.name
  }

  /// The recipe; a choice is only ever made of a registered one.
  package var recipe: Variant {
    guard let variant = Variant.named(variant) else {
      preconditionFailure("\(self.variant) is not registered")
    }
    return variant
  }

  /// Of a setting, said or not.
  package func value(_ setting: String) -> KnobValue? {
    recipe.knobs.first { $0.name == setting }.map { settings[$0.name] ?? $0.defaultValue }
  }

  package var knobValues: KnobValues { KnobValues(recipe.knobs, settings) }
}

extension SystemChoice: CustomStringConvertible {
  package var description: String {
    let said = recipe.knobs.compactMap { knob in settings[knob.name].map { "\(knob.name)=\($0)" } }
    return said.isEmpty ? variant : "\(variant)(\(said.joined(separator: ",")))"
  }
}

extension String {
  /// Parts between separators that stand outside all parentheses.
  package func splitOutsideParentheses(at separator: Character) -> [String] {
    var parts = [""]
    var depth = 0
    for character in self {
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      if character == separator, depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
