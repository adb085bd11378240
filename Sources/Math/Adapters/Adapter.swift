/// A parametrisation W(θ) of one layer's weight, n×m. It holds what stays frozen; θ and the scratch of a
/// pass are handed in, so that nothing is allocated in a step.
package protocol Adapter: Sendable {
  /// n and m.
  func shape(_ θ: Parameters) -> (rows: Int, columns: Int)

  /// Room for the intermediate products of a pass over `rows` rows.
  func scratch(rows: Int) -> [Matrix]

  /// pass.Y ← X·W(θ) for X = pass.gradient.X.
  func forward(_ θ: Parameters, _ pass: inout LayerPass)

  /// g ← ∂L/∂θ, from pass.gradient and what `forward` left in the scratch.
  func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters)

  /// dX ← D·W(θ)ᵀ, after `pullback`.
  func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix)

  /// W ← W(θ), merged.
  func weight(_ θ: Parameters, into W: inout Matrix)

  /// The singular values of W(θ) − W0, descending, min(n, m) of them.
  func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double]

  /// All weights this adapter can reach lie within rank `rank` of `frozen`; nil when there is no such bound.
  var reach: Reach? { get }
}

/// The weights an adapter can reach: `frozen` plus any matrix of rank at most `rank`.
package struct Reach: Equatable, Sendable {
  package var frozen: Matrix
  package var rank: Int

  package init(frozen: Matrix, rank: Int) {
    self.frozen = frozen
    self.rank = rank
  }
}

/// One layer's part of a forward and backward pass.
package struct LayerPass: Sendable {
  /// The input X and ∂L/∂Y.
  package var gradient: Gradient
  /// The output Y = X·W(θ), b×m.
  package var Y: Matrix
  /// The adapter's intermediate products.
  package var scratch: [Matrix]

  package init(X: Matrix?, rows: Int, columns: Int, adapter: any Adapter) {
    gradient = Gradient(X: X, D: Matrix(rows, columns))
    Y = Matrix(rows, columns)
    scratch = adapter.scratch(rows: rows)
  }
}
