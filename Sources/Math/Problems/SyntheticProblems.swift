import Glibc

extension Problem {
  /// How the weights to be learned lie: W0 with entries N(0, 1/n) or with singular values of its own, and a wanted
  /// weight W* = W0 + U diag(λ) Vᵀ with random orthonormal U and V, ‖W* − W0‖_F = `norm`, or W0·diag(u).
  package struct Target: Equatable, Sendable {
    package var rows: Int
    package var columns: Int
    package var spectrum: TargetSpectrum
    /// How many singular values are not zero, 1 to min(n, m).
    package var rank: Int
    package var norm: Double
    /// The singular values of W0, the largest `largest`; nil for normal entries.
    package var pretrained: TargetSpectrum?
    package var largest = 1.0

    package init(rows: Int, columns: Int, spectrum: TargetSpectrum, rank: Int, norm: Double) {
      self.rows = rows
      self.columns = columns
      self.spectrum = spectrum
      self.rank = rank
      self.norm = norm
    }

    /// - Parameter layer: counted from 0; each draws its own.
    func draw(seed: UInt64, layer: Int = 0) throws(LinearAlgebraError) -> (W0: Matrix, wanted: Matrix) {
      var weights = Generator(seed: seed, .pretrained, offset: 10 * layer)
      let W0 = try drawPretrained(&weights)
      guard spectrum != .gains else {
        var gains = Generator(seed: seed, .target, offset: 10 * layer + 5)
        let u = (0..<columns).map { _ in 0.5 + 1.5 * gains.uniform() }
        return (W0, W0 * Matrix.diagonal(u))
      }
      var directions = Generator(seed: seed, .target, offset: 10 * layer)
      let U = try directions.orthonormal(rows, rank)
      let V = try directions.orthonormal(columns, rank)
      let λ = spectrum.values(count: rank)
      let scale = norm / λ.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (W0, W0 + scale * (U * Matrix.diagonal(λ) * V.T))
    }

    private func drawPretrained(_ generator: inout Generator) throws(LinearAlgebraError) -> Matrix {
      guard let pretrained else {
        return generator.normalMatrix(rows, columns, deviation: 1 / Double(rows).squareRoot())
      }
      let count = min(rows, columns)
      let U = try generator.orthonormal(rows, count)
      let V = try generator.orthonormal(columns, count)
      return largest * (U * Matrix.diagonal(pretrained.values(count: count)) * V.T)
    }
  }

  /// The inputs: rows N(0, S), S = Q diag(λ) Qᵀ with random orthonormal Q, λ_i ∝ i^−decay and trace n.
  package struct Samples: Equatable, Sendable {
    package var count: Int
    /// How many more are kept from training.
    package var heldOut: Int
    /// p; 0 gives S = I.
    package var decay: Double
    /// Standard deviation of what is added to the outputs.
    package var noise: Double

    package init(count: Int, heldOut: Int = 0, decay: Double = 0, noise: Double = 0) {
      self.count = count
      self.heldOut = heldOut
      self.decay = decay
      self.noise = noise
    }

    /// `count` inputs of n numbers. Those held out are draws of their own, so that their number moves nothing.
    fileprivate func inputs(_ n: Int, seed: UInt64) throws(LinearAlgebraError) -> (
      all: Matrix, heldOut: Matrix
    ) {
      var generator = Generator(seed: seed, .inputs)
      var others = Generator(seed: seed, .heldOut)
      let (all, heldOut) = (generator.normalMatrix(count, n), others.normalMatrix(self.heldOut, n))
      guard decay != 0 else { return (all, heldOut) }
      let λ = Self.eigenvalues(n, decay: decay)
      let root = try Matrix.diagonal(λ.map { $0.squareRoot() }) * generator.orthonormal(n, n).T
      return (all * root, heldOut * root)
    }

    /// λ_i ∝ i^−decay, trace n.
    fileprivate static func eigenvalues(_ n: Int, decay: Double) -> [Double] {
      let powers = (1...n).map { pow(Double($0), -decay) }
      let trace = powers.reduce(0, +)
      return powers.map { Double(n) * $0 / trace }
    }
  }

  /// Matrix approximation, the population loss of linear regression: L = ½ tr((W − W*)ᵀS(W − W*)) and
  /// G = S(W − W*), with S = Q diag(λ) Qᵀ as `Samples` has it; as inputs, X = diag(√λ)Qᵀ and Y = XW*.
  /// - Parameter decay: p; 0 gives S = I, so L = ½‖W − W*‖_F².
  package static func matrixApproximation(_ target: Target, decay: Double = 0, seed: UInt64)
    throws(LinearAlgebraError) -> Problem
  {
    let (W0, wanted) = try target.draw(seed: seed)
    guard decay != 0 else {
      return Problem(
        pretrained: [W0], wanted: [wanted], examples: Examples(X: nil, Y: wanted), objective: .squaredDistance
      )
    }
    var generator = Generator(seed: seed, .inputs)
    let n = target.rows
    let λ = Samples.eigenvalues(n, decay: decay)
    let X = try Matrix.diagonal(λ.map { $0.squareRoot() }) * generator.orthonormal(n, n).T
    return Problem(
      pretrained: [W0], wanted: [wanted], examples: Examples(X: X, Y: X * wanted), objective: .squaredDistance
    )
  }

  /// Linear regression: L = ‖XW − Y‖_F²/(2b), Y = XW* + noise·N(0, 1).
  /// - Parameter batch: examples a step; nil for all.
  package static func linearRegression(_ target: Target, samples: Samples, batch: Int?, seed: UInt64)
    throws(LinearAlgebraError) -> Problem
  {
    let (W0, wanted) = try target.draw(seed: seed)
    let (X, Xt) = try samples.inputs(target.rows, seed: seed)
    var errors = Generator(seed: seed, .noise)
    let Y = X * wanted + errors.normalMatrix(samples.count, target.columns, deviation: samples.noise)
    let Yt = Xt * wanted + errors.normalMatrix(samples.heldOut, target.columns, deviation: samples.noise)
    return Problem(
      pretrained: [W0], wanted: [wanted], examples: Examples(X: X, Y: Y), heldOut: Examples(X: Xt, Y: Yt),
      objective: .meanSquaredError, batches: .ofSize(batch, count: samples.count, seed: seed))
  }

  /// Ŷ = φ(X·W1)·W2 with W1 n×h and W2 h×m, both shifted from a teacher's by a change of the target's
  /// spectrum: squared error against the teacher's outputs with noise, or cross entropy against its largest.
  package static func twoLayers(
    _ target: Target, hidden: Int, activation: Activation, loss: NetworkLoss, samples: Samples, batch: Int?,
    seed: UInt64
  ) throws(LinearAlgebraError) -> Problem {
    var (first, second) = (target, target)
    first.columns = hidden
    second.rows = hidden
    let (W1, wanted1) = try first.draw(seed: seed)
    let (W2, wanted2) = try second.draw(seed: seed, layer: 1)
    let (X, Xt) = try samples.inputs(target.rows, seed: seed)
    var errors = Generator(seed: seed, .noise)
    func label(_ X: Matrix) -> Examples {
      var H = X * wanted1
      let outputs = H
      activation.apply(outputs, into: &H)
      let Y = H * wanted2 + errors.normalMatrix(X.rows, target.columns, deviation: samples.noise)
      return loss == .squaredError ? Examples(X: X, Y: Y) : Examples(X: X, labels: Y.largestColumns)
    }
    return Problem(
      pretrained: [W1, W2], wanted: [wanted1, wanted2], examples: label(X), heldOut: label(Xt),
      objective: loss == .squaredError ? .meanSquaredError : .crossEntropy, activation: activation,
      batches: .ofSize(batch, count: samples.count, seed: seed))
  }
}

extension Matrix {
  /// Of each row the column with the largest entry.
  fileprivate var largestColumns: [Int] {
    (0..<rows).map { i in (0..<columns).max { self[i, $0] < self[i, $1] } ?? 0 }
  }
}
