// Pictures of a state: more than one number a series.

extension Simulation {
  /// Of every series the angles between the r leading left singular vectors of W_t − W0 and those of
  /// W_t^full − W0, r of the run, in degrees, smallest first; as many as both have. nil for full fine-tuning,
  /// for a weight that has not moved and after divergence.
  ///
  /// - Complexity: a decomposition of an n×m matrix a series.
  package mutating func columnAngles(layer: Int = 0) -> [[Double]?] {
    follow()
    let (W0, δ) = (problem.pretrained[layer], rounding(layer: layer))
    /// The directions, and what rounding can turn them by, in radians: δ/σ of the last (Wedin 1972).
    func space(_ one: inout Series) -> (U: Matrix, rounding: Double)? {
      guard !one.hasDiverged, let r = scenario?.r else { return nil }
      let Δ = one.weight(layer: layer) - W0
      // What rounding leaves of W0 − s·A0B0 + s·A0B0 is no direction.
      guard Δ.norm > 1e-13 * max(1, W0.norm), let svd = try? SVD.leading(Δ, min(r, Δ.rows, Δ.columns)) else {
        return nil
      }
      let rank = svd.rank(tolerance: 1e-10)
      return (svd.U.columns(0..<rank), δ / svd.σ[rank - 1])
    }
    guard let full = space(&series[0]) else { return series.map { _ in nil } }
    return series.indices.map { i in
      guard i > 0, let own = space(&series[i]) else { return nil }
      let rounding = max(own.rounding, full.rounding)
      return (try? Matrix.principalAngles(own.U, full.U))?.map { $0 <= rounding ? 0 : $0 * 180 / .pi }
    }
  }

  /// |W_t − W_t^full| of a series, entry by entry; nil where either has diverged.
  package mutating func entryDistances(series i: Int, layer: Int = 0) -> Matrix? {
    follow()
    guard !series[0].hasDiverged, !series[i].hasDiverged else { return nil }
    var distances = series[i].weight(layer: layer) - series[0].weight(layer: layer)
    for e in distances.storage.indices { distances.storage[e] = abs(distances.storage[e]) }
    return distances
  }
}
