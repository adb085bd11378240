import Math

// Row 43: LoRA-GA's gain over LoRA against the number of examples.

extension Claim {
  static func samples(_ N: Int, k: Int = 4, lr: Double = 0.05, batch: String = "all") -> String {
    "task=linreg n=32 m=24 k=\(k) norm=4 cov=0.5 samples=\(N) held=512 noise=0 batch=\(batch) r=4 alpha=4 "
      + "lr=\(plain(lr)) steps=400 variants=lora-ga(scale=unit),lora(init=normal)"
  }

  static func gains(_ seed: Int) throws -> [Reading] {
    func atStep(_ N: Int, _ step: Int) throws -> Double {
      try Experiment(samples(N), seed: seed).advanced(to: step).gain
    }
    /// The scenario's own LoRA-GA would start from the first batch alone.
    func threeEpochs(_ N: Int) throws -> Double {
      let start = try Experiment(samples(N, k: 8, lr: 0.02), seed: seed)
      let θ = start.parameters(1)
      let adapter = LowRank(W0: start.W0, A0: θ[.A], B0: θ[.B], scale: 1)
      let line = samples(N, k: 8, lr: 0.02, batch: "8")
      let lora = try Experiment(line, seed: seed).simulation.series[2]
      let run = try Experiment(line, seed: seed) { _ in
        [lowRank(adapter, θ[.A], θ[.B], start.scenario.optimizer.rule()), lora]
      }
      return run.advanced(to: 3 * N / 8).gain
    }
    let early = try [16, 64, 256, 1024].map { try atStep($0, 20) }
    let wanted = [
      (16, 0.03), (32, 0.11), (64, 0.37), (128, 0.64), (256, 0.76), (512, 0.04), (1024, 0.03),
    ]
    let epochs = try wanted.map { N, _ in try threeEpochs(N) }
    let between = epochs[1...5].max() ?? .nan
    return try [
      Reading("gain at step 20, N = 16", early[0], in: .about(0.24)),
      Reading("gain at step 20, N = 1024", early[3], in: .about(0.95, within: 0...1)),
      .yes(
        "gain at step 20 rises over N = 16, 64, 256, 1024",
        zip(early, early.dropFirst()).allSatisfy { $0 < $1 }),
      Reading("gain at step 300, N = 64", atStep(64, 300), in: -(.infinity)...0),
      Reading("gain at step 300, N = 1024", atStep(1024, 300), in: -(.infinity)...0),
      .yes("gain of three epochs largest in between", between > max(epochs[0], epochs[6])),
    ]
      + zip(wanted, epochs).map { Reading("gain of three epochs, N = \($0.0)", $1, in: .about($0.1)) }
  }
}

extension Experiment {
  /// 1 − L(first variant)/L(second) on the held-out examples.
  fileprivate var gain: Double {
    var copy = simulation
    guard let losses = copy.heldOutLosses() else { return .nan }
    return 1 - losses[1] / losses[2]
  }
}
