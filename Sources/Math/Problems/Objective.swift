import CKernels
import Glibc

/// The loss of the chain's output Y (b×m).
package enum Objective: Equatable, Sendable {
  /// ½‖Y − T‖_F².
  case squaredDistance
  /// ‖Y − T‖_F²/(2b).
  case meanSquaredError
  /// The mean of −log softmax(Y)[i, label i].
  case crossEntropy

  /// The loss, and D ← ∂L/∂Y.
  package func loss(_ Y: Matrix, _ wanted: Examples, D: inout Matrix) -> Double {
    switch self {
    case .squaredDistance: residual(Y, wanted, weight: 1, D: &D)
    case .meanSquaredError: residual(Y, wanted, weight: 1 / Double(Y.rows), D: &D)
    case .crossEntropy: crossEntropy(Y, wanted.labels, D: &D)
    }
  }

  /// D = w·(Y − T) and the loss w·‖Y − T‖²/2.
  private func residual(_ Y: Matrix, _ wanted: Examples, weight w: Double, D: inout Matrix) -> Double {
    Matrix.requireSameShape(Y, wanted.Y)
    Matrix.requireSameShape(Y, D)
    return 0.5 * w * weighted_difference(Y.storage.count, w, Y.storage, wanted.Y.storage, &D.storage)
  }

  /// D = (softmax(Y) − onehot)/b. The largest entry of a row is taken out first, so nothing overflows.
  private func crossEntropy(_ Y: Matrix, _ labels: [Int], D: inout Matrix) -> Double {
    let (b, m) = Y.shape
    var total = 0.0
    for i in 0..<b {
      var top = -Double.infinity
      for j in 0..<m { top = max(top, Y[i, j]) }
      var sum = 0.0
      for j in 0..<m {
        let weight = exp(Y[i, j] - top)
        D[i, j] = weight
        sum += weight
      }
      total += log(sum) + top - Y[i, labels[i]]
      for j in 0..<m { D[i, j] /= sum * Double(b) }
      D[i, labels[i]] -= 1 / Double(b)
    }
    return total / Double(b)
  }
}
