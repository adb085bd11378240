import Math

// Rows 40 to 42: LoRA-GA where the rule is Adam.

extension Claim {
  static let loraGAForAdam = [
    Claim(
      "40", "Adam's first step is W1 = W0 − η·sign(G0)", by: suGA, on: [adamStep(1e-8)],
      shows: "the measure sign-cosine at step 0", criterion: "relative difference below 1e-3",
      ruling: .holdsOnlyIf("ε is far below the entries of G")
    ) { seed in
      func difference(_ ε: Double) throws -> Double {
        let run = try Experiment(adamStep(ε), seed: seed)
        let signs = run.gradients(at: [run.W0])[0].signs
        let wanted = run.scenario.optimizer.learningRate * signs
        return (run.advanced(to: 1).weight(0) - run.W0 + wanted).norm / wanted.norm
      }
      let run = try Experiment(adamStep(1e-8), seed: seed)
      return try [
        Reading(
          "median |entry of G|", median(run.gradients(at: [run.W0])[0].storage.map(abs)), in: .about(0.1)),
        .zero("difference, ε = 1e-8", difference(1e-8), within: 1e-3),
        Reading("difference, ε = 1e-4", difference(1e-4), in: .about(0.022)),
        Reading("difference, ε = 1e-2", difference(1e-2), in: .about(0.22)),
        Reading("difference, ε = 1e-1", difference(1e-1), in: .about(0.56)),
      ]
    },
    Claim(
      "41", "for Adam, a start from the SVD of sign(G) is nearer to the first step than one from that of G",
      by: suGA,
      on: [adamStarts, adamCourse], shows: "the measure adam-cosine at step 0; the gaps later",
      criterion: "√J/‖sign G‖ smaller, J = ‖c(A·sign(AᵀG) + sign(GBᵀ)·B) − sign G‖², over five spectra of G",
      ruling: .holdsOnlyIf("one looks at the first step: at step 50 there is no benefit left"),
      remark:
        "descent is Adam on J for 300 steps; the table names no rate of the run, here it is 0.01, so ratios of gaps "
        + "are compared",
      differs:
        "descent on J by Adam gets lower than the .66 to .85 of the table's local search, and random starts lie at "
        + "the lower edge of its spread",
      in: ["residual, by descent", "residual, random orthogonal"]
    ) { seed in try signObjectives(seed) },
    Claim(
      "42", statement: "LoRA-GA is nearest to full fine-tuning on GLUE, and good on LLaMA 2 7B",
      by: "Wang, Yu and Li 2024, arXiv 2407.05000",
      ruling: .external("measured on those models; claims 34 and 38 are what a terminal can show of it")),
  ]

  private static func adamStep(_ ε: Double) -> String {
    D(24, r: 4, lr: 0.01, steps: 50, "opt=adam eps=\(plain(ε)) variants=full")
  }

  private static let adamVariants =
    "opt=adam variants=lora-ga(adam=svd),lora-ga(adam=sign-svd),lora-ga(adam=direct,iterations=300),"
    + "lora(init=orthogonal),lora(init=normal)"
  private static let adamStarts = D(24, r: 4, lr: 0.01, steps: 50, adamVariants)
  private static let adamCourse = D(
    24, r: 4, lr: 0.01, steps: 50,
    "opt=adam variants=lora-ga(adam=svd),lora-ga(adam=sign-svd),lora(init=normal)")

  private static func signObjectives(_ seed: Int) throws -> [Reading] {
    let lines =
      [
        adamStarts, D(8, r: 4, lr: 0.01, steps: 50, adamVariants),
        D(4, r: 4, lr: 0.01, steps: 50, adamVariants),
      ]
      + ["flat", "power:1"].map { isotropic(32, 24, k: 24, r: 4, steps: 50, "target=\($0) " + adamVariants) }
    var shares = Array(repeating: [Double](), count: 4)
    for line in lines {
      let run = try Experiment(line, seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let objective = SignObjective(G: G)
      for i in 0..<4 {
        let θ = run.parameters(i + 1)
        let c = objective.bestScale(θ[.A], θ[.B])
        shares[i].append((objective.value(c * θ[.A], c * θ[.B])).squareRoot() / G.signs.norm)
      }
    }
    let better = zip(shares[0], shares[1]).count { $1 < $0 }
    let end = try Experiment(adamCourse, seed: seed).advanced().gaps
    return [
      Reading("residual, random orthogonal", median(shares[3]), in: 0.94...0.97),
      Reading("residual, SVD of G", median(shares[0]), in: 0.81...0.93),
      Reading("residual, SVD of sign G", median(shares[1]), in: 0.78...0.89),
      Reading("residual, by descent", median(shares[2]), in: 0.66...0.85),
      Reading(
        "share of spectra where sign G is better", Double(better) / Double(lines.count),
        in: .about(39 / 40, within: 0...1)),
      Reading(
        "gap at 50, SVD of sign G ÷ SVD of G", end[2] / end[1], in: .about(1.722 / 1.706, within: 0.95...2)),
      Reading("gap at 50, B0 = 0 ÷ SVD of G", end[3] / end[1], in: .about(1.789 / 1.706)),
    ]
  }
}
