import Glibc
import Math

// Rows 60 to 66: rsLoRA, DoRA, GaLore.

extension Claim {
  static let otherVariants = [
    Claim(
      "60", "s = α/r starves large ranks, s = α/√r does not", by: "Kalajdzievski 2023, arXiv 2312.03732",
      on: [rankLine(60)], shows: "the loss against r, two lines",
      criterion: "with α/r the loss has a least in between, with α/√r it falls with every r"
    ) { seed in
      let shares = try ranks(.share, steps: 60).values(ofSeed: seed)
      let moved = try ranks(.measure("update"), steps: 0).values(ofSeed: seed)
      func slope(_ i: Int) -> Double { log(moved[5][i] / moved[0][i]) / log(32) }
      let (plain, root) = (shares.map { $0[1] }, shares.map { $0[2] })
      // Medians alone are given; A is one draw of r columns: ± 0.05.
      let wanted = (
        plain: [0.934, 0.896, 0.842, 0.826, 0.876, 0.931], root: [0.934, 0.889, 0.802, 0.681, 0.532, 0.363]
      )
      func reading(_ name: String, _ x: Double, _ at: Double) -> Reading {
        Reading(name, x, in: at - 0.05...at + 0.05)
      }
      return (0..<6).flatMap { i in
        let r = 1 << i
        return [
          reading("L/L0 with α/r, r = \(r)", plain[i], wanted.plain[i]),
          reading("L/L0 with α/√r, r = \(r)", root[i], wanted.root[i]),
        ]
      } + [
        .yes("α/r is best in between", min(plain[0], plain[5]) > (plain[1...4].min() ?? .nan)),
        .yes("α/√r falls with every r", zip(root, root.dropFirst()).allSatisfy { $0 > $1 }),
        Reading("power of r in ‖ΔW₁‖, α/r", slope(1), in: -1.55 ... -1.25),
        Reading("power of r in ‖ΔW₁‖, α/√r", slope(2), in: -0.55 ... -0.25),
      ]
    },
    Claim(
      "61", "training magnitudes apart from directions helps", by: "Liu et al. 2024, arXiv 2402.09353",
      on: [doRA(4, 1), doRA(4, 4), gains(1), gains(4)], shows: "the losses of LoRA and DoRA",
      criterion:
        "DoRA far ahead where columns are to be rescaled, level where a low-rank change is to be added",
      ruling: .holdsOnlyIf(
        "the task is one of gains: W* = W0·diag(u), u uniform on (1/2, 2); on D(4) they tie"),
      remark:
        "the argument for it, that full fine-tuning changes magnitudes and directions of columns apart and LoRA "
        + "together, as correlations over the columns of D(4), r = 1, at the end",
      differs: "DoRA's loss on gains is still falling, and differs by a factor 50 from seed to seed",
      in: ["L/L0 rescaled, DoRA"]
    ) { seed in
      func shares(_ line: String) throws -> [Double] {
        let start = try Experiment(line, seed: seed)
        return start.advanced().lossShares(from: start)
      }
      let moved = try Experiment(doRA(4, 1), seed: seed).advanced()
      let (gain1, gain4, add1, add4) = try (
        shares(gains(1)), shares(gains(4)), shares(doRA(4, 1)), shares(doRA(4, 4))
      )
      return [
        Reading("L/L0 rescaled, LoRA, r = 1", gain1[1], in: .about(0.82, within: 0...1)),
        Reading("L/L0 rescaled, LoRA, r = 4", gain4[1], in: .about(0.41)),
        Reading("L/L0 rescaled, DoRA, r = 1", gain1[2], in: .about(8.6e-7)),
        Reading("L/L0 added, LoRA, r = 1", add1[1], in: .about(0.567)),
        Reading("L/L0 added, DoRA, r = 1", add1[2], in: .about(0.553)),
        // 0 in three digits.
        Reading("L/L0 added, LoRA, r = 4", add4[1], in: 0...5e-4),
        Reading("L/L0 added, DoRA, r = 4", add4[2], in: 0...5e-4),
        Reading("correlation of magnitude and direction, full", moved.correlation(of: 0), in: 0.16...0.58),
        Reading("correlation of magnitude and direction, LoRA", moved.correlation(of: 1), in: 0.45...0.77),
      ]
    },
    Claim(
      "62", "W ← W − η·P·ρ(PᵀGQ)·Qᵀ learns all parameters with little memory", by: galore,
      on: [gaLore], shows: "the gaps against LoRA's floor",
      criterion: "the gap at the end, below LoRA's floor",
      ruling: .holdsOnlyIf("P and Q are renewed often: every 10 steps here, every 50 still, never does not"),
      remark: "what it saves is state, not gradients: claim 64"
    ) { seed in
      let end = try Experiment(gaLore, seed: seed).advanced()
      let gaps = end.gaps
      return [
        Reading("gap, renewed every step", gaps[1], in: .about(0.062)),
        Reading("gap, every 10", gaps[2], in: .about(0.091)),
        Reading("gap, every 50", gaps[3], in: .about(0.8)),
        Reading("gap, never", gaps[4], in: .about(2.4)),
        Reading("gap, LoRA", gaps[5], in: .about(1.67)),
        Reading("LoRA's floor", end.value("rank-floor", of: 5), in: .about(1.64)),
      ]
    },
    Claim(
      "63", "gradients have low rank and change slowly", by: galore, on: [gaLore],
      shows: "the measure drift",
      criterion: "energy of G in its 4 leading values; overlap of their space with that at the start",
      ruling: .holdsOnlyIf("low rank is 0.8 to 0.9 of the energy, and rates are far smaller than here"),
      differs: "the table's spreads are of few seeds; those of five here are wider, and lie about them",
      in: ["overlap at step"]
    ) { seed in
      var run = try Experiment(gaLore, seed: seed)
      let steps = [0, 5, 20, 59]
      let seen = try steps.map { step in
        run.advance(to: step)
        let tail = try SVD.tailShare(of: run.gradients(at: [run.weight(0)])[0], after: 4)
        return (energy: 1 - tail * tail, overlap: run.value("drift", of: 0))
      }
      let overlaps = [1...1, 0.67...0.82, 0.40...0.47, 0.23...0.27]
      return zip(steps, zip(seen, overlaps)).flatMap { step, one in
        [
          Reading("energy at step \(step)", one.0.energy, in: 0.82...0.91),
          Reading(
            "overlap at step \(step)", one.0.overlap, in: one.1.lowerBound - 1e-12...one.1.upperBound + 1e-12),
        ]
      }
    },
    Claim(
      "64", "GaLore takes less memory than LoRA", by: galore, on: [memory],
      shows: "the measures state and memory",
      criterion: "numbers kept under AdamW, GaLore over LoRA, n = m = 256r",
      ruling: .holdsOnlyIf(
        "states alone are counted: it keeps the gradient of all of W, and every task's whole W")
    ) { seed in
      let run = try Experiment(memory, seed: seed)
      let (galore, lora) = (run.value("state", of: 1), run.value("state", of: 2))
      let whole = Double(run.W0.storage.count)
      let trained = run.value("trained", of: 2)
      return [
        Reading("states", galore / lora, in: 0.74...0.76),
        // Weights, gradients of what is trained, states: 8.05 over 4.13 of claim 17.
        Reading(
          "weights, gradients, states", (2 * whole + galore) / (whole + 2 * trained + lora), in: 1.94...1.96),
      ]
    },
    Claim(
      "66", statement: "PiSSA, QLoRA, LoRA-FA and others are alternatives", by: "readers of the notes",
      ruling: .statementOnly("a list, not a claim; 'list variants' names those that run here")),
  ]

  private static let galore = "Zhao et al. 2024, arXiv 2403.03507"

  private static func rankLine(_ steps: Int) -> String {
    "task=matrix n=64 m=48 k=32 target=geometric:0.95 norm=4 r=32 alpha=8 lr=0.02 steps=\(steps) "
      + "variants=lora(init=normal),rslora(init=normal)"
  }

  private static func ranks(_ quantity: Quantity, steps: Int) throws -> Sweep {
    try Sweep(
      Scenario(parsing: rankLine(steps)), over: ["r=1,2,4,8,16,32"], measuring: quantity)
  }

  private static func doRA(_ k: Int, _ r: Int) -> String {
    D(k, r: r, steps: 100, "variants=lora(init=normal),dora(init=normal)")
  }

  private static func gains(_ r: Int) -> String {
    "task=matrix n=32 m=24 target=gains cov=0.5 r=\(r) alpha=\(r) lr=0.1 steps=100 "
      + "variants=lora(init=normal),dora(init=normal)"
  }

  private static let gaLore = D(
    24, r: 4, steps: 200,
    "variants=" + [1, 10, 50, 1000].map { "galore(side=full,scale=1,gap=\($0))" }.joined(separator: ",")
      + ",lora(init=normal)")

  private static let memory =
    "task=matrix n=256 m=256 r=1 alpha=1 opt=adamw lr=0.001 steps=20 variants=galore,lora"
}

extension Experiment {
  /// Over the columns: Pearson's correlation of |‖W_:j‖ − ‖W0_:j‖| and 1 − cos(W_:j, W0_:j).
  fileprivate func correlation(of series: Int) -> Double {
    let W = weight(series)
    let columns = (0..<W.columns).map { (W.columns($0..<$0 + 1), W0.columns($0..<$0 + 1)) }
    let magnitudes = column(columns.map { abs($0.norm - $1.norm) })
    let directions = column(columns.map { 1 - cosine($0, $1) })
    func centred(_ x: Matrix) -> Matrix {
      let mean = x.storage.reduce(0, +) / Double(x.rows)
      return x - Matrix(x.rows, 1, repeating: mean)
    }
    return cosine(centred(magnitudes), centred(directions))
  }
}
