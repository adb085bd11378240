import Math

// Rows 14 to 33: LoRA as a rule for the gradient, after Su.

extension Claim {
  static let gradientView = [
    Claim(
      "14", "the gradients of the factors are ∂L/∂A = s·GBᵀ and ∂L/∂B = s·AᵀG", by: su,
      on: [twoLayers], shows: "nothing that could be seen", criterion: "within 1e-6 of central differences"
    ) { seed in
      let run = try Experiment(twoLayers, seed: seed).advanced()
      return [.zero("largest error over the largest entry", run.gradientError(of: 1), within: 1e-6)]
    },
    Claim(
      "15", "(XA)B is the cheap form, X(AB) is dearer than no LoRA at all", by: su, on: [costs],
      shows: "the measure flops",
      criterion: "operations over those of full fine-tuning, b = 32r, n = m = 256r",
      remark: "b = 512, n = m = 4096, r = 16 divided by 16, which leaves the ratios 2/3 + 2r/n and 1 + r/b"
    ) { seed in
      let (n, r, b) = (256, 1, 32)
      let (W0, A, B) = (Matrix(n, n), Matrix(n, r, repeating: 1), Matrix(r, n))
      let θ = Parameters([.A: A, .B: B])
      let factored = LowRank(W0: W0, A0: A, B0: B, scale: 1)
      let full = DenseWeight().flops(Parameters([.W: W0]), examples: b, isFirst: false)
      let merged = Merged(factored, θ).flops(θ, examples: b, isFirst: false)
      return [
        Reading("(XA)B ÷ full", factored.flops(θ, examples: b, isFirst: false) / full, in: 0.674...0.676),
        Reading("X(AB) ÷ full", merged / full, in: 1.03...1.0325),
      ]
    },
    Claim(
      "17", "LoRA saves the memory of gradients and of the optimiser's state",
      by: "\(su); Hu et al. 2021, arXiv 2106.09685", on: [costs], shows: "the measures trained and state",
      criterion: "LoRA below 0.3 of full fine-tuning under AdamW",
      remark: "bytes a weight in single precision, r/n = 1/256: weights, gradients of what is trained, states"
    ) { seed in
      let run = try Experiment(costs, seed: seed)
      let weights = Double(run.W0.storage.count)
      let bytes = run.simulation.series.map { series -> Double in
        let θ = series.chain.parameters
        let trained = Double(θ.trainedCount)
        // A frozen base stands beside trained factors.
        let base = series.chain.adapters[0] is DenseWeight ? 0 : weights
        return 4 * (base + 2 * trained + Double(series.rule.stateCount(θ))) / weights
      }
      return [
        Reading("full", bytes[0], in: 16...16), Reading("lora", bytes[1], in: 4.12...4.13),
        Reading("galore", bytes[2], in: 8.04...8.05), Reading("lora-pro", bytes[3], in: 12.06...12.07),
        Reading("lora ÷ full", bytes[1] / bytes[0], in: 0...0.3),
      ]
    },
    Claim(
      "19", statement: "training fewer layers, less communication and lower precision help as well", by: su,
      ruling: .statementOnly("true, and not particular to LoRA")),
    Claim(
      "20",
      "LoRA is the optimiser that projects the full gradient, moves A and B, and adds what they gain to W",
      by: su, on: [D(24, r: 4, steps: 200, "variants=lora(init=normal)")], shows: "the curve of LoRA",
      criterion: "the two W differ by less than 1e-12 after 200 steps"
    ) { seed in
      let start = try Experiment(D(24, r: 4, steps: 200, "variants=lora(init=normal)"), seed: seed)
      let η = start.scenario.optimizer.learningRate
      var (W, A, B) = (start.W0, start.parameters(1)[.A], start.parameters(1)[.B])
      for _ in 0..<start.scenario.steps {
        let G = start.gradients(at: [W])[0]
        let (nextA, nextB) = (A - η * (G * B.T), B - η * (A.T * G))
        W = W + (nextA * nextB - A * B)
        (A, B) = (nextA, nextB)
      }
      return [.zero("‖W − W‖ of the two views", (start.advanced().weight(1) - W).norm, within: 1e-12)]
    },
    Claim(
      "21", "a step is −η(GBᵀB + AAᵀG) + η²GBᵀAᵀG, of which the last term may be neglected", by: su,
      on: [expansion(0.1)], shows: "the measure second-order",
      criterion: "the formula to 1e-13; the η² term's share linear in η",
      ruling: .holdsOnlyIf("η is 0.1 or less here: the share is 0.7 to 0.9 of η")
    ) { seed in
      let rates = [0.01, 0.1, 1]
      var shares: [Double] = []
      var error = 0.0
      for η in rates {
        let run = try Experiment(expansion(η), seed: seed)
        let (A, B) = (run.parameters(1)[.A], run.parameters(1)[.B])
        let G = run.gradients(at: [run.W0])[0]
        let first = (G * B.T) * B + A * (A.T * G)
        let second = (G * B.T) * (A.T * G)
        let step = run.advanced(to: 1).weight(1) - run.W0
        error = max(error, (step - ((-η) * first + (η * η) * second)).norm / step.norm)
        shares.append(run.value("second-order", of: 1))
      }
      return [
        .zero("error of the formula", error, within: 1e-13),
        Reading("share of the η² term at η = 0.1", shares[1], in: 0.05...0.15),
        Reading("its growth from η = 0.01 to 1", shares[2] / shares[0], in: 99.9...100.1),
      ]
    },
    Claim(
      "22", "with u and v drawn anew every step, LoRA of rank 1 is full gradient descent on average", by: su,
      on: [redrawn(0.01)], shows: "the jittery path beside full fine-tuning's",
      criterion: "the mean of draws tends to its target like 1/√K",
      ruling: .holdsOnlyIf("the rate is doubled: E[uuᵀG + Gvᵀv] is 2G, not G"),
      remark: "one draw is √((n+m+6)/4) times as long as its mean, so the stable rate is far smaller"
    ) { seed in try redrawing(seed) },
    Claim(
      "23", statement: "u is 1×m and v is n×1 for a gradient of n×m", by: su,
      ruling: .erratum("u is n×1 and v is 1×m, else uuᵀG and Gvᵀv have no meaning")),
  ]

  private static let su = "Su's gradient view of LoRA"
  private static let costs =
    "n=256 m=256 r=1 alpha=1 opt=adamw lr=0.001 steps=20 variants=lora,galore,lora-pro"
  private static let twoLayers =
    "task=twolayer n=8 hidden=10 m=6 r=3 alpha=6 samples=40 held=0 lr=0.05 steps=20 variants=lora(init=both)"

  private static func expansion(_ η: Double) -> String {
    D(24, r: 4, lr: η, steps: 50, "variants=lora-ga(scale=unit)")
  }

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
    return try draws(of: run.gradients(at: [run.W0])[0], seed) + [
      Reading("gap to full(2η), 1 path", gap(1, to: twice), in: 0.3...1.2),
      Reading("gap to full(2η), mean of 4", gap(4, to: twice), in: 0.15...0.6),
      Reading("gap to full(2η), mean of 32", gap(32, to: twice), in: 0.05...0.25),
      Reading("gap to full(η), mean of 32", gap(32, to: once), in: 0.7...1.1),
      Reading("L/L0 of a path at η = 0.15", fast.losses[1].orInfinity / start, in: 1...(.infinity)),
      Reading("L/L0 of full at η = 0.3", full.losses[0].orInfinity / start, in: 0...1e-3),
    ]
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
      Reading("‖mean − 2G‖/‖2G‖ of 1e5 draws", Matrix.distance(mean, 2 * G) / (2 * G.norm), in: 0...0.03),
      Reading("‖mean − G‖/‖G‖", Matrix.distance(mean, G) / G.norm, in: 0.97...1.03),
      Reading("√E‖draw‖²/‖2G‖ over √((n+m+6)/4)", length / theory, in: 0.95...1.05),
      Reading("mean cosine of a draw and G", cosines / Double(N), in: 0.2...0.4),
    ]
  }
}

extension Double {
  /// A diverged run has no loss: it has left every bound.
  fileprivate var orInfinity: Double { isNaN ? .infinity : self }
}

extension Experiment {
  /// The largest deviation of a series' gradients from central differences of the loss, over the largest entry.
  /// h = 1e-5: truncation and rounding are both about 1e-10.
  fileprivate func gradientError(of series: Int) -> Double {
    var chain = simulation.series[series].chain
    _ = chain.differentiate(problem.examples, problem.objective)
    let h = 1e-5
    func loss(_ l: Int, _ i: Int, _ e: Int, _ by: Double) -> Double {
      var layers = zip(chain.adapters, chain.parameters).map { (adapter: $0, parameters: $1) }
      layers[l].parameters.matrices[i].storage[e] += by
      var moved = Chain(layers, activation: problem.activation)
      return moved.evaluate(problem.examples, problem.objective)
    }
    var (error, largest) = (0.0, 0.0)
    for l in chain.gradients.indices {
      for (i, g) in chain.gradients[l].matrices.enumerated() {
        for e in g.storage.indices {
          let difference = (loss(l, i, e, h) - loss(l, i, e, -h)) / (2 * h)
          error = max(error, abs(difference - g.storage[e]))
          largest = max(largest, abs(difference))
        }
      }
    }
    return error / largest
  }
}
