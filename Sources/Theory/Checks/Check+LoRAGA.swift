import Math

// LoRA-GA's start, about the first gradient of the run.

extension Check {
  static let loraGA = [
    Check(
      "I2", "GA's tail",
      "LoRA-GA's first step misses the gradient by the tail behind 2r, however the 2r are split",
      formula: "‖s²(A0A0ᵀG + GB0ᵀB0) − ζG‖ = ζ·√Σ_{i>2r} σ_i²(G),  ζ = s²f²: 1 for gd, s² for unit",
      source: "Wang, Yu and Li 2024, arXiv 2407.05000", needs: needsGradient,
      tolerance: 1e-12,
      because: "of max(1, ‖G‖)·max(1, ζ): a few roundings", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (G, r, s) = e.gradientAndRank else { return nil }
      let tail = tail(try SVD.values(G), after: 2 * r)
      var comparisons: [Comparison] = []
      for split in e.splits(rank: r) {
        for (scale, ζ) in [(LoRAGAStart.Scale.gd, 1), (.unit, s * s), (.zeta(0.3), 0.3)] {
          let probe = try e.loraGA(G, r, s, LoRAGAStart(split: split, scale: scale))
          let residual = Matrix.distance(try probe.parts().first, ζ * G)
          let unit = max(1, G.norm) * max(1, ζ)
          comparisons.append(.equal(residual, f.sum(ζ * tail), unit: unit, within: tolerance))
        }
      }
      return [comparisons.worst].compactMap { $0 }
    },
    Check(
      "I4", "pairs in η²", "the η² term of LoRA-GA's first step depends on which pairs meet",
      formula: "‖s³GB0ᵀA0ᵀG‖ = s·√Σ_k (σ_a(k)·σ_b(k))²,  f = 1/s",
      source:
        "the second-order term written out; corrects Su's article on LoRA-GA, where the split does not matter",
      needs: needsGradient, tolerance: 1e-11, because: "of max(1, ‖G‖, s‖G‖²): a difference of two steps",
      of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (G, r, s) = e.gradientAndRank else { return nil }
      let σ = try SVD.values(G)
      let unit = max(G.norm, s * G.squaredNorm)
      var comparisons: [Comparison] = []
      for (split, pairs) in zip(e.splits(rank: r), e.pairs(rank: r)) {
        let probe = try e.loraGA(G, r, s, LoRAGAStart(split: split, scale: .gd))
        let squares = pairs.map { a, b in
          a < σ.count && b < σ.count ? σ[a] * σ[b] * σ[a] * σ[b] : 0
        }
        let wanted = f.sum(s * squares.reduce(0, +).squareRoot())
        comparisons.append(.equal(try probe.parts().second.norm, wanted, unit: unit, within: tolerance))
      }
      return [comparisons.worst].compactMap { $0 }
    },
    Check(
      "I8", "no C at start",
      "at LoRA-GA's start LoRA-Pro has nothing to correct: H is the plain gradients and every C is 0",
      formula: "P_A·G·P_B = 0,  H_A = s·GB0ᵀ,  H_B = s·A0ᵀG,  f = 1/s",
      source:
        "the start of Wang, Yu and Li 2024, arXiv 2407.05000, in LoRA-Pro's equations, arXiv 2407.18242",
      needs: needsGradient, tolerance: 1e-11, because: "of max(1, ‖G‖): inverses of diagonal Grams",
      of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (G, r, s) = e.gradientAndRank else { return nil }
      var comparisons: [Comparison] = []
      for split in e.splits(rank: r) {
        let probe = try e.loraGA(G, r, s, LoRAGAStart(split: split, scale: .gd))
        let spaces = try Spaces(A: probe.A, B: probe.B)
        let both = spaces.QA * (spaces.QA.T * G * spaces.QB) * spaces.QB.T
        comparisons.append(.atMost(both.norm / max(1, G.norm), tolerance))
        for choice in [LoRAProRule.Choice.symmetric, .sylvester] {
          let H = try probe.projected(choice).H
          let (gA, gB) = (f.sum(s * (G * probe.B.T)), f.sum(s * (probe.A.T * G)))
          comparisons.append(.equal(H[.A], gA, unit: G.norm, within: tolerance))
          comparisons.append(.equal(H[.B], gB, unit: G.norm, within: tolerance))
        }
      }
      return [comparisons.worst].compactMap { $0 }
    },
    Check(
      "I11", "output's size",
      "what LoRA-GA's start adds to an output keeps its size over ranks where s falls like 1/√r",
      formula: "E(s·x·A0B0)_j² = ζ²r/(s²m) for x ~ N(0, I);  ζ = √m/r, s = α/√r: 1/α² for every r",
      source: "Wang, Yu and Li 2024, arXiv 2407.05000",
      needs: needsGradient + ", and 2r at most min(n, m)",
      tolerance: 1e-12, because: "relative: the expectation is ‖s·A0B0‖²/m, without drawing", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (G, r, s) = e.gradientAndRank, 2 * r <= min(G.rows, G.columns), let α = e.scenario?.alpha
      else { return nil }
      let m = Double(G.columns)
      func moment(_ r: Int, _ s: Double, _ ζ: Double) throws(LinearAlgebraError) -> Double {
        let probe = try e.loraGA(G, r, s, LoRAGAStart(scale: .zeta(ζ)))
        return (s * (probe.A * probe.B)).squaredNorm / m
      }
      let given = try moment(r, s, 0.3)
      let wanted = f.sum(0.3 * 0.3 * Double(r) / (s * s * m))
      var comparisons: [Comparison] = [.atMost(abs(given - wanted) / given, tolerance)]
      for r in Set([1, r]).sorted() {
        let root = Double(r).squareRoot()
        let stable = try moment(r, α / root, m.squareRoot() / Double(r))
        comparisons.append(.atMost(abs(stable - f.sum(1 / (α * α))) / stable, tolerance))
      }
      return [comparisons.worst].compactMap { $0 }
    },
    Check(
      "I26", "pairs turned",
      "turning a pair of singular vectors over changes nothing, turning one of the two does",
      formula: "W_t(A0F, FB0) = W_t(A0, B0) for F = diag(±1)",
      source: "the product: A0F·FB0 = A0B0 and F² = I",
      needs: needsGradient,
      tolerance: 1e-11, because: "of max(1, ‖W‖): six steps of a few roundings", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let (G, r, s) = e.gradientAndRank else { return nil }
      let probe = try e.loraGA(G, r, s, LoRAGAStart(scale: .gd))
      let flip = Matrix.diagonal((0..<r).map { $0.isMultiple(of: 2) ? -1 : 1 })
      let both = Probe(G: G, A: probe.A * flip, B: f.sum(flip * probe.B), s: s)
      let one = Probe(G: G, A: probe.A * flip, B: probe.B, s: s)
      let rule = SGD(learningRate: probe.η)
      let W = try probe.weight(after: 6, rule)
      let same = try both.weight(after: 6, rule)
      var comparisons: [Comparison] = [.equal(W, same, unit: W.norm, within: tolerance)]
      // A alone acts through the η² term of the first step, where that is not rounding.
      let change = 2 * probe.η * probe.η * (try probe.parts().second.norm)
      if change > 1e-6 * G.norm {
        let once = Matrix.distance(try probe.weight(rule), try one.weight(rule))
        comparisons.append(.atLeast(once, 1e-3 * change))
      }
      return comparisons
    },
  ]

  private static let needsGradient = "a gradient at W0 that is not zero, and alpha above 0"
}

extension Evidence {
  /// What LoRA-GA needs of a layer.
  var gradientAndRank: (G: Matrix, r: Int, s: Double)? {
    let G = firstGradient()
    guard G.squaredNorm > 0, let s = scale else { return nil }
    return (G, rank(within: G), s)
  }

  func loraGA(_ G: Matrix, _ r: Int, _ s: Double, _ start: LoRAGAStart) throws(LinearAlgebraError) -> Probe {
    let (A, B) = try start.factors(G: G, W0: G, rank: r, s: s)
    return Probe(G: G, A: A, B: B, s: s)
  }

  private func order(_ r: Int) -> [Int] {
    var generator = generator
    return generator.permutation(2 * r)
  }

  /// The named splits, and a permutation.
  fileprivate func splits(rank r: Int) -> [LoRAGAStart.Split] {
    [.ArB2r, .A2rBr, .ArBr, .permuted(order(r))]
  }

  /// Which singular pair of A's side meets which of B's, in each of them.
  fileprivate func pairs(rank r: Int) -> [[(Int, Int)]] {
    let order = order(r)
    return [
      (0..<r).map { ($0, r + $0) }, (0..<r).map { (r + $0, $0) }, (0..<r).map { (2 * $0 + 1, 2 * $0) },
      (0..<r).map { (order[$0], order[r + $0]) },
    ]
  }
}
