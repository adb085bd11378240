import ArgumentParser
import FoundationEssentials
import Math

package struct ListCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List variants, tasks, optimizers or measures.")

  package enum Family: String, CaseIterable, ExpressibleByArgument {
    case variants, tasks, optimizers, measures
  }

  @Argument(help: "variants, tasks, optimizers or measures.")
  package var family: Family

  @Flag(help: "One JSON array.")
  package var json = false

  package init() {}

  package func run() throws {
    var output = Output()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try output.line(String(decoding: try encoder.encode(family.members), as: UTF8.self))
    } else {
      let width = family.members.map(\.id.count).max() ?? 0
      for member in family.members { try output.line("\(member.id.padded(width))  \(member.title)") }
    }
    try output.flush()
  }
}

/// One row of a list.
package struct ListedMember: Encodable {
  package struct Setting: Encodable {
    let name: String
    let allowed: String
    let `default`: String
    let help: String
  }

  package let id: String
  package let title: String
  var equation: String?
  var formula: String?
  var unit: String?
  var cost: String?
  var source: String?
  var floor: String?
  var settings: [Setting]?
}

extension ListCommand.Family {
  package var members: [ListedMember] {
    switch self {
    case .variants:
      [
        ListedMember(
          id: "full", title: "full fine-tuning, which always runs", equation: "W ← W − η·G", settings: [])
      ]
        + Variant.all.map { variant in
          ListedMember(
            id: variant.id, title: variant.title, equation: variant.equation, source: variant.source,
            floor: variant.floor,
            settings: variant.knobs.map {
              .init(name: $0.name, allowed: $0.allowed, default: "\($0.defaultValue)", help: $0.help)
            })
        }
    case .tasks:
      ProblemFamily.ID.allCases.map { ListedMember(id: $0.rawValue, title: $0.family.title) }
    case .optimizers:
      OptimizerChoice.Family.allCases.map { ListedMember(id: $0.rawValue, title: $0.title) }
    case .measures:
      Measure.all.map {
        ListedMember(id: $0.id, title: $0.title, formula: $0.formula, unit: $0.unit, cost: $0.cost)
      }
    }
  }
}
