import Testing

import Math

@Suite("Variants")
struct VariantTests {
  @Test("ids, knobs and their values are words a scenario line can hold")
  func registry() throws {
    #expect(Set(Variant.all.map(\.id)).count == Variant.all.count)
    for variant in Variant.all {
      #expect(Variant.named(variant.id)?.title == variant.title)
      #expect(variant.id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" })
      #expect(![variant.equation, variant.source, variant.floor].contains(""), "\(variant.id)")
      #expect(Set(variant.knobs.map(\.name)).count == variant.knobs.count)
      for knob in variant.knobs {
        let spoken = knob.defaultValue.description
        #expect(knob.value(spoken) == knob.defaultValue, "\(variant.id), \(knob.name)")
        #expect(!spoken.contains { $0.isWhitespace || "(),=".contains($0) })
        #expect(!knob.help.isEmpty && !knob.allowed.isEmpty)
      }
    }
  }

  @Test("series that share an id are called by their settings")
  func names() throws {
    let simulation = try Simulation(line: "n=6 m=5 r=1 variants=lora,lora-ga,lora-ga(scale=gd)")
    #expect(simulation.series.map(\.name) == ["full", "lora", "lora-ga", "lora-ga(scale=gd)"])
  }

  @Test("variants side by side are what each is alone")
  func independent() throws {
    let line = "n=9 m=7 r=2 opt=adam lr=0.01 steps=7 variants="
    for start in stride(from: 0, to: RunSample.ids.count, by: Scenario.mostVariants) {
      let ids = Array(RunSample.ids[start...].prefix(Scenario.mostVariants))
      var together = try Simulation(line: line + ids.joined(separator: ","))
      together.advance(steps: 7)
      for (i, id) in ids.enumerated() {
        var alone = try Simulation(line: line + id)
        alone.advance(steps: 7)
        #expect(alone.weight(1) == together.weight(i + 1), "\(id)")
      }
    }
  }
}

extension Simulation {
  /// s of a series' low-rank adapter.
  func scale(_ i: Int) -> Double { (series[i].chain.adapters[0] as? LowRank)?.scale ?? 0 }
}
