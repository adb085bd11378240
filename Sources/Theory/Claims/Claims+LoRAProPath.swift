import Math

// Rows 58 to 58d: LoRA-Pro over a whole run.

extension Claim {
  static let loraProPath = [
    Claim(
      "58", "LoRA-Pro aligns the whole trajectory with full fine-tuning", by: suPro,
      on: [trajectory, proTrajectory(zeta: 0.09, r: 8)], shows: "the gaps, each with its floor",
      criterion: "the largest gap on the way",
      ruling: .holdsOnlyIf("one counts from the floor, which a start has put up"),
      remark: "by I17 LoRA-Pro's start c·U, c·V at s = 1 is its start with scale=gd at s = 1/c²"
    ) { seed in
      let largest = try Experiment(trajectory, seed: seed).largestGaps
      let small = try Experiment(proTrajectory(zeta: 0.09, r: 8), seed: seed)
      let narrow = try Experiment(proTrajectory(zeta: 0.09, r: 4), seed: seed).advanced()
      let end = small.advanced()
      return [
        Reading("largest gap, LoRA", largest[1], in: .about(1.68)),
        Reading("largest gap, LoRA-GA, c = 1", largest[2], in: .about(0.87)),
        Reading("largest gap, LoRA-GA, c = 0.3", largest[3], in: .about(1.37)),
        Reading("largest gap, LoRA-Pro, c = 0.3", small.largestGaps[1], in: .about(0.101)),
        Reading("its floor at the end", end.value("reach-floor", of: 1), in: .about(0.101)),
        Reading("largest gap, LoRA-Pro, c = 1", largest[4], in: .about(0.81)),
        Reading(
          "gap ÷ floor of LoRA-Pro, r = 4 < k", narrow.value("gap-over-floor", of: 1),
          in: .about(1.04, within: 1...2)),
      ]
    },
    Claim(
      "58b", "LoRA-Pro needs both factors invertible, so a start at B = 0 is out", by: suPro,
      on: [trajectory],
      shows: "LoRA-Pro's gap from B = 0: one hill, then down to nothing",
      criterion: "the largest gap and the last one, from B = 0",
      ruling: .holdsOnlyIf(
        "one inverts without care: with pseudo-inverses the start at B = 0 is the best of all, for it has no debt"
      ),
      remark:
        "δ is what is added to BBᵀ, here for B about 1e-6. From B = 0 the η² term does not fade: with Sylvester's C a "
        + "rare seed leaps, with C = 0 none did",
      differs: "the gap still falls when the run ends, and the table names no step", in: ["gap at the end"]
    ) { seed in
      let run = try Experiment(trajectory, seed: seed)
      let zero = try fromZero(trajectory, run.parameters(1), seed) { choice in
        LoRAProRule(.factors(run.scenario.optimizer.rule()), scale: 1, choice: choice)
      }
      let (largest, end) = (zero.largestGaps, zero.advanced())
      return try [
        Reading("‖H_A‖, δ = 1e-1", blowUp(seed, δ: 1e-1), in: .about(6e-5)),
        Reading("‖H_A‖, δ = 1e-8", blowUp(seed, δ: 1e-8), in: .about(613)),
        Reading("largest gap from B = 0", largest[1], in: .about(0.194)),
        Reading("the same with C = 0", largest[2], in: .about(0.194)),
        Reading(
          "gap at step 1 over the largest, C = 0", zero.advanced(to: 1).gaps[2] / largest[2], in: 0.99...1),
        Reading("gap at the end", end.gaps[1], in: .about(1e-4)),
        .zero("its floor", end.value("reach-floor", of: 1), within: 1e-9),
      ]
    },
    Claim(
      "58c", "LoRA-Pro has a full AdamW form, with moments of full size, so no optimiser memory is saved",
      by: suPro,
      on: [adamTrajectory], shows: "the gaps; the measure state",
      criterion: "states as many as full fine-tuning's; the gap to AdamW's full fine-tuning",
      remark:
        "the cheap form averages H itself, and is no better than LoRA under AdamW. The table names no rate, here it is "
        + "0.01",
      differs: "early gaps under Adam go with the rate, which is not the table's",
      in: ["gap at 10", "gap at 150, LoRA-Pro from B = 0"]
    ) { seed in
      let run = try Experiment(adamTrajectory, seed: seed)
      let early = run.advanced(to: 10).gaps
      let small = try Experiment(adamPro, seed: seed)
      let zero = try fromZero(adamTrajectory, run.parameters(3), seed) { choice in
        LoRAProRule(.full(run.scenario.optimizer, stepOffset: 0), scale: 1, choice: choice)
      }
      let (smallEarly, end) = (small.advanced(to: 10).gaps[1], small.advanced())
      return [
        Reading("states ÷ those of full", run.value("state", of: 1) / run.value("state", of: 0), in: 1...1),
        Reading("gap at 10, LoRA-Pro, c = 0.3", smallEarly, in: .about(0.885)),
        Reading("gap at 10, LoRA", early[3], in: 2.07...2.39),
        Reading("gap at 10, cheap form", early[2], in: .about(2.25)),
        Reading("gap at 10, cheap ÷ LoRA", early[2] / early[3], in: (2.25 / 2.39)...(2.25 / 2.07)),
        Reading("gap at 150, LoRA-Pro, c = 0.3", end.gaps[1], in: .about(0.104)),
        Reading("its floor", end.value("reach-floor", of: 1), in: .about(0.104)),
        Reading("gap at 150, LoRA-Pro from B = 0", zero.advanced().gaps[1], in: .about(0.004)),
      ]
    },
    Claim(
      "58d", statement: "LoRA-Pro makes ‖A·AᵀG + B·BᵀG − G‖ small at every step", by: suPro,
      ruling: .erratum(
        "the second term is G·BᵀB; B·Bᵀ is r×r and cannot stand before G, so no number tells them apart")),
  ]

  private static let trajectory = D(
    8, r: 8, lr: 0.05, steps: 200,
    "variants=lora(init=normal),lora-ga(scale=unit),lora-ga(scale=zeta,zeta=0.09),lora-pro(init=lora-ga),lora-pro,"
      + "lora-pro(c=zero)")

  /// A0 and B0 of c² = zeta, by α = r/zeta.
  private static func proTrajectory(zeta: Double, r: Int) -> String {
    D(8, r: r, lr: 0.05, steps: 200, "variants=lora-pro(init=lora-ga)").withAlpha(Double(r) / zeta)
  }

  private static let adamTrajectory = D(
    8, r: 8, lr: 0.01, steps: 150, "opt=adamw variants=lora-pro,lora-pro(moments=factors),lora(init=normal)")
  private static let adamPro = D(
    8, r: 8, lr: 0.01, steps: 150, "opt=adamw variants=lora-pro(init=lora-ga)"
  ).withAlpha(8 / 0.09)

  /// LoRA-Pro from A0 ~ N(0, 1/n) and B0 = 0, with Sylvester's C and with C = 0.
  private static func fromZero(
    _ line: String, _ θ: Parameters, _ seed: Int, _ rule: (LoRAProRule.Choice) -> LoRAProRule
  ) throws -> Experiment {
    try Experiment(line, seed: seed) { problem in
      [LoRAProRule.Choice.sylvester, .zero].map { choice in
        let adapter = LowRank(W0: problem.pretrained[0], A0: θ[.A], B0: θ[.B], scale: 1)
        return lowRank(adapter, θ[.A], θ[.B], rule(choice))
      }
    }
  }

  /// ‖H_A‖ at B with entries 1e-6·N(0, 1).
  private static func blowUp(_ seed: Int, δ: Double) throws -> Double {
    let at = try ProPoint(seed)
    var generator = Generator(seed: UInt64(seed), .adapters, offset: 8)
    let B = generator.normalMatrix(at.B.rows, at.B.columns, deviation: 1e-6)
    var g = Parameters([.A: at.G * B.T, .B: at.A.T * at.G])
    var projection = LoRAProProjection(A: at.A, B: B)
    try projection.project(A: at.A, B: B, g: &g, scale: 1, choice: .zero, δ: δ, tolerance: 0)
    return g[.A].norm
  }
}
