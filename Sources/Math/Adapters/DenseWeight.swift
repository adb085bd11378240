/// Full fine-tuning: θ = W itself.
package struct DenseWeight: Adapter {
  /// Where the rule keeps W; nil when it may go anywhere.
  package let reach: Reach?
  package let rankBound: Int?

  package init(within reach: Reach? = nil, rankBound: Int? = nil) {
    self.reach = reach
    self.rankBound = rankBound
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { θ[.W].shape }

  package func scratch(rows: Int) -> [Matrix] { [] }

  package func forward(_ θ: Parameters, _ pass: inout LayerPass) { pass.setOutput(θ[.W]) }

  /// ∂L/∂W = G.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.gradient.dense(into: &g[.W])
  }

  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) { g[.W].set(G) }

  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, θ[.W].T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) { W.set(θ[.W]) }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    Matrix.distance(θ[.W], W)
  }

  /// 6bnm, 4bnm in a first layer.
  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    guard let b else { return 0 }
    return 2 * Double(b) * Double(θ.count) * (isFirst ? 2 : 3)
  }
}
