extension Variant {
  package static let lora = Variant(
    id: "lora",
    title: "LoRA",
    equation: "W = W0 − s·A0B0 + s·AB,  s = α/r",
    source: "Hu et al. 2021, arXiv 2106.09685",
    knobs: Knob.start,
    attach: { (site, knobs) throws(LinearAlgebraError) in
      try site.attachment(site.start(knobs))
    })
}

extension Knob {
  /// Where A and B begin.
  static let start =
    [
      Knob.choice(
        "init", of: LoRAStart.self,
        help: "A0 and B0: zero-b U(−1/√n, 1/√n) and 0, gaussian N(0,1/r²) and 0, normal N(0,1/n) and 0, "
          + "zero-a 0 and N(0,1/m), both normal, orthogonal, or zero both")
    ] + lengths

  /// Where neither may be zero, for the rule divides by their Grams.
  static let bothStart =
    [
      Knob(
        "init", .word([LoRAStart.both, .orthogonal].map(\.rawValue)),
        help: "A0 and B0: both normal, N(0,1/n) and N(0,1/m), or orthogonal")
    ] + lengths

  static let lengths = [
    Knob("a", .number(0...1e6, default: 1), help: "factor of A0 after all else"),
    Knob("b", .number(0...1e6, default: 1), help: "factor of B0 after all else"),
  ]
}

extension Site {
  /// A0 and B0 as the settings have them.
  func start(_ knobs: KnobValues) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    scaled(try factors(knobs.choice("init")), knobs)
  }

  func scaled(_ factors: (A: Matrix, B: Matrix), _ knobs: KnobValues) -> (A: Matrix, B: Matrix) {
    (knobs.number("a") * factors.A, knobs.number("b") * factors.B)
  }
}
