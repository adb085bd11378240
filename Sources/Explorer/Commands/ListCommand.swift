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

  /// Its `--convention`, which stands before or behind the subcommand.
  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "list")
    var output = Output()
    let members = family.members.map { $0.written(root.convention) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try output.line(String(decoding: try encoder.encode(members), as: UTF8.self))
    } else {
      let width = members.map(\.id.count).max() ?? 0
      for member in members { try output.line("\(member.id.padded(width))  \(member.title)") }
    }
    try output.flush()
  }
}

extension ListedMember {
  /// The same in a convention: what speaks of weights, not names and sources.
  package func written(_ convention: Convention) -> ListedMember {
    var member = self
    member.title = convention.written(title)
    member.equation = equation.map(convention.written)
    member.formula = formula.map(convention.written)
    member.floor = floor.map(convention.written)
    member.settings = settings?.map {
      .init(
        name: $0.name, allowed: $0.allowed, default: $0.default, help: convention.written($0.help))
    }
    return member
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
  package var title: String
  package var equation: String?
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
        ListedMember(
          id: $0.id, title: $0.title + ($0.needs.map { "; needs \($0)" } ?? ""), formula: $0.formula,
          unit: $0.unit, cost: $0.cost)
      }
    }
  }
}
