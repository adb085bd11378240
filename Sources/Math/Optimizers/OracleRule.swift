/// The best a method of rank r can do step by step: the full step, then the nearest weight of rank r about
/// W0, D ← SVD_r(D − η·G(W0 + D)).
package struct OracleRule: Optimizer {
  package let rank: Int
  private var base: any Optimizer
  /// W0 of each layer: what the first step starts from.
  private var start: [Matrix] = []

  package init(base: any Optimizer, rank: Int) {
    self.base = base
    self.rank = rank
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if start.isEmpty { start = θ.map { $0[.W] } }
    try base.step(&θ, &g)
    for l in θ.indices { θ[l][.W] = try start[l] + SVD(θ[l][.W] - start[l]).truncated(to: rank) }
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
