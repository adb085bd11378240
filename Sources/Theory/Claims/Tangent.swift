import Math

/// What the first step of factors changes, to first order and for s = 1: T = AAᵀG + GBᵀB, less −η.
struct Tangent {
  let T: Matrix
  let G: Matrix

  init(_ A: Matrix, _ B: Matrix, _ G: Matrix) {
    T = A * (A.T * G) + (G * B.T) * B
    self.G = G
  }

  /// The factors a series of a run begins with.
  init(_ run: Experiment, _ series: Int) {
    let θ = run.parameters(series)
    self.init(θ[.A], θ[.B], run.gradients(at: [run.W0])[0])
  }

  /// ‖T − G‖/‖G‖.
  var residual: Double { (T - G).norm / G.norm }

  /// The same for the multiple of T that makes it least.
  var bestResidual: Double { (Matrix.dot(T, G) / T.squaredNorm * T - G).norm / G.norm }

  var cosine: Double { Theory.cosine(T, G) }
}

func cosine(_ X: Matrix, _ Y: Matrix) -> Double { Matrix.dot(X, Y) / (X.norm * Y.norm) }

extension SVD {
  /// tail_k(M)/‖M‖.
  static func tailShare(of M: Matrix, after k: Int) throws(LinearAlgebraError) -> Double {
    tail(try SVD.values(M), after: k) / M.norm
  }
}
