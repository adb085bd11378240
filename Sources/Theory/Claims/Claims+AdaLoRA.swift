import Glibc
import Math

// Row 65: AdaLoRA.

extension Claim {
  static let adaLoRA = [
    Claim(
      "65", "a budget of ranks spent by importance beats equal ranks",
      by: "Zhang et al. 2023, arXiv 2303.10512",
      on: [allotment], shows: "the rank of each matrix over time",
      criterion: "matrices that want ranks 1 and 7, eight in all: error 0 against tail_4 of the second",
      remark:
        "the best allotment by Eckart and Young; AdaLoRA's own rule on two matrices, with Adam at 0.02 for 1000 steps, "
        + "the first 300 without masks and the last 400 with fixed ones. The run to look at has the second matrix alone, "
        + "where half its budget is not enough"
    ) { seed in try allotted(seed) }
  ]

  /// What each of the two matrices runs as: its own rank of singular values 1, beside an equal share of the budget.
  private static let allotment =
    "task=matrix n=16 m=16 k=7 target=flat norm=2.6458 r=4 alpha=4 opt=adam lr=0.05 steps=400 variants=adalora(r0=8,orth=0.1)"

  private static func allotted(_ seed: Int) throws -> [Reading] {
    let targets = try [1, 7].enumerated().map { l, k in
      let line = "task=matrix n=16 m=16 k=\(k) target=flat norm=\(Double(k).squareRoot())"
      let problem = try Experiment(line + " r=4 variants=full", seed: 2 * seed + l).problem
      return (W0: problem.pretrained[0], wanted: problem.examples.Y)
    }
    let σ = try targets.map { try SVD.values($0.wanted - $0.W0) }
    let pooled = (σ[0] + σ[1]).sorted(by: >)
    let uniform = hypot(tail(σ[0], after: 4), tail(σ[1], after: 4))
    let learned = try adaLoRA(targets, seed)
    return [
      Reading("AdaLoRA's error over that", learned.error / uniform, in: 0...0.1),
      Reading("AdaLoRA's rank of the first", Double(learned.ranks[0]), in: 1...1),
      Reading("AdaLoRA's rank of the second", Double(learned.ranks[1]), in: 7...7),
      .zero("error, eight of both by size", tail(pooled, after: 8), within: 1e-12),
      Reading("error, four each", uniform, in: 3.0.squareRoot() - 1e-9...3.0.squareRoot() + 1e-9),
    ]
  }

  /// AdaLoRA's rule on two weights at once, from eight ranks each to eight in all.
  private static func adaLoRA(_ targets: [(W0: Matrix, wanted: Matrix)], _ seed: Int) throws -> (
    error: Double, ranks: [Int]
  ) {
    let total = 1000
    let adapters = targets.map { SingularValueForm(W0: $0.W0, rank: 8, scale: 1) }
    var generator = Generator(seed: UInt64(seed), .adapters)
    var θ = targets.map { _ in
      let A = generator.normalMatrix(16, 8, deviation: 0.02)
      return Parameters([.A: A, .E: Matrix(8, 1), .B: generator.normalMatrix(8, 16, deviation: 0.02)])
    }
    var rule = AdaLoRARule(
      base: Adam(learningRate: 0.02),
      schedule: AdaLoRARule.Schedule(targetRank: 4, total: total, warmUp: 300, final: 400, interval: 1),
      β1: 0.85,
      β2: 0.85, orthogonality: 0.1, isPenaltySquared: false)
    for _ in 0..<total {
      var g = θ.map(\.zeros)
      for l in θ.indices {
        adapters[l].pullback(θ[l], dense: adapters[l].weight(θ[l]) - targets[l].wanted, into: &g[l])
      }
      try rule.step(&θ, &g)
    }
    let errors = θ.indices.map { Matrix.distance(adapters[$0].weight(θ[$0]), targets[$0].wanted) }
    return (hypot(errors[0], errors[1]), θ.map { $0[.E].storage.count { $0 != 0 } })
  }
}
