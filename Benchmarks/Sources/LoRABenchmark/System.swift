import Math

/// The systems of the workload, in the peers' order and words.
enum System: String, CaseIterable {
  case full
  case lora
  case loraGA = "lora_ga"
  case loraPro = "lora_pro"
  case dora
  case fullAdam = "full_adam"
  case loraProAdamW = "lora_pro_adamw"
  case galore

  /// Full fine-tuning with the same optimiser.
  var reference: System {
    switch self {
    case .full, .lora, .loraGA, .loraPro, .dora: .full
    case .fullAdam, .loraProAdamW, .galore: .fullAdam
    }
  }

  struct Settings {
    var rank: Int
    var scale: Double
    var learningRate: Double
    var adam: OptimizerChoice
    var galoreEvery: Int
  }

  func series(_ work: Workload, _ settings: Settings) -> Series {
    let sgd = SGD(learningRate: settings.learningRate)
    func lowRank(_ A: Matrix, _ B: Matrix) -> LowRank {
      LowRank(W0: work.W0, A0: A, B0: B, scale: settings.scale)
    }
    func series(_ adapter: any Adapter, _ θ: Parameters, _ rule: any Optimizer) -> Series {
      Series(name: rawValue, chain: Chain([(adapter, θ)]), rule: rule)
    }
    let B = Matrix(settings.rank, work.W0.columns)
    let (A0, B0) = work.startGA
    let dense = Parameters([.W: work.W0])
    switch self {
    case .full: return series(DenseWeight(), dense, sgd)
    case .lora: return series(lowRank(work.A, B), Parameters([.A: work.A, .B: B]), sgd)
    case .loraGA: return series(lowRank(A0, B0), Parameters([.A: A0, .B: B0]), sgd)
    case .loraPro:
      return series(
        lowRank(A0, B0), Parameters([.A: A0, .B: B0]), LoRAProRule(.factors(sgd), scale: settings.scale))
    case .dora:
      let (adapter, μ) = DoRA.attach(lowRank(work.A, B), W0: work.W0, isNormDetached: false)
      return series(adapter, Parameters([.A: work.A, .B: B, .μ: μ]), sgd)
    case .fullAdam: return series(DenseWeight(), dense, settings.adam.rule())
    case .loraProAdamW:
      return series(
        lowRank(A0, B0), Parameters([.A: A0, .B: B0]),
        LoRAProRule(.full(settings.adam, stepOffset: 0), scale: settings.scale))
    case .galore:
      // The peers' has no decay.
      var adam = settings.adam
      adam.weightDecay = 0
      return series(
        DenseWeight(), dense,
        GaLoreRule(
          base: adam, rank: settings.rank, gap: settings.galoreEvery, scale: 1, side: .left))
    }
  }
}
