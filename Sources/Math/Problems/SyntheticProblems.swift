import Glibc

extension Problem {
  /// How the weights to be learned lie: W0 with entries N(0, 1/n), and a wanted weight
  /// W* = W0 + U diag(λ) Vᵀ with random orthonormal U and V, ‖W* − W0‖_F = `norm`.
  package struct Target: Equatable, Sendable {
    package var rows: Int
    package var columns: Int
    package var spectrum: TargetSpectrum
    /// How many singular values are not zero, 1 to min(n, m).
    package var rank: Int
    package var norm: Double

    package init(rows: Int, columns: Int, spectrum: TargetSpectrum, rank: Int, norm: Double) {
      self.rows = rows
      self.columns = columns
      self.spectrum = spectrum
      self.rank = rank
      self.norm = norm
    }

    func draw(seed: UInt64) throws(LinearAlgebraError) -> (W0: Matrix, wanted: Matrix) {
      var weights = Generator(seed: seed, .pretrained)
      let W0 = weights.normalMatrix(rows, columns, deviation: 1 / Double(rows).squareRoot())
      var directions = Generator(seed: seed, .target)
      let U = try directions.orthonormal(rows, rank)
      let V = try directions.orthonormal(columns, rank)
      let λ = spectrum.values(count: rank)
      let scale = norm / λ.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (W0, W0 + scale * (U * Matrix.diagonal(λ) * V.T))
    }
  }

  /// Matrix approximation: L = ½‖W − W*‖_F², G = W − W*.
  package static func matrixApproximation(_ target: Target, seed: UInt64) throws(LinearAlgebraError)
    -> Problem
  {
    let (W0, wanted) = try target.draw(seed: seed)
    return Problem(
      pretrained: [W0], examples: Examples(X: nil, Y: wanted), objective: .squaredDistance)
  }

  /// Linear regression: L = ‖XW − Y‖_F²/(2b), rows of X ~ N(0, Q diag(λ) Qᵀ) with λ_i ∝ i^−p and trace n,
  /// Y = XW* + noise·N(0, 1).
  /// - Parameters:
  ///   - decay: p; 0 gives λ = 1.
  ///   - batch: examples a step; nil for all.
  package static func linearRegression(
    _ target: Target, samples: Int, decay: Double, noise: Double, batch: Int?, seed: UInt64
  ) throws(LinearAlgebraError) -> Problem {
    let (W0, wanted) = try target.draw(seed: seed)
    let n = target.rows
    var inputs = Generator(seed: seed, .inputs)
    var X = inputs.normalMatrix(samples, n)
    if decay != 0 {
      let powers = (1...n).map { pow(Double($0), -decay) }
      let trace = powers.reduce(0, +)
      let deviations = powers.map { (Double(n) * $0 / trace).squareRoot() }
      let Q = try inputs.orthonormal(n, n)
      X = X * Matrix.diagonal(deviations) * Q.T
    }
    var errors = Generator(seed: seed, .noise)
    let Y = X * wanted + errors.normalMatrix(samples, target.columns, deviation: noise)
    return Problem(
      pretrained: [W0], examples: Examples(X: X, Y: Y), objective: .meanSquaredError,
      batches: .ofSize(batch, count: samples, seed: seed))
  }
}
