/// Full fine-tuning: θ = W itself.
package struct DenseWeight: Adapter {
  package init() {}

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { θ[.W].shape }

  package func scratch(rows: Int) -> [Matrix] { [] }

  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    if let X = pass.gradient.X {
      pass.Y.set(X, θ[.W])
    } else {
      pass.Y.set(θ[.W])
    }
  }

  /// ∂L/∂W = G.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.gradient.dense(into: &g[.W])
  }

  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, θ[.W].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) { W.set(θ[.W]) }

  package func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double] {
    try SVD.values(θ[.W] - W0)
  }

  package var reach: Reach? { nil }
}
