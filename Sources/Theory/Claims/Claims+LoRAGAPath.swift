import Math

// Rows 43 to 51: what becomes of LoRA-GA's start, and the sentences of a mathematical note on it.

extension Claim {
  static let loraGAPath = [
    Claim(
      "43", "the fewer the data, the larger the relative gain of LoRA-GA over LoRA",
      by: "Wang, Yu and Li 2024, arXiv 2407.05000", on: [samples(64)], shows: "the losses",
      criterion: "the gain 1 − L(LoRA-GA)/L(LoRA) on held-out data falls with the number N of examples",
      ruling: .refuted(
        "at a given step it rises with N, as the first gradient gets better; at given epochs it follows the number "
          + "of steps, is largest in between and negative once LoRA has no debt to pay and LoRA-GA has"),
      remark:
        "the table names neither task nor rate. Fixed steps: r = k = 4, η = 0.05; three epochs in batches of 8, 3N/8 "
        + "steps: k = 8, r = 4, η = 0.02, from a start on all N examples; no noise",
      differs:
        "of an unnamed task the numbers differ; that the gain of three epochs is largest in between does not",
      in: ["gain of three epochs"]
    ) { seed in try gains(seed) },
    Claim(
      "44", "the first gradients may be computed matrix by matrix, to save memory", by: suGA, on: [network],
      shows: "the measure memory",
      criterion: "the same gradients; the largest matrix counts instead of the sum"
    ) { seed in
      let run = try Experiment(network, seed: seed)
      let problem = run.problem
      let (W1, W2) = (problem.pretrained[0], problem.pretrained[1])
      let together = run.gradients(at: [W1, W2])
      func alone(_ layers: [(adapter: any Adapter, parameters: Parameters)], _ l: Int) -> (
        G: Matrix, count: Int
      ) {
        var chain = Chain(layers, activation: problem.activation)
        _ = chain.differentiate(problem.examples, problem.objective)
        return (chain.gradients[l][.W], chain.gradients.reduce(0) { $0 + $1.count })
      }
      let first = alone([(DenseWeight(), Parameters([.W: W1])), (FrozenWeight(W0: W2), Parameters([:]))], 0)
      let second = alone([(FrozenWeight(W0: W1), Parameters([:])), (DenseWeight(), Parameters([.W: W2]))], 1)
      let sum = together.reduce(0) { $0 + $1.storage.count }
      return [
        .zero("difference of the first layer's G", Matrix.distance(first.G, together[0]), within: 1e-12),
        .zero("difference of the second layer's G", Matrix.distance(second.G, together[1]), within: 1e-12),
        Reading(
          "largest ÷ sum of the numbers kept", Double(max(first.count, second.count)) / Double(sum),
          in: 0.666...0.667),
      ]
    },
    Claim(
      "45", "a batch of samples suffices for the first gradient", by: suGA, on: [sampled(64)],
      shows: "the measure cosine at step 0",
      criterion:
        "cosine of the true gradient with its first step from factors out of the sample's, above 0.9",
      ruling: .holdsOnlyIf("it is large: some 256 noisy samples for 32 inputs"),
      remark:
        "the true gradient is that on 8192 held-out examples; D(24), noise 0.5, r = 4"
    ) { seed in
      // Above 0.9 from 256 samples on, below it before.
      let wanted = [
        (4, 0.57, 0...0.9), (8, 0.63, 0...0.9), (16, 0.72, 0...0.9), (64, 0.89, 0...0.9),
        (256, 0.96, 0.9...1),
        (1024, 0.98, 0.9...1),
      ]
      return try wanted.map { N, cosine, limits in
        let run = try Experiment(sampled(N), seed: seed)
        guard let heldOut = run.problem.heldOut else {
          preconditionFailure("held-out examples are asked for")
        }
        var dense = Chain.dense([run.W0])
        _ = dense.differentiate(heldOut, run.problem.objective)
        let θ = run.parameters(1)
        let tangent = Tangent(θ[.A], θ[.B], dense.gradients[0][.W])
        return Reading("cosine, N = \(N)", tangent.cosine, in: .about(cosine, within: limits))
      }
    },
    Claim(
      "46", "LoRA-GA aligns W1 alone, not what comes after", by: suGA, on: [course],
      shows: "the measure cosine", criterion: "the cosine of step and gradient is below 0.9 by step 5"
    ) { seed in
      let start = try Experiment(course, seed: seed)
      func cosine(_ step: Int) -> Double { start.advanced(to: step - 1).value("cosine", of: 1) }
      return [
        Reading("cosine of step 1", cosine(1), in: 0.97...1),
        Reading("cosine of step 5", cosine(5), in: 0.51...0.9),
        Reading("cosine of step 20", cosine(20), in: -0.1...0.35),
      ]
    },
    Claim(
      "47", "ζ = √m/r keeps the outputs of LoRA-GA's adapter at one scale for every r", by: note,
      on: [moments(128, 512, 16, "alpha/sqrt(r)")], shows: "nothing that could be seen",
      criterion: "second moment of x·s·A0B0 times α², for x of unit variance: 1 within 10 %",
      ruling: .holdsOnlyIf("s = α/√r; with the note's own s = α/r the moment grows like r"),
      remark: "128×512 in place of the table's 256 and 1024, on which the moment does not depend"
    ) { seed in
      try [4, 16, 64].flatMap { r in
        let root = try outputMoment(128, 512, r, "alpha/sqrt(r)", seed).forward
        let plain = try outputMoment(128, 512, r, "alpha/r", seed).forward
        let rank = Double(r)
        return [
          Reading("s = α/√r, r = \(r)", root, in: 0.9...1.1),
          Reading("s = α/r, r = \(r)", plain, in: 0.9 * rank...1.1 * rank),
        ]
      }
    },
    Claim(
      "48", "ζ = √m/r serves the backward pass as well", by: note,
      on: [moments(128, 512, 16, "alpha/sqrt(r)")], shows: "nothing that could be seen",
      criterion: "second moment of D·(s·A0B0)ᵀ times α², for D of unit variance: 1",
      ruling: .holdsOnlyIf("n and m are about equal: it is m/n"),
      remark: "at half the table's sizes, with its m/n of 4 and 1/4"
    ) { seed in
      try [(128, 512), (256, 256), (512, 128)].map { n, m in
        let moment = try outputMoment(n, m, 16, "alpha/sqrt(r)", seed).backward
        let ratio = Double(m) / Double(n)
        return Reading("n = \(n), m = \(m)", moment, in: 0.9 * ratio...1.1 * ratio)
      }
    },
    Claim(
      "49", "A0 and B0 take the first and the last r singular vectors", by: note, on: [lastVectors],
      shows: "the measure tangent at step 0", criterion: "first-order residual over ‖G‖, both ways",
      ruling: .erratum("those numbered r + 1 to 2r, not the last")
    ) { seed in
      let run = try Experiment(lastVectors, seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let svd = try SVD(G)
      let last = Tangent(svd.U.columns(0..<4), svd.Vt.rows(20..<24), G)
      return [
        Reading("the last r", last.residual, in: 0.3...0.424),
        Reading("r + 1 to 2r", Tangent(run, 1).residual, in: 0.1...0.18),
      ]
    },
    Claim(
      "50", statement: "LoRA-GA stands for gradient alignment", by: note,
      ruling: .erratum("gradient approximation, Wang, Yu and Li 2024, arXiv 2407.05000")),
    Claim(
      "51",
      "the change of s·AB is ζ times full fine-tuning's throughout, so gradients neither explode nor vanish",
      by: note, on: [course], shows: "the gap over the movement; the measure cosine",
      criterion: "W_t − W0 stays near W_t^full − W0",
      ruling: .refuted(
        "true of the first step alone, see claim 46; that moments are stable is claim 47's condition")
    ) { seed in
      let start = try Experiment(course, seed: seed)
      func share(_ step: Int) -> Double {
        let run = start.advanced(to: step)
        return run.gaps[1] / (run.weight(0) - run.W0).norm
      }
      return [
        Reading("gap ÷ ‖W_full − W0‖ at step 1", share(1), in: 0...0.12),
        Reading("gap ÷ ‖W_full − W0‖ at step 20", share(20), in: 0.2...1),
        Reading("cosine of step 20", start.advanced(to: 19).value("cosine", of: 1), in: -0.1...0.35),
      ]
    },
  ]

  private static let note = "a mathematical note on LoRA and LoRA-GA"
  private static let network =
    "task=twolayer n=16 hidden=32 m=8 r=2 samples=64 held=0 steps=20 variants=lora-ga"
  private static let course = D(8, r: 4, steps: 50, "variants=lora-ga(scale=unit),lora(init=normal)")
  private static let lastVectors = D(24, r: 4, steps: 50, "variants=lora-ga(scale=unit)")

  private static func sampled(_ N: Int) -> String {
    "task=linreg n=32 m=24 norm=4 cov=0.5 samples=\(N) held=8192 noise=0.5 batch=all r=4 alpha=4 lr=0.1 steps=20 "
      + "variants=lora-ga(scale=unit)"
  }

  // MARK: 47, 48

  private static func moments(_ n: Int, _ m: Int, _ r: Int, _ scaling: String) -> String {
    let ζ = Double(m).squareRoot() / Double(r)
    return "task=matrix n=\(n) m=\(m) r=\(r) alpha=8 scaling=\(scaling) target=geometric:0.98 steps=1 "
      + "variants=lora-ga(scale=zeta,zeta=\(plain(ζ)))"
  }

  /// α² times the second moments of X·s·A0B0 and D·(s·A0B0)ᵀ an entry, of 256 rows with entries N(0, 1): the
  /// sampling error at r = 4 is √(2/1024), 4 %.
  static func outputMoment(_ n: Int, _ m: Int, _ r: Int, _ scaling: String, _ seed: Int) throws
    -> (forward: Double, backward: Double)
  {
    let run = try Experiment(moments(n, m, r, scaling), seed: seed)
    let θ = run.parameters(1)
    let s = run.scenario.scale
    var generator = Generator(seed: UInt64(seed), .inputs, offset: 7)
    let Y = s * ((generator.normalMatrix(256, n) * θ[.A]) * θ[.B])
    let dX = s * ((generator.normalMatrix(256, m) * θ[.B].T) * θ[.A].T)
    let square = run.scenario.alpha * run.scenario.alpha
    return (square * Y.squaredNorm / Double(256 * m), square * dX.squaredNorm / Double(256 * n))
  }
}
