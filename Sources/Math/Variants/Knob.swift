/// A setting of a variant, declared once: picker, scenario line, lists and help all read it here.
package struct Knob: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// One of these words; the first is the default.
    case word([String])
    /// A number of this range.
    case number(ClosedRange<Double>, default: Double)
    /// A whole number of this range.
    case whole(ClosedRange<Int>, default: Int)
  }

  package let name: String
  package let kind: Kind
  package let help: String

  package init(_ name: String, _ kind: Kind, help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// One of an enumeration's words; its first case is the default.
  package static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, of type: Choice.Type, help: String
  ) -> Knob where Choice.RawValue == String {
    Knob(name, .word(type.allCases.map(\.rawValue)), help: help)
  }

  package static func flag(_ name: String, isOn: Bool = false, help: String) -> Knob {
    Knob(name, .word(isOn ? ["yes", "no"] : ["no", "yes"]), help: help)
  }

  package var defaultValue: KnobValue {
    switch kind {
    case .word(let words): .word(words[0])
    case .number(_, let value): .number(value)
    case .whole(_, let value): .number(Double(value))
    }
  }

  /// What may stand behind `name=`.
  package var allowed: String {
    switch kind {
    case .word(let words): words.joined(separator: "|")
    case .number(let range, _): "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
    case .whole(let range, _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// The value that `text` names, or nil.
  package func value(_ text: String) -> KnobValue? {
    switch kind {
    case .word(let words): words.contains(text) ? .word(text) : nil
    case .number(let range, _): Double(text).flatMap { range.contains($0) ? .number($0 == 0 ? 0 : $0) : nil }
    case .whole(let range, _): Int(text).flatMap { range.contains($0) ? .number(Double($0)) : nil }
    }
  }
}

package enum KnobValue: Equatable, Sendable, CustomStringConvertible {
  case word(String)
  case number(Double)

  package var description: String {
    switch self {
    case .word(let word): word
    case .number(let number): plain(number)
    }
  }
}

/// A number as a person writes it: `16`, not `16.0`; it reads back as the same double.
package func plain(_ x: Double) -> String {
  x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : x.description
}
