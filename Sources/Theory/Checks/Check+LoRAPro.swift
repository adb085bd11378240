import Math

// LoRA-Pro's projection, at the factors of any run that has them.

extension Check {
  static let loraPro = [
    Check(
      "I5", "equivalent G",
      "LoRA-Pro's equivalent gradient is G without what no step of the factors reaches, whatever C is",
      formula:
        "ĝ = G − (I−P_A)G(I−P_B),  ‖G‖² = ‖ĝ‖² + ‖(I−P_A)G(I−P_B)‖²;  G ↦ ĝ projects on r(n+m−r) dimensions",
      source: "Wang and Liang 2024, arXiv 2407.18242", needs: needsFactors, tolerance: 1e-11,
      because:
        "of max(1, ‖G‖, ‖W‖) and of what is added up, or 1e-13·cond(AᵀA)·cond(BBᵀ): the Grams are inverted"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (A, B, s) = e.product, e.hasOwnGradients, let spaces = try e.invertible else { return nil }
      let G = e.G
      let within = max(tolerance, 1e-13 * spaces.condition)
      let outside = spaces.outside(G)
      var comparisons: [Comparison] = []
      for choice in e.choices(rank: A.columns) {
        let projected = try Projected(A: A, B: B, gradients: e.gradients, s: s, choice)
        let (H, equivalent) = (projected.H, projected.equivalent)
        let unit = max(G.norm, e.size, s * (H[.A].norm * B.norm + A.norm * H[.B].norm))
        let wanted = f.sum(G, -1 * outside)
        comparisons.append(.equal(equivalent, wanted, unit: unit, within: within))
        let square = f.sum(equivalent.squaredNorm, outside.squaredNorm)
        comparisons.append(
          .equal(G.squaredNorm, square, unit: unit * max(1, G.norm, equivalent.norm), within: within))
      }
      return [comparisons.worst, try dimension(A, B, s, &f)].compactMap { $0 }
    },
    Check(
      "I6", "C's equation",
      "LoRA-Pro's C solves its Sylvester equation and is stationary, and so is the symmetric C",
      formula: "AᵀAC + CBBᵀ = −Aᵀ·g_A(BBᵀ)⁺/s²;  Aᵀ(H_A − g_A) = (H_B − g_B)Bᵀ;  Aᵀ·H_A·BBᵀ = AᵀA·H_B·Bᵀ",
      source: "Wang and Liang 2024, arXiv 2407.18242; Su's objective ‖H_A·B − A·H_B‖²",
      needs: needsFactors, tolerance: 1e-10,
      because:
        "of max(1, the products that are added up), or 1e-13·cond(AᵀA)·cond(BBᵀ): the Grams are inverted"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (A, B, s) = e.product, e.hasOwnGradients, let spaces = try e.invertible else { return nil }
      let g = e.gradients
      let within = max(tolerance, 1e-13 * spaces.condition)
      let (AtA, BBt) = (A.T * A, B * B.T)
      let own = try Projected(A: A, B: B, gradients: g, s: s, .sylvester)
      let right = (-1 / (s * s)) * (A.T * (s * (e.G * B.T)) * spaces.KB)
      // G is rounded to the size of W, and so is all that is made of it.
      let rounded = A.norm * B.norm * spaces.KB.norm * e.size / s
      let grams = (AtA.norm + BBt.norm) * own.C.norm
      let sylvester = Comparison.equal(
        AtA * own.C + own.C * BBt, f.sum(right), unit: max(right.norm, grams, rounded), within: within)
      let (left, other) = (A.T * (own.H[.A] - g[.A]), f.sum(own.H[.B] * B.T, -1 * (g[.B] * B.T)))
      let sides = A.norm * (own.H[.A].norm + g[.A].norm) + B.norm * (own.H[.B].norm + g[.B].norm)
      let stationary = Comparison.equal(left, other, unit: max(sides, rounded), within: within)
      let symmetric = try Projected(A: A, B: B, gradients: g, s: s, .symmetric).H
      let (one, two) = ((A.T * symmetric[.A]) * BBt, AtA * (symmetric[.B] * B.T))
      let alike = Comparison.equal(
        one, f.sum(two), unit: max(one.norm, rounded * BBt.norm), within: within)
      return [[sylvester, stationary, alike].worst].compactMap { $0 }
    },
    Check(
      "I7", "AB alone",
      "LoRA-Pro with C zero or symmetric does not see which factors make up the product; with Sylvester's, and in LoRA, it does",
      formula: "W_t(AR, R⁻¹B) = W_t(A, B)",
      source: "LoRA-Pro's step of W, arXiv 2407.18242: it holds P_A, P_B and G alone", needs: "alpha above 0",
      tolerance: 1e-9,
      because: "of max(1, ‖W‖): five steps with inverses of Grams", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let s = e.scale else { return nil }
      let probe = e.probe(scale: s, upTo: 32)
      guard probe.G.squaredNorm > 0 else { return nil }
      var generator = e.generator.branched
      let r = probe.A.columns
      // Orthogonal times 1 to 2: as far from singular as from the identity.
      let Q = try generator.orthonormal(r, r)
      let stretch = (0..<r).map { 1 + Double($0 + 1) / Double(r) }
      let R = Q * Matrix.diagonal(stretch)
      let inverse = f.sum(Matrix.diagonal(stretch.map { 1 / $0 }) * Q.T)
      let moved = Probe(G: probe.G, A: probe.A * R, B: inverse * probe.B, s: s)
      var comparisons: [Comparison] = []
      for choice in [LoRAProRule.Choice.zero, .symmetric] {
        let rule = LoRAProRule(.factors(SGD(learningRate: 0.05)), scale: s, choice: choice)
        let (W, same) = (try probe.weight(after: 5, rule), try moved.weight(after: 5, rule))
        comparisons.append(.equal(W, same, unit: W.norm, within: tolerance))
      }
      let plain = SGD(learningRate: probe.η)
      let once = try probe.weight(plain)
      let seen = Matrix.distance(once, try moved.weight(plain)) / Matrix.distance(once, probe.G)
      comparisons = [comparisons.worst, .atLeast(seen, 1e-3)].compactMap { $0 }
      // Sylvester's C depends on the factors, and acts through η²s·H_A·H_B where that is not rounding.
      let sylvester = LoRAProRule(.factors(SGD(learningRate: 0.05)), scale: s, choice: .sylvester)
      let H = try probe.projected(.sylvester).H
      let second = 0.05 * 0.05 * s * (H[.A] * H[.B]).norm
      if second > 1e-6 * probe.G.norm {
        let apart = Matrix.distance(try probe.weight(sylvester), try moved.weight(sylvester))
        comparisons.append(.atLeast(apart, 1e-3 * second))
      }
      return comparisons
    },
    Check(
      "I19", "missed share",
      "LoRA-Pro of full rank misses nothing; of random factors a share that their dimensions give",
      formula: "r = min(n, m): ĝ = G;  E‖ĝ − G‖²/‖G‖² = (1 − r/n)(1 − r/m)",
      source: "LoRA-Pro's residual, arXiv 2407.18242, with E P_A = (r/n)I and E P_B = (r/m)I",
      needs: "a gradient at W0 that is not zero, and alpha above 0", tolerance: 1e-10,
      because: "of max(1, ‖G‖), factors with singular values 1 to 2; five standard errors of 300 draws",
      of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      let G = e.firstGradient(upTo: 16)
      guard G.squaredNorm > 0, let s = e.scale else { return nil }
      var generator = e.generator
      let all = try Probe(wellConditioned: G, s: s, &generator).projected(.sylvester).equivalent
      var comparisons: [Comparison] = [.equal(all, f.sum(G), unit: G.norm, within: tolerance)]
      let r = min(e.rank(within: G), min(G.rows, G.columns) - 1)
      guard r > 0 else { return comparisons }
      var shares: [Double] = []
      for _ in 0..<300 {
        let probe = Probe(G: G, rank: r, s: s, &generator)
        shares.append((try probe.projected(.zero).equivalent - G).squaredNorm / G.squaredNorm)
      }
      let (n, m) = (Double(G.rows), Double(G.columns))
      let share: Double = (1 - Double(r) / n) * (1 - Double(r) / m)
      comparisons.append(.mean(of: shares, is: f.sum(share), within: 5))
      return comparisons
    },
    Check(
      "I27", "fall is ‖g‖²",
      "along LoRA-Pro's step the loss falls like the square of the equivalent gradient",
      formula: "dL/dη = −‖ĝ‖² = −(‖G‖² − ‖(I−P_A)G(I−P_B)‖²)",
      source: "LoRA-Pro, arXiv 2407.18242: ĝ is a projection, so ⟨G, ĝ⟩ = ‖ĝ‖²",
      needs: "a gradient at W0 that is not zero, and alpha above 0", tolerance: 1e-5,
      because: "relative: the η³ term, at an η of which a step is about 1e-4 of W", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let s = e.scale else { return nil }
      let probe = e.probe(scale: s, upTo: 32)
      let G = probe.G
      guard G.squaredNorm > 0 else { return nil }
      let spaces = try Spaces(A: probe.A, B: probe.B)
      // H goes like 1/s and the inverses of the smallest singular values, and the step's η² term is s·H_A·H_B.
      // That term stays small against W = G for a small G as well.
      let size = max(G.norm, G.norm.squareRoot())
      let η = 1e-4 * min(1, s) / (size * spaces.condition.squareRoot())
      let outside = spaces.outside(G)
      var comparisons: [Comparison] = []
      for choice in [LoRAProRule.Choice.zero, .symmetric, .sylvester] {
        func weight(_ η: Double) throws(LinearAlgebraError) -> Matrix {
          try probe.weight(LoRAProRule(.factors(SGD(learningRate: η)), scale: s, choice: choice))
        }
        let (down, up) = (try weight(η), try weight(-η))
        // ½‖W‖² with target zero; the difference as a product, which loses no digits.
        let fall = -0.5 * Matrix.dot(down + up, down - up) / (2 * η)
        let wanted = f.sum(G.squaredNorm, -outside.squaredNorm)
        comparisons.append(.atMost(abs(fall - wanted) / fall.magnitude, tolerance))
      }
      return [comparisons.worst].compactMap { $0 }
    },
  ]

  private static let needsFactors =
    "LoRA factors of which cond(AᵀA)·cond(BBᵀ) is at most 1e7, and alpha above 0"

  /// The trace of G ↦ ĝ over a basis of G, which is the dimension a projector projects on, of the leading 8 rows
  /// of A and columns of B with 3 of the r: r(n+m−r) where both have rank r.
  private static func dimension(_ A: Matrix, _ B: Matrix, _ s: Double, _ f: inout Formula)
    throws(LinearAlgebraError) -> Comparison
  {
    let (A, B) = (A.block(8).columns(0..<min(3, A.columns)), B.block(8).rows(0..<min(3, B.rows)))
    let (n, m, spaces) = (A.rows, B.columns, try Spaces(A: A, B: B))
    var trace = 0.0
    for i in 0..<n {
      for j in 0..<m {
        let E = Matrix(n, m) { $0 == i && $1 == j ? 1 : 0 }
        let g = Parameters([.A: s * (E * B.T), .B: s * (A.T * E)])
        trace += try Projected(A: A, B: B, gradients: g, s: s, .zero).equivalent[i, j]
      }
    }
    let (k, l) = (Double(spaces.QA.columns), Double(spaces.QB.columns))
    let wanted = f.sum(k * Double(m), l * Double(n), -k * l)
    return .equal(trace, wanted, unit: Double(n * m), within: max(1e-11, 1e-13 * spaces.condition))
  }
}

extension Evidence {
  /// Its gradients are its own: not those of a series that follows others.
  fileprivate var hasOwnGradients: Bool { !series.isFollowing }

  /// The spaces of the factors; nil where the Grams are too near to singular to tell rounding from a mistake.
  fileprivate var invertible: Spaces? {
    get throws(LinearAlgebraError) {
      guard let (A, B, _) = product else { return nil }
      let spaces = try Spaces(A: A, B: B)
      return spaces.condition <= 1e7 ? spaces : nil
    }
  }

  /// ∂L/∂A and ∂L/∂B as the adapter has them.
  fileprivate var gradients: Parameters {
    var chain = series.chain
    _ = chain.differentiate(present.examples, problem.objective)
    return chain.gradients[layer]
  }

  /// The named C, and one of random numbers.
  fileprivate func choices(rank r: Int) -> [LoRAProRule.Choice] {
    [.zero, .symmetric, .sylvester, .given(generator.firstNormalMatrix(r, r))]
  }
}
