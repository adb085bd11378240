extension Variant {
  package static let serialLoRA = Variant(
    id: "serial-lora",
    title: "LoRA after LoRA, as ReLoRA",
    equation: "every K steps Wfz ← W − s·A'B' with fresh A', B'",
    source: "Lialin et al. 2023, arXiv 2307.05695",
    floor: "tail_r(W_full − Wfz) in the first round, then none",
    knobs: [
      Knob("every", .whole(1...1_000_000_000, default: 200), help: "K: steps of a round"),
      Knob("warmup", .whole(0...1_000_000_000, default: 0), help: "shorter steps at the start of a round"),
    ] + Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in
      let factors = try site.start(knobs)
      let draws = Serial.Draws.generated(
        knobs.choice("init"), site.generator, a: knobs.number("a"), b: knobs.number("b"))
      let adapter = Serial(site.lowRank(factors), period: knobs.whole("every"), draws: draws)
      return Attachment(adapter, Parameters([.A: factors.A, .B: factors.B]))
    },
    rule: { site, knobs in
      let warmUp = knobs.whole("warmup")
      return warmUp == 0
        ? site.optimizer.rule() : WarmUpRule(base: site.optimizer.rule(), steps: warmUp)
    })

  package static let parallelLoRA = Variant(
    id: "parallel-lora",
    title: "LoRAs trained side by side, then added",
    equation: "W = W0 + Σᵢ s·AᵢBᵢ, each trained from W0 alone",
    source: "readers of Su's gradient view of LoRA; contrast to serial-lora",
    floor: "tail_kr(W_full − W0), k of them",
    knobs: [
      Knob("count", .whole(2...16, default: 2), help: "how many"),
      Knob("merge", .word(["sum", "mean"]), help: "their changes added, or averaged"),
    ] + Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in try Variant.lora.attach(site, knobs) },
    following: { knobs in
      Following(members: knobs.whole("count")) { sources in
        let share = knobs.word("merge") == "mean" ? 1 / Double(sources.members.count) : 1
        return sources.members.reduce(sources.W0) { $0 + share * ($1 - sources.W0) }
      }
    })
}
