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

  /// ‖W(θ) − W‖_F.
  /// - Parameter tile: room that grows to what is needed.
  func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double

  /// g ← ∂L/∂θ by the chain rule from a dense G = ∂L/∂W: the plain form of `pullback`, and dearer.
  func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters)

  /// The singular values of W(θ) − W0, descending, min(n, m) of them.
  func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double]

  /// Whether `forward` can do with X·W0 in place of a product of that size.
  var usesPretrainedOutput: Bool { get }

  /// All weights this adapter can reach lie within rank `rank` of `frozen`; nil when there is no such bound.
  var reach: Reach? { get }

  /// No W(θ) − W0 has a larger rank; nil when min(n, m) is all that can be said.
  var rankBound: Int? { get }

  /// What the trained factors A and B are to the weight.
  var factoring: Factoring { get }

  /// The same W(θ) with a pull-back that is the gradient of the loss; nil when its own is, as always but where
  /// an author's code takes another.
  var withTrueGradient: (any Adapter)? { get }

  /// Floating-point operations of forward, pull-back and, but for a first layer, input gradient; 2 a
  /// multiply-add, products of matrices only.
  /// - Parameter b: examples; nil where the input is the identity.
  func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double

  /// Called when step `step`, counted from 0, has been taken: adapters that start anew move what they
  /// have learned into what they keep frozen, and say so by true. W(θ) stays the same.
  mutating func restart(after step: Int, _ θ: inout Parameters) -> Bool
}

extension Adapter {
  package func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double] {
    try SVD.values(weight(θ) - W0)
  }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    tile.whole(W.rows, W.columns) { merged in
      weight(θ, into: &merged)
      return Matrix.distance(merged, W)
    }
  }

  package var usesPretrainedOutput: Bool { false }

  package var reach: Reach? { nil }

  package var rankBound: Int? { nil }

  package var factoring: Factoring { .none }

  package var withTrueGradient: (any Adapter)? { nil }

  package mutating func restart(after step: Int, _ θ: inout Parameters) -> Bool { false }

  /// W(θ), merged.
  package func weight(_ θ: Parameters) -> Matrix {
    let (n, m) = shape(θ)
    var W = Matrix(n, m)
    weight(θ, into: &W)
    return W
  }
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

/// What factors A (n×r) and B (r×m) are to a weight.
package enum Factoring: Equatable, Sendable {
  /// There are none, or no product of them.
  case none
  /// W(θ) = Wfz + s·AB.
  case product(frozen: Matrix, scale: Double)
  /// AB stands among other trained things.
  case partly
}

/// One layer's part of a forward and backward pass.
package struct LayerPass: Sendable {
  /// The input X and ∂L/∂Y.
  package var gradient: Gradient
  /// X·W0, b×m, where it is known already.
  package var pretrainedOutput: Matrix?
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
