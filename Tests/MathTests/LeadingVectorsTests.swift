import Testing

import Math

@Suite("Leading singular vectors")
struct LeadingVectorsTests {
  /// U diag(σ) Vᵀ with random orthonormal factors.
  static func matrix(_ n: Int, _ m: Int, _ σ: [Double]) throws -> Matrix {
    var generator = Generator(seed: 900, stream: 3)
    let U = try generator.orthonormal(n, σ.count)
    let V = try generator.orthonormal(m, σ.count)
    return U * Matrix.diagonal(σ) * V.T
  }

  // The Gram form squares: 1e-16·(σ_1/σ_r)²/(1 − (σ_{r+1}/σ_r)²), here about 1e-14, and 1e-12 allowed.
  @Test(
    "are those of the whole decomposition, for slow and for steep spectra",
    arguments: [(90, 70), (70, 90), (64, 64), (12, 9)], [0.9, 0.3])
  func leading(size: (Int, Int), decay: Double) throws {
    var σ = [1.0]
    while σ.count < min(size.0, size.1) { σ.append(σ[σ.count - 1] * decay) }
    let M = try Self.matrix(size.0, size.1, σ)
    let all = try SVD(M)
    for r in [1, 3, 9] where r <= σ.count {
      let few = try SVD.leading(M, r)
      #expect(deviation(few.σ, Array(all.σ.prefix(r))) <= 1e-12)
      // A vector's error grows as its neighbour comes nearer: by 1/(σ_k − σ_{k+1}), 1e4 at the steepest.
      #expect(deviation(few.U, all.U.columns(0..<r)) <= 1e-11 / σ[r - 1])
      #expect(deviation(few.Vt, all.Vt.rows(0..<r)) <= 1e-11 / σ[r - 1])
    }
  }

  @Test("of a matrix without rank or with a number that is none are no trap")
  func edges() throws {
    #expect(try SVD.leading(Matrix(80, 80), 3).σ == [0, 0, 0])
    #expect(throws: LinearAlgebraError.notFinite) { try SVD.leading(Matrix(80, 80, repeating: .nan), 3) }
    let huge = try SVD.leading(Matrix(80, 80, repeating: 1e200), 2)
    #expect(abs(huge.σ[0] / 80e200 - 1) <= 1e-13)
  }

  @Test("a randomised decomposition finds them when the spectrum falls")
  func randomized() throws {
    let σ: [Double] = (0..<30).map { (i: Int) -> Double in i < 6 ? 1 / Double(i + 1) : 1e-3 / Double(i) }
    let M = try Self.matrix(40, 30, σ)
    let (few, all) = (
      try SVD.randomized(M, leading: 12, iterations: 4, Generator(seed: 901, stream: 4)), try SVD(M)
    )
    // What lies outside shrinks by (σ_13/σ_6)² each iteration, 4 of them: 1e-30, so rounding is all.
    #expect(deviation(Array(few.σ.prefix(6)), Array(all.σ.prefix(6))) <= 1e-13)
    #expect(deviation(few.U.columns(0..<6), all.U.columns(0..<6)) <= 1e-12)
  }
}
