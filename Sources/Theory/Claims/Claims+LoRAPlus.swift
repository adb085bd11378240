import Glibc
import Math

// Row 59: LoRA+.

extension Claim {
  static let loraPlus = [
    Claim(
      "59", "A and B deserve different rates, B the larger one",
      by: "Hayou, Ghosh and Yu 2024, arXiv 2402.12354",
      on: [rates(0.03, ratio: 1), rates(0.03, ratio: 16)], shows: "a heat map of the loss over η_A and η_B",
      criterion: "the best cell lies above the diagonal",
      ruling: .holdsOnlyIf(
        "η_A is fixed and small; once it is tuned, ratios from 0.1 to 10 tie where the rank bounds the loss, and the "
          + "smaller is ahead where it does not, as (s, σ_A, η_A, η_B) act through two numbers alone"),
      remark: "the two numbers: s√(η_Aη_B) and σ_A√s(η_B/η_A)^¼, under Adam √(sη_Aη_B) and σ_A√s(η_B/η_A)^½. "
        + "η_A fixed: D(4), r = 4, at the step where equal rates leave 0.4 of the loss, as the table names neither task "
        + "nor steps. η_A tuned: widths 16 and 64 of the table's three, rank 4 of 16; the smaller ratio ahead: D(8), r = 8"
    ) { seed in try separateRates(seed) }
  ]

  static func rates(_ η: Double, ratio: Double) -> String {
    D(24, r: 4, lr: η, steps: 40, "ratio=\(plain(ratio)) variants=lora(init=normal)")
  }

  /// The same where r suffices.
  private static func enough(_ η: Double, ratio: Double) -> String {
    D(8, r: 8, lr: η, steps: 40, "ratio=\(plain(ratio)) variants=lora(init=normal)")
  }

  /// Where η_A is fixed.
  private static func fixed(_ ratio: Double) -> String {
    D(4, r: 4, lr: 0.03, steps: 50, "ratio=\(plain(ratio)) variants=lora(init=normal)")
  }

  /// Of n inputs; the rank bounds the loss.
  private static func width(_ n: Int, _ opt: String) -> (Double, Double) -> String {
    { η, ratio in
      "task=matrix n=\(n) m=24 k=16 norm=4 cov=0.5 r=4 alpha=4 opt=\(opt) lr=\(plain(η)) ratio=\(plain(ratio)) "
        + "steps=40 variants=lora(init=normal)"
    }
  }

  /// L/L0 at the end; infinite once diverged.
  private static func share(_ line: String, _ seed: Int) throws -> Double {
    let start = try Experiment(line, seed: seed)
    let share = start.advanced().lossShares(from: start)[1]
    return share.isNaN ? .infinity : share
  }

  /// The least over η_A = η·2^(−i/2)/√ratio, which covers the same geometric means for every ratio.
  private static func best(
    _ line: (Double, Double) -> String, _ ratio: Double, from η: Double = 0.6, _ seed: Int
  )
    throws -> Double
  {
    try (0..<8).map { try share(line(η * exp2(-0.5 * Double($0)) / ratio.squareRoot(), ratio), seed) }.min()
      ?? .nan
  }

  private static func separateRates(_ seed: Int) throws -> [Reading] {
    var readings = [
      Reading("η_A = 0.03: L/L0, η_B = η_A", try share(fixed(1), seed), in: .about(0.401)),
      Reading("η_A = 0.03: L/L0, η_B = 16η_A", try share(fixed(16), seed), in: .about(0.092)),
    ]
    for (opt, η) in [("sgd", 0.6), ("adam", 0.2)] {
      for n in [16, 64] {
        let tuned = try [0.1, 1, 10, 100].map { try best(width(n, opt), $0, from: η, seed) }
        let (least, most) = (tuned[0...2].min() ?? .nan, tuned[0...2].max() ?? .nan)
        readings += [
          // A tie within the third that all ranges have.
          Reading(
            "η_A tuned by \(opt): worst over best of the ratios 0.1, 1, 10, n = \(n)", most / least,
            in: 1...(4 / 3)),
          Reading(
            "η_A tuned by \(opt): ratio 100 over the best, n = \(n)", tuned[3] / least, in: 1...(.infinity)),
        ]
      }
    }
    return try readings + [
      Reading(
        "the same where r suffices: ratio 10 over 0.1", best(enough, 10, seed) / best(enough, 0.1, seed),
        in: 1...(.infinity)),
      .zero("two runs of equal s√(η_Aη_B) and σ_A√s(η_B/η_A)^¼", normalForm(seed, opt: "sgd"), within: 1e-9),
      .zero("the same under Adam", normalForm(seed, opt: "adam"), within: 1e-9),
    ]
  }

  /// The distance of W over the way: s = 2, σ_A = ½, η_A = 0.01, η_B = 0.04 against s = 1 and one rate.
  private static func normalForm(_ seed: Int, opt: String) throws -> Double {
    // ε would tell gradients of another scale apart.
    let isAdam = opt == "adam"
    let tail = isAdam ? "opt=adam eps=1e-300" : "opt=sgd"
    func line(_ η: Double, _ ratio: Double) -> String {
      D(8, r: 4, lr: η, steps: 80, "ratio=\(plain(ratio)) \(tail) variants=lora(init=normal)")
    }
    let A0 = try Experiment(line(0.01, 4), seed: seed).parameters(1)[.A]
    func end(_ line: String, s: Double, σ: Double) throws -> Experiment {
      try Experiment(line, seed: seed) { problem in
        let (A, B) = (σ * A0, Matrix(4, 24))
        let adapter = LowRank(W0: problem.pretrained[0], A0: A, B0: B, scale: s)
        return [lowRank(adapter, A, B, try Scenario(parsing: line).optimizer.rule())]
      }.advanced()
    }
    let four = try end(line(0.01, 4), s: 2, σ: 0.5)
    let root = 2.0.squareRoot()
    let two = isAdam ? try end(line(0.02 * root, 1), s: 1, σ: root) : try end(line(0.04, 1), s: 1, σ: 1)
    return Matrix.distance(four.weight(1), two.weight(1)) / (two.weight(1) - two.W0).norm
  }
}
