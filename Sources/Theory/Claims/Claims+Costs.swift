import Math

// Rows 9, 15 to 18: what LoRA costs, by counting.

extension Claim {
  static let costs = [
    Claim(
      "9", "many small customisations are cheap to store", by: hu, on: [largeLayer],
      shows: "the measure trained",
      criterion: "r(n+m)/(nm) of the numbers",
      remark: "n = m = 256r, as 4096 at r = 16: a hundred adapters are fewer numbers than one layer"
    ) { seed in
      let run = try Experiment(largeLayer, seed: seed)
      let (full, lora) = (run.value("trained", of: 0), run.value("trained", of: 1))
      return [
        Reading("one adapter ÷ the layer", lora / full, in: (2 / 256)...(2 / 256)),
        Reading("a hundred ÷ the layer", 100 * lora / full, in: 0...1),
      ]
    },
    Claim(
      "15", "(XA)B is the cheap form, X(AB) is dearer than no LoRA at all", by: su, on: [largeLayer],
      shows: "the measure flops",
      criterion: "operations over those of full fine-tuning, b = 32r, n = m = 256r",
      remark: "b = 512, n = m = 4096, r = 16 divided by 16, which leaves the ratios 2/3 + 2r/n and 1 + r/b"
    ) { _ in
      [
        Reading("(XA)B ÷ full", operations.factored, in: 0.674...0.676),
        Reading("X(AB) ÷ full", operations.merged, in: 1.03...1.0325),
      ]
    },
    Claim(
      "16", "LoRA saves no computation", by: "a note on LoRA, GaLore, LoRA+ and DoRA; replies of Su's",
      on: [largeLayer],
      shows: "the measure flops", criterion: "share of the operations saved, b = 32r, n = m = 256r",
      ruling: .holdsOnlyIf("it is computed as X(AB): (XA)B saves the third that the weight's gradient takes"),
      remark: "2bnm of 6bnm are the weight's gradient; the passes forward and back stay"
    ) { _ in
      [
        Reading("saved by (XA)B", 1 - operations.factored, in: 0.32...(1 / 3)),
        Reading("saved by X(AB)", 1 - operations.merged, in: -0.0325...0),
      ]
    },
    Claim(
      "17", "LoRA saves the memory of gradients and of the optimiser's state",
      by: "\(su); \(hu)", on: [largeLayer], shows: "the measures trained and state",
      criterion: "LoRA below 0.3 of full fine-tuning under AdamW",
      remark: "bytes a weight in single precision, r/n = 1/256: weights, gradients of what is trained, states"
    ) { seed in
      let run = try Experiment(largeLayer, seed: seed)
      let bytes = run.simulation.series.indices.map { run.bytes(of: $0) }
      return [
        Reading("full", bytes[0], in: 16...16), Reading("lora", bytes[1], in: 4.12...4.13),
        Reading("galore", bytes[2], in: 8.04...8.05), Reading("lora-pro", bytes[3], in: 12.06...12.07),
        Reading("lora ÷ full", bytes[1] / bytes[0], in: 0...0.3),
      ]
    },
    Claim(
      "18", "LoRA can save half of the memory at most, and 7e9 weights in half precision need 28 GB",
      by: "readers of Su's gradient view of LoRA", on: [largeLayer], shows: "the measure memory",
      criterion: "share of full fine-tuning's bytes under AdamW, with and without every ∂L/∂W kept",
      ruling: .refuted("only if every ∂L/∂W is kept at once, as X(AB) does; (XA)B forms none"),
      remark: "GB: two bytes each for weights and gradients, no states"
    ) { seed in
      let run = try Experiment(largeLayer, seed: seed)
      let (full, lora) = (run.bytes(of: 0), run.bytes(of: 1))
      let half = { (series: Int) in run.bytes(of: series, perNumber: 2, withStates: false) }
      return [
        Reading("saved, every ∂L/∂W kept", 1 - (lora + 4) / full, in: 0.49...0.5),
        Reading("saved by (XA)B", 1 - lora / full, in: 0.735...0.745),
        Reading("GB of full fine-tuning", 7 * half(0), in: 28...28),
        Reading("GB of LoRA, every ∂L/∂W kept", 7 * (half(1) + 2), in: 28...28.5),
        Reading("GB of LoRA by (XA)B", 7 * half(1), in: 14...14.5),
      ]
    },
  ]

  static let hu = "Hu et al. 2021, arXiv 2106.09685"
  static let largeLayer =
    "n=256 m=256 r=1 alpha=1 opt=adamw lr=0.001 steps=20 variants=lora,galore,lora-pro"

  /// A step's operations in a layer of 256×256 with r = 1 and 32 samples, over full fine-tuning's.
  static var operations: (factored: Double, merged: Double) {
    let (n, r, b) = (256, 1, 32)
    let (W0, A, B) = (Matrix(n, n), Matrix(n, r, repeating: 1), Matrix(r, n))
    let θ = Parameters([.A: A, .B: B])
    let factored = LowRank(W0: W0, A0: A, B0: B, scale: 1)
    let full = DenseWeight().flops(Parameters([.W: W0]), examples: b, isFirst: false)
    let merged = Merged(factored, θ).flops(θ, examples: b, isFirst: false)
    return (factored.flops(θ, examples: b, isFirst: false) / full, merged / full)
  }
}

extension Experiment {
  /// Bytes a weight: weights, gradients of what is trained and the optimiser's states.
  func bytes(of i: Int, perNumber: Double = 4, withStates: Bool = true) -> Double {
    let (series, weights) = (simulation.series[i], Double(W0.storage.count))
    let θ = series.chain.parameters
    let trained = Double(θ.trainedCount)
    // A frozen base stands beside trained factors.
    let base = series.chain.adapters[0] is DenseWeight ? 0 : weights
    let states = withStates ? Double(series.rule.stateCount(θ)) : 0
    return perNumber * (base + 2 * trained + states) / weights
  }
}
