/// The best a method of rank r can do step by step: the full step, then the nearest weight of rank r about
/// W0, D ← SVD_r(D − η·G(W0 + D)).
package struct OracleRule: Optimizer {
  package let rank: Int
  private var base: any Optimizer
  /// W0 of each layer: what the first step starts from.
  private var start: [Matrix] = []
  private var rooms: [Room] = []

  private struct Room: Sendable {
    var D: Matrix
    var svd: SVD
    var leading: Triplets

    init(_ shape: (rows: Int, columns: Int), _ rank: Int) {
      let (n, m) = shape
      D = Matrix(n, m)
      svd = SVD(rows: n, columns: m)
      leading = Triplets(rows: n, columns: m, min(rank, n, m))
    }

    /// W ← W0 + SVD_r(W − W0).
    mutating func truncate(_ W: inout Matrix, about W0: Matrix) throws(LinearAlgebraError) {
      D.set(W)
      D.add(-1, W0)
      try svd.decompose(D)
      leading.set(svd)
      for k in leading.σ.indices { leading.U.scaleColumn(k, by: leading.σ[k]) }
      W.set(W0)
      W.add(leading.U, leading.V.T)
    }
  }

  package init(base: any Optimizer, rank: Int) {
    self.base = base
    self.rank = rank
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if start.isEmpty { start = θ.map { $0[.W] } }
    if rooms.isEmpty { rooms = start.map { Room($0.shape, rank) } }
    try base.step(&θ, &g)
    for l in θ.indices { try rooms[l].truncate(&θ[l][.W], about: start[l]) }
  }

  package mutating func forget(layer: Int) {
    start = []
    base.forget(layer: layer)
  }

  package mutating func dropWorkspace() {
    rooms = []
    base.dropWorkspace()
  }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? OracleRule else { return self }
    var copy = self
    copy.base = base.continuing(old.base)
    copy.start = old.start
    return copy
  }

  package func stateCount(_ θ: [Parameters]) -> Int { base.stateCount(θ) }

  package func flops(_ θ: [Parameters]) -> Double { base.flops(θ) }
}
