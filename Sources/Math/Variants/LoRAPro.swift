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
      Knob(
        "moments", .word(["full", "factors"]),
        help: "what a rule with memory averages: the n×m equivalent gradient, or H itself (cheap)"),
      .flag("official", help: "the authors' code: delta 1e-8, s = 2 in H, bias correction a step ahead"),
      Knob("init", .word(["zero-b", "lora-ga"]), help: "start: B = 0 as LoRA, or LoRA-GA's with scale=zeta"),
      Knob(
        "zeta", .number(1e-12...1e12, default: 1),
        help: "zeta of init=lora-ga: first step, as a share of full"),
      Knob("delta", .number(0...1, default: 0), help: "added to AᵀA and BBᵀ before they are inverted"),
      Knob("rtol", .number(0...1, default: 1e-12), help: "eigenvalues below this share count as zero"),
    ] + Knob.lengths,
    startsFromGradient: { $0.word("init") == "lora-ga" },
    attach: { (site, knobs) throws(LinearAlgebraError) in
      guard knobs.word("init") == "lora-ga" else {
        return try site.attachment(site.scaled(site.factors(.zeroB), knobs))
      }
      let start = LoRAGAStart(scale: .zeta(knobs.number("zeta")))
      return try site.attachment(
        site.scaled(start.factors(for: site), knobs), isUnique: start.isUnique(for: site))
    },
    rule: { site, knobs in
      let choice: LoRAProRule.Choice =
        switch knobs.word("c") {
        case "symmetric": .symmetric
        case "zero": .zero
        case "random": .given(site.generator.branched.firstNormalMatrix(site.rank, site.rank))
        default: .sylvester
        }
      let isOfficial = knobs.isYes("official")
      // Under gradient descent both come to the same, and the factors are cheaper.
      let moments: LoRAProRule.Moments =
        knobs.word("moments") == "factors" || site.optimizer.family == .sgd
        ? .factors(site.optimizer.rule()) : .full(site.optimizer, stepOffset: isOfficial ? 1 : 0)
      return LoRAProRule(
        moments, scale: isOfficial ? 2 : site.scale, choice: choice,
        δ: isOfficial ? 1e-8 : knobs.number("delta"), tolerance: isOfficial ? 1e-16 : knobs.number("rtol"))
    })
}
