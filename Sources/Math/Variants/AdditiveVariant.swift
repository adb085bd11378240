extension Variant {
  package static let additive = Variant(
    id: "additive",
    title: "factors added instead of multiplied",
    equation: "W = W0 + s(AR + CB),  R = [I_r … I_r],  C = [I_r; …; I_r]",
    source: "Su's gradient view of LoRA, additive form",
    floor: "tail_2r(W_full − W0)",
    knobs: [
      Knob(
        "scale", .word(["safe", "alpha"]),
        help: "s: √(r/(n+m)), as stable as full fine-tuning at its rate, or what alpha gives")
    ],
    attach: { site, knobs in
      let (n, m) = site.W0.shape
      let safe = (Double(site.rank) / Double(n + m)).squareRoot()
      let (A, B) = (Matrix(n, site.rank), Matrix(site.rank, m))
      let adapter = Additive(
        W0: site.W0, A0: A, B0: B, scale: knobs.word("scale") == "safe" ? safe : site.scale)
      return Attachment(adapter, Parameters([.A: A, .B: B]))
    })
}
