extension Variant {
  package static let gaLore = Variant(
    id: "galore",
    title: "GaLore, full weights and low-rank gradients",
    equation: "W ← W − η·scale·P·ρ(PᵀG),  P = U_r of G every gap steps",
    source: "Zhao et al. 2024, arXiv 2403.03507",
    floor: "none",
    knobs: [
      .choice(
        "side", of: GaLoreRule.Side.self,
        help: "singular vectors to project on: of G's shorter side, the longer, left, right, or both"),
      Knob("gap", .whole(1...1_000_000_000, default: 200), help: "steps between renewals of P and Q"),
      Knob("scale", .number(0...1e6, default: 0.25), help: "factor of the step"),
    ],
    startsFromGradient: { _ in true },
    attach: { (site, _) throws(LinearAlgebraError) in
      let svd = try site.gradientSVD()
      let isUnique = site.G0.squaredNorm == 0 || svd.isUnique(at: site.rank)
      return Attachment(DenseWeight(), Parameters([.W: site.W0]), isUnique: isUnique)
    },
    rule: { site, knobs in
      GaLoreRule(
        base: site.optimizer, rank: site.rank, gap: knobs.whole("gap"), scale: knobs.number("scale"),
        side: knobs.choice("side"))
    })
}
