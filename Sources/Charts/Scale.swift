/// How values are laid along an axis.
package enum Scale: String, CaseIterable, Sendable {
  case linear, log

  package var toggled: Scale {
    switch self {
    case .linear: .log
    case .log: .linear
    }
  }

  /// How far above the values of what goes on an axis follows what has come to its end, as a factor: an explosion says
  /// no more by being shown whole, and nothing else could be seen.
  var room: Double { self == .log ? 1e3 : 10 }

  /// The upper end of an axis for `all` values, of which `lasting` belong to what goes on.
  func top(_ all: Double, lasting: Double?) -> Double {
    guard let lasting, lasting > 0 else { return all }
    return max(lasting, min(all, room * lasting))
  }
}
