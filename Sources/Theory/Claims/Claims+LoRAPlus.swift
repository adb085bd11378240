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
        "η_A is fixed and small; once it is tuned, ratios from 0.1 to 10 tie, as (s, σ_A, η_A, η_B) act through two "
          + "numbers alone"),
      remark: "the two numbers: s√(η_Aη_B) and σ_A√s(η_B/η_A)^¼, under Adam √(sη_Aη_B) and σ_A√s(η_B/η_A)^½. "
        + "On D(24) rank bounds the loss; on D(8) with r = 8 it does not, and there the smaller ratio is ahead"
    ) { seed in try separateRates(seed) }
  ]

  private static func rates(_ η: Double, ratio: Double) -> String {
    D(24, r: 4, lr: η, steps: 40, "ratio=\(plain(ratio)) variants=lora(init=normal)")
  }

  /// The same where r suffices.
  private static func enough(_ η: Double, ratio: Double) -> String {
    D(8, r: 8, lr: η, steps: 40, "ratio=\(plain(ratio)) variants=lora(init=normal)")
  }

  private static func separateRates(_ seed: Int) throws -> [Reading] {
    func share(_ line: String) throws -> Double {
      let start = try Experiment(line, seed: seed)
      let share = start.advanced().lossShares(from: start)[1]
      return share.isNaN ? .infinity : share
    }
    /// Over η_A = 0.6·2^(−i/2)/√ratio, which covers the same geometric means for every ratio.
    func best(_ line: (Double, Double) -> String, _ ratio: Double) throws -> Double {
      try (0..<8).map { try share(line(0.6 * exp2(-0.5 * Double($0)) / ratio.squareRoot(), ratio)) }.min()
        ?? .nan
    }
    let tuned = try [0.1, 1, 10].map { try best(rates, $0) }
    let (least, most) = (tuned.min() ?? .nan, tuned.max() ?? .nan)
    let equal = try share(rates(0.03, ratio: 1))
    let larger = try [4, 16, 64].map { try share(rates(0.03, ratio: $0)) }.min() ?? .nan
    return try [
      // .092/.401 is the table's, on an unstated task: a quarter less is a help.
      Reading(
        "η_A = 0.03: loss for the best η_B of 4, 16, 64 η_A, over η_B = η_A", larger / equal, in: 0...0.75),
      Reading("η_A tuned: worst over best of the ratios 0.1, 1, 10", most / least, in: 1...1.33),
      Reading("η_A tuned: ratio 100 over the best", best(rates, 100) / least, in: 1.05...(.infinity)),
      Reading(
        "the same where r suffices: ratio 10 over 0.1", best(enough, 10) / best(enough, 0.1),
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
