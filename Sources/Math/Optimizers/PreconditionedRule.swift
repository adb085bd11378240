/// Gradients times r×r matrices of the factors, then any rule: d_A = G_A·K_A and d_B = K_B·G_B.
package struct PreconditionedRule: Optimizer {
  /// What K_A and K_B are made of. With either, A·C and C⁻¹·B move W as A and B do, if δ is zero.
  package enum Metric: Equatable, Sendable {
    /// K_A = (BBᵀ + δI)⁻¹ and K_B = (AᵀA + δI)⁻¹, pseudo-inverses where singular: ScaledGD.
    case grams(δ: Double)
    /// K_A = S⁻¹ and K_B = S, with S·AᵀA·S = BBᵀ: RefLoRA.
    case balance

    /// K_A and K_B, both r×r.
    package func factors(_ A: Matrix, _ B: Matrix) throws(LinearAlgebraError) -> (KA: Matrix, KB: Matrix) {
      let θ = Parameters([.A: A, .B: B])
      var room = Room(θ)
      try room.update(self, θ)
      return (room.KA, room.KB)
    }
  }

  package let metric: Metric
  private var base: any Optimizer
  private var rooms: [Room] = []

  package init(_ metric: Metric, base: any Optimizer) {
    self.metric = metric
    self.base = base
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if rooms.isEmpty { rooms = θ.map(Room.init) }
    for l in θ.indices {
      try rooms[l].update(metric, θ[l])
      rooms[l].precondition(&g[l])
    }
    try base.step(&θ, &g)
  }

  package mutating func forget(layer: Int) { base.forget(layer: layer) }

  package mutating func dropWorkspace() {
    rooms = []
    base.dropWorkspace()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? PreconditionedRule else { return self }
    var copy = self
    copy.base = base.continuing(old.base)
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { base.stateCount(θ) }

  /// Two Grams and two products, and the rule.
  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(base.flops(θ)) { $0 + 4 * Double($1[.A].columns) * Double($1.count) }
  }
}

/// One layer's matrices.
private struct Room: Sendable {
  private(set) var KA, KB: Matrix
  private var gram: GramSolver
  private var a, b, root, inverse, middle, product: Matrix
  private var dA, dB: Matrix

  init(_ θ: Parameters) {
    let r = θ[.A].columns
    gram = GramSolver(order: r)
    KA = Matrix(r, r)
    (KB, a, b, root, inverse, middle, product) = (KA, KA, KA, KA, KA, KA, KA)
    (dA, dB) = (θ[.A], θ[.B])
  }

  mutating func update(_ metric: PreconditionedRule.Metric, _ θ: Parameters) throws(LinearAlgebraError) {
    a.set(θ[.A].T, θ[.A])
    b.set(θ[.B], θ[.B].T)
    switch metric {
    case .grams(let δ):
      try gram.decompose(b, δ: δ)
      gram.invert(into: &KA)
      try gram.decompose(a, δ: δ)
      gram.invert(into: &KB)
    case .balance:
      // S = (AᵀA)^−½·((AᵀA)^½·BBᵀ·(AᵀA)^½)^½·(AᵀA)^−½, the geometric mean of (AᵀA)⁻¹ and BBᵀ.
      try gram.decompose(a)
      gram.root(into: &root)
      gram.invertRoot(into: &inverse)
      product.set(root, b)
      middle.set(product, root)
      try gram.decompose(middle)
      gram.invertRoot(into: &middle)
      product.set(root, middle)
      KA.set(product, root)
      gram.root(into: &middle)
      product.set(inverse, middle)
      KB.set(product, inverse)
    }
  }

  mutating func precondition(_ g: inout Parameters) {
    dA.set(g[.A], KA)
    dB.set(KB, g[.B])
    g[.A].set(dA)
    g[.B].set(dB)
  }
}
