extension Variant {
  package static let loraPro = Variant(
    id: "lora-pro",
    title: "LoRA-Pro, the step nearest to full fine-tuning's",
    equation: "A ← A − η·H_A,  B ← B − η·H_B,  s(H_A·B + A·H_B) = G − (I−P_A)G(I−P_B)",
    source: "Wang and Liang 2024, arXiv 2407.18242",
    knobs: [
      Knob(
        "c", .word(["sylvester", "symmetric", "zero", "random"]),
        help: "the free matrix C: nearest to plain gradients, equal shares, 0, or one fixed N(0,1) draw"),
      Knob("init", .word(["zero-b", "lora-ga"]), help: "start: B = 0 as LoRA, or LoRA-GA's with scale=gd"),
      Knob("delta", .number(0...1, default: 0), help: "added to AᵀA and BBᵀ before they are inverted"),
      Knob("rtol", .number(0...1, default: 1e-12), help: "eigenvalues below this share count as zero"),
    ],
    attach: { (site, knobs) throws(LinearAlgebraError) in
      guard knobs.word("init") == "lora-ga" else { return try Variant.lora.attach(site, knobs) }
      let (A, B) = try LoRAGAStart(split: .ArB2r, scale: .gd).factors(for: site)
      return site.lowRank(A: A, B: B)
    },
    rule: { base, site, knobs in
      let choice: LoRAProRule.Choice =
        switch knobs.word("c") {
        case "symmetric": .symmetric
        case "zero": .zero
        case "random": .given(site.generator.branched.firstNormalMatrix(site.rank, site.rank))
        default: .sylvester
        }
      return LoRAProRule(
        base: base, scale: site.scale, choice: choice, δ: knobs.number("delta"),
        tolerance: knobs.number("rtol"))
    })
}
