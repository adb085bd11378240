extension Variant {
  package static let rsLoRA = Variant(
    id: "rslora",
    title: "rank-stabilised LoRA",
    equation: "W = W0 − s·A0B0 + s·AB,  s = α/√r",
    source: "Kalajdzievski 2023, arXiv 2312.03732",
    knobs: Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in
      var site = site
      site.scaling = .overRootRank
      return try Variant.lora.attach(site, knobs)
    })
}
