extension Variant {
  package static let loraGA = Variant(
    id: "lora-ga",
    title: "LoRA-GA, factors from the first gradient",
    equation: "W = W0 − s·A0B0 + s·AB,  A0 = f·U[:,I_A],  B0 = f·Vᵀ[I_B,:],  G0 = USVᵀ",
    source: "Wang, Yu and Li 2024, arXiv 2407.05000",
    knobs: [
      Knob(
        "scale", .word(["stable", "gd", "unit", "weightS", "zeta"]),
        help: "f: m^¼/√gamma, 1/s, 1, mean √(σ(W0)/s), √zeta/s"),
      Knob("gamma", .number(1e-6...1e6, default: 16), help: "gamma of scale=stable"),
      Knob(
        "zeta", .number(1e-12...1e12, default: 1), help: "zeta of scale=zeta: first step, as a share of full"),
      Knob(
        "split", .word(["ArB2r", "A2rBr", "ArBr", "random"]),
        help: "which of the leading 2r singular pairs start A and which start B"),
    ],
    attach: { (site, knobs) throws(LinearAlgebraError) in
      let (A, B) = try LoRAGAStart(site, knobs).factors(for: site)
      return site.lowRank(A: A, B: B)
    })
}

extension LoRAGAStart {
  init(_ site: Site, _ knobs: KnobValues) {
    var generator = site.generator
    let split: Split =
      switch knobs.word("split") {
      case "A2rBr": .A2rBr
      case "ArBr": .ArBr
      case "random": .permuted(generator.permutation(2 * site.rank))
      default: .ArB2r
      }
    let scale: Scale =
      switch knobs.word("scale") {
      case "gd": .gd
      case "unit": .unit
      case "weightS": .weightS
      case "zeta": .zeta(knobs.number("zeta"))
      default: .stable(γ: knobs.number("gamma"))
      }
    self.init(split: split, scale: scale)
  }

  /// The factors at a site; orthogonal random ones where the gradient is zero.
  func factors(for site: Site) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    guard site.G0.squaredNorm > 0 else {
      var generator = site.generator
      let (n, m) = site.W0.shape
      return try LoRAStart.orthogonal(
        generator.normalMatrix(n, site.rank), generator.normalMatrix(site.rank, m))
    }
    return try factors(G: site.G0, W0: site.W0, rank: site.rank, s: site.scale)
  }
}
