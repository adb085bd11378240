import Foundation
import Testing

import Math

@Suite("Divergence")
struct DivergenceTests {
  /// A layer that is not trained, and factors that are zero for ever, have no rate; LoRA-Muon's step is as long
  /// as its rate, so it grows no faster than that.
  static let movers = RunSample.variants.filter {
    $0 != "frozen" && !$0.hasPrefix("lora-muon") && (!$0.hasSuffix("(init=zero)") || $0.hasPrefix("dora"))
  }

  @Test(
    "a rate far too large ends every series, without a trap", arguments: movers, ProblemFamily.ID.allCases)
  func allDiverge(variant: String, task: ProblemFamily.ID) throws {
    // Softmax's gradient is bounded, its weights are not: there, decay of factor −1e12 a step does it. But not
    // of what short rounds have frozen.
    if task == .digits, variant.hasPrefix("serial-lora(every") { return }
    let rest = task == .digits ? "lr=1e6 wd=1e6" : "n=8 m=6 r=2 lr=1e6"
    var simulation = try Simulation(line: "task=\(task) \(rest) variants=\(variant)")
    for _ in 0..<200 {
      simulation.advance()
      _ = simulation.gaps()
      _ = simulation.spectra()
    }
    #expect(simulation.series.map(\.hasDiverged) == [true, true])
    let hasStopped = simulation.hasStopped
    #expect(hasStopped)
    #expect(simulation.step == 200)
    let (losses, gaps, spectra) = (simulation.losses(), simulation.gaps(), simulation.spectra())
    #expect(losses.map(\.isNaN) == [true, true])
    #expect(gaps.map(\.isNaN) == [true, true])
    #expect(spectra.map { $0 == nil } == [true, true])
  }

  @Test(
    "where a variant alone diverges, full fine-tuning and the others go on as if alone",
    arguments: [true, false])
  func variantDiverges(measured: Bool) throws {
    // η = 1.5 is stable for full fine-tuning, |1 − η| < 1, and s = 500 makes LoRA's step 250,000 times that.
    let line = "n=8 m=6 r=2 alpha=1000 lr=1.5 variants="
    var simulation = try Simulation(line: line + "lora,lora-pro(c=zero)")
    var alone = try Simulation(line: line + "lora-pro(c=zero)")
    for _ in 0..<60 {
      if measured {
        _ = simulation.losses()
        _ = simulation.gaps()
        _ = simulation.spectra()
      }
      simulation.advance()
      alone.advance()
    }
    #expect(simulation.series.map(\.hasDiverged) == [false, true, false])
    let hasStopped = simulation.hasStopped
    #expect(!hasStopped)
    #expect(simulation.weight(0) == alone.weight(0))
    #expect(simulation.weight(2) == alone.weight(1))
    let (losses, gaps, spectra) = (simulation.losses(), simulation.gaps(), simulation.spectra())
    #expect(losses.map(\.isNaN) == [false, true, false])
    #expect(gaps.map(\.isNaN) == [false, true, false])
    #expect(spectra.map { $0 == nil } == [false, true, false])
    #expect(spectra[2]?.floor != nil)
  }

  @Test(
    "beside every variant, diverging or not, the others are what they are alone",
    arguments: RunSample.variants)
  func othersGoOn(variant: String) throws {
    let line = "n=8 m=6 r=2 alpha=1000 lr=1.5 steps=60 variants="
    var simulation = try Simulation(line: line + "\(variant),lora-pro(c=zero,rtol=1e-11)")
    var alone = try Simulation(line: line + "lora-pro(c=zero,rtol=1e-11)")
    for _ in 0..<60 {
      _ = simulation.losses()
      simulation.advance()
      alone.advance()
    }
    let isWild = ["lora", "rslora", "lora-plus", "serial-lora", "parallel-lora"].contains(variant)
    if isWild { #expect(simulation.series[1].divergedAt != nil) }
    #expect(simulation.weight(0) == alone.weight(0))
    #expect(simulation.weight(2) == alone.weight(1))
    #expect(simulation.losses().map(\.isNaN) == [false, simulation.series[1].hasDiverged, false])
  }

  @Test("where full fine-tuning diverges, what does not depend on it goes on, without gap and floor")
  func fullDiverges() throws {
    // s² η = 2.5e-7: LoRA hardly moves, while full fine-tuning multiplies its error by −99.
    var simulation = try Simulation(
      line: "n=8 m=6 r=2 alpha=1e-4 lr=100 variants=lora,parallel-lora,frozen,floor,oracle")
    for _ in 0..<200 { simulation.advance() }
    let hasDiverged = [true, false, false, false, true, true]
    #expect(simulation.series.map(\.hasDiverged) == hasDiverged)
    #expect(simulation.series[4].divergedAt == simulation.series[0].divergedAt)
    let (losses, gaps, spectra) = (simulation.losses(), simulation.gaps(), simulation.spectra())
    #expect(losses.map(\.isNaN) == hasDiverged)
    #expect(gaps.map(\.isNaN) == Array(repeating: true, count: 6))
    #expect(spectra.map { $0 == nil } == hasDiverged)
    #expect(spectra.map { $0?.floor == nil } == Array(repeating: true, count: 6))
    let hasStopped = simulation.hasStopped
    #expect(!hasStopped)
  }

  @Test(
    "divergence is found at the same step whether or not losses are asked for", arguments: RunSample.variants)
  func sameStep(variant: String) throws {
    let line = "n=8 m=6 r=2 alpha=1000 lr=1.5 variants=\(variant)"
    var (measured, plain) = (try Simulation(line: line), try Simulation(line: line))
    for _ in 0..<60 {
      _ = measured.losses()
      measured.advance()
      plain.advance()
    }
    #expect(measured.series.map(\.divergedAt) == plain.series.map(\.divergedAt))
  }

  @Test("a diverged series stays where it is")
  func stays() throws {
    var simulation = try Simulation(line: "n=8 m=6 r=2 lr=1e6 variants=lora")
    simulation.advance(steps: 100)
    let (before, step) = (bits(simulation), simulation.series.map(\.divergedAt))
    simulation.advance(steps: 5)
    #expect(bits(simulation) == before)
    #expect(simulation.series.map(\.divergedAt) == step)
    for at in step { #expect(try #require(at) < 100) }
  }

  @Test("nothing is printed on the way down, LAPACK included")
  func silence() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      for variant in RunSample.variants {
        for rule in ["sgd", "momentum", "adam"] {
          var simulation = try Simulation(
            line: "n=8 m=6 r=2 alpha=1000 lr=1000 wd=1e5 opt=\(rule) variants=\(variant)")
          for _ in 0..<100 {
            simulation.advance()
            _ = simulation.spectra()
            _ = simulation.gaps()
            _ = simulation.losses()
          }
        }
      }
    }
    let said = (result?.standardOutputContent ?? []) + (result?.standardErrorContent ?? [])
    #expect(!String(decoding: said, as: UTF8.self).contains("On entry to"))
  }
}
