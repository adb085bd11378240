import Math

/// Factors A, n×r, and B, r×m, and a gradient G, n×m, by the textbook: projectors from Gram matrices.
protocol Factored {
  var A: Matrix { get }
  var B: Matrix { get }
  var G: Matrix { get }
}

extension Factored {
  /// On A's column space, n×n.
  var PA: Matrix { get throws { A * (try pseudoInverse(A.T * A)) * A.T } }
  /// On B's row space, m×m.
  var PB: Matrix { get throws { B.T * (try pseudoInverse(B * B.T)) * B } }

  /// (I − P_A)·G·(I − P_B): what no step of the factors reaches.
  var unreachable: Matrix {
    get throws {
      let left = G - (try PA) * G
      return left - left * (try PB)
    }
  }
}
