extension Variant {
  package static let loraMuon = Variant(
    id: "lora-muon",
    title: "LoRA-Muon, W moves equally fast in all directions",
    equation: "A ← A − (η/2s)·msign(G_A·R_B)·R_B,  B ← B − (η/2s)·R_A·msign(R_A·G_B),  R_A = (AᵀA)^−½",
    source: "arXiv 2606.12921",
    knobs: [
      Knob("beta", .number(0...0.999999999, default: 0), help: "decay of the mean of the gradients")
    ] + Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in try Variant.lora.attach(site, knobs) },
    rule: { site, knobs in
      LoRAMuonRule(
        scale: site.scale, learningRate: site.optimizer.learningRate, momentum: knobs.number("beta"),
        weightDecay: site.optimizer.weightDecay)
    })
}
