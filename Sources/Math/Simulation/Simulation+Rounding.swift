extension Simulation {
  /// What rounding can make of a gap, a floor or a singular value of a layer that is zero: max(n, m)·ε·‖W‖_F, by
  /// which NumPy's `matrix_rank` tells zero too (with σ_1 ≤ ‖W‖_F), of the largest weight a series starts from.
  package func rounding(layer: Int) -> Double {
    let W0 = problem.pretrained[layer]
    return Double(max(W0.rows, W0.columns)) * Double.ulpOfOne * largestStart(layer: layer)
  }

  /// What rounding can make of a loss that is zero. Squared error: w·ρ²/2 for outputs that rounding keeps
  /// ρ = (max(n, m) + 2)·ε·‖Y‖_F away from Y, the products' roundings and those of the two sums in
  /// W0 − s·A0B0 + s·AB. Cross-entropy: the logarithm of a sum of m exponentials, mε.
  package var lossRounding: Double {
    let largest = problem.pretrained.map { max($0.rows, $0.columns) }.max() ?? 0
    switch problem.objective {
    case .crossEntropy: return Double(problem.pretrained.last?.columns ?? 0) * Double.ulpOfOne
    case .squaredDistance, .meanSquaredError:
      // Where the output is the weight itself, what it starts from may be larger than what is wanted.
      let start = problem.examples.X == nil ? largestStart(layer: 0) : 0
      let ρ: Double = Double(largest + 2) * Double.ulpOfOne * max(problem.examples.Y.norm, start)
      return 0.5 * problem.exampleWeight * ρ * ρ
    }
  }

  /// ‖W‖_F of the largest weight a series starts from.
  private func largestStart(layer: Int) -> Double {
    let weights = [problem.pretrained[layer]] + series.compactMap { $0.reach(layer: layer)?.frozen }
    return weights.map(\.norm).max() ?? 0
  }
}
