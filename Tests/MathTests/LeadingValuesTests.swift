import Testing

import Math

@Suite("Leading singular values")
struct LeadingValuesTests {
  static let σ: [String: [Double]] = [
    "of low rank": (0..<200).map { (i: Int) -> Double in i < 5 ? 3 - 0.5 * Double(i) : 0 },
    "falling": (0..<200).map { (i: Int) -> Double in 2 / Double(1 + i) },
    "flat": (0..<200).map { (i: Int) -> Double in 1 + 1e-3 * Double(200 - i) },
    "steep": (0..<200).map { (i: Int) -> Double in exp2(Double(-i)) },
  ]

  private static func exp2(_ x: Double) -> Double { Double(sign: .plus, exponent: Int(x), significand: 1) }

  // 1e-10 was asked for; the Gram form, when it is taken, is held to 1e-11.
  @Test("of a moving matrix are those of the whole decomposition", arguments: σ.keys.sorted())
  func moving(kind: String) throws {
    let σ = try #require(Self.σ[kind])
    let start = try LeadingVectorsTests.matrix(220, 200, σ)
    let step = 1e-3 * (Matrix.random(220, 2, seed: 910) * Matrix.random(2, 200, seed: 911))
    var tracked = LeadingValues()
    var M = start
    for t in 0..<12 {
      let few = try tracked.values(of: M, 8, tolerance: 1e-10)
      let all = try SVD.values(M)
      #expect(deviation(few, Array(all.prefix(8))) <= 2e-10 * all[0], "after \(t)")
      let wide = try tracked.values(of: M.transposed, 8, tolerance: 1e-10)
      #expect(deviation(wide, few) <= 4e-10 * all[0])
      M.add(step)
    }
  }

  @Test("find a direction that none of the last vectors had")
  func appears() throws {
    var tracked = LeadingValues()
    let M = try LeadingVectorsTests.matrix(220, 200, [1, 0.5])
    #expect(deviation(try tracked.values(of: M, 3, tolerance: 1e-10), [1, 0.5, 0]) <= 1e-12)
    // The vectors of the first matrix are exactly orthogonal to this one's right singular vector.
    let V = try SVD(M).Vt.rows(0..<2)
    var v = Matrix.random(200, 1, seed: 912)
    v.add(-1, V.T, V * v)
    let u = Matrix.random(220, 1, seed: 913)
    let N = M + (2 / (u.norm * v.norm)) * (u * v.T)
    let all = try SVD.values(N)
    #expect(deviation(try tracked.values(of: N, 3, tolerance: 1e-10), Array(all.prefix(3))) <= 2e-10 * all[0])
  }

  @Test("leave the tail that the whole decomposition leaves", arguments: σ.keys.sorted(), [0, 4, 8])
  func tails(kind: String, r: Int) throws {
    let σ = try #require(Self.σ[kind])
    let M = try LeadingVectorsTests.matrix(220, 200, σ)
    var tracked = LeadingValues()
    let left = try tracked.tail(of: M, after: r, tolerance: 1e-10)
    // A relative 1e-10 of σ_1² for each of r values, of which at least a thousandth is left; rounding of σ_1.
    #expect(abs(left - tail(σ, after: r)) <= 1e-6 * tail(σ, after: r) + 1e-14 * σ[0])
  }

  @Test("of zero are zero, and of no number an error")
  func edges() throws {
    var tracked = LeadingValues()
    #expect(try tracked.values(of: Matrix(200, 200), 3, tolerance: 1e-10) == [0, 0, 0])
    #expect(try tracked.tail(of: Matrix(200, 200), after: 3, tolerance: 1e-10) == 0)
    #expect(throws: LinearAlgebraError.notFinite) {
      try tracked.values(of: Matrix(200, 200, repeating: .nan), 3, tolerance: 1e-10)
    }
    #expect(try tracked.values(of: Matrix(4, 3, repeating: 1), 9, tolerance: 1e-10).count == 3)
  }

  @Test("of a run's layers are those that `run` prints, and so are the floors")
  func run() throws {
    let line = "task=matrix n=200 m=220 r=4 steps=20 variants=lora,lora-ga,dora,galore"
    var simulation = try Simulation(line: line)
    for _ in 0..<6 {
      for _ in 0..<3 { simulation.advance() }
      let (few, all) = (simulation.leadingSpectra(8), simulation.spectra())
      for (few, all) in zip(few, all) {
        let (few, all) = (try #require(few), try #require(all))
        #expect(deviation(few.values, Array(all.values.prefix(8))) <= 2e-6 * all.values[0])
        #expect((few.floor == nil) == (all.floor == nil))
        if let floor = all.floor { #expect(abs(try #require(few.floor) - floor) <= 1e-4 * floor) }
      }
    }
  }
}
