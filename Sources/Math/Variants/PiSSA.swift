extension Variant {
  package static let piSSA = Variant(
    id: "pissa",
    title: "PiSSA, factors from W0's principal part",
    equation: "A0 = U_r√(S_r/s),  B0 = √(S_r/s)V_rᵀ,  W0 = USVᵀ",
    source: "Meng, Wang and Zhang 2024, arXiv 2404.02948",
    attach: { (site, _) throws(LinearAlgebraError) in
      let isUnique = try SVD(site.W0).isUnique(at: site.rank)
      return try site.attachment(
        PiSSAStart.factors(W0: site.W0, rank: site.rank, s: site.scale), isUnique: isUnique)
    })
}
