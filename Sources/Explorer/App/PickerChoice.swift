import Math

/// A series being set up: a system for all layers or one for each, with the texts of its knobs.
package struct PickerChoice: Equatable, Sendable {
  package struct System: Equatable, Sendable {
    package let id: String
    /// By the names of its knobs.
    package internal(set) var texts: [String: String]

    init(_ choice: SystemChoice) {
      id = choice.variant
      texts = Dictionary(
        uniqueKeysWithValues: choice.recipe.knobs.map {
          ($0.name, "\(choice.settings[$0.name] ?? $0.defaultValue)")
        })
    }

    package var recipe: Variant {
      guard let variant = Variant.named(id) else { preconditionFailure("\(id) is not registered") }
      return variant
    }
  }

  package internal(set) var systems: [System]

  init(_ choice: VariantChoice) { systems = choice.systems.map(System.init) }

  /// The ids alone.
  package var id: String { systems.map(\.id).joined(separator: "+") }

  /// Looks at each knob by itself: a comma typed into one would start another.
  func check() throws(ScenarioError) {
    for system in systems {
      for knob in system.recipe.knobs {
        let text = system.texts[knob.name] ?? ""
        guard knob.value(text) == nil else { continue }
        throw .invalid(key: "\(system.id)(\(knob.name))", value: text, allowed: knob.allowed)
      }
    }
  }
}

extension PickerChoice: CustomStringConvertible {
  /// As the scenario line says it; settings at their default are left out.
  package var description: String {
    systems.map { system in
      let said = system.recipe.knobs.compactMap { knob in
        system.texts[knob.name].flatMap { text in
          knob.value(text) == knob.defaultValue ? nil : "\(knob.name)=\(text)"
        }
      }
      return said.isEmpty ? system.id : "\(system.id)(\(said.joined(separator: ",")))"
    }.joined(separator: "+")
  }
}
