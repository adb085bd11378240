extension Variant {
  package static let adaLoRA = Variant(
    id: "adalora",
    title: "AdaLoRA, rank allocated by importance",
    equation: "W = W0 + s'·A·diag(E)·B,  s' = α/(r0 + 1e-5),  E_k = 0 where importance is low",
    source: "Zhang et al. 2023, arXiv 2303.10512, and PEFT's code",
    floor: "tail_r0(W_full − W0)",
    knobs: [
      Knob("r0", .whole(0...1_000_000, default: 0), help: "rank at the start; 0 is 1.5·r, as PEFT's 12 to 8"),
      Knob("tinit", .whole(0...1_000_000_000, default: 0), help: "steps before the first mask"),
      Knob("tfinal", .whole(0...1_000_000_000, default: 0), help: "steps at the end with the mask fixed"),
      Knob("deltat", .whole(1...1_000_000_000, default: 1), help: "steps between masks"),
      Knob("beta1", .number(0...1, default: 0.85), help: "decay of the mean importance"),
      Knob("beta2", .number(0...1, default: 0.85), help: "decay of its mean deviation"),
      Knob("orth", .number(0...1e6, default: 0.5), help: "weight of the orthogonality penalty"),
      .flag("squared", help: "the penalty's norm squared, as the paper has it and no code"),
    ],
    attach: { site, knobs in
      let (n, m) = site.W0.shape
      let r0 = knobs.initialRank(site)
      var generator = site.generator
      let A = generator.normalMatrix(n, r0, deviation: 0.02)
      let B = generator.normalMatrix(r0, m, deviation: 0.02)
      let adapter = SingularValueForm(W0: site.W0, rank: r0, scale: site.alpha / (Double(r0) + 1e-5))
      return Attachment(adapter, Parameters([.A: A, .E: Matrix(r0, 1), .B: B]))
    },
    rule: { site, knobs in
      AdaLoRARule(
        base: site.optimizer.rule(),
        schedule: AdaLoRARule.Schedule(
          targetRank: min(site.rank, knobs.initialRank(site)), total: site.steps,
          warmUp: knobs.whole("tinit"), final: knobs.whole("tfinal"), interval: knobs.whole("deltat")),
        β1: knobs.number("beta1"), β2: knobs.number("beta2"), orthogonality: knobs.number("orth"),
        isPenaltySquared: knobs.isYes("squared"))
    })
}

extension KnobValues {
  /// r0, which the scale keeps for ever.
  fileprivate func initialRank(_ site: Site) -> Int {
    let said = whole("r0")
    return min(said == 0 ? (3 * site.rank + 1) / 2 : said, site.W0.rows, site.W0.columns)
  }
}
