import Math

// Rows 22 to 25: fresh factors every step.

extension Claim {
  static let redrawing = [
    Claim(
      "22", "with u and v drawn anew every step, LoRA of rank 1 is full gradient descent on average", by: su,
      on: [redrawn(0.01)], shows: "the jittery path beside full fine-tuning's",
      criterion: "the mean of K paths tends to its target like 1/√K",
      ruling: .holdsOnlyIf("the rate is doubled: E[uuᵀG + Gvᵀv] is 2G, not G"),
      remark:
        "draws of G of D(24), paths of 16×12. One draw is √((n+m+6)/4) times as long as its mean, so the stable rate is "
        + "far smaller"
    ) { seed in try redrawing(seed) },
    Claim(
      "23", statement: "u is 1×m and v is n×1 for a gradient of n×m", by: su,
      ruling: .erratum("u is n×1 and v is 1×m, else uuᵀG and Gvᵀv have no meaning")),
    Claim(
      "24", "such redrawing is slower than full gradient descent", by: su, on: [redrawnSamples(0.0005)],
      shows: "the measure flops", criterion: "operations of a step over those of full fine-tuning"
    ) { seed in
      let run = try Experiment(redrawnSamples(0.0005), seed: seed)
      let (full, redrawn) = (run.value("flops", of: 0), run.value("flops", of: 1))
      return [Reading("operations ÷ full", redrawn / full, in: 1...(.infinity))]
    },
    Claim(
      "25", "low-rank updates from single samples forget less", by: "a guess in Su's gradient view of LoRA",
      on: [redrawnSamples(0.0005)], shows: "the measure forgetting at the same loss",
      criterion: "forgetting when a quarter of the loss is left, over that of full fine-tuning",
      ruling: .refuted("the noise of the draws forgets more, and as much only in the limit of small rates"),
      remark:
        "one sample's gradient has rank 1 already, while uuᵀG + Gvᵀv has rank 2. The excess goes with the draws' "
        + "variance, in proportion to η and to n + m; the table names no sizes, here they are 32×24"
    ) { seed in try forgetting(seed) },
  ]

  /// n = 16, m = 12 of norm 4, isotropic.
  private static func redrawn(_ η: Double) -> String {
    isotropic(16, 12, k: 12, r: 1, lr: η, steps: 40, "variants=random-projection(k=1)")
  }

  private static func redrawing(_ seed: Int) throws -> [Reading] {
    let run = try Experiment(redrawn(0.01), seed: seed)
    let problem = run.problem
    let paths = try (0..<32).map { k in
      try Experiment(redrawn(0.01), seed: 1000 * seed + k, on: problem).advanced().weight(1)
    }
    let once = run.advanced().weight(0)
    let twice = try Experiment(redrawn(0.02), seed: seed, on: problem).advanced().weight(0)
    func gap(_ count: Int, to full: Matrix) -> Double {
      let mean = (1 / Double(count)) * paths.prefix(count).reduce(Matrix(16, 12)) { $0 + $1 }
      return Matrix.distance(mean, full)
    }
    let fast = try Experiment(redrawn(0.15), seed: seed, on: problem).advanced()
    let full = try Experiment(redrawn(0.3), seed: seed, on: problem).advanced()
    let start = run.losses[0]
    let wide = try Experiment(D(24, r: 1, steps: 1, "variants=full"), seed: seed)
    return try draws(of: wide.gradients(at: [wide.W0])[0], seed) + [
      Reading("gap to full(2η), K = 1", gap(1, to: twice), in: .about(0.615)),
      Reading("gap to full(2η), K = 4", gap(4, to: twice), in: .about(0.318)),
      Reading("gap to full(2η), K = 32", gap(32, to: twice), in: .about(0.115)),
      Reading("gap to full(η), K = 32", gap(32, to: once), in: .about(0.9)),
      Reading("L/L0 of a path at η = 0.15", fast.losses[1].orInfinity / start, in: 1...(.infinity)),
      Reading("L/L0 of full at η = 0.3", full.losses[0].orInfinity / start, in: 0...1e-3),
    ]
  }

  /// ⟨mean, G⟩/‖G‖² of so many draws of uuᵀG + Gvᵀv by the rule itself.
  static func meanDraw(of G: Matrix, _ seed: Int, count: Int) throws -> Double {
    var rule = RandomProjectionRule(
      base: SGD(learningRate: 1), form: .first, k: 1, learningRate: 1,
      draws: .generated(Generator(seed: UInt64(seed), .adapters), rank: 1))
    var sum = 0.0
    for _ in 0..<count {
      var (θ, g) = ([Parameters([.W: Matrix(G.rows, G.columns)])], [Parameters([.W: G])])
      try rule.step(&θ, &g)
      sum -= Matrix.dot(θ[0][.W], G)
    }
    return sum / (Double(count) * G.squaredNorm)
  }

  /// A hundred thousand steps from W = 0 by the rule itself, with η = k = 1: draws of −(uuᵀG + Gvᵀv).
  private static func draws(of G: Matrix, _ seed: Int) throws -> [Reading] {
    var rule = RandomProjectionRule(
      base: SGD(learningRate: 1), form: .first, k: 1, learningRate: 1,
      draws: .generated(Generator(seed: UInt64(seed), .adapters), rank: 1))
    let N = 100_000
    var (sum, squares, cosines) = (Matrix(G.rows, G.columns), 0.0, 0.0)
    for _ in 0..<N {
      var (θ, g) = ([Parameters([.W: Matrix(G.rows, G.columns)])], [Parameters([.W: G])])
      try rule.step(&θ, &g)
      sum.add(-1, θ[0][.W])
      squares += θ[0][.W].squaredNorm
      cosines -= Matrix.dot(θ[0][.W], G) / (θ[0][.W].norm * G.norm)
    }
    let mean = (1 / Double(N)) * sum
    let length = (squares / Double(N)).squareRoot() / (2 * G.norm)
    let theory = (Double(G.rows + G.columns + 6) / 4).squareRoot()
    return [
      Reading(
        "‖mean − 2G‖/‖2G‖ of 1e5 draws", Matrix.distance(mean, 2 * G) / (2 * G.norm), in: .about(0.012)),
      Reading("‖mean − G‖/‖G‖", Matrix.distance(mean, G) / G.norm, in: 0.97...1.03),
      Reading("√E‖draw‖²/‖2G‖ over √((n+m+6)/4)", length / theory, in: 0.95...1.05),
      Reading("mean cosine of a draw and G", cosines / Double(N), in: .about(0.25)),
    ]
  }

  /// One sample a step.
  private static func redrawnSamples(_ η: Double) -> String {
    "task=linreg n=32 m=24 norm=3 cov=0 noise=0 samples=512 batch=1 lr=\(plain(η)) r=1 steps=20000 "
      + "variants=random-projection(k=1)"
  }

  private static func forgetting(_ seed: Int) throws -> [Reading] {
    let ratios = try [5e-4, 2e-4].map { η in
      let run = try Experiment(redrawnSamples(η), seed: seed)
      let forgotten = run.forgettings(atShare: 0.25)
      return forgotten[1] / forgotten[0]
    }
    let run = try Experiment(redrawnSamples(5e-4), seed: seed)
    let step = run.advanced(to: 1)
    let (full, redrawn) = (
      try SVD.values(step.weight(0) - run.W0), try SVD.values(step.weight(1) - run.W0)
    )
    return [
      Reading("forgetting ÷ full, η = 5e-4", ratios[0], in: .about(4.1 / 2.69, within: 1...3)),
      Reading("forgetting ÷ full, η = 2e-4", ratios[1], in: .about(2.96 / 2.69, within: 1...3)),
      Reading("excess at 5e-4 ÷ at 2e-4", (ratios[0] - 1) / (ratios[1] - 1), in: .about(2.5)),
      .zero("σ_2/σ_1 of one sample's G", full[1] / full[0], within: 1e-12),
      Reading("σ_2/σ_1 of uuᵀG + Gvᵀv", redrawn[1] / redrawn[0], in: 1e-6...1),
      .zero("σ_3/σ_1 of uuᵀG + Gvᵀv", redrawn[2] / redrawn[0], within: 1e-12),
    ]
  }
}

extension Double {
  /// A diverged run has no loss: it has left every bound.
  fileprivate var orInfinity: Double { isNaN ? .infinity : self }
}

extension Experiment {
  /// What each series has forgotten when first no more than a share of the loss is left.
  fileprivate func forgettings(atShare share: Double) -> [Double] {
    var run = self
    let goal = share * losses[0]
    var forgotten: [Double] = simulation.series.map { _ in .nan }
    while forgotten.contains(where: \.isNaN), run.simulation.step < scenario.steps, !run.simulation.hasStopped
    {
      run.advance(to: run.simulation.step + 10)
      for (i, loss) in run.losses.enumerated() where forgotten[i].isNaN && loss <= goal {
        forgotten[i] = run.value("forgetting", of: i)
      }
    }
    return forgotten
  }
}
