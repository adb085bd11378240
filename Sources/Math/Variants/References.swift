// Not methods but lines to hold them against.

extension Variant {
  package static let oracle = Variant(
    id: "oracle",
    title: "the best rank-r path, step by step",
    equation: "D ← SVD_r(D − η·G),  G = ∂L/∂W at W0 + D,  W = W0 + D",
    source: "Eckart and Young 1936",
    attach: { site, _ in
      let reach = Reach(frozen: site.W0, rank: site.rank)
      return Attachment(DenseWeight(within: reach, rankBound: site.rank), Parameters([.W: site.W0]))
    },
    rule: { site, _ in OracleRule(base: site.optimizer.rule(), rank: site.rank) })

  package static let floor = Variant(
    id: "floor",
    title: "the nearest weight to full fine-tuning within reach",
    equation: "W = Wfz + SVD_r(W_full − Wfz),  Wfz = W0 − s·A0B0",
    source: "Eckart and Young 1936",
    knobs: [
      Knob(
        "init", .word(["zero", "lora-ga", "pissa", "both", "orthogonal"]),
        help: "whose A0B0: none, the rank floor, or the debt of a start that is not zero")
    ] + Variant.loraGA.knobs,
    attach: { (site, knobs) throws(LinearAlgebraError) in
      switch knobs.word("init") {
      case "lora-ga": try Variant.loraGA.attach(site, knobs)
      case "pissa": try Variant.piSSA.attach(site, KnobValues(Variant.piSSA.knobs))
      default: try site.attachment(site.factors(knobs.choice("init")))
      }
    },
    following: { _ in
      Following { (sources) throws(LinearAlgebraError) in
        let change = sources.full - sources.reach.frozen
        return try sources.reach.frozen + SVD(change).truncated(to: sources.reach.rank)
      }
    })

  /// Always runs, hence not in the registry; beside another system it may have one layer of two.
  package static let full = Variant(
    id: "full",
    title: "full fine-tuning",
    equation: "W ← W − η·G",
    source: "",
    floor: "none",
    attach: { site, _ in Attachment(DenseWeight(), Parameters([.W: site.W0])) })

  package static let frozen = Variant(
    id: "frozen",
    title: "a layer that is not trained",
    equation: "W = W0",
    source: "for networks of two layers",
    floor: "‖W_full − W0‖",
    attach: { site, _ in Attachment(FrozenWeight(W0: site.W0), Parameters([:])) })
}
