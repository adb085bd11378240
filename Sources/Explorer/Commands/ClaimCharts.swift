import Charts
import Math
import Theory

/// What shows a claim, on paper.
struct ClaimCharts {
  let claim: Claim
  let result: ClaimResult
  let glyphs: Glyphs
  let convention: Convention
  let isQuiet: Bool
  private let size = Size(width: 80, height: 16)

  var all: [[String]] {
    get throws { try claim.drawings.map(lines) }
  }

  private func lines(_ drawing: Drawing) throws -> [String] {
    switch drawing {
    case .gap, .loss, .plateaus, .spectrum, .measure:
      let scenario = try Scenario.checked((claim.scenarios.first ?? "") + " seed=1")
      let model = try Model.played(
        .whole(scenario), to: scenario.steps, size, glyphs: glyphs, convention: convention
      ) {
        $0.show(drawing)
      }
      // The gap's heading has the legend.
      let names = drawing == .gap ? [] : [glyphs.spell(legend(model))]
      return trimmed(render(model.focus, model, size)) + names
    case .readings: return trimmed(claimGrid(result, size, glyphs: glyphs, convention))
    case .sweep(let line, let keys, let quantity):
      let sweep = try Sweep(Scenario(parsing: line), over: keys, measuring: quantity, seeds: result.seeds)
      return SweepReport(try sweep.measured(isQuiet: isQuiet), glyphs, convention).chartLines(
        width: size.width)
    }
  }

  private func legend(_ model: Model) -> String {
    "  "
      + model.shownSeries.map { "\(marker(of: $0)) \(model.history?.names[$0] ?? "")" }.joined(
        separator: "  ")
  }
}

/// Without the blanks at the ends of rows.
func trimmed(_ grid: Grid) -> [String] {
  grid.rows.map { row in String(row.reversed().drop { $0 == " " }.reversed()) }
}
