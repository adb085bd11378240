import Math

// Rows 10, 13 and 30: what full fine-tuning is better at, and where adapters should stand.

extension Claim {
  static let data = [
    Claim(
      "10", "full fine-tuning is better, LoRA is what memory affords", by: "Su's articles on LoRA-GA",
      on: [poorTask(r: 2, steps: 400, "variants=lora(init=normal)"), richTask],
      shows: "training and test loss: full fine-tuning leads the one and not the other",
      criterion: "test loss above the noise: 48 and 512 samples of changes of rank 2 and 24",
      ruling: .holdsOnlyIf("data are plentiful and the change has a rank above r"),
      remark:
        "full fine-tuning fits the noise, which rank 2 hardly can. Plentiful data or a rank above r, as the table has it, "
        + "is not enough: of rank 24 and 48 samples LoRA is ahead too"
    ) { seed in
      let few = try Experiment(poorTask(r: 2, steps: 400, "variants=lora(init=normal)"), seed: seed)
      let (wanted, wantedOfMany) = (try wanted(poorChange, seed), try wanted(richChange, seed))
      var best = Double.infinity
      var run = few
      while run.simulation.step < run.scenario.steps {
        run.advance(to: run.simulation.step + 1)
        best = min(best, run.excess(of: 0, over: wanted))
      }
      let eight = try Experiment(
        poorTask(r: 8, steps: 400, "variants=lora(init=normal)"), seed: seed, on: few.problem)
      let fewOfAll = try Experiment(poorRichTask, seed: seed).advanced()
      let many = try Experiment(richTask, seed: seed).advanced()
      let simple = try Experiment(simpleTask, seed: seed).advanced()
      return [
        Reading("full, 48 samples", run.excess(of: 0, over: wanted), in: 4.8...6.9),
        Reading("full at its best moment", best, in: .about(2.01)),
        Reading("lora of rank 2, 48 samples", run.excess(of: 1, over: wanted), in: 0.47...0.93),
        Reading("lora of rank 8, 48 samples", eight.advanced().excess(of: 1, over: wanted), in: .about(3.1)),
        Reading(
          "lora of rank 2 ÷ full, 48 samples, rank 24",
          fewOfAll.excess(of: 1, over: wantedOfMany) / fewOfAll.excess(of: 0, over: wantedOfMany), in: 0...1),
        Reading("full, 512 samples, rank 24", many.excess(of: 0, over: wantedOfMany), in: 0.15...0.26),
        Reading(
          "lora of rank 8, 512 samples, rank 24", many.excess(of: 1, over: wantedOfMany), in: 0.7...1.2),
        Reading("full, 512 samples, rank 2", simple.excess(of: 0, over: wanted), in: 0.15...0.26),
        Reading("lora of rank 2, 512 samples, rank 2", simple.excess(of: 1, over: wanted), in: 0.01...0.05),
      ]
    },
    Claim(
      "13", "attention alone is not enough: adapters on all layers are needed to match full fine-tuning",
      by: "Dettmers et al. 2023 (QLoRA), arXiv 2305.14314", on: [bothLayers],
      shows: "the losses of one layer adapted, and of both",
      criterion: "both layers at r = 2 below half of the better single layer, with fewer numbers trained",
      remark:
        "it is where and not how much: all of the second layer trained stalls as well. The table names neither size "
        + "nor rank of the teacher's change: norm 2 and rank 2 in each layer here",
      differs: "the second layer alone gets further under this teacher than under the table's unnamed one",
      in: ["L/L0, second layer"]
    ) { seed in
      let both = try Experiment(bothLayers, seed: seed)
      let first = try Experiment(
        network(r: 4, "variants=lora(init=normal)+frozen"), seed: seed, on: both.problem)
      let second = try Experiment(
        network(r: 8, "variants=frozen+lora(init=normal),frozen+full"), seed: seed, on: both.problem)
      let series = [both, first, second].flatMap { $0.simulation.series.dropFirst() }
      let run = try Experiment(bothLayers, seed: seed, on: both.problem) { _ in series }
      let left = run.advanced().losses.map { $0 / both.losses[0] }
      return [
        Reading("L/L0, both layers, r = 2", left[1], in: 0.0004...0.057),
        Reading("L/L0, first layer, r = 4", left[2], in: .about(0.068)),
        Reading("L/L0, second layer, r = 8", left[3], in: .about(0.097)),
        Reading("L/L0, second layer in full", left[4], in: .about(0.11)),
        Reading("both ÷ the better single one", left[1] / min(left[2], left[3]), in: 0...0.5),
        Reading("numbers of both", run.trainedCount(1), in: 176...176),
        Reading("numbers of the first layer", run.trainedCount(2), in: 192...192),
        Reading("numbers of the second layer", run.trainedCount(3), in: 320...320),
      ]
    },
    Claim(
      "30", "serial LoRA does not overfit when data are plentiful, and does when they are not",
      by: "readers of Su's gradient view of LoRA", on: [poorTask(r: 2, steps: 2000, serial), richSerial],
      shows: "the test loss from round to round",
      criterion: "test loss above the noise after five rounds, over that after the first",
      ruling: .holdsOnlyIf(
        "plentiful is measured by the rank of the change: every round adds r to the update's"),
      remark: "48 samples of a change of rank 2 against 512 of rank 24, as in claim 10"
    ) { seed in
      let tasks = [(poorTask(r: 2, steps: 2000, serial), poorChange), (richSerial, richChange)]
      let growth = try tasks.map { line, change in
        let (first, wanted) = (try Experiment(line, seed: seed).advanced(to: 400), try wanted(change, seed))
        return first.advanced().excess(of: 1, over: wanted) / first.excess(of: 1, over: wanted)
      }
      return [
        Reading("48 samples, fifth round ÷ first", growth[0], in: 1.5...20),
        Reading("512 samples, fifth round ÷ first", growth[1], in: 0...0.9),
      ]
    },
  ]

  private static let serial = "variants=serial-lora(every=400,init=normal)"

  private static let poorChange = "n=32 m=24 k=2 norm=3"
  private static let richChange = "n=32 m=24 k=24 target=geometric:0.9 norm=3"

  /// 48 noisy samples of a change of rank 2.
  private static func poorTask(r: Int, steps: Int, _ rest: String) -> String {
    regression(poorChange, samples: 48, r: r, steps: steps, rest)
  }

  private static let simpleTask = regression(
    poorChange, samples: 512, r: 2, steps: 400, "variants=lora(init=normal)")
  private static let richTask = regression(
    richChange, samples: 512, r: 8, steps: 400, "variants=lora(init=normal)")
  private static let poorRichTask = regression(
    richChange, samples: 48, r: 2, steps: 400, "variants=lora(init=normal)")
  private static let richSerial = regression(richChange, samples: 512, r: 2, steps: 2000, serial)

  private static func regression(_ change: String, samples: Int, r: Int, steps: Int, _ rest: String) -> String
  {
    "task=linreg \(change) samples=\(samples) cov=0 noise=0.5 batch=all lr=0.1 "
      + "r=\(r) alpha=\(r) steps=\(steps) \(rest)"
  }

  /// W* of a regression: the matrix task of the same seed draws the same.
  private static func wanted(_ change: String, _ seed: Int) throws -> Matrix {
    try Experiment("task=matrix \(change) r=1 variants=full", seed: seed).problem.examples.Y
  }

  private static let bothLayers = network(r: 2, "variants=lora(init=normal)")

  private static func network(r: Int, _ rest: String) -> String {
    "task=twolayer n=16 hidden=32 m=8 k=2 norm=2 samples=128 batch=all r=\(r) alpha=\(r) lr=0.6 steps=800 \(rest)"
  }
}

extension Experiment {
  /// ½‖W − W*‖²: the expected loss of new isotropic inputs, without the noise's share.
  fileprivate func excess(of series: Int, over wanted: Matrix) -> Double {
    0.5 * (weight(series) - wanted).squaredNorm
  }

  fileprivate func trainedCount(_ series: Int) -> Double {
    Double(simulation.series[series].chain.parameters.trainedCount)
  }
}
