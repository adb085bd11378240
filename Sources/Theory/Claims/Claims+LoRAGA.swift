import Math

// Rows 34 to 39: what LoRA-GA's start does. For the ranges see Wanted.swift.

extension Claim {
  static let loraGAStart = [
    Claim(
      "34", "LoRA-GA keeps the start and aligns the first step with full fine-tuning's", by: suGA,
      on: [firstSteps], shows: "the measures cosine and tangent at step 0",
      criterion: "‖AAᵀG + GBᵀB − G‖ is the tail of G after 2r values, the least possible"
    ) { seed in
      let run = try Experiment(firstSteps, seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let ga = Tangent(run, 1)
      let losses = run.losses
      return try [
        .zero(
          "largest |L/L_full − 1| at the start", losses.map { abs($0 / losses[0] - 1) }.max() ?? .nan,
          within: 1e-12),
        .zero(
          "residual of lora-ga − tail_2r(G)", ga.residual - SVD.tailShare(of: G, after: 8), within: 1e-12),
        Reading("residual/‖G‖, lora-ga", ga.bestResidual, in: 0.1...0.18),
        Reading("residual/‖G‖, pissa", Tangent(run, 2).bestResidual, in: 0.8...0.92),
        Reading("residual/‖G‖, orthogonal", Tangent(run, 3).bestResidual, in: 0.8...0.92),
        Reading("residual/‖G‖, B0 = 0", Tangent(run, 4).bestResidual, in: 0.87...0.98),
      ]
    },
    Claim(
      "35",
      "no start of rank r has a smaller first-order residual than LoRA-GA's, tail_2r(G); for 2r ≥ min(n, m) it is 0",
      by: suGA, on: [firstSteps], shows: "the measure tangent at step 0, for several r",
      criterion: "equality to 1e-12", ruling: .holds,
      remark: "a residual of 0 makes the first step full fine-tuning's, and only that"
    ) { seed in
      var readings: [Reading] = []
      for (r, ga, orthogonal) in [
        (1, 0.586, 0.976), (2, 0.362, 0.937), (4, 0.137, 0.867), (8, 0.021, 0.727),
      ] {
        let run = try Experiment(residuals(r), seed: seed)
        let G = run.gradients(at: [run.W0])[0]
        let residual = Tangent(run, 1).residual
        let off = try residual - SVD.tailShare(of: G, after: 2 * r)
        readings += [
          .zero("residual − tail_\(2 * r)(G), r = \(r)", off, within: 1e-12),
          Reading("residual/‖G‖ of lora-ga, r = \(r)", residual, in: .about(ga)),
          Reading(
            "residual/‖G‖ of orthogonal, r = \(r)", Tangent(run, 2).bestResidual,
            in: .about(orthogonal, within: 0...1)),
        ]
      }
      let half = try Experiment(residuals(12), seed: seed)
      let later = half.advanced(to: 20)
      return readings + [
        .zero("residual/‖G‖, r = 12 of 24", Tangent(half, 1).residual, within: 1e-12),
        Reading(
          "gap ÷ ‖W − W0‖ of it at step 20", later.gaps[1] / (later.weight(0) - half.W0).norm, in: 0.01...1),
      ]
    },
    Claim(
      "36", "which half of the leading 2r singular pairs starts A and which B does not matter", by: suGA,
      on: [pairings("0.09"), pairings("1")], shows: "two coincident curves and one plateau",
      criterion: "equal losses at step 200",
      ruling: .holdsOnlyIf(
        "one looks at the first step to first order; a column of A is tied to a row of B, and the two keep one of "
          + "their two modes"),
      remark:
        "plateaus of small starts: .64⁴/(1 + .64⁴) = .1437 for halves, .64/1.64 = .3902 interleaved; the latter "
        + "is a saddle, left when the loss is halfway to the other plateau. A start along +G must turn round first. "
        + "On D(8), where n > m, swapped halves are ahead",
      differs: "the table says neither when the saddle is left nor what is kicked",
      in: ["steps on the saddle"]
    ) { seed in try pairing(seed) },
    Claim(
      "37", "only the directions of LoRA-GA's factors matter, their size is free", by: suGA,
      on: [debts], shows: "the losses on their plateaus; gaps on their floors",
      criterion: "the plateau of the loss does not depend on c, A0 = c·U, B0 = c·V",
      ruling: .refuted(
        "what c²·UV put in must be taken out with the same r directions: a debt that grows like c²")
    ) { seed in
      let start = try Experiment(debts, seed: seed)
      let early = start.advanced(to: 10).lossShares(from: start)
      let end = start.advanced()
      let late = end.lossShares(from: start)
      let floors = (1...5).map { end.value("reach-floor", of: $0) }
      return [
        Reading("L/L0 at 300, c = 1", late[1], in: .about(0.0435)),
        Reading("L/L0 at 300, c = 0.6", late[2], in: .about(0.008)),
        Reading("L/L0 at 300, c = 0.3", late[3], in: .about(5.3e-4)),
        Reading("L/L0 at 300, c = 0.1", late[4], in: .about(6.6e-6)),
        Reading("L/L0 at 300, LoRA", late[5], in: 0...1e-12),
        Reading("floor of the gap, c = 1", floors[0], in: .about(0.71)),
        Reading("floor of the gap, c = 0.6", floors[1], in: .about(0.28)),
        Reading("floor of the gap, c = 0.3", floors[2], in: .about(0.072)),
        Reading("floor of the gap, c = 0.1", floors[3], in: .about(0.008)),
        .zero("floor of the gap, LoRA", floors[4], within: 1e-9),
        Reading("L/L0 at 10, c = 1", early[1], in: .about(0.079)),
        Reading("L/L0 at 10, LoRA", early[5], in: .about(0.5)),
      ]
    },
    Claim(
      "38", "LoRA-GA converges faster than LoRA", by: "Wang, Yu and Li 2024, arXiv 2407.05000", on: [debts],
      shows: "the losses", criterion: "the loss of LoRA-GA over LoRA's, early and late",
      ruling: .holdsOnlyIf("one stops early: the head start is a debt, see claim 37")
    ) { seed in
      let start = try Experiment(debts, seed: seed)
      let (early, late) = (start.advanced(to: 10).losses, start.advanced().losses)
      return [
        Reading("LoRA-GA ÷ LoRA at step 10", early[1] / early[5], in: .about(0.079 / 0.502)),
        Reading("LoRA-GA ÷ LoRA at step 300", late[1] / late[5], in: 1e6...(.infinity)),
      ]
    },
    Claim(
      "39", "PiSSA's start is empirical: it knows nothing of the gradient", by: suGA, on: [piSSA],
      shows: "the measure cosine at step 0, the gap on its floor",
      criterion: "its first step is as far from G as that of a random orthogonal start",
      remark: "and it has a debt, for s·A0B0 is the largest part of W0"
    ) { seed in
      let start = try Experiment(piSSA, seed: seed)
      let end = start.advanced()
      return [
        Reading("cosine with G, pissa", Tangent(start, 1).cosine, in: 0.46...0.54),
        Reading("cosine with G, orthogonal", Tangent(start, 2).cosine, in: 0.45...0.6),
        Reading("floor of the gap, pissa", end.value("reach-floor", of: 1), in: .about(2.39)),
        .zero("floor of the gap, LoRA", end.value("reach-floor", of: 3), within: 1e-9),
        Reading("L/L0 at 300, pissa", end.lossShares(from: start)[1], in: .about(0.333)),
      ]
    },
  ]

  static let suGA = "Su's article on LoRA-GA"

  private static let firstSteps = D(
    24, r: 4, steps: 50, "variants=lora-ga(scale=unit),pissa,lora(init=orthogonal),lora(init=normal)")
  private static func residuals(_ r: Int) -> String {
    D(24, r: r, steps: 50, "variants=lora-ga(scale=unit),lora(init=orthogonal)")
  }
  private static let debts = D(
    4, r: 4, steps: 300,
    "variants=lora-ga(scale=unit),lora-ga(scale=zeta,zeta=0.36),lora-ga(scale=zeta,zeta=0.09),"
      + "lora-ga(scale=zeta,zeta=0.01),lora(init=normal)")
  private static let piSSA = D(
    4, r: 4, steps: 300, "variants=pissa,lora(init=orthogonal),lora(init=normal)")

  // MARK: 36

  private static func pairings(_ ζ: String) -> String {
    let ga = "lora-ga(scale=zeta,zeta=\(ζ)"
    return isotropic(24, 24, k: 8, r: 4, steps: 600, "variants=\(ga)),\(ga),split=A2rBr),\(ga),split=ArBr)")
  }

  private static let unequalSizes = D(
    8, r: 4, steps: 200, "variants=lora-ga(scale=unit),lora-ga(scale=unit,split=A2rBr)")

  private static func pairing(_ seed: Int) throws -> [Reading] {
    let small = try Experiment(pairings("0.09"), seed: seed)
    let large = try Experiment(pairings("1"), seed: seed)
    let (late, lateLarge) = (small.advanced(to: 200), large.advanced(to: 200))
    let (plateaus, largePlateaus) = (late.lossShares(from: small), lateLarge.lossShares(from: large))
    let first = large.advanced(to: 1).gaps
    let apart = (Tangent(large, 1).T - Tangent(large, 3).T).norm / Tangent(large, 1).G.norm
    let unequal = try Experiment(unequalSizes, seed: seed)
    let wide = unequal.advanced(to: 200).lossShares(from: unequal)
    let kicked = try [0.1, 1e-3].map { try stepsOnSaddle(small, seed, kick: $0) }
    let η = small.scenario.optimizer.learningRate
    // λ_i = λ_0·.8ⁱ with norm 4; the step's η² term pairs modes i and j with weight λ_iλ_j.
    let λ = TargetSpectrum.geometric(0.8).values(count: 8)
    let square = 16 / λ.reduce(0) { $0 + $1 * $1 }
    func second(_ pairs: [(Int, Int)]) -> Double {
      η * η * square * pairs.reduce(0) { $0 + λ[$1.0] * λ[$1.0] * λ[$1.1] * λ[$1.1] }.squareRoot()
    }
    let (halves, interleaved) = (
      second([(0, 4), (1, 5), (2, 6), (3, 7)]), second([(0, 1), (2, 3), (4, 5), (6, 7)])
    )
    return try [
      .zero("difference of the first steps, first order", apart, within: 1e-12),
      .zero("gap after step 1 − closed form, halves", first[1] - halves, within: 1e-10),
      .zero("gap after step 1 − closed form, interleaved", first[3] - interleaved, within: 1e-10),
      Reading("gap after step 1, halves", first[1], in: .about(0.036)),
      Reading("gap after step 1, interleaved", first[3], in: .about(0.064)),
      Reading("L/L0 at 200, halves, c = 1", largePlateaus[1], in: 0.104...0.114),
      Reading("L/L0 at 200, interleaved, c = 1", largePlateaus[3], in: 0.253...0.263),
      Reading("L/L0 at 200, halves, c = 0.3", plateaus[1], in: 0.1387...0.1487),
      Reading("L/L0 at 200, interleaved, c = 0.3", plateaus[3], in: 0.3852...0.3952),
      .zero("swapped halves − halves, c = 0.3", plateaus[2] - plateaus[1], within: 1e-9),
      Reading("L/L0 at 200 on D(8), halves, c = 1", wide[1], in: .about(0.13)),
      Reading("L/L0 at 200 on D(8), swapped halves, c = 1", wide[2], in: .about(0.104)),
      Reading("steps on the saddle after a kick of 10 %", kicked[0], in: .about(60)),
      Reading("steps on the saddle after one of 0.1 %", kicked[1], in: .about(600)),
      Reading("L/L0 at 200, A0B0 along +G, c = 0.3", alongGradient(small, seed, sign: 1), in: 0.557...0.597),
      Reading(
        "L/L0 at 200, A0B0 along −G, c = 0.3", alongGradient(small, seed, sign: -1), in: 0.1387...0.1487),
    ]
  }

  /// From the interleaved start, each factor moved by a share of its norm, until the loss is halfway from one
  /// plateau to the other.
  private static func stepsOnSaddle(_ start: Experiment, _ seed: Int, kick: Double) throws -> Double {
    let θ = start.parameters(3)
    var generator = Generator(seed: UInt64(seed), .adapters, offset: 7)
    let kicked = [θ[.A], θ[.B]].map { M -> Matrix in
      let Z = generator.normalMatrix(M.rows, M.columns)
      return M + (kick * M.norm / Z.norm) * Z
    }
    var run = try Experiment(pairings("0.09"), seed: seed) { problem in
      let frozen = LowRank(W0: problem.pretrained[0], A0: θ[.A], B0: θ[.B], scale: 1)
      return [lowRank(frozen, kicked[0], kicked[1], start.scenario.optimizer.rule())]
    }
    let halfway = 0.5 * (0.1437 + 0.3902) * start.losses[0]
    while run.simulation.step < 2000, run.simulation.step < 20 || run.losses[1] > halfway {
      run.advance(to: run.simulation.step + 1)
    }
    return Double(run.simulation.step)
  }

  /// A0 = c·U_r and B0 = ±c·V_rᵀ with the same r pairs.
  private static func alongGradient(_ start: Experiment, _ seed: Int, sign: Double) throws -> Double {
    let svd = try SVD(start.gradients(at: [start.W0])[0])
    let (A, B) = (0.3 * svd.U.columns(0..<4), sign * 0.3 * svd.Vt.rows(0..<4))
    let run = try Experiment(pairings("0.09"), seed: seed) { problem in
      [
        lowRank(
          LowRank(W0: problem.pretrained[0], A0: A, B0: B, scale: 1), A, B, start.scenario.optimizer.rule())
      ]
    }
    return run.advanced(to: 200).losses[1] / start.losses[0]
  }

  /// A series of factors of one's own.
  static func lowRank(_ adapter: LowRank, _ A: Matrix, _ B: Matrix, _ rule: any Optimizer) -> Series {
    Series(name: "own", chain: Chain([(adapter, Parameters([.A: A, .B: B]))]), rule: rule)
  }
}
