import Math

// LoRA's own step, and which starts and scales are the same.

extension Check {
  static let lora = [
    Check(
      "I3", "step in η",
      "a step of LoRA moves the weight by two projections of the gradient and a term in η²",
      formula: "ΔW = −ηs²(AAᵀG + GBᵀB) + η²s³GBᵀAᵀG", source: "Su's gradient view of LoRA",
      needs: "LoRA factors under opt=sgd", tolerance: 1e-12,
      because: "of max(1, ‖W‖), before and after: a few roundings"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in e.factoredStep(&f, tolerance) },
    Check(
      "I16", "rsLoRA's s", "rank-stabilised LoRA is LoRA with α·√r in place of α", formula: "α/√r = (α√r)/r",
      source: "Kalajdzievski 2023, arXiv 2312.03732",
      needs: "alpha above 0, and a run that stays finite",
      tolerance: 1e-11, because: "of max(1, ‖W‖): the two s differ in the last digit", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let scenario = e.scenario, scenario.alpha > 0 else { return nil }
      let α = f.sum(scenario.alpha * Double(scenario.r).squareRoot())
      guard let stabilised = try e.run("rslora", alpha: scenario.alpha),
        let plain = try e.run("lora", alpha: max(0, α))
      else { return nil }
      return [.equal(stabilised, plain, unit: stabilised.norm, within: tolerance)]
    },
    Check(
      "I17", "s moved away", "under gradient descent s can be moved into the factors and the rate",
      formula: "(s, A0, B0, η) ≡ (1, √s·A0, √s·B0, s·η)",
      source: "both sides written out: ∂L/∂A = s·GBᵀ, ∂L/∂B = s·AᵀG", needs: "alpha above 0",
      tolerance: 1e-11, because: "of max(1, ‖W‖): six steps of a few roundings", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let s = e.scale else { return nil }
      let probe = e.probe(scale: s)
      let root = s.squareRoot()
      let moved = Probe(G: probe.G, A: root * probe.A, B: f.sum(root * probe.B), s: 1)
      let W = try probe.weight(after: 6, SGD(learningRate: probe.η))
      let same = try moved.weight(after: 6, SGD(learningRate: f.sum(s * probe.η)))
      return [.equal(W, same, unit: W.norm, within: tolerance)]
    },
    Check(
      "I20", "still factor", "beside a factor that starts at zero the other stays in the first step",
      formula: "B0 = 0 ⇒ A_1 = A0 and, under SGD, ΔW = −ηs²A0A0ᵀG; mirrored for A0 = 0",
      source: "Hu et al. 2021, arXiv 2106.09685",
      needs: "factors of which one starts at zero, no weight decay, and not LoRA-Pro with a random C",
      tolerance: 1e-12,
      because: "of max(1, ‖W‖); the factor that stays does so to the last bit"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in try e.atStart.zeroStart(&f, tolerance) },
    Check(
      "I22", "balance step", "gradient descent changes the balance of the factors in second order only",
      formula: "Δ(ρAᵀA − BBᵀ) = η²(ρ·g_Aᵀ·g_A − ρ²·g_B·g_Bᵀ),  ρ = η_B/η_A, 1 but for LoRA+",
      source: "Aᵀ·G_A = G_B·Bᵀ, so nothing of first order stays; exact for the flow, Arora et al. 2018",
      needs: "LoRA factors under opt=sgd",
      tolerance: 1e-10, because: "of the Grams: they are subtracted"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (A, B, s) = e.product, let η = e.descent, let next = e.nextθ else { return nil }
      let (ρ, a) = (η.ratioB, η.η)
      let (gA, gB) = (s * (e.G * B.T), s * (A.T * e.G))
      let before = ρ * (A.T * A) - B * B.T
      let after = ρ * (next[.A].T * next[.A]) - next[.B] * next[.B].T
      let change = f.sum((a * a * ρ) * (gA.T * gA), (-a * a * ρ * ρ) * (gB * gB.T))
      let unit = max(ρ * A.squaredNorm + B.squaredNorm, ρ * next[.A].squaredNorm + next[.B].squaredNorm)
      return [.equal(after - before, change, unit: unit, within: tolerance)]
    },
  ]
}

extension Evidence {
  /// Generic factors of the run's rank about its first gradient.
  func probe(scale s: Double, upTo size: Int = 64) -> Probe {
    let G = firstGradient(upTo: size)
    var generator = generator
    return Probe(G: G, rank: rank(within: G), s: s, &generator)
  }

  /// W of this layer after five steps of another variant with another α over r, on the same problem.
  fileprivate func run(_ variant: String, alpha: Double) throws(LinearAlgebraError) -> Matrix? {
    guard var scenario else { return nil }
    do {
      try scenario.set("scaling", to: "alpha/r")
      try scenario.set("alpha", to: plain(alpha))
      try scenario.set("variants", to: variant)
    } catch { return nil }
    var simulation = try Simulation(scenario, on: problem)
    for _ in 0..<5 { simulation.advance() }
    let W = simulation.weight(1, layer)
    return simulation.series[1].hasDiverged || !W.isFinite ? nil : W
  }

  /// What I20 says of a start.
  fileprivate func zeroStart(_ f: inout Formula, _ tolerance: Double) throws(LinearAlgebraError)
    -> [Comparison]?
  {
    let roles = θ.roles
    guard roles.contains(.A), roles.contains(.B), !roles.contains(.E), scenario?.optimizer.weightDecay == 0,
      adapter.factoring != .none, let next = nextθ
    else { return nil }
    if case .given = (rule as? LoRAProRule)?.choice { return nil }
    let isZero = (A: θ[.A].squaredNorm == 0, B: θ[.B].squaredNorm == 0)
    guard isZero.A != isZero.B else { return nil }
    let still: Parameters.Role = isZero.B ? .A : .B
    var comparisons: [Comparison] = [.equal(next[still], f.sum(θ[still]), unit: 1, within: 0)]
    if let (A, B, s) = product, let η = descent {
      let step = isZero.B ? (-η[.B] * s * s) * (A * (A.T * G)) : (-η[.A] * s * s) * ((G * B.T) * B)
      comparisons.insert(.equal(ΔW, f.sum(step), unit: size, within: tolerance), at: 0)
    }
    return comparisons
  }
}
