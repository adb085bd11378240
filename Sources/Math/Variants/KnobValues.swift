/// The settings of one variant: what was said, and the defaults for the rest.
package struct KnobValues: Equatable, Sendable {
  private let values: [String: KnobValue]

  package init(_ knobs: [Knob], _ settings: [String: KnobValue] = [:]) {
    values = Dictionary(uniqueKeysWithValues: knobs.map { ($0.name, settings[$0.name] ?? $0.defaultValue) })
  }

  package func word(_ name: String) -> String {
    guard case .word(let word)? = values[name] else { preconditionFailure("no word knob '\(name)'") }
    return word
  }

  /// A word knob whose words are those of an enumeration.
  package func choice<Choice: RawRepresentable>(_ name: String) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: word(name)) else {
      preconditionFailure("knob '\(name)' has words that \(Choice.self) has not")
    }
    return choice
  }

  package func isYes(_ name: String) -> Bool { word(name) == "yes" }

  package func number(_ name: String) -> Double {
    guard case .number(let number)? = values[name] else { preconditionFailure("no number knob '\(name)'") }
    return number
  }

  package func whole(_ name: String) -> Int { Int(number(name)) }
}
