import Math

/// A key of the scenario line with the values it takes in turn, or several that take the same: `r=1,2,4`,
/// `r+alpha=1,2,4`, `lora-ga.zeta=0.01,0.09`, `lr-b=0.1,0.4`.
package struct SweptKey: Equatable, Sendable {
  package let settings: [Setting]
  package let values: [String]

  package init(parsing text: String) throws(SweepError) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw .notAKey(text) }
    values = String(text[text.index(after: equals)...]).splitOutsideParentheses(at: ",")
    guard !values.contains("") else { throw .notAKey(text) }
    var settings: [Setting] = []
    for name in text[..<equals].split(separator: "+", omittingEmptySubsequences: false) {
      let setting = try Setting(String(name))
      guard !settings.contains(setting) else { throw .repeatedKey(setting.name) }
      settings.append(setting)
    }
    self.settings = settings
    for (i, value) in values.enumerated() where values[..<i].contains(value) {
      throw .repeatedValue(name, value)
    }
  }

  /// `r+alpha`.
  package var name: String { settings.map(\.name).joined(separator: "+") }

  /// The values as numbers; nil where one is a word.
  package var numbers: [Double]? {
    let numbers = values.compactMap(Double.init)
    return numbers.count == values.count ? numbers : nil
  }

  /// What a value is given to.
  package enum Setting: Equatable, Sendable {
    case field(String)
    /// Of every series of the variant.
    case knob(variant: String, name: String)
    /// η_B itself, while the line has it by its ratio to η.
    case rateOfB

    init(_ name: String) throws(SweepError) {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      switch name {
      case "lr-b": self = .rateOfB
      case "seed": throw .fixed(name, reason: "every place has the same seeds, as many as are asked for")
      case "variants": throw .fixed(name, reason: "variants run side by side already")
      case "task": throw .fixed(name, reason: "it decides what the other keys are")
      case _ where Field.named(name) != nil: self = .field(name)
      case _ where parts.count == 2: self = .knob(variant: parts[0], name: parts[1])
      default: throw .unknownKey(name)
      }
    }

    package var name: String {
      switch self {
      case .field(let key): key
      case .knob(let variant, let name): "\(variant).\(name)"
      case .rateOfB: "lr-b"
      }
    }

    /// Of being set: the fields as the line has them, what stands on them behind.
    var order: Int {
      switch self {
      case .field(let key): Field.all.firstIndex { $0.key == key } ?? 0
      case .knob: Field.all.count
      case .rateOfB: Field.all.count + 1
      }
    }

    func set(_ scenario: inout Scenario, to value: String) throws(ScenarioError) {
      switch self {
      case .field(let key): try scenario.set(key, to: value)
      case .knob(let variant, let name): try scenario.set(name, of: variant, to: value)
      case .rateOfB:
        let η = scenario.optimizer.learningRate
        guard let rate = Double(value), rate >= 0, (rate / η).isFinite else {
          throw .invalid(key: "lr-b", value: value, allowed: "a number from 0, where lr is above 0")
        }
        try scenario.set("ratio", to: plain(rate / η))
      }
    }
  }
}
