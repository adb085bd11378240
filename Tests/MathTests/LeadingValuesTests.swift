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

  @Test("find a value that jumps from the tail while those before stand still")
  func appears() throws {
    let σ: [Double] = (0..<200).map { (i: Int) -> Double in i < 3 ? 1 - 0.1 * Double(i) : 0.1 }
    let M = try LeadingVectorsTests.matrix(220, 200, σ)
    var tracked = LeadingValues()
    for _ in 0..<60 { _ = try tracked.values(of: M, 3, tolerance: 1e-10) }
    // The vectors of the first three are exactly orthogonal to the new one's, and one of the tail is it.
    let whole = try SVD(M)
    let (u, v) = (whole.U.columns(150..<151), whole.Vt.rows(150..<151))
    let N = M + 0.75 * (u * v)
    #expect(deviation(try tracked.values(of: N, 3, tolerance: 1e-10), [1, 0.9, 0.85]) <= 1e-10)
  }

  @Test(
    "of numbers whose squares are none are those of the whole decomposition",
    arguments: [1e-170, 1e-100, 1e100, 1e170])
  func extremes(scale: Double) throws {
    let σ = try #require(Self.σ["falling"])
    let M = scale * (try LeadingVectorsTests.matrix(220, 200, σ))
    var tracked = LeadingValues()
    // Where squares are numbers what is asked for, else what dgesdd is right to, 1e-15 times a few.
    let hasSquares = abs(scale.exponent) < 400
    for _ in 0..<2 {
      let few = try tracked.values(of: M, 8, tolerance: 1e-10)
      #expect(deviation(few.map { $0 / scale }, Array(σ.prefix(8))) <= (hasSquares ? 1e-10 * σ[0] : 1e-13))
    }
    let (left, wanted) = (try tracked.tail(of: M, after: 4, tolerance: 1e-6), tail(σ, after: 4))
    #expect(abs(left / scale - wanted) <= (hasSquares ? 1e-6 * wanted : 1e-13))
  }

  // A block has 16 columns, so a space of a random start has 16 of a group of equal values and no more.
  static let groups: [String: [Double]] = [
    "17 together above noise": (0..<256).map { (i: Int) -> Double in i < 17 ? 1 - 6e-9 * Double(i) : 0.05 },
    "40 together": (0..<256).map { (i: Int) -> Double in
      i < 40 ? 1 - 2.5e-8 * Double(i) : 0.3 - 1e-3 * Double(i - 40)
    },
    "stairs of 17": (0..<256).map { (i: Int) -> Double in exp2(Double(-(i / 17))) },
    "stairs of 20": (0..<256).map { (i: Int) -> Double in 1 - 0.07 * Double(i / 20) },
    "all equal": Array(repeating: 1, count: 256),
    "40 equal and no others": (0..<256).map { (i: Int) -> Double in i < 40 ? 1 : 0 },
  ]

  @Test(
    "of groups of equal values are as many as there are", arguments: groups.keys.sorted(), [3, 16, 18, 22])
  func grouped(kind: String, k: Int) throws {
    let σ = try #require(Self.groups[kind])
    let M = try LeadingVectorsTests.matrix(270, 256, σ)
    var tracked = LeadingValues()
    let few = try tracked.values(of: M, k, tolerance: 1e-10)
    #expect(deviation(few, Array(σ.prefix(k))) <= 2e-10 * σ[0])
  }

  @Test("leave the tail that the whole decomposition leaves", arguments: σ.keys.sorted(), [0, 4, 8])
  func tails(kind: String, r: Int) throws {
    let σ = try #require(Self.σ[kind])
    let M = try LeadingVectorsTests.matrix(220, 200, σ)
    var tracked = LeadingValues()
    let left = try tracked.tail(of: M, after: r, tolerance: 1e-6)
    // What was asked for, and rounding of σ_1.
    #expect(abs(left - tail(σ, after: r)) <= 1e-6 * tail(σ, after: r) + 1e-14 * σ[0])
  }

  @Test("of zero are zero, and of no number an error")
  func edges() throws {
    var tracked = LeadingValues()
    #expect(try tracked.values(of: Matrix(200, 200), 3, tolerance: 1e-10) == [0, 0, 0])
    #expect(try tracked.tail(of: Matrix(200, 200), after: 3, tolerance: 1e-6) == 0)
    #expect(throws: LinearAlgebraError.notFinite) {
      try tracked.values(of: Matrix(200, 200, repeating: .nan), 3, tolerance: 1e-10)
    }
    #expect(try tracked.values(of: Matrix(4, 3, repeating: 1), 9, tolerance: 1e-10).count == 3)
  }

  // 64 values, as many as the screen asks for, of 256 at least, so that a Krylov space is tried.
  @Test("of a run's layers are those that `run` prints, and so are the floors")
  func run() throws {
    let line = "task=matrix n=256 m=260 r=4 steps=20 variants=lora,lora-ga,dora,galore"
    var simulation = try Simulation(line: line)
    for _ in 0..<6 {
      for _ in 0..<3 { simulation.advance() }
      let (few, all) = (simulation.leadingSpectra(64), simulation.spectra())
      for (few, all) in zip(few, all) {
        let (few, all) = (try #require(few), try #require(all))
        let σ_1 = all.values[0]
        let kept = few.values.filter { $0 > 0 }
        #expect(deviation(kept, Array(all.values.prefix(kept.count))) <= 2e-11 * σ_1)
        // Which are shown as 0 may differ by the error where a value is about 1e-10·σ_1.
        #expect(zip(few.values, all.values).allSatisfy { $0 > 0 ? $1 > 0.8e-10 * σ_1 : $1 < 1.2e-10 * σ_1 })
        #expect((few.floor == nil) == (all.floor == nil))
        if let floor = all.floor { #expect(abs(try #require(few.floor) - floor) <= 1e-6 * floor) }
      }
    }
  }
}
