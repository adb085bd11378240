import Glibc

// The update W_t − W0 by its singular values, and the floors of the gap.

extension Measure {
  static let spectra = [
    Measure(
      "effective-rank", "effective rank of the update",
      formula: "exp(−Σ p·ln p),  p = σ/Σσ of W_t − W0", cost: "spectrum of W − W0"
    ) { snapshot in
      guard let σ = snapshot.σ, snapshot.isMoved(σ) else { return nil }
      return effectiveRank(σ)
    },
    Measure(
      "stable-rank", "stable rank of the update", formula: "Σσ²/σ_1² of W_t − W0", cost: "spectrum of W − W0"
    ) { snapshot in
      guard let σ = snapshot.σ, snapshot.isMoved(σ) else { return nil }
      return σ.reduce(0) { $0 + $1 / σ[0] * ($1 / σ[0]) }
    },
    Measure(
      "retained", "spectral energy retained from W0",
      formula: "Σ⟨u_i, W_t·v_i⟩/Σσ_i,  triplets of W0 with σ_i > 1e-10·σ_1; 1 where W_t = W0",
      cost: "SVD of W0, 2nm·min(n,m)"
    ) { snapshot in
      guard let W = snapshot.W, let svd = snapshot.own.run.pretrained[snapshot.layer] else { return nil }
      let (U, V) = svd.leading(svd.σ.count)
      return U.columns == 0 ? nil : Matrix.dot(U, W * V) / svd.σ.prefix(U.columns).reduce(0, +)
    },
    Measure(
      "intruders", "directions among the ten leading ones of W that W0 does not have",
      formula: "u_i of W_t, i ≤ 10, with |⟨u_i, u_j(W0)⟩| < 0.6 for all j;  left singular vectors",
      unit: "directions", cost: "SVD of W and of W0, 20n·min(n,m)"
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.intruders() },
    Measure(
      "rank-floor", "least gap of any update of rank r", formula: "tail_r(W_t^full − W0),  r of the run",
      cost: "singular values of an n×m matrix"
    ) { snapshot in
      guard let r = snapshot.rank, let σ = snapshot.fullσ else { return nil }
      return tail(σ, after: r)
    },
    Measure(
      "reach-floor", "least gap of any weight this series can reach",
      formula: "tail_r(W_t^full − Wfz),  Wfz = W0 − s·A0B0",
      cost: "singular values of an n×m matrix", needs: "W within reach of rank r"
    ) { (snapshot) throws(LinearAlgebraError) in try snapshot.reachFloor() },
    Measure(
      "gap-over-floor", "gap over the least it could be",
      formula: "‖W_t − W_t^full‖/tail_r(W_t^full − Wfz),  none where that is below 1e-9",
      cost: "singular values of an n×m matrix", needs: "W within reach of rank r"
    ) { (snapshot) throws(LinearAlgebraError) in
      guard let W = snapshot.W, let full = snapshot.full, let floor = try snapshot.reachFloor(), floor >= 1e-9
      else { return nil }
      return Matrix.distance(W, full) / floor
    },
  ]
}

extension Measure {
  /// Of the leading four.
  static let modes = (1...4).map { k in
    Measure(
      "mode-\(k)", "share of mode \(k) that has been learned",
      formula: "σ_\(k)(W_t − W0)/σ_\(k)(W* − W0),  W* made the data; none where it has no such mode",
      cost: "spectrum of W − W0, SVD of an n×m matrix", needs: "data made by a W* that has mode \(k)"
    ) { snapshot in
      guard let σ = snapshot.σ, let wanted = snapshot.own.run.wantedσ[snapshot.layer], k <= wanted.count,
        wanted[k - 1] > 1e-10 * wanted[0]
      else { return nil }
      // The spectrum of a factored update has as many values as its rank.
      return k <= σ.count ? σ[k - 1] / wanted[k - 1] : 0
    }
  }
}

extension Snapshot {
  /// The update is more than what rounding leaves of W0 − s·A0B0 + s·A0B0.
  fileprivate func isMoved(_ σ: [Double]) -> Bool { σ[0] > 1e-13 * max(1, W0.norm) }

  /// Intruder dimensions (Shuttleworth et al. 2024, arXiv 2410.21228).
  fileprivate mutating func intruders() throws(LinearAlgebraError) -> Double? {
    guard let W, let svd = own.run.pretrained[layer] else { return nil }
    let known = svd.leading(svd.σ.count).U
    guard known.columns > 0 else { return nil }
    let overlaps = known.T * (try SVD(W).leading(10).U)
    return Double(
      (0..<overlaps.columns).count { i in (0..<overlaps.rows).allSatisfy { abs(overlaps[$0, i]) < 0.6 } })
  }

  fileprivate mutating func reachFloor() throws(LinearAlgebraError) -> Double? {
    guard let reach = series.reach(layer: layer), let full, !series.hasDiverged else { return nil }
    if reach.frozen == W0, let fullσ { return tail(fullσ, after: reach.rank) }
    return tail(try SVD.values(full - reach.frozen), after: reach.rank)
  }
}

/// exp(−Σ p·ln p) for p = σ/Σσ (Roy and Vetterli 2007): how many of them count.
package func effectiveRank(_ σ: [Double]) -> Double {
  let sum = σ.reduce(0, +)
  return exp(-σ.reduce(0) { $0 + ($1 > 0 ? $1 / sum * log($1 / sum) : 0) })
}
