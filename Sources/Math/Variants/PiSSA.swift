extension Variant {
  package static let piSSA = Variant(
    id: "pissa",
    title: "PiSSA, factors from W0's principal part",
    equation: "A0 = U_r√(S_r/s),  B0 = √(S_r/s)V_rᵀ,  W0 = USVᵀ",
    source: "Meng, Wang and Zhang 2024, arXiv 2404.02948",
    knobs: [
      Knob(
        "niter", .whole(0...1000, default: 0), help: "subspace iterations of a randomised SVD; 0 is exact")
    ],
    attach: { (site, knobs) throws(LinearAlgebraError) in
      let niter = knobs.whole("niter")
      let svd =
        try niter == 0
        ? SVD(site.W0)
        : SVD.randomized(
          // One more than are used, to see whether the last used is told from it.
          site.W0, leading: min(site.rank + 1, site.W0.rows, site.W0.columns), iterations: niter,
          site.generator)
      return site.attachment(
        PiSSAStart.factors(svd, 0..<site.rank, s: site.scale), isUnique: svd.isUnique(at: site.rank))
    })
}
