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
      .flag("clip", help: "shorten the factors where s·A0B0 has a larger entry than W0"),
      Knob(
        "adam", .word(["no", "svd", "direct", "sign-svd"]),
        help: "Su's starts for Adam's signs, which set the scale: of G, by descent, of sign G"),
      Knob(
        "niter", .whole(0...1000, default: 0),
        help: "subspace iterations of a randomised SVD, the authors' 4; 0 is exact"),
      Knob(
        "kick", .number(0...1e3, default: 0),
        help: "share of their norm by which both factors are moved, at random, off the singular vectors"),
      Knob("iterations", .whole(0...100_000, default: 40), help: "steps of adam=direct"),
      Knob("rate", .number(1e-9...1e3, default: 0.02), help: "learning rate of adam=direct"),
    ] + Knob.lengths,
    startsFromGradient: { $0.whole("niter") == 0 && $0.word("adam") != "sign-svd" },
    attach: { (site, knobs) throws(LinearAlgebraError) in
      let start = LoRAGAStart(site, knobs)
      var (A, B) = try start.factors(for: site)
      if knobs.word("adam") == "direct" {
        let s = site.scale == 0 ? 1 : site.scale
        (A, B) = SignObjective(G: site.G0).minimize(
          from: A, B, iterations: knobs.whole("iterations"), by: Adam(learningRate: knobs.number("rate")))
        (A, B) = ((1 / s) * A, (1 / s) * B)
      }
      (A, B) = site.kicked(A, B, by: knobs.number("kick"))
      if knobs.isYes("clip") { (A, B) = site.clipped(A, B) }
      return site.attachment(site.scaled((A, B), knobs), isUnique: try start.isUnique(for: site))
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
      case _ where knobs.word("adam") != "no": .bestSign
      case "gd": .gd
      case "unit": .unit
      case "weightS": .weightS
      case "zeta": .zeta(knobs.number("zeta"))
      default: .stable(γ: knobs.number("gamma"))
      }
    self.init(
      split: split, scale: scale, source: knobs.word("adam") == "sign-svd" ? .signs : .gradient,
      iterations: knobs.whole("niter"))
  }

  /// The factors at a site; orthogonal random ones where the gradient is zero.
  func factors(for site: Site) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    guard site.G0.squaredNorm > 0 else { return try site.factors(.orthogonal) }
    return try factors(decompose(at: site), G: site.G0, W0: site.W0, rank: site.rank, s: site.scale)
  }

  private func decompose(at site: Site) throws(LinearAlgebraError) -> SVD {
    if source == .gradient, iterations == 0 { return try site.gradientSVD() }
    return try decompose(site.G0, rank: site.rank, site.generator)
  }

  /// Where A's singular vectors end and where B's do.
  func isUnique(for site: Site) throws(LinearAlgebraError) -> Bool {
    let svd = try decompose(at: site)
    return site.G0.squaredNorm == 0 || (svd.isUnique(at: site.rank) && svd.isUnique(at: 2 * site.rank))
  }
}

extension Site {
  /// Both factors with so much of their norm added to them in a random direction.
  fileprivate func kicked(_ A: Matrix, _ B: Matrix, by share: Double) -> (A: Matrix, B: Matrix) {
    guard share > 0 else { return (A, B) }
    var generator = self.generator.branched
    func kicked(_ M: Matrix) -> Matrix {
      let Z = generator.normalMatrix(M.rows, M.columns)
      return M + (share * M.norm / Z.norm) * Z
    }
    return (kicked(A), kicked(B))
  }

  /// The authors' clip: s·A0B0 shrunk until its largest entry is W0's.
  func clipped(_ A: Matrix, _ B: Matrix) -> (A: Matrix, B: Matrix) {
    let ratio = W0.largestModulus / (scale * (A * B)).largestModulus
    guard ratio < 1 else { return (A, B) }
    return (ratio.squareRoot() * A, ratio.squareRoot() * B)
  }
}
