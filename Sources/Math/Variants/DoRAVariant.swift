extension Variant {
  package static let doRA = Variant(
    id: "dora",
    title: "DoRA, directions and magnitudes apart",
    equation: "W_:j = μ_j·V_:j/‖V_:j‖,  V = W0 − s·A0B0 + s·AB,  μ_j starts at ‖W0_:j‖",
    source: "Liu et al. 2024, arXiv 2402.09353",
    floor: "none",
    knobs: [
      .flag("detach", isOn: true, help: "‖V_:j‖ is a constant in the gradient, as the authors' code has it")
    ] + Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in
      let factors = try site.start(knobs)
      let (adapter, μ) = DoRA.attach(
        site.lowRank(factors), W0: site.W0, isNormDetached: knobs.isYes("detach"))
      return Attachment(adapter, Parameters([.A: factors.A, .B: factors.B, .μ: μ]))
    })
}
