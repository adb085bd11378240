/// A variant with the settings asked for, as `lora-ga(scale=unit)` says it.
package struct VariantChoice: Equatable, Sendable {
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
  private mutating func set(_ setting: String, of variant: Variant) throws(ScenarioError) -> String {
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

  package var knobValues: KnobValues { KnobValues(recipe.knobs, settings) }
}

extension VariantChoice: CustomStringConvertible {
  /// As the scenario line says it; settings at their default are left out.
  package var description: String {
    let said = recipe.knobs.compactMap { knob in settings[knob.name].map { "\(knob.name)=\($0)" } }
    return said.isEmpty ? variant : "\(variant)(\(said.joined(separator: ",")))"
  }
}
