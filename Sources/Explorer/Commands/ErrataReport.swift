import FoundationEssentials
import Theory

/// The notes' mistakes: both sides, and the number that tells them apart.
package struct ErrataReport {
  private let sides: [String: Erratum.Sides]

  private let written: (String) -> String

  package init(_ sides: [String: Erratum.Sides], _ convention: Convention = .house) {
    self.sides = sides
    written = convention.written
  }

  package func lines(_ format: ClaimFormat) throws -> [String] {
    switch format {
    case .text: Array(Erratum.all.flatMap { text($0) + [""] }.dropLast())
    case .json: try jsonLines
    }
  }

  private func text(_ erratum: Erratum) -> [String] {
    var lines = [
      "\(erratum.id.padded(4)) \(erratum.source)", "     note   \(written(erratum.note))",
      "     right  \(written(erratum.right))",
    ]
    if let trial = erratum.trial, let sides = sides[erratum.id] {
      lines.append("     \(sides.speaksForRight ? "✓" : "✗")      \(written(trial.quantity)): \(sides.words)")
    }
    return lines
  }

  private struct Row: Encodable {
    var id, source, note, right: String
    var quantity: String?
    /// By the note, as it should be, and measured.
    var values: [String: Double?]
  }

  private var jsonLines: [String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return jsonArray(
        try Erratum.all.map { erratum in
          let values = sides[erratum.id].map {
            ["note": $0.note.finite, "right": $0.right.finite, "measured": $0.measured.finite]
          }
          let row = Row(
            id: erratum.id, source: erratum.source, note: written(erratum.note),
            right: written(erratum.right), quantity: (erratum.trial?.quantity).map(written),
            values: values ?? [:])
          return String(decoding: try encoder.encode(row), as: UTF8.self)
        })
    }
  }
}

extension Erratum.Sides {
  /// `note 1, right 2, measured 2.01`.
  var words: String {
    let note = note.isNaN ? "has none" : significant(note, 3)
    return "note \(note), right \(significant(right, 3)), measured \(significant(measured, 4))"
  }
}
