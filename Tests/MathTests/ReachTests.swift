import Testing

import Math

@Suite("Reach")
struct ReachTests {
  static let rules = [
    "opt=sgd", "opt=momentum nesterov=yes", "opt=adamw wd=0.1", "opt=signsgd lr=0.01",
    "opt=galore-adamw wd=0.1",
  ]

  /// What a system can say after t steps: rank(W − W0) ≤ `bound`, and W lies within rank `reach` of a frozen
  /// weight; nil where it can say nothing. Of a variant not named here what it declares must hold, whatever it is.
  private func declared(
    _ system: SystemChoice, r: Int, n: Int, m: Int, step t: Int, by adapter: any Adapter
  ) -> (bound: Int?, reach: Int?) {
    let knobs = system.knobValues
    func doubled(_ starts: [String]) -> Int { starts.contains(knobs.word("init")) ? 2 * r : r }
    let compensated = ["both", "orthogonal"]
    switch system.variant {
    case "lora", "rslora", "lora-plus":
      // A factor of zero takes A0B0 away.
      let isCompensated = knobs.number("a") * knobs.number("b") != 0
      return (isCompensated ? doubled(compensated) : r, r)
    case "pissa", "lora-ga": return (2 * r, r)
    case "lora-pro": return (doubled(["lora-ga"]), r)
    case "floor": return (doubled(compensated + ["lora-ga", "pissa"]), r)
    case "adalora":
      let r0 = knobs.whole("r0") == 0 ? (3 * r + 1) / 2 : knobs.whole("r0")
      return (min(r0, n, m), min(r0, n, m))
    case "serial-lora":
      let rounds = t / knobs.whole("every") + 1
      return (rounds * doubled(compensated), rounds == 1 ? r : nil)
    case "parallel-lora":
      let all = knobs.whole("count") * doubled(compensated)
      return (all, all)
    case "additive": return (2 * r, 2 * r)
    case "oracle": return (r, r)
    case "frozen": return (0, 0)
    case "dora", "galore", "random-projection", "full": return (nil, nil)
    default: return (adapter.rankBound, adapter.reach?.rank)
    }
  }

  @Test(
    "rank and reach are as declared, the gap is above its floor, the spectrum true", arguments: RunSample.all)
  func measures(sample: RunSample) throws {
    let choice = try VariantChoice(parsing: sample.variant)
    for rule in Self.rules {
      var simulation = try sample.start(rule)
      let r = try Scenario(parsing: sample.line(rule)).r
      for t in 0...12 {
        for l in 0..<sample.problem.layerCount {
          let (gaps, spectra) = (simulation.gaps(layer: l), simulation.spectra(layer: l))
          let (W, full) = (simulation.weight(1, layer: l), simulation.weight(0, layer: l))
          let W0 = simulation.problem.pretrained[l]
          let spectrum = try #require(spectra[1], "diverged at \(t) with \(rule)")
          let (adapter, θ) = (
            simulation.series[1].chain.adapters[l], simulation.series[1].chain.parameters[l]
          )
          let said = declared(
            choice.system(layer: l), r: r, n: W.rows, m: W.columns, step: t, by: adapter)
          #expect(adapter.rankBound == said.bound)
          #expect(adapter.reach?.rank == said.reach)
          #expect((spectrum.floor == nil) == (said.reach == nil))
          #expect(abs(gaps[1] - (W - full).norm) <= 1e-12 * max(1, W.norm, full.norm))

          // α = 2 bounds every s; what cancels to W − W0 rounds at its own size.
          let factors: Double = θ.roles.contains(.B) ? 2 * θ[.A].norm * θ[.B].norm : 0
          let size = max(1, W.norm, factors)
          let exact = try SVD.values(W - W0)
          // I25: 1e-11.
          #expect(deviation(spectrum.values, exact) <= 1e-11 * size, "\(rule), at \(t)")
          if let bound = said.bound {
            // I23: 1e-10 of the largest, and rounding.
            let beyond = exact.dropFirst(bound).first ?? 0
            #expect(beyond <= 1e-10 * exact[0] + 1e-13 * size, "rank above \(bound): \(rule), at \(t)")
          }
          if let reach = adapter.reach, let floor = spectrum.floor {
            let beyond = try SVD.values(W - reach.frozen).dropFirst(reach.rank).first ?? 0
            #expect(beyond <= 1e-13 * max(size, reach.frozen.norm), "\(rule), at \(t)")
            #expect(gaps[1] >= floor - 1e-9, "gap \(gaps[1]) below \(floor): \(rule), at \(t)")
            #expect(
              try abs(floor - tail(SVD.values(full - reach.frozen), after: reach.rank)) <= 1e-11
                * max(1, full.norm))
          }
          #expect(spectra[0]?.floor == nil)
          #expect(
            try deviation(#require(spectra[0]).values, SVD.values(full - W0)) <= 1e-11 * max(1, full.norm))
        }
        simulation.advance()
      }
    }
  }
}
