import Math

/// Factors in the midst of a run with the gradient there, s = 1, and what LoRA-Pro makes of them.
struct ProPoint {
  let A: Matrix
  let B: Matrix
  let G: Matrix
  /// r×r, N(0, 1).
  let random: Matrix

  init(_ seed: Int) throws {
    let run = try Experiment(Claim.projected, seed: seed).advanced()
    (A, B) = (run.parameters(1)[.A], run.parameters(1)[.B])
    G = run.gradients(at: [run.weight(1)])[0]
    random = Generator(seed: UInt64(seed), .adapters, offset: 9).firstNormalMatrix(A.columns, A.columns)
  }

  /// H_A and H_B as the rule itself has them: what a step of gradient descent with η = 1 takes away.
  func step(_ choice: LoRAProRule.Choice) -> (HA: Matrix, HB: Matrix) {
    var θ = [Parameters([.A: A, .B: B])]
    var g = [Parameters([.A: G * B.T, .B: A.T * G])]
    var rule = LoRAProRule(.factors(SGD(learningRate: 1)), scale: 1, choice: choice)
    guard (try? rule.step(&θ, &g)) != nil else { return (Matrix(0, 0), Matrix(0, 0)) }
    return (A - θ[0][.A], B - θ[0][.B])
  }

  /// g̃.
  func equivalent(_ HA: Matrix, _ HB: Matrix) -> Matrix { HA * B + A * HB }

  func apart(_ X: Matrix, _ Y: Matrix) -> Double { Matrix.distance(X, Y) / G.norm }

  /// On the columns of M.
  func projector(_ M: Matrix) throws -> Matrix {
    let Q = try QR(M).Q
    return Q * Q.T
  }

  /// How far above the minimum over C the square of an affine `residual` lies, relatively, and how far it lies
  /// above it with C = 0.
  ///
  /// The minimum by least squares in the r² numbers of C, each moved by 1, as a quadratic function allows.
  func excess(
    _ name: String, _ HA: Matrix, _ HB: Matrix, _ residual: (_ HA: Matrix, _ HB: Matrix) -> Matrix
  ) throws -> [Reading] {
    let (plainA, plainB) = step(.zero)
    func at(_ C: Matrix) -> Matrix { residual(plainA + A * C, plainB - C * B) }
    let r = A.columns
    let base = at(Matrix(r, r))
    var columns: [Double] = []
    for e in 0..<r * r {
      var C = Matrix(r, r)
      C.storage[e] = 1
      columns += (at(C) - base).storage
    }
    let J = Matrix(base.storage.count, r * r, storage: columns)
    let flat = Matrix(base.storage.count, 1, storage: base.storage)
    let best = Matrix(r, r, storage: (try pseudoInverse(J.T * J) * (-1 * (J.T * flat))).storage)
    let least = at(best).squaredNorm
    return [
      // Equal contributions make the first objective's residual small, never below rounding.
      .zero(
        "\(name) above its minimum", (residual(HA, HB).squaredNorm - least) / max(least, 1e-12), within: 1e-6),
      Reading("\(name) with C = 0", (base.squaredNorm - least) / max(least, 1e-12), in: 1e-4...(.infinity)),
    ]
  }
}
