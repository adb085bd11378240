/// How values are laid along an axis.
package enum Scale: String, CaseIterable, Sendable {
  case linear, log

  package var toggled: Scale {
    switch self {
    case .linear: .log
    case .log: .linear
    }
  }
}
