extension Variant {
  package static let refLoRA = Variant(
    id: "reflora",
    title: "RefLoRA, the step of the balanced factors",
    equation: "A ← A − η·G_A·S⁻¹,  B ← B − η·S·G_B,  S·AᵀA·S = BBᵀ",
    source: "arXiv 2505.18877",
    knobs: Knob.bothStart,
    attach: { (site, knobs) throws(LinearAlgebraError) in try Variant.lora.attach(site, knobs) },
    rule: { site, _ in PreconditionedRule(.balance, base: site.optimizer.rule()) })
}
