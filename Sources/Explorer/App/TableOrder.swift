/// How the table of variants is sorted, and which row has the focus.
package struct TableOrder: Equatable, Sendable {
  package internal(set) var column = TableColumn.gap
  /// The variant whose row has the focus, by number; nil for the first row.
  package internal(set) var variant: Int?
}

/// A number of each variant, at the step shown.
package enum TableColumn: String, CaseIterable, Sendable {
  case gap
  case overFloor = "floor"
  case loss
  case overFull = "full"
  case angle, rank
  case halfTime = "half"
  case checks

  /// As the table heads it.
  package var title: String {
    switch self {
    case .gap: "gap"
    case .overFloor: "×floor"
    case .loss: "loss"
    case .overFull: "×full"
    case .angle: "angle"
    case .rank: "rank"
    case .halfTime: "t½"
    case .checks: "checks"
    }
  }

  /// In cells, with the blanks before it, of which there are fewer where that makes room for another.
  package func width(isTight: Bool) -> Int {
    switch self {
    case .gap, .loss: isTight ? 8 : 9
    case .overFloor, .overFull: isTight ? 7 : 8
    case .angle, .halfTime: 7
    case .rank: isTight ? 5 : 6
    case .checks: 10
    }
  }

  /// A blank at least stays before it.
  package func text(_ x: Double, width: Int) -> String {
    switch self {
    // Gaps are compared by four digits, here as in the read-out.
    case .gap: significant(x, 4, within: width - 1)
    case .loss, .angle, .checks: significant(x, 3, within: width - 1)
    case .overFloor, .overFull: significant(x, x < 9.95 ? 2 : 3, within: width - 1)
    case .rank, .halfTime: "\(Int(x))"
    }
  }

  var next: TableColumn {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
