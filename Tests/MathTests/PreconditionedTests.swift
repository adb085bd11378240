import Testing

import Math

@Suite("ScaledGD and RefLoRA")
struct PreconditionedTests {
  static let metrics: [PreconditionedRule.Metric] = [.grams(δ: 0), .balance]

  /// M⁻¹R by elimination without pivots, which a positive definite M does not need.
  private func solved(_ M: Matrix, _ R: Matrix) -> Matrix {
    var (M, R) = (M, R)
    for k in 0..<M.rows {
      for i in 0..<M.rows where i != k {
        let factor = M[i, k] / M[k, k]
        for j in 0..<M.columns { M[i, j] -= factor * M[k, j] }
        for j in 0..<R.columns { R[i, j] -= factor * R[k, j] }
      }
    }
    return Matrix(R.rows, R.columns) { R[$0, $1] / M[$0, $0] }
  }

  /// A and B after one step at rate η.
  private func stepped(
    _ metric: PreconditionedRule.Metric, _ A: Matrix, _ B: Matrix, _ G: Matrix, η: Double
  ) throws -> (A: Matrix, B: Matrix) {
    var rule = PreconditionedRule(metric, base: SGD(learningRate: η))
    var θ = [Parameters([.A: A, .B: B])]
    var g = [Parameters([.A: G * B.T, .B: A.T * G])]
    try rule.step(&θ, &g)
    return (θ[0][.A], θ[0][.B])
  }

  private let A = Matrix.random(9, 3, seed: 31)
  private let B = Matrix.random(3, 7, seed: 32)
  private let G = Matrix.random(9, 7, seed: 33)

  @Test("the change of W is the same for AC and C⁻¹B, that of gradient descent is not", arguments: metrics)
  func gauge(metric: PreconditionedRule.Metric) throws {
    let C = Matrix(3, 3, storage: [3, 0.5, -1, 0.4, 1, 0.2, 0, -0.3, 0.5])
    let inverse = solved(C, .identity(3))
    func change(_ A: Matrix, _ B: Matrix) throws -> Matrix {
      let next = try stepped(metric, A, B, G, η: 0.05)
      return next.A * next.B - A * B
    }
    // Rounding is magnified by the condition of the Grams, some hundreds with C.
    #expect(deviation(try change(A * C, inverse * B), try change(A, B)) <= 1e-12)
    func plain(_ A: Matrix, _ B: Matrix) -> Matrix {
      (A - 0.05 * (G * B.T)) * (B - 0.05 * (A.T * G)) - A * B
    }
    #expect(deviation(plain(A * C, inverse * B), plain(A, B)) > 1e-2)
  }

  @Test("ScaledGD's steps solve d_A(BBᵀ + δI) = G_A and (AᵀA + δI)d_B = G_B", arguments: [0, 1e-3, 0.5])
  func scaled(δ: Double) throws {
    let next = try stepped(.grams(δ: δ), A, B, G, η: 1)
    let shift = δ * Matrix.identity(3)
    let dA = solved(B * B.T + shift, (G * B.T).transposed).transposed
    #expect(deviation(A - next.A, dA) <= 1e-13)
    #expect(deviation(B - next.B, solved(A.T * A + shift, A.T * G)) <= 1e-13)
  }

  @Test("RefLoRA's S is symmetric, balances the Grams, and stands in both factors' steps")
  func balance() throws {
    let (KA, S) = try PreconditionedRule.Metric.balance.factors(A, B)
    #expect(deviation(S, S.transposed) <= 1e-13)
    #expect(deviation(S * (A.T * A) * S, B * B.T) <= 1e-12)
    #expect(deviation(KA * S, .identity(3)) <= 1e-12)
    let next = try stepped(.balance, A, B, G, η: 1)
    #expect(deviation(A - next.A, G * B.T * solved(S, .identity(3))) <= 1e-12)
    #expect(deviation(B - next.B, S * (A.T * G)) <= 1e-13)
  }

  @Test("of balanced factors RefLoRA is gradient descent")
  func balanced() throws {
    let (U, V) = (try QR(A).Q, try QR(B.transposed).Q)
    let root = Matrix.diagonal([1.5, 1, 0.4])
    let (A, B) = (U * root, root * V.T)
    let next = try stepped(.balance, A, B, G, η: 0.1)
    #expect(deviation(next.A, A - 0.1 * (G * B.T)) <= 1e-13)
    #expect(deviation(next.B, B - 0.1 * (A.T * G)) <= 1e-13)
  }

  @Test("the rule of the run moves along the changed gradients, and remembers across a change of rate")
  func base() throws {
    let line = "n=9 m=7 r=2 lr=0.01 opt=adam variants=scaled-gd,reflora,lora(init=both)"
    var simulation = try Simulation(line: line)
    simulation.advance(steps: 3)
    for i in 1...3 {
      let series = simulation.series[i]
      #expect(series.rule.stateCount(series.chain.parameters) == 2 * 2 * (9 + 7))
    }
    #expect(deviation(simulation.weight(1), simulation.weight(3)) > 1e-6)
    #expect(deviation(simulation.weight(2), simulation.weight(3)) > 1e-6)
  }
}
