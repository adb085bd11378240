extension Simulation {
  /// What rounding can make of a gap, a floor or a singular value of a layer that is zero: max(n, m)·ε·‖W‖_F, by
  /// which NumPy's `matrix_rank` tells zero too (with σ_1 ≤ ‖W‖_F), of the largest weight a series starts from.
  package func rounding(layer: Int) -> Double {
    let W0 = problem.pretrained[layer]
    let weights = [W0] + series.compactMap { $0.reach(layer: layer)?.frozen }
    let largest = weights.map(\.norm).max() ?? 0
    return Double(max(W0.rows, W0.columns)) * Double.ulpOfOne * largest
  }
}
