import Glibc
import Math

// Rows 1 to 8, 11 and 12: LoRA itself.

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
      "2", "A is n×r on the input side and ΔW = AB, or r×n and ΔW = BA",
      by: "\(su), which has the first; \(hu), the second",
      on: [D(24, r: 4, steps: 100, "variants=lora(init=normal)")],
      shows: "the shapes, by the key of the convention",
      criterion: "both train the same W to 1e-14 of it",
      ruling: .erratum("the notes use both; here Y = XW with A n×r, the papers' A and B transposed")
    ) { seed in
      let start = try Experiment(D(24, r: 4, steps: 100, "variants=lora(init=normal)"), seed: seed)
      let η = start.scenario.optimizer.learningRate
      // W' = Wᵀ is m×n, B' m×r, A' r×n.
      let W0 = start.W0.transposed
      var (A, B) = (start.parameters(1)[.A].transposed, start.parameters(1)[.B].transposed)
      for _ in 0..<start.scenario.steps {
        let G = start.gradients(at: [(W0 + B * A).transposed])[0].transposed
        (B, A) = (B - η * (G * A.T), A - η * (B.T * G))
      }
      let W = start.advanced().weight(1)
      return [
        .zero("‖W − W'ᵀ‖/‖W‖ after 100 steps", (W - (W0 + B * A).transposed).norm / W.norm, within: 1e-14)
      ]
    },
    Claim(
      "3", "the change of weights in tuning has a low intrinsic rank", by: hu,
      on: [changes(24), changes(8), changes(4)],
      shows: "the spectrum of full fine-tuning's W − W0, its effective rank",
      criterion: "effective rank of W − W0, and share of G's squares in its first four singular values",
      ruling: .holdsOnlyIf("the task asks for such a change: nothing in fine-tuning makes it"),
      remark: "k nonzero singular values 0.8ⁱ wanted, of 24; the Gaussian change wants all of them. "
        + "The table's 0.48 is that of a Gaussian 24×24, one of 32×24 has 0.43"
    ) { seed in
      let runs = try [4, 8, 24].map { try Experiment(changes($0), seed: seed) }
      let ranks = runs.map { $0.advanced().value("effective-rank", of: 0) }
      let gauss = try Experiment(changes(24), seed: seed, on: runs[2].wantingGaussian(seed))
      var draw = Generator(seed: UInt64(seed), .target)
      let square = draw.normalMatrix(24, 24)
      func energyOfGradient(_ run: Experiment) throws -> Double {
        try run.gradients(at: [run.W0])[0].energy(first: 4)
      }
      return [
        Reading("effective rank, k = 4", ranks[0], in: 1...4),
        Reading("effective rank, k = 8", ranks[1], in: 4...8),
        Reading("effective rank, k = 24", ranks[2], in: 9...12),
        Reading(
          "effective rank, Gaussian change", gauss.advanced().value("effective-rank", of: 0), in: 16...24),
        Reading("first four of G, k = 24", try energyOfGradient(runs[2]), in: 0.82...0.91),
        Reading("first four of G, Gaussian change", try energyOfGradient(gauss), in: 0...0.82),
        Reading("first four of a Gaussian 24×24", try square.energy(first: 4), in: 0.43...0.53),
      ]
    },
    Claim(
      "4", "the intrinsic dimension is small: r = 8 is common, r = 1 possible", by: su, on: [sweep(8)],
      shows: "the gap, coming to lie on the floor of its rank",
      criterion: "gap after 600 steps within 1.1 of tail_r(W^full − W0)",
      ruling: .holdsOnlyIf(
        "the floor of that rank is near enough: r up to 8 reach it in 600 steps, r = 16 in thousands"),
      remark: "the floors themselves are far from 0: the wanted change has rank 24"
    ) { seed in
      var readings: [Reading] = []
      for (r, wanted) in [(1, 3.24), (2, 2.59), (4, 1.67), (8, 0.70)] {
        let run = try Experiment(sweep(r), seed: seed).advanced()
        let ratio = run.value("gap-over-floor", of: 1)
        readings.append(Reading("gap, r = \(r)", run.gaps[1], in: 0.9 * wanted...1.1 * wanted))
        readings.append(Reading("gap ÷ floor, r = \(r)", ratio, in: 0.999...1.1))
      }
      let wide = try Experiment(sweep(16), seed: seed).advanced()
      let later = wide.advanced(to: 6000)
      readings += [
        Reading("gap ÷ floor, r = 16", wide.value("gap-over-floor", of: 1), in: 1.3...2.6),
        Reading("gap ÷ floor, r = 16, 6000 steps", later.value("gap-over-floor", of: 1), in: 0.999...1.9),
      ]
      return readings
    },
    Claim(
      "5", "one factor zero keeps W = W0 while the other keeps gradients alive; both zero never move",
      by: "Hu et al. 2021, arXiv 2106.09685; Su's gradient view of LoRA", on: [zeroStarts],
      shows: "the losses of four starts", criterion: "of A0 = B0 = 0 nothing moves in 100 steps",
      ruling: .holds,
      remark:
        "A0 = 0 and B0 = 0 are not the same run; which is ahead depends on the problem (arXiv 2406.08447)",
      differs: "the losses at 60 spread over two decades from seed to seed, and medians of a few with them",
      in: ["L/L0 at 60"]
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
        Reading("L/L0 at 60, B0 = 0", ratios[zeroB], in: .about(0.001)),
        Reading("L/L0 at 60, A0 = 0", ratios[zeroA], in: .about(0.0003)),
        // A hundredth of the way would be seen on the screen.
        Reading(
          "‖W_A − W_B‖/‖W_B − W0‖ at 60",
          Matrix.distance(later.weight(zeroA), later.weight(zeroB)) / (later.weight(zeroB) - start.W0).norm,
          in: 0.01...2),
      ]
    },
    Claim(
      "6", "W = (W0 − A0B0) + AB keeps the start for any A0 and B0",
      by: "Su's articles on LoRA-GA and LoRA-Pro",
      on: [compensated], shows: "the loss at step 0", criterion: "‖W − W0‖ < 1e-12",
      remark: "the start stays, what can be reached from it does not: see claim 37"
    ) { seed in
      let start = try Experiment(compensated, seed: seed)
      return (1..<start.simulation.series.count).map { i in
        let off = (start.weight(i) - start.W0).norm
        return .zero("‖W − W0‖, \(start.simulation.series[i].name)", off, within: 1e-12)
      }
    },
    Claim(
      "7", "adapters with a start that is not zero must be saved with A0 and B0, or the edited base",
      by: "comments under \(su)",
      on: [saved], shows: "the singular values of W − W0, 2r of them",
      criterion: "rank of AB − A0B0 is 2r = 8, r = 4",
      remark: "without A0 and B0 the weight is off by all of s·A0B0"
    ) { seed in
      let run = try Experiment(saved, seed: seed).advanced()
      let σ = try SVD.values(run.weight(1) - run.W0)
      let (A, B) = (run.parameters(1)[.A], run.parameters(1)[.B])
      let alone = Double(A.storage.count + B.storage.count)
      return [
        Reading("σ_8/σ_1", σ[7] / σ[0], in: 1e-6...1), .zero("σ_9/σ_1", σ[8] / σ[0], within: 1e-12),
        Reading("numbers of A and B", alone, in: 224...224),
        Reading("numbers of A, B, A0 and B0", 2 * alone, in: 448...448),
        Reading("numbers of W", Double(run.W0.storage.count), in: 768...768),
        Reading("‖W − (W0 + AB)‖ from A and B alone", (run.weight(1) - (run.W0 + A * B)).norm, in: 1.9...2.1),
      ]
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
    Claim(
      "12", "uniform (Kaiming) or normal entries of A0 make no difference, their variance does",
      by: "a mathematical note on LoRA and LoRA-GA",
      on: [drawn(.normal), drawn(.zeroB), uniform], shows: "the losses of the two",
      criterion: "means of log L over 24 draws each after 10 steps, their difference in standard errors",
      remark:
        "U(−1/√n, 1/√n) has a third of N(0, 1/n)'s variance, for which α = 3r and η/3 make up (claim 59)"
    ) { seed in
      let problem = try Experiment(drawn(.normal), seed: seed).problem
      func logs(_ line: String) throws -> [Double] {
        try (0..<24).map { k in
          log(try Experiment(line, seed: 1000 * seed + k, on: problem).advanced().losses[1])
        }
      }
      let normal = try logs(drawn(.normal))
      return [
        Reading("variances made equal", abs(separation(try logs(uniform), normal)), in: 0...3),
        Reading(
          "a third of the variance", abs(separation(try logs(drawn(.zeroB)), normal)), in: 3...(.infinity)),
      ]
    },
  ]

  private static let zeroStarts = D(
    4, r: 4, steps: 100, "variants=lora(init=normal),lora(init=zero-a),lora(init=zero),lora(init=both)")
  private static let compensated = D(
    24, r: 4, steps: 100, "variants=lora(init=both),lora(init=orthogonal),lora-ga(scale=unit),pissa,olora")
  private static let merging =
    "task=linreg n=32 m=24 r=4 alpha=4 samples=256 held=0 batch=all lr=0.05 steps=100 variants=lora(init=normal)"

  private static func changes(_ k: Int) -> String { D(k, r: 4, steps: 200, "variants=full") }
  private static func sweep(_ r: Int) -> String { D(24, r: r, steps: 600, "variants=lora(init=normal)") }
  private static let saved = D(24, r: 4, steps: 100, "variants=lora-ga(scale=unit)")
  private static func drawn(_ start: LoRAStart) -> String {
    D(8, r: 4, steps: 10, "variants=lora(init=\(start.rawValue))")
  }

  /// Entries U(−1/√n, 1/√n) at the s and η that amount to N(0, 1/n)'s.
  private static let uniform =
    "task=matrix n=32 m=24 k=8 norm=4 cov=0.5 r=4 alpha=12 lr=\(plain(0.1 / 3)) steps=10 variants=lora(init=zero-b)"

  /// Difference of two means over its standard error (Welch).
  private static func separation(_ x: [Double], _ y: [Double]) -> Double {
    func moments(_ x: [Double]) -> (mean: Double, error: Double) {
      let N = Double(x.count)
      let mean: Double = x.reduce(0, +) / N
      let squares: Double = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, squares / (N * (N - 1)))
    }
    let ((mean1, error1), (mean2, error2)) = (moments(x), moments(y))
    return (mean1 - mean2) / (error1 + error2).squareRoot()
  }
}

extension Experiment {
  /// The same inputs and W0, but a change with entries N(0, 16/(nm)): of norm 4, and of full rank.
  fileprivate func wantingGaussian(_ seed: Int) -> Problem {
    var problem = problem
    var draw = Generator(seed: UInt64(seed), .target)
    let change = draw.normalMatrix(W0.rows, W0.columns, deviation: 4 / Double(W0.storage.count).squareRoot())
    problem.examples.Y = problem.examples.X.map { $0 * (W0 + change) } ?? W0 + change
    return problem
  }
}

extension Matrix {
  /// The share of the first k singular values in ‖M‖².
  fileprivate func energy(first k: Int) throws -> Double {
    let beyond = tail(try SVD.values(self), after: k)
    return 1 - beyond * beyond / squaredNorm
  }
}
