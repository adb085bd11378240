import Charts
import Explorer
import Math
import Testing
import Theory

/// `:claim N`: the run of a claim, and its verdict under the charts.
@Suite("A claim on the screen")
struct ClaimOnScreenTests {
  @Test func aClaimOpensItsRunAndItsVerdictStandsUnderTheCharts() throws {
    let claim = try #require(Claim.all.first { $0.isRunnable })
    var model = try SyntheticRun.model(steps: 10)
    _ = update(&model, .key(.character(":")))
    for scalar in "claim \(claim.id)".unicodeScalars { _ = update(&model, .key(.character(scalar))) }
    let commands = update(&model, .key(.enter))
    #expect(commands.contains(.tryClaim(claim.id)) && commands.contains(.prepare(model.course, run: 2)))
    #expect(model.scenario == (try Scenario(parsing: claim.scenarios[0] + " seed=1")))
    SyntheticRun.prepare(&model)
    _ = update(&model, .key(.character("9")))

    for (value, word) in [(0.5, "holds"), (2, "comes out otherwise: x")] {
      let result = ClaimResult(claim, [[Reading("x", value, in: 0...1)]])
      _ = update(&model, .report(Report(run: 2, news: .claimed(result))))
      let row = view(model, Size(width: 80, height: 24)).grid.rows[21]
      #expect(row.hasPrefix(" claim \(claim.id)") && (claim.ruling != .holds || row.contains(word)), "\(row)")
    }
  }

  @Test func escapeGivesTheNumbersTheirRowBack() throws {
    let claim = try #require(Claim.all.first { $0.isRunnable })
    var model = try SyntheticRun.model(steps: 640)
    let before = view(model, Size(width: 80, height: 24))
    let result = ClaimResult(claim, [[Reading("x", 0.5, in: 0...1)]])
    _ = update(&model, .report(Report(run: 1, news: .claimed(result))))
    #expect(view(model, Size(width: 80, height: 24)) != before)
    _ = update(&model, .key(.escape))
    #expect(view(model, Size(width: 80, height: 24)) == before)
  }

  @Test func everyRunnableClaimHasARunToShow() throws {
    for claim in Claim.all where claim.isRunnable {
      let line = try #require(claim.scenarios.first, "\(claim.id)")
      try Scenario(parsing: line + " seed=1").validate()
    }
  }
}
