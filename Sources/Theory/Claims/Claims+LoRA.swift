import Math

// Rows 1 to 13: LoRA itself.

extension Claim {
  static let lora = [
    Claim(
      "1", "the update of LoRA has rank r at most", by: "Hu et al. 2021, arXiv 2106.09685",
      on: [D(24, r: 4, steps: 100, "variants=lora(init=normal)")],
      shows: "the singular values of W − W0, those after r at 0", criterion: "σ_{r+1}/σ_1 < 1e-10"
    ) { seed in
      try [1, 4, 8].map { r in
        let run = try Experiment(D(24, r: r, steps: 100, "variants=lora(init=normal)"), seed: seed).advanced()
        let σ = try SVD.values(run.weight(1) - run.W0)
        return .zero("σ_\(r + 1)/σ_1, r = \(r)", σ[r] / σ[0], within: 1e-10)
      }
    },
    Claim(
      "2", statement: "A is n×r on the input side, or r×n",
      by: "Su's articles; Hu et al. 2021, arXiv 2106.09685",
      ruling: .erratum("the notes use both; here Y = XW with A n×r, the papers' A transposed, and the same W")
    ),
    Claim(
      "5", "one factor zero keeps W = W0 while the other keeps gradients alive; both zero never move",
      by: "Hu et al. 2021, arXiv 2106.09685; Su's gradient view of LoRA", on: [zeroStarts],
      shows: "the losses of four starts", criterion: "of A0 = B0 = 0 nothing moves in 100 steps",
      ruling: .holds,
      remark:
        "A0 = 0 and B0 = 0 are not the same run; which is ahead depends on the problem (arXiv 2406.08447)"
    ) { seed in
      let start = try Experiment(zeroStarts, seed: seed)
      let first = start.advanced(to: 1)
      let later = start.advanced(to: 60)
      let (zeroB, zeroA, zero, both) = (1, 2, 3, 4)
      func change(_ series: Int, _ role: Parameters.Role) -> Double {
        (first.parameters(series)[role] - start.parameters(series)[role]).norm
      }
      let ratios = later.losses.map { $0 / start.losses[0] }
      return [
        .zero("‖W − W0‖, both zero, 100 steps", (start.advanced().weight(zero) - start.W0).norm, within: 0),
        .zero("‖W − W0‖, both drawn, start", (start.weight(both) - start.W0).norm, within: 1e-12),
        .zero("‖ΔA‖ of the first step, B0 = 0", change(zeroB, .A), within: 0),
        Reading("‖ΔB‖ of the first step, B0 = 0", change(zeroB, .B), in: 1e-2...1e2),
        Reading("L/L0 at 60, B0 = 0", ratios[zeroB], in: 1e-5...1e-1),
        Reading("L/L0 at 60, A0 = 0", ratios[zeroA], in: 1e-5...1e-1),
      ]
    },
    Claim(
      "6", "W = (W0 − A0B0) + AB keeps the start for any A0 and B0",
      by: "Su's articles on LoRA-GA and LoRA-Pro",
      on: [compensated], shows: "the loss at step 0", criterion: "‖W − W0‖ < 1e-12",
      remark: "the start stays, what can be reached from it does not: see row 37"
    ) { seed in
      let start = try Experiment(compensated, seed: seed)
      return (1..<start.simulation.series.count).map { i in
        let off = (start.weight(i) - start.W0).norm
        return .zero("‖W − W0‖, \(start.simulation.series[i].name)", off, within: 1e-12)
      }
    },
    Claim(
      "8", "merged or not, the output is the same, so merging adds no cost of inference",
      by: "Hu et al. 2021, arXiv 2106.09685", on: [merging],
      shows: "the loss, which does not tell them apart",
      criterion: "largest difference of X(W0 + AB) and XW0 + (XA)B below 1e-12"
    ) { seed in
      let run = try Experiment(merging, seed: seed).advanced()
      let (adapter, θ) = (run.simulation.series[1].chain.adapters[0], run.parameters(1))
      guard let X = run.problem.examples.X else { return [] }
      var pass = LayerPass(X: X, rows: X.rows, columns: run.W0.columns, adapter: adapter)
      adapter.forward(θ, &pass)
      return [.zero("max |X·W − (XW0 + (XA)B)|", (pass.Y - X * run.weight(1)).largestModulus, within: 1e-12)]
    },
    Claim(
      "11", statement: "the product is scaled by s = α/r", by: "Hu et al. 2021, arXiv 2106.09685",
      ruling: .statementOnly("a definition; the measure effective-rate shows what α, r and the rates come to")
    ),
  ]

  private static let zeroStarts = D(
    4, r: 4, steps: 100, "variants=lora(init=normal),lora(init=zero-a),lora(init=zero),lora(init=both)")
  private static let compensated = D(
    24, r: 4, steps: 100, "variants=lora(init=both),lora(init=orthogonal),lora-ga(scale=unit),pissa,olora")
  private static let merging =
    "task=linreg n=32 m=24 r=4 alpha=4 samples=256 held=0 batch=all lr=0.05 steps=100 variants=lora(init=normal)"
}
