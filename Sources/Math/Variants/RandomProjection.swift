extension Variant {
  package static let randomProjection = Variant(
    id: "random-projection",
    title: "another random subspace every step",
    equation: "W ← W − η·k(AAᵀG + GBᵀB),  A and B fresh, entries N(0, 1/r)",
    source: "Su's gradient view of LoRA; cf. Flora, Hao et al. 2024, arXiv 2402.03293",
    floor: "none",
    knobs: [
      .choice(
        "form", of: RandomProjectionRule.Form.self,
        help: "AAᵀG + GBᵀB, that less η·k·GBᵀAᵀG, AAᵀG alone, or GBᵀB alone"),
      Knob(
        "k", .number(0...1e6, default: 0.5),
        help: "factor; the mean is G at 1/2 for first and exact, at 1 for left and right"),
    ],
    attach: { site, _ in Attachment(DenseWeight(), Parameters([.W: site.W0])) },
    rule: { site, knobs in
      RandomProjectionRule(
        base: site.optimizer.rule(), form: knobs.choice("form"), k: knobs.number("k"),
        learningRate: site.optimizer.learningRate, draws: .generated(site.generator, rank: site.rank))
    })
}
