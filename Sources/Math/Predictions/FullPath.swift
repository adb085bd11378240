import Glibc

extension Problem {
  /// W_T of full fine-tuning by gradient descent at rate η, T steps on all data, without taking them.
  ///
  /// With squared error and one layer, W_{t+1} = W_t − η(G0 + S(W_t − W0)) for S = w·XᵀX, so
  /// W_T = W0 − Q diag((1 − (1 − ηλ)^T)/λ)Qᵀ·G0, S = Q diag(λ)Qᵀ. Weight decay adds itself to λ and its W0 to
  /// G0. Nil where the loss is no such quadratic.
  /// - Parameter steps: nil for the limit.
  package func fullWeight(rate η: Double, after steps: Int?, weightDecay: Double = 0)
    throws(LinearAlgebraError) -> Matrix?
  {
    guard pretrained.count == 1, objective != .crossEntropy else { return nil }
    let W0 = pretrained[0]
    var all = self
    all.batches = .all
    let G = all.firstGradients()[0] + weightDecay * W0
    func reach(_ λ: Double) -> Double { progress(λ + weightDecay, η, steps) }
    guard let X = examples.X else { return W0 - reach(1) * G }
    let weight: Double = objective == .squaredDistance ? 1 : 1 / Double(examples.count)
    let S = try SymmetricEigen(weight * (X.T * X))
    // What rounding leaves of a zero counts as one: no gradient points there.
    let dust = 1e-13 * (S.λ.last ?? 0)
    let share = Matrix.diagonal(S.λ.map { $0 > dust || weightDecay > 0 ? reach(max(0, $0)) : 0 })
    return W0 - S.Q * (share * (S.Q.T * G))
  }
}

/// (1 − (1 − ηλ)^T)/λ, ηT for λ = 0.
private func progress(_ λ: Double, _ η: Double, _ steps: Int?) -> Double {
  guard let steps else { return 1 / λ }
  guard λ > 0 else { return η * Double(steps) }
  let remaining: Double = pow(1 - η * λ, Double(steps))
  // Small ηλ would cancel.
  return η * λ < 0.1 ? -expm1(Double(steps) * log1p(-η * λ)) / λ : (1 - remaining) / λ
}
