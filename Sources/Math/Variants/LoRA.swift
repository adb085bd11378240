extension Variant {
  package static let lora = Variant(
    id: "lora",
    title: "LoRA, B = 0",
    equation: "W = W0 + s·AB,  A ~ U(−1/√n, 1/√n),  B = 0",
    source: "Hu et al. 2021, arXiv 2106.09685",
    attach: { site, _ in
      var generator = site.generator
      let A = LoRAStart.kaiming(generator.uniformMatrix(site.W0.rows, site.rank))
      return site.lowRank(A: A, B: Matrix(site.rank, site.W0.columns))
    })
}
