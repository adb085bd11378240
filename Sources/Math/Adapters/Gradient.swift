/// What a layer Y = XW hands its adapter: X and D = ∂L/∂Y. The gradient G = ∂L/∂W = XᵀD, n×m, is formed
/// only when asked for; products with it go through the batch.
package struct Gradient: Sendable {
  /// The layer's input, b×n; nil stands for the identity, so that Y = W and G = D.
  package var X: Matrix?
  /// ∂L/∂Y, b×m, every 1/b inside.
  package var D: Matrix

  package init(X: Matrix?, D: Matrix) {
    self.X = X
    self.D = D
  }

  /// The shape of the weight it belongs to.
  package var shape: (rows: Int, columns: Int) { (X?.columns ?? D.rows, D.columns) }

  /// G ← XᵀD.
  package func dense(into G: inout Matrix) {
    multiplyInputTransposed(1, D, into: &G)
  }

  /// W ← W + α·XᵀD.
  func addDense(_ α: Double, to W: inout Matrix) {
    if let X {
      W.add(α, X.T, D)
    } else {
      W.add(α, D)
    }
  }

  package var dense: Matrix {
    var G = Matrix(shape.rows, shape.columns)
    dense(into: &G)
    return G
  }

  /// Z ← XA for an n×k matrix A.
  package func multiplyInput(_ A: Matrix, into Z: inout Matrix) {
    if let X {
      Z.set(X, A)
    } else {
      Z.set(A)
    }
  }

  /// M ← α·XᵀT for a b×k matrix T.
  package func multiplyInputTransposed(_ α: Double, _ T: Matrix, into M: inout Matrix) {
    if let X {
      M.set(α, X.T, T)
    } else {
      M.set(T)
      M.scale(by: α)
    }
  }
}
