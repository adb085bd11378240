/// Another adapter computed the plain way: W(θ) is merged, Y = X·W(θ), and ∂L/∂θ follows from the dense
/// G = XᵀD. What `X(W0 + AB)` costs, beside `XW0 + (XA)B`.
package struct Merged: Adapter {
  package private(set) var inner: any Adapter
  private let size: (rows: Int, columns: Int)

  package init(_ inner: any Adapter, _ θ: Parameters) {
    self.init(inner, size: inner.shape(θ))
  }

  private init(_ inner: any Adapter, size: (rows: Int, columns: Int)) {
    self.inner = inner
    self.size = size
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { size }

  /// W(θ) and G, both n×m.
  package func scratch(rows: Int) -> [Matrix] {
    [Matrix(size.rows, size.columns), Matrix(size.rows, size.columns)]
  }

  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    inner.weight(θ, into: &pass.scratch[0])
    pass.setOutput(pass.scratch[0])
  }

  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.gradient.dense(into: &pass.scratch[1])
    inner.pullback(θ, dense: pass.scratch[1], into: &g)
  }

  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    inner.pullback(θ, dense: G, into: &g)
  }

  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, pass.scratch[0].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) { inner.weight(θ, into: &W) }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    inner.distance(θ, to: W, &tile)
  }

  package func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double] {
    try inner.updateSpectrum(θ, from: W0)
  }

  package var reach: Reach? { inner.reach }

  package var rankBound: Int? { inner.rankBound }

  package var factoring: Factoring { inner.factoring }

  package var withTrueGradient: (any Adapter)? {
    inner.withTrueGradient.map { Merged($0, size: size) }
  }

  /// 6bnm + 6nmr for low-rank factors: that of the dense weight, and the merge and the chain rule.
  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    let (n, m) = (Double(size.rows), Double(size.columns))
    let passes: Double = b.map { 2 * Double($0) * n * m * (isFirst ? 2 : 3) } ?? 0
    // Without examples the lean form itself is the merge and the chain rule.
    return passes + inner.flops(θ, examples: nil, isFirst: true)
  }

  package mutating func restart(after step: Int, _ θ: inout Parameters) -> Bool {
    inner.restart(after: step, &θ)
  }
}
