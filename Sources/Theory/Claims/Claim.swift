import Math

/// A sentence of a paper or a note as an experiment: what to run, what to measure, and what it then means.
package struct Claim: Sendable {
  /// `1` … `66`, `58b` ….
  package let id: String
  package let statement: String
  /// The paper or note that says it.
  package let source: String
  /// Scenario lines without a seed; the first one shows it on the screen.
  package let scenarios: [String]
  /// What is drawn.
  package let shows: String
  package let criterion: String
  /// What it means when all readings fall into their ranges.
  package let ruling: Ruling
  /// What is to be known of the numbers.
  package let remark: String
  /// Readings known to fall outside the table's ranges, by the start of their names, and why.
  package let difference: (readings: [String], reason: String)
  /// The readings of one seed; nil for a statement, which nothing here can run.
  let measure: (@Sendable (_ seed: Int) throws -> [Reading])?

  /// - Parameter ruling: of the claim, when the numbers fall where they should.
  package init(
    _ id: String, _ statement: String, by source: String, on scenarios: [String], shows: String,
    criterion: String, ruling: Ruling = .holds, remark: String = "", differs difference: String = "",
    in readings: [String] = [], measure: @escaping @Sendable (_ seed: Int) throws -> [Reading]
  ) {
    self.id = id
    self.statement = statement
    self.source = source
    self.scenarios = scenarios
    self.shows = shows
    self.criterion = criterion
    self.ruling = ruling
    self.remark = remark
    self.difference = (readings, difference)
    self.measure = measure
  }

  /// A row that is a definition, an erratum of the text or somebody else's measurement.
  init(_ id: String, statement: String, by source: String, ruling: Ruling) {
    self.id = id
    self.statement = statement
    self.source = source
    self.ruling = ruling
    (scenarios, shows, criterion, remark, difference, measure) = ([], "", "", "", ([], ""), nil)
  }

  package var isRunnable: Bool { measure != nil }

  /// By row. A new claim is a value in the list of its family.
  package static let all = families.flatMap { $0 }.sorted { $0.order < $1.order }

  private static let families: [[Claim]] = [
    lora, costs, data, gradientView, redrawing, sums, loraGAStart, loraGAForAdam, loraGAPath, loraPro,
    loraProPath, loraPlus, adaLoRA, otherVariants,
  ]

  package static func named(_ id: String) -> Claim? { all.first { $0.id == id.lowercased() } }

  private var order: (Int, String) {
    let digits = id.prefix { $0.isNumber }
    return (Int(digits) ?? 0, String(id.dropFirst(digits.count)))
  }

  /// `1 to 66, 58b, 58c, 58d`.
  package static let span: String = {
    let numbers = all.filter(\.order.1.isEmpty).map(\.id)
    let ends = [numbers.first, numbers.last].compactMap(\.self).joined(separator: " to ")
    return ([ends] + all.filter { !$0.order.1.isEmpty }.map(\.id)).joined(separator: ", ")
  }()
}

/// What became of a claim.
package indirect enum Ruling: Equatable, Sendable {
  case holds
  /// The condition.
  case holdsOnlyIf(String)
  /// What is the case instead.
  case refuted(String)
  /// What should stand there.
  case erratum(String)
  /// Why nothing is run.
  case statementOnly(String)
  /// Somebody's measurement on models no terminal runs; what here is like it.
  case external(String)
  /// Ruled as expected, but for readings known to fall outside their ranges, and why.
  case apart(Ruling, from: [String], reason: String)
  /// Readings that fell outside their ranges unexpectedly: the numbers do not say what the row expects.
  case otherwise([String])
}

extension Ruling: CustomStringConvertible {
  package var description: String {
    switch self {
    case .holds: "holds"
    case .holdsOnlyIf(let condition): "holds only if \(condition)"
    case .refuted(let instead): "refuted: \(instead)"
    case .erratum(let correction): "erratum: \(correction)"
    case .statementOnly(let reason): "statement only: \(reason)"
    case .external(let likeness): "external result: \(likeness)"
    case .apart(let ruling, let names, let reason):
      "\(ruling). Other numbers than the table's: \(names.joined(separator: ", ")); \(reason)"
    case .otherwise(let names): "comes out otherwise: \(names.joined(separator: ", "))"
    }
  }
}
