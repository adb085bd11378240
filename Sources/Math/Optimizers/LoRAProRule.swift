/// LoRA-Pro (Wang and Liang 2024, arXiv 2407.18242): gradients are exchanged for (H_A, H_B), whose change of
/// the weight s(H_A·B + A·H_B) is as near to G as any step of these factors can be.
///
/// With K_A = (AᵀA)⁻¹ and K_B = (BBᵀ)⁻¹, pseudo-inverses where singular:
/// H_A = g_A·K_B/s² + A·C and H_B = (K_A·g_B − (K_A·g_B·Bᵀ·K_B)·B)/s² − C·B.
package struct LoRAProRule: Optimizer {
  /// The free r×r matrix C: it leaves the equivalent gradient alone and enters only the η² term.
  package enum Choice: Equatable, Sendable {
    /// C = 0.
    case zero
    /// C = −K_A·g_B·Bᵀ·K_B/(2s²): equal contributions of both factors.
    case symmetric
    /// AᵀA·C + C·BBᵀ = −Aᵀ·g_A·K_B/s²: H nearest to the plain gradients; the paper's choice.
    case sylvester
    /// One C for every layer and step.
    case given(Matrix)
  }

  /// What the rule of the run moves.
  package enum Moments: Sendable {
    /// A and B, along H: the paper's SGD form with SGD, its cheap form with any other rule.
    case factors(any Optimizer)
    /// A weight of full size, along the equivalent gradient g̃ = s(H_A·B + A·H_B); the factors then take
    /// the step nearest to the direction U it gives, with C from U. The paper's AdamW form, and no smaller
    /// in memory than full fine-tuning. The factors decay, A ← (1 − ηλ)A.
    case full(OptimizerChoice, stepOffset: Int)
  }

  package let scale: Double
  package let choice: Choice
  /// Added to both Grams before they are inverted.
  package let δ: Double
  /// Eigenvalues of a Gram below this share of the largest count as zero.
  package let tolerance: Double
  private let moments: Moments
  /// C for full moments' update, which is −η times a direction: a given C takes the −η along.
  private let updateChoice: Choice
  /// The rule that moves the factors; nil for full moments.
  private var base: (any Optimizer)?
  private var projections: [LoRAProProjection] = []
  /// The weights of full size of each layer; empty but for full moments.
  private var weights: [EquivalentWeight] = []

  package init(
    _ moments: Moments, scale: Double, choice: Choice = .sylvester, δ: Double = 0, tolerance: Double = 1e-12
  ) {
    self.moments = moments
    if case .factors(let rule) = moments { base = rule }
    self.scale = scale
    self.choice = choice
    updateChoice =
      if case .full(let base, _) = moments, case .given(let C) = choice {
        .given(-base.learningRate * C)
      } else { choice }
    self.δ = δ
    self.tolerance = tolerance
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if projections.isEmpty { projections = θ.map { LoRAProProjection(A: $0[.A], B: $0[.B]) } }
    for l in θ.indices {
      try projections[l].prepare(A: θ[l][.A], B: θ[l][.B], δ: δ, tolerance: tolerance)
    }
    switch moments {
    case .factors:
      try project(θ, &g, choice)
      try base?.step(&θ, &g)
    case .full(let base, let stepOffset):
      try project(θ, &g, .zero)
      try stepInFull(&θ, &g, base, stepOffset)
    }
  }

  private mutating func project(_ θ: [Parameters], _ g: inout [Parameters], _ choice: Choice)
    throws(LinearAlgebraError)
  {
    for l in θ.indices {
      try projections[l].project(&g[l], A: θ[l][.A], B: θ[l][.B], scale: scale, choice: choice)
    }
  }

  private mutating func stepInFull(
    _ θ: inout [Parameters], _ g: inout [Parameters], _ base: OptimizerChoice, _ stepOffset: Int
  ) throws(LinearAlgebraError) {
    if weights.isEmpty {
      weights = θ.map { EquivalentWeight($0, base.withoutDecay.rule(stepOffset: stepOffset)) }
    }
    for l in θ.indices { try weights[l].move(θ[l], &g[l], scale: scale) }
    try project(θ, &g, updateChoice)
    for layer in θ.indices {
      for role in [Parameters.Role.A, .B] {
        θ[layer][role].scale(by: 1 - base.learningRate * base.weightDecay)
        θ[layer][role].add(g[layer][role])
      }
    }
  }

  package mutating func forget(layer: Int) {
    weights = []
    base?.forget(layer: layer)
  }

  package mutating func dropWorkspace() {
    projections = []
    base?.dropWorkspace()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? LoRAProRule else { return self }
    var copy = self
    switch moments {
    case .factors(let rule): copy.base = old.base.map(rule.continuing)
    case .full(let base, let stepOffset):
      copy.weights = old.weights
      for l in copy.weights.indices {
        copy.weights[l].change(to: base.withoutDecay.rule(stepOffset: stepOffset))
      }
    }
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int {
    switch moments {
    case .factors(let rule): rule.stateCount(θ)
    case .full(let base, _): base.rule().stateCount(Self.weights(θ))
    }
  }

  package func flops(_ θ: [Parameters]) -> Double {
    var total = 0.0
    for layer in θ {
      let (n, r) = (Double(layer[.A].rows), Double(layer[.A].columns))
      let m = Double(layer[.B].columns)
      let projection: Double = 10 * r * r * (n + m)
      switch moments {
      case .factors(let rule): total += projection + rule.flops([layer])
      case .full(let base, _):
        total += 2 * projection + 8 * n * m * r + base.rule().flops(Self.weights([layer]))
      }
    }
    return total
  }

  /// One n×m matrix a layer.
  private static func weights(_ θ: [Parameters]) -> [Parameters] {
    θ.map { Parameters([.W: Matrix($0[.A].rows, $0[.B].columns)]) }
  }
}
