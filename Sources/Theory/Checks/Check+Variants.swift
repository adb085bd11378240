import Math

// What is particular to one variant.

extension Check {
  static let others = [
    Check(
      "I9", "fresh factors",
      "fresh random factors give the gradient back on average, twice over, with much variance",
      formula: "E[AAᵀ] = I,  E[AAᵀG + GBᵀB] = 2G,  E‖AAᵀG − G‖² = (n+1)/r·‖G‖²,  entries N(0, 1/r)",
      source: "Su's gradient view of LoRA, which has G in place of 2G",
      needs: "a gradient at W0 that is not zero", tolerance: 5,
      because: "standard errors of 1000 draws, seeded", of: .layer
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      let G = e.firstGradient(upTo: 16)
      guard G.squaredNorm > 0 else { return nil }
      let (r, I) = (e.rank(within: G), Matrix.identity(G.rows))
      let both = try e.projections(of: G, .first, rank: r)
      let squares = try e.projections(of: I, .left, rank: r)
      let excess = squares.map { ($0 * G - G).squaredNorm }
      let variance = f.sum(Double(G.rows + 1) / Double(r) * G.squaredNorm)
      return Comparison.means(of: both, are: f.sum(G, G), within: tolerance)
        + Comparison.means(of: squares, are: f.sum(I), within: tolerance)
        + [.mean(of: excess, is: variance, within: tolerance)]
    },
    Check(
      "I10", "added factors", "added factors reach rank 2r and take a step linear in the gradient",
      formula:
        "ΔW = −ηs²(G·RᵀR + CCᵀG),  W(A + CK, B − KR) = W(A, B),  rank(W − W0) ≤ 2r,  R = [I_r … I_r], C = [I_r; …; I_r];  "
        + "J = ∂W/∂(A, B):  rank J = r(n+m−r),  ‖J‖₂² = s²(n+m)/r,  s²RRᵀ = s²(m/r)I",
      source: "Su's gradient view of LoRA, additive form", needs: "additive under opt=sgd",
      tolerance: 1e-12,
      because: "of max(1, ‖W‖): a few roundings"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let additive = e.adapter as? Additive, let η = e.descent, η.ratioB == 1 else { return nil }
      let ((n, m), r, s, G, W) = (e.W0.shape, additive.rank, additive.scale, e.G, e.W)
      let (R, C) = (Matrix(r, m) { $1 % r == $0 ? 1 : 0 }, Matrix(n, r) { $0 % r == $1 ? 1 : 0 })
      let rate = -η.η * s * s
      let step = f.sum(rate * (G * (R.T * R)), rate * (C * (C.T * G)))
      let K = e.generator.firstNormalMatrix(r, r)
      let moved = additive.weight(Parameters([.A: e.θ[.A] + C * K, .B: e.θ[.B] - K * R]))
      let run: [Comparison] = [
        .equal(e.ΔW, step, unit: e.size, within: tolerance),
        .equal(moved, f.sum(W), unit: W.norm + K.norm * R.norm * C.norm, within: tolerance),
        try e.rankComparison(f.sum(2 * Double(r)), tolerance),
      ]
      return run + (try additive.space(&f, tolerance))
    },
    Check(
      "I14", "PiSSA's parts", "PiSSA starts from W0's principal part and freezes what is behind σ_r",
      formula: "σ(Wfz) = σ_{r+1}, …,  A0ᵀA0 = B0B0ᵀ = diag(σ/s)",
      source: "Meng, Wang and Zhang 2024, arXiv 2404.02948",
      needs: "pissa with an exact decomposition", tolerance: 1e-12,
      because: "of max(1, σ_1, σ_1/s): LAPACK's rounding"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let choice = e.choice, choice.variant == "pissa", choice.knobValues.whole("niter") == 0,
        let (A, B, s) = e.atStart.product, let frozen = e.adapter.reach?.frozen
      else { return nil }
      let (σ, r) = (try SVD.values(e.W0), A.columns)
      let rest = Array(σ.dropFirst(r)) + Array(repeating: 0, count: min(r, σ.count))
      let gram = Matrix.diagonal(σ.prefix(r).map { $0 / s })
      let unit = max(σ[0], σ[0] / s)
      return [
        .equal(column(try SVD.values(frozen)), f.sum(column(rest)), unit: unit, within: tolerance),
        .equal(A.T * A, f.sum(gram), unit: unit, within: tolerance),
        .equal(B * B.T, f.sum(gram), unit: unit, within: tolerance),
      ]
    },
    Check(
      "I15", "GaLore's tail",
      "a step of GaLore with a new projector misses the tail behind r, and of full rank nothing",
      formula:
        "‖ΔW + η·k·G‖ = η·k·√Σ_{i>r} σ_i²(G),  k its scale;  r = min(n, m), gap 1, k 1: W_t = W_t^full",
      source: "Zhao et al. 2024, arXiv 2403.03507",
      needs: "galore under opt=sgd, at a renewal of its projector",
      tolerance: 1e-11, because: "of max(1, ‖W‖): a few roundings"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let rule = e.rule as? GaLoreRule, let optimizer = e.scenario?.optimizer, optimizer.family == .sgd,
        optimizer.weightDecay == 0, e.step.isMultiple(of: rule.gap)
      else { return nil }
      let (G, ηk) = (e.G, optimizer.learningRate * rule.scale)
      let residual = (e.ΔW + ηk * G).norm
      let tail = f.sum(ηk * tail(try SVD.values(G), after: rule.rank))
      var comparisons: [Comparison] = [.equal(residual, tail, unit: e.size, within: tolerance)]
      let isWhole = rule.rank >= min(G.rows, G.columns) && rule.gap == 1 && rule.scale == 1
      if isWhole, e.problem.pretrained.count == 1 {
        comparisons.append(.equal(e.W, f.sum(e.full), unit: e.full.norm, within: tolerance))
      }
      return comparisons
    },
    Check(
      "I18", "DoRA's norms",
      "DoRA's magnitudes are the norms of the columns, and the whole gradient only turns directions",
      formula:
        "‖W_:j‖ = |μ_j|,  ∂L/∂V_:j = c_j(G_:j − v_j⟨v_j, G_:j⟩),  v = V_:j/‖V_:j‖,  c = μ/‖V_:j‖;  detached: c_j·G_:j;  "
        + "∂L/∂μ_j = ⟨v_j, G_:j⟩",
      source: "Liu et al. 2024, arXiv 2402.09353", needs: "dora", tolerance: 1e-12,
      because: "of max(1, ‖W‖) and max(1, ‖c·G‖): a few roundings"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard e.adapter is DoRA else { return nil }
      let W = e.W
      let norms = (0..<W.columns).map { W.columns($0..<$0 + 1).norm }
      let magnitudes = f.sum(column(e.θ[.μ].storage.map { abs($0) }))
      let (c, V, G) = e.doraDirections
      let (whole, detached) = (e.doraGradient(isDetached: false), e.doraGradient(isDetached: true))
      let along = (0..<V.columns).map { Matrix.dot(V.columns($0..<$0 + 1), G.columns($0..<$0 + 1)) }
      let turned = f.sum(G * c, -1 * (V * Matrix.diagonal(along) * c))
      let unit = (G * c).norm
      return [
        .equal(column(norms), magnitudes, unit: W.norm, within: tolerance),
        .equal(whole[.B], turned, unit: unit, within: tolerance),
        .equal(detached[.B], f.sum(G * c), unit: unit, within: tolerance),
        .equal(whole[.μ], f.sum(column(along).transposed), unit: G.norm, within: tolerance),
      ]
    },
  ]
}

extension Evidence {
  /// What was asked for as this series; nil for full fine-tuning.
  fileprivate var choice: SystemChoice? {
    guard index > 0, let scenario, index <= scenario.variants.count else { return nil }
    return scenario.variants[index - 1].system(layer: layer)
  }

  /// A thousand projections of G by the rule itself, from W = 0 with η = k = 1.
  fileprivate func projections(of G: Matrix, _ form: RandomProjectionRule.Form, rank r: Int)
    throws(LinearAlgebraError) -> [Matrix]
  {
    var rule = RandomProjectionRule(
      base: SGD(learningRate: 1), form: form, k: 1, learningRate: 1, draws: .generated(generator, rank: r))
    var draws: [Matrix] = []
    for _ in 0..<1000 {
      var (θ, g) = ([Parameters([.W: Matrix(G.rows, G.columns)])], [Parameters([.W: G])])
      try rule.step(&θ, &g)
      draws.append(-1 * θ[0][.W])
    }
    return draws
  }

  /// A DoRA whose A is the identity, so that B's gradient is that of V itself: V = W0 + B, s = 1.
  private var directions: (W0: Matrix, B: Matrix, G: Matrix) {
    let (W0, G) = (W0.block(32), firstGradient(upTo: 32))
    return (W0, 0.1 * generator.firstNormalMatrix(W0.rows, W0.columns), G)
  }

  /// diag(μ/‖V_:j‖), V with columns of length 1, and G.
  fileprivate var doraDirections: (c: Matrix, V: Matrix, G: Matrix) {
    let (W0, B, G) = directions
    let V = W0 + B
    let lengths = (0..<V.columns).map { V.columns($0..<$0 + 1).norm }
    let c = lengths.indices.map { W0.columns($0..<$0 + 1).norm / lengths[$0] }
    return (Matrix.diagonal(c), V * Matrix.diagonal(lengths.map { 1 / $0 }), G)
  }

  /// ∂L/∂V, as B's, and ∂L/∂μ as the adapter has them, where ∂L/∂W = G.
  fileprivate func doraGradient(isDetached: Bool) -> Parameters {
    let (W0, B, G) = directions
    let A = Matrix.identity(W0.rows)
    let lowRank = LowRank(W0: W0, A0: A, B0: Matrix(B.rows, B.columns), scale: 1)
    let (dora, μ) = DoRA.attach(lowRank, W0: W0, isNormDetached: isDetached)
    let θ = Parameters([.A: A, .B: B, .μ: μ])
    var chain = Chain([(dora, θ)])
    _ = chain.differentiate(Examples(X: nil, Y: dora.weight(θ) - G), .squaredDistance)
    return chain.gradients[0]
  }
}

extension Additive {
  /// What I10 says of the space of the updates, from all the derivatives of the same form at a size where they
  /// are few, at most 3·(12 + 12).
  fileprivate func space(_ f: inout Formula, _ tolerance: Double) throws(LinearAlgebraError) -> [Comparison] {
    let ((rows, columns), k) = (frozen.shape, min(rank, 3))
    let (n, m) = (k * max(1, min(rows / rank, 4)), k * max(1, min(columns / rank, 4)))
    let small = Additive(W0: Matrix(n, m), A0: Matrix(n, k), B0: Matrix(k, m), scale: scale)
    let J = small.derivatives
    let (ofA, ofB) = (J.columns(0..<n * k), J.columns(n * k..<J.columns))
    let (ofR, ofC) = (scale * scale * Double(m / k), scale * scale * Double(n / k))
    let σ = try SVD.values(J)
    let dimension = f.sum(Double(k * (n + m)), -Double(k * k))
    return [
      .equal(ofA.T * ofA, f.sum(ofR * .identity(n * k)), unit: ofR, within: tolerance),
      .equal(ofB.T * ofB, f.sum(ofC * .identity(k * m)), unit: ofC, within: tolerance),
      .equal(σ[0] * σ[0], f.sum(ofR, ofC), unit: ofR + ofC, within: tolerance),
      .equal(Double(σ.count { $0 > 1e-6 * σ[0] }), dimension, unit: 1, within: 0),
    ]
  }

  /// J = ∂W/∂(A, B), a column a number: W is linear in them.
  private var derivatives: Matrix {
    let (n, m) = frozen.shape
    let zero = Parameters([.A: Matrix(n, rank), .B: Matrix(rank, m)])
    var columns: [Double] = []
    for i in zero.matrices.indices {
      for e in zero.matrices[i].storage.indices {
        var one = zero
        one.matrices[i].storage[e] = 1
        columns += weight(one).storage
      }
    }
    return Matrix(n * m, zero.count, storage: columns)
  }
}

extension Matrix {
  /// The leading block, of at most `size` rows and columns.
  func block(_ size: Int) -> Matrix { rows(0..<min(size, rows)).columns(0..<min(size, columns)) }
}
