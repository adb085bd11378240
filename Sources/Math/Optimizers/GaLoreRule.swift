/// GaLore (Zhao et al. 2024, arXiv 2403.03507): another rule steps in the space of G's leading singular
/// vectors, renewed every `gap` steps, W ← W + scale·P·u·Qᵀ with u = −η·ρ(R).
///
/// R = PᵀG (r×m), GQ (n×r) or, on both sides, PᵀGQ (r×r). The moments live in R's shape and are not
/// expressed anew when P and Q are.
package struct GaLoreRule: Optimizer {
  /// Which singular vectors G is projected on.
  package enum Side: String, CaseIterable, Sendable {
    /// Left for n ≤ m, else right: R is as small as one side makes it.
    case std
    /// Right for n ≤ m, else left.
    case reverseStd = "reverse-std"
    case left, right
    /// Both: R = PᵀGQ.
    case full

    func hasLeft(_ n: Int, _ m: Int) -> Bool {
      switch self {
      case .std: n <= m
      case .reverseStd: n > m
      case .left, .full: true
      case .right: false
      }
    }

    func hasRight(_ n: Int, _ m: Int) -> Bool { self == .full || !hasLeft(n, m) }
  }

  package let rank: Int
  package let gap: Int
  package let scale: Double
  package let side: Side
  private let base: OptimizerChoice
  private var t = 0
  private var layers: [Projector] = []
  private var projected: [Parameters] = []
  private var direction: Direction?

  package init(base: OptimizerChoice, rank: Int, gap: Int, scale: Double, side: Side) {
    self.base = base
    self.rank = rank
    self.gap = gap
    self.scale = scale
    self.side = side
  }

  /// P (n×r) and Q (m×r) of a layer, nil on a side that is not projected, as of the last step.
  package func projector(layer: Int) -> (P: Matrix?, Q: Matrix?) { (layers[layer].P, layers[layer].Q) }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    try step(&θ) { l in Gradient(X: nil, D: g[l][.W]) }
  }

  package var takesFactoredGradients: Bool { true }

  package mutating func step(_ θ: inout [Parameters], _ passes: [LayerPass]) throws(LinearAlgebraError) {
    try step(&θ) { l in passes[l].gradient }
  }

  private mutating func step(_ θ: inout [Parameters], gradient: (Int) -> Gradient) throws(LinearAlgebraError)
  {
    if layers.isEmpty {
      layers = θ.map { Projector($0[.W].shape, rank: rank, side: side) }
      projected = layers.map { Parameters([.R: $0.room]) }
      direction = Direction(base.withoutDecay.rule(), shapes: projected)
    }
    for l in θ.indices {
      if t.isMultiple(of: gap) {
        try layers[l].renew(gradient(l), into: &projected[l][.R])
      } else {
        layers[l].project(gradient(l), into: &projected[l][.R])
      }
    }
    t += 1
    try direction?.step(&projected)
    let shrink = 1 - base.learningRate * base.weightDecay
    for (l, update) in (direction?.update ?? []).enumerated() {
      if base.family != .galoreAdamW { θ[l][.W].scale(by: shrink) }
      layers[l].add(scale, update[.R], to: &θ[l][.W])
      if base.family == .galoreAdamW { θ[l][.W].scale(by: shrink) }
    }
  }

  package mutating func forget(layer: Int) { (t, layers) = (0, []) }

  package mutating func dropWorkspace() {
    for l in layers.indices { layers[l].dropWorkspace() }
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? GaLoreRule else { return self }
    var copy = self
    (copy.t, copy.layers, copy.projected) = (old.t, old.layers, old.projected)
    copy.direction = old.direction.map { Direction(base.withoutDecay.rule(), continuing: $0) }
    return copy
  }

  /// The rule's in R's shape, and the projectors.
  package func stateCount(_ θ: [Parameters]) -> Int {
    var count = 0
    for layer in θ {
      let one = Projector(layer[.W].shape, rank: rank, side: side)
      count += base.rule().stateCount([Parameters([.R: one.room])])
      count += (one.P?.storage.count ?? 0) + (one.Q?.storage.count ?? 0)
    }
    return count
  }

  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(0) { sum, layer in
      let (n, m) = layer[.W].shape
      let room = Projector((n, m), rank: rank, side: side).room
      let r = Double(min(rank, n, m))
      let product: Double = 4 * Double(n) * Double(m) * r
      let small: Double = side == .full ? 4 * r * r * Double(m) : 0
      return sum + product + small + base.rule().flops([Parameters([.R: room])])
    }
  }
}

/// One layer's P and Q.
private struct Projector: Sendable {
  private(set) var P: Matrix?
  private(set) var Q: Matrix?
  /// Zero, in R's shape.
  let room: Matrix
  /// u·Qᵀ, for two sides.
  private var half: Matrix
  /// XP and DQ.
  private var left = Matrix(0, 0)
  private var right = Matrix(0, 0)
  /// G's singular vectors; nil before the first renewal.
  private var vectors: GradientVectors?

  init(_ shape: (rows: Int, columns: Int), rank: Int, side: GaLoreRule.Side) {
    let (n, m) = shape
    let r = min(rank, n, m)
    // Until a gradient says more, the first r coordinates.
    func coordinates(_ size: Int) -> Matrix { Matrix(size, r) { $0 == $1 ? 1 : 0 } }
    P = side.hasLeft(n, m) ? coordinates(n) : nil
    Q = side.hasRight(n, m) ? coordinates(m) : nil
    room = Matrix(P == nil ? n : r, Q == nil ? m : r)
    half = Matrix(side == .full ? r : 0, side == .full ? m : 0)
  }

  mutating func dropWorkspace() {
    (left, right, vectors) = (Matrix(0, 0), Matrix(0, 0), nil)
  }

  /// P and Q ← the leading singular vectors of G, unless G is zero; R ← G projected.
  mutating func renew(_ G: Gradient, into R: inout Matrix) throws(LinearAlgebraError) {
    if vectors?.fits(G) != true { vectors = GradientVectors(G, P?.columns ?? Q?.columns ?? 0) }
    guard try vectors?.decompose(G) == true, let found = vectors?.found else { return R.scale(by: 0) }
    P?.set(found.U)
    Q?.set(found.V)
    guard P != nil, Q != nil else { return project(G, into: &R) }
    // Exactly diagonal: what rounding leaves beside the diagonal, Adam would make steps of.
    R.scale(by: 0)
    for k in found.σ.indices { R[k, k] = found.σ[k] }
  }

  /// R ← PᵀGQ = (XP)ᵀ(DQ).
  mutating func project(_ G: Gradient, into R: inout Matrix) {
    if let P {
      left.fit(G.D.rows, P.columns)
      G.multiplyInput(P, into: &left)
    }
    if let Q {
      right.fit(G.D.rows, Q.columns)
      right.set(G.D, Q)
    }
    switch (P, Q) {
    case (_?, _?): R.set(left.T, right)
    case (_?, nil): R.set(left.T, G.D)
    case (nil, _): G.multiplyInputTransposed(1, right, into: &R)
    }
  }

  /// W ← W + α·P·u·Qᵀ.
  mutating func add(_ α: Double, _ u: Matrix, to W: inout Matrix) {
    switch (P, Q) {
    case (let P?, let Q?):
      half.set(u, Q.T)
      W.add(α, P, half)
    case (let P?, nil): W.add(α, P, u)
    case (nil, let Q?): W.add(α, u, Q.T)
    case (nil, nil): W.add(α, u)
    }
  }
}
