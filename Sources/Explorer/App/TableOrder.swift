/// How the table of variants is sorted, and which row has the focus.
package struct TableOrder: Equatable, Sendable {
  package enum Column: String, CaseIterable, Sendable {
    case gap, overFloor, loss, overFull, number

    /// As the table heads it.
    package var title: String {
      switch self {
      case .gap: "gap"
      case .overFloor: "×floor"
      case .loss: "loss"
      case .overFull: "×full"
      case .number: "number"
      }
    }

    var next: Column {
      let all = Self.allCases
      return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
  }

  package internal(set) var column = Column.gap
  /// Counted from the top.
  package internal(set) var row = 0
}
