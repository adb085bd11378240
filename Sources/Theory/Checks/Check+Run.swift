import Math

// C1 to C5: what can be said of every run while it goes on.

extension Check {
  static let run = [
    Check(
      "C1", "rank ≤ r", "the update of an adapter that starts at zero never exceeds its rank",
      formula: "rank(W_t − W0) ≤ r:  σ_{r+1} ≤ 1e-12·(σ_1 + max(‖W‖, s‖A‖‖B‖))",
      source: "Hu et al. 2021, arXiv 2106.09685",
      needs: "an adapter of bounded rank", tolerance: 1e-12, because: "rounding of the merged weight"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let bound = e.adapter.rankBound, bound == e.adapter.reach?.rank else { return nil }
      return [try e.rankComparison(f.sum(Double(bound)), tolerance)]
    },
    Check(
      "C2", "gap ≥ floor", "the gap to full fine-tuning is never below the floor of the weights within reach",
      formula: "‖W_t − W_t^full‖ ≥ √Σ_{i>r} σ_i²(W_t^full − Wfz)", source: "Eckart and Young 1936",
      needs: "an adapter with a frozen part and a rank", tolerance: 1e-9,
      because: "of max(1, ‖W‖, ‖W_full‖): on the floor itself both sides are rounded"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let reach = e.adapter.reach, e.index > 0 else { return nil }
      let r = max(0, Int(f.sum(Double(reach.rank))))
      var now = e.present.now
      let gap = now.gaps(layer: e.layer)[e.index]
      let floor = tail(try SVD.values(e.full - reach.frozen), after: r)
      return [.atLeast(gap, max(0, floor - tolerance * max(1, e.W.norm, e.full.norm)))]
    },
    Check(
      "C3", "balance kept",
      "gradient descent keeps the balance of the factors but for a drift of the order of the rate",
      formula: "‖(AᵀA − BBᵀ)_t − (AᵀA − BBᵀ)_0‖ ≤ 2η(L_0 − L_t)",
      source: "I22 summed, with the descent lemma for η ≤ 1/L; the flow keeps it, Arora et al. 2018",
      needs:
        "LoRA factors under opt=sgd on all examples, η at most 1/λ_max of the loss, a step taken, no branch, b·n·m ≤ 4e6",
      tolerance: 1e-12, because: "rounding of the Grams"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard e.step > 0, !e.present.now.isBranched, let (A, B, _) = e.product, let η = e.descent,
        η.ratioB == 1, e.isFullBatch,
        e.adapter.factoring == e.atStart.adapter.factoring,
        let now = try e.sharpness(), let before = try e.atStart.sharpness(), η.η * max(now, before) <= 1
      else { return nil }
      let (A0, B0) = (e.atStart.θ[.A], e.atStart.θ[.B])
      let drift = Matrix.distance(A.T * A - B * B.T, A0.T * A0 - B0 * B0.T)
      let fall = f.sum(2 * η.η * e.atStart.loss, -2 * η.η * e.loss)
      return [.atMost(drift, fall + tolerance * max(1, A.squaredNorm + B.squaredNorm))]
    },
    Check(
      "C4", "first step", "the first step is that of both factors at their start",
      formula: "W_1 − W0 = −ηs²(A0A0ᵀG0 + G0B0ᵀB0) + η²s³G0B0ᵀA0ᵀG0", source: "Su's gradient view of LoRA",
      needs: "LoRA factors under opt=sgd", tolerance: 1e-12,
      because: "of max(1, ‖W‖), before and after: a few roundings"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in e.atStart.factoredStep(&f, tolerance) },
    Check(
      "C5", "loss falls", "the loss falls, and by what the largest curvature allows, while η < 2/L",
      formula: "ηL/2 < 1  ⇒  L_t − L_{t+1} ≥ η(1 − ηL/2)‖∇L‖²,  L = λ_max(∇²L) at both ends of the step",
      source: "the descent lemma, e.g. Nesterov 2004",
      needs:
        "opt=sgd on all examples with η below 2/λ_max of the loss, a gradient that is not rounding, and b·n·m ≤ 4e6",
      tolerance: 1e-2, because: "of the fall: L is measured at the ends of the step, not along it"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let η = e.descent, η.ratioB == 1, e.isFullBatch, let now = try e.sharpness(),
        let next = try e.sharpness(of: e.present.next)
      else { return nil }
      let L = max(now, next)
      let square = e.squaredGradient
      let fall = e.loss - e.nextLoss
      // A fall below the rounding of the losses themselves says nothing.
      guard η.η * L < 2, η.η * square > 1e-12 * max(1, e.loss) else { return nil }
      let least = f.sum(η.η * square, -0.5 * η.η * η.η * L * square)
      return [.atMost(0.5 * η.η * L, 1), .atLeast(fall, least - tolerance * abs(fall))]
    },
  ]
}

extension Evidence {
  /// σ_{k+1} of W − W0, as dense matrices, against the size of what was subtracted.
  func rankComparison(_ bound: Double, _ tolerance: Double) throws(LinearAlgebraError) -> Comparison {
    let σ = try SVD.values(W - W0)
    let k = max(0, Int(bound))
    return .atMost(k < σ.count ? σ[k] / (σ[0] + size) : 0, tolerance)
  }

  var isFullBatch: Bool { problem.batches == .all }

  /// The loss over all examples, now and after the step.
  var loss: Double { loss(of: present.now) }
  var nextLoss: Double { loss(of: present.next) }

  private func loss(of simulation: Simulation) -> Double {
    var chain = simulation.series[index].chain
    return chain.evaluate(problem.examples, problem.objective)
  }

  /// λ_max of the loss in all the parameters of the series; nil where its gradients are not those of the loss,
  /// the iteration did not end, or it would take long: it is a few dozen gradients.
  func sharpness(of simulation: Simulation? = nil) throws(LinearAlgebraError) -> Double? {
    let chain = (simulation ?? present.now).series[index].chain
    let work =
      Double(problem.examples.count) * problem.pretrained.reduce(0.0) { $0 + Double($1.storage.count) }
    guard chain.adapters.allSatisfy({ $0.withTrueGradient == nil }), work <= 4e6 else { return nil }
    let λ = try chain.sharpness(problem.examples, problem.objective)
    return λ.flatMap { $0.isFinite ? $0 : nil }
  }

  /// ‖∇L‖² over all the parameters of the series.
  var squaredGradient: Double {
    var chain = series.chain
    _ = chain.differentiate(present.examples, problem.objective)
    return chain.gradients.reduce(0) { $0 + $1.matrices.reduce(0) { $0 + $1.squaredNorm } }
  }

  /// The step of W = Wfz + s·AB under gradient descent against its expansion; B's rate may be another.
  func factoredStep(_ f: inout Formula, _ tolerance: Double) -> [Comparison]? {
    guard let (A, B, s) = product, let η = descent else { return nil }
    let G = G
    let (a, b) = (η[.A], η[.B])
    let wanted = f.sum(
      (-b * s * s) * (A * (A.T * G)), (-a * s * s) * ((G * B.T) * B),
      (a * b * s * s * s) * ((G * B.T) * (A.T * G)))
    return [.equal(ΔW, wanted, unit: size, within: tolerance)]
  }
}
