/// A layer that is not trained: W(θ) = W0, and θ is empty.
package struct FrozenWeight: Adapter {
  package let W0: Matrix

  package init(W0: Matrix) { self.W0 = W0 }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { W0.shape }

  package func scratch(rows: Int) -> [Matrix] { [] }

  package func forward(_ θ: Parameters, _ pass: inout LayerPass) { pass.setPretrainedOutput(W0) }

  package var usesPretrainedOutput: Bool { true }

  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {}

  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {}

  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, W0.T)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) { W.set(W0) }

  package var reach: Reach? { Reach(frozen: W0, rank: 0) }

  package var rankBound: Int? { 0 }

  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    guard let b else { return 0 }
    return 2.0 * Double(b) * Double(W0.storage.count) * (isFirst ? 1 : 2)
  }
}

extension LayerPass {
  /// Lets go of what belongs to the examples.
  mutating func release() {
    gradient.X = nil
    pretrainedOutput = nil
  }

  /// Y ← X·W0, known or not.
  mutating func setPretrainedOutput(_ W0: Matrix) {
    if let pretrainedOutput {
      Y.set(pretrainedOutput)
    } else {
      setOutput(W0)
    }
  }

  /// Y ← XW.
  mutating func setOutput(_ W: Matrix) {
    if let X = gradient.X {
      Y.set(X, W)
    } else {
      Y.set(W)
    }
  }
}
