/// LoRA-Muon (arXiv 2606.12921): both factors move so that W does so equally fast in all directions, whatever
/// the factors' own lengths.
///
/// M ← βM + (1 − β)g for either factor; R_A = (AᵀA)^−½ and R_B = (BBᵀ)^−½, pseudo-inverses where singular;
/// A ← qA − (η/2s)·msign(M_A·R_B)·R_B/q and B ← qB − (η/2s)·R_A·msign(R_A·M_B)/q with q = √(1 − ηλ), λ the
/// weight decay. The change of s·AB is at most η in spectral norm, to first order; the source has s = 1.
package struct LoRAMuonRule: Optimizer {
  package let scale: Double
  package let learningRate: Double
  package let momentum: Double
  package let weightDecay: Double
  private var mean: [Parameters] = []
  private var rooms: [Room] = []

  package init(scale: Double, learningRate: Double, momentum: Double, weightDecay: Double = 0) {
    self.scale = scale
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if mean.isEmpty { mean = g.map(\.zeros) }
    if rooms.isEmpty { rooms = θ.map(Room.init) }
    let q = max(0, 1 - learningRate * weightDecay).squareRoot()
    // An adapter with s = 0 is frozen, whatever its factors; one that decays at once is gone.
    let length = scale == 0 || q == 0 ? 0 : learningRate / (2 * scale * q)
    for l in θ.indices {
      for role in [Parameters.Role.A, .B] {
        mean[l][role].scale(by: momentum)
        mean[l][role].add(1 - momentum, g[l][role])
      }
      try rooms[l].update(θ[l], mean[l])
      θ[l][.A].scale(by: q)
      θ[l][.B].scale(by: q)
      θ[l][.A].add(-length, rooms[l].signA.value, rooms[l].rootB)
      θ[l][.B].add(-length, rooms[l].rootA, rooms[l].signB.value)
    }
  }

  package mutating func forget(layer: Int) { mean.clear() }

  package mutating func dropWorkspace() { rooms = [] }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    var copy = self
    copy.mean = (old as? LoRAMuonRule)?.mean ?? []
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { θ.trainedCount }

  /// Two Grams, two products with either root, msign, and 5 for each number.
  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(5 * Double(θ.trainedCount)) { sum, layer in
      sum + 8 * Double(layer[.A].columns) * Double(layer.count)
    }
  }
}

/// One layer's roots and signs.
private struct Room: Sendable {
  /// R_A and R_B, r×r.
  var rootA, rootB: Matrix
  /// msign(M_A·R_B), n×r, and msign(R_A·M_B), r×m.
  var signA, signB: MatrixSign
  private var gram: GramSolver
  private var product, MA, MB: Matrix

  init(_ θ: Parameters) {
    let r = θ[.A].columns
    rootA = Matrix(r, r)
    (rootB, product) = (rootA, rootA)
    (signA, signB) = (MatrixSign(θ[.A].shape), MatrixSign(θ[.B].shape))
    gram = GramSolver(order: r)
    (MA, MB) = (θ[.A], θ[.B])
  }

  mutating func update(_ θ: Parameters, _ mean: Parameters) throws(LinearAlgebraError) {
    product.set(θ[.A].T, θ[.A])
    try gram.decompose(product)
    gram.invertRoot(into: &rootA)
    product.set(θ[.B], θ[.B].T)
    try gram.decompose(product)
    gram.invertRoot(into: &rootB)
    MA.set(mean[.A], rootB)
    MB.set(rootA, mean[.B])
    try signA.update(MA)
    try signB.update(MB)
  }
}
