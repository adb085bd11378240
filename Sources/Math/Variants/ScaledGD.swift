extension Variant {
  package static let scaledGD = Variant(
    id: "scaled-gd",
    title: "ScaledGD, gradients over the factors' Grams",
    equation: "A ← A − η·G_A·(BBᵀ + δI)⁻¹,  B ← B − η·(AᵀA + δI)⁻¹·G_B",
    source: "Zhang and Pilanci 2024, arXiv 2402.02347",
    knobs: [Knob("delta", .number(0...1e6, default: 0), help: "δ; 0 takes pseudo-inverses")] + Knob.bothStart,
    attach: { (site, knobs) throws(LinearAlgebraError) in try Variant.lora.attach(site, knobs) },
    rule: { site, knobs in
      PreconditionedRule(.grams(δ: knobs.number("delta")), base: site.optimizer.rule())
    })
}
