/// Every step in another random subspace: with fresh A (n×r) and B (r×m), entries N(0, 1/r), G is exchanged
/// for a projection of it. Su's gradient view of LoRA; Flora (Hao et al. 2024, arXiv 2402.03293) is a relative.
package struct RandomProjectionRule: Optimizer {
  /// What G is exchanged for, times k.
  package enum Form: String, CaseIterable, Sendable {
    /// AAᵀG + GBᵀB, whose mean is 2G.
    case first
    /// The same less η·k·GBᵀAᵀG: LoRA's own step from (A, B), restarted at every step.
    case exact
    /// AAᵀG.
    case left
    /// GBᵀB.
    case right
  }

  /// Where A and B come from.
  package enum Draws: Sendable {
    case generated(Generator, rank: Int)
    /// One pair a step, the same for all layers.
    case given([(A: Matrix, B: Matrix)])
  }

  package let form: Form
  package let k: Double
  package let learningRate: Double
  package let draws: Draws
  private var base: any Optimizer
  private var t = 0
  private var layers: [Workspace] = []

  /// A, B, AᵀG (r×m) and GBᵀ (n×r) of a layer.
  private struct Workspace: Sendable {
    var A, B, AtG, GBt: Matrix

    mutating func project(_ G: inout Matrix, _ form: Form, _ k: Double, _ η: Double) {
      AtG.set(A.T, G)
      GBt.set(G, B.T)
      G.scale(by: 0)
      if form != .right { G.add(k, A, AtG) }
      if form != .left { G.add(k, GBt, B) }
      if form == .exact { G.add(-η * k * k, GBt, AtG) }
    }
  }

  package init(base: any Optimizer, form: Form, k: Double, learningRate: Double, draws: Draws) {
    self.base = base
    self.form = form
    self.k = k
    self.learningRate = learningRate
    self.draws = draws
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if layers.isEmpty {
      layers = θ.map {
        let ((n, m), r) = ($0[.W].shape, rank)
        return Workspace(A: Matrix(n, r), B: Matrix(r, m), AtG: Matrix(r, m), GBt: Matrix(n, r))
      }
    }
    for l in θ.indices {
      draw(layer: l, of: θ.count)
      layers[l].project(&g[l][.W], form, k, learningRate)
    }
    t += 1
    try base.step(&θ, &g)
  }

  private mutating func draw(layer l: Int, of count: Int) {
    switch draws {
    case .generated(let generator, let r):
      var generator = generator.branch(t * count + l)
      let deviation = 1 / Double(r).squareRoot()
      generator.fillNormal(&layers[l].A, deviation: deviation)
      generator.fillNormal(&layers[l].B, deviation: deviation)
    case .given(let pairs):
      layers[l].A.set(pairs[t].A)
      layers[l].B.set(pairs[t].B)
    }
  }

  private var rank: Int {
    switch draws {
    case .generated(_, let r): r
    case .given(let pairs): pairs.first?.A.columns ?? 0
    }
  }

  package mutating func forget(layer: Int) {
    t = 0
    base.forget(layer: layer)
  }

  package mutating func dropWorkspace() {
    layers = []
    base.dropWorkspace()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? RandomProjectionRule else { return self }
    var copy = self
    copy.base = base.continuing(old.base)
    (copy.t, copy.layers) = (old.t, old.layers)
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { base.stateCount(θ) }

  package func flops(_ θ: [Parameters]) -> Double {
    let products: Double = form == .exact ? 10 : form == .first ? 8 : 4
    return products * Double(θ.trainedCount) * Double(rank) + base.flops(θ)
  }
}
