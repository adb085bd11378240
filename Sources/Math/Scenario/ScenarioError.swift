/// What is wrong with a scenario: the key, its value, and what is allowed.
package enum ScenarioError: Error, Equatable, Sendable {
  case notAWord(String)
  case unknownKey(String, known: [String])
  case repeatedKey(String)
  case notApplicable(key: String, reason: String)
  case invalid(key: String, value: String, allowed: String)
  case unknownVariant(String, known: [String])
  case unknownKnob(variant: String, knob: String, known: [String])
  case repeatedVariant(String)
  case tooManyVariants(Int, most: Int)
  /// It belongs to the part of a run that a branch shares.
  case fixedAtBranch(key: String)
  case tooLarge(key: String, value: Int, bytes: Double, available: Double, fits: Int)

  /// The key at fault; nil when it is none that exists.
  package var key: String? {
    switch self {
    case .notAWord, .unknownKey: nil
    case .repeatedKey(let key), .notApplicable(let key, _), .invalid(let key, _, _), .fixedAtBranch(let key),
      .tooLarge(let key, _, _, _, _):
      key
    case .unknownVariant, .unknownKnob, .repeatedVariant, .tooManyVariants: "variants"
    }
  }
}

extension ScenarioError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAWord(let word): "'\(word)' is not key=value"
    case .unknownKey(let key, let known):
      "unknown key '\(key)'; the keys are \(known.joined(separator: ", "))"
    case .repeatedKey(let key): "\(key) is given twice"
    case .notApplicable(let key, let reason): "\(key) does not apply: \(reason)"
    case .invalid(let key, let value, let allowed): "\(key) is \(value); it takes \(allowed)"
    case .unknownVariant(let id, let known):
      "unknown variant '\(id)'; the variants are \(known.joined(separator: ", "))"
    case .unknownKnob(let variant, let knob, let known):
      known.isEmpty
        ? "\(variant) has no setting '\(knob)', nor any other"
        : "\(variant) has no setting '\(knob)'; it has \(known.joined(separator: ", "))"
    case .repeatedVariant(let variant): "variants names \(variant) twice"
    case .tooManyVariants(let count, let most):
      "variants names \(count) variants; at most \(most) run side by side"
    case .fixedAtBranch(let key):
      "\(key) cannot change at a branch; the optimiser with its numbers, batch and steps can"
    case .tooLarge(let key, let value, let bytes, let available, let fits):
      "\(key) is \(value); the run would need \(readableBytes(bytes)) of memory, there are \(readableBytes(available)): "
        + (fits > 0 ? "\(key) up to \(fits) fits" : "no \(key) fits")
    }
  }
}

extension ScenarioError {
  /// What would be right, short enough to stand beside the field that is wrong.
  package var remedy: String {
    switch self {
    case .invalid(_, _, let allowed): allowed
    case .tooLarge(_, _, let bytes, let available, _):
      "needs \(readableBytes(bytes)) of \(readableBytes(available))"
    default: description
    }
  }
}

/// `3.2 GB`, in powers of 1000.
package func readableBytes(_ bytes: Double) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
  var value = bytes
  var unit = 0
  while value >= 999.95, unit + 1 < units.count {
    value /= 1000
    unit += 1
  }
  let tenths = (value * 10).rounded() / 10
  return unit == 0 || tenths >= 1e15
    ? "\(plain(value.rounded())) \(units[unit])" : "\(plain(tenths)) \(units[unit])"
}
