extension Variant {
  package static let loraPlus = Variant(
    id: "lora-plus",
    title: "LoRA+, a larger rate for B",
    equation: "A ← A − η·ρ(s·GBᵀ),  B ← B − ratio·η·ρ(s·AᵀG)",
    source: "Hayou, Ghosh and Yu 2024, arXiv 2402.12354",
    knobs: [
      Knob(
        "ratio", .number(0...1e6, default: 20),
        help: "B's rate over A's; the authors' code has no default, its example 20")
    ] + Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in try Variant.lora.attach(site, knobs) },
    rule: { site, knobs in site.optimizer.rule(ratioB: knobs.number("ratio")) })
}
