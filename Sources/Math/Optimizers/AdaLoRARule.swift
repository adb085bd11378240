/// AdaLoRA's rank allocation around another rule (Zhang et al. 2023, arXiv 2303.10512, as PEFT has it): a
/// penalty keeps A and B near orthogonality, and singular values E_k of low importance are set to zero until
/// as many are left, over all layers, as the budget of the step allows. Masking is not final: E_k grows
/// again until the next mask.
package struct AdaLoRARule: Optimizer {
  package struct Schedule: Equatable, Sendable {
    /// Directions a layer keeps in the end.
    package var targetRank: Int
    /// Steps of the whole run.
    package var total: Int
    /// Steps before the first mask.
    package var warmUp: Int
    /// Steps at the end with the pattern fixed.
    package var final: Int
    /// Steps between masks.
    package var interval: Int

    package init(targetRank: Int, total: Int, warmUp: Int = 0, final: Int = 0, interval: Int = 1) {
      self.targetRank = targetRank
      self.total = total
      self.warmUp = warmUp
      self.final = final
      self.interval = interval
    }

    /// The directions left after step t of all layers, `initial` at first: a cubic from there to the target.
    func budget(_ t: Int, initial: Int, target: Int) -> Int {
      if t <= warmUp { return initial }
      if t > total - final { return target }
      let f = 1 - Double(t - warmUp) / Double(total - final - warmUp)
      return Int(Double(initial - target) * f * f * f + Double(target))
    }
  }

  package let schedule: Schedule
  package let β1: Double
  package let β2: Double
  /// The penalty's weight, before it is divided by the number of factors.
  package let orthogonality: Double
  /// ‖AᵀA − I‖² as the paper has it, rather than ‖AᵀA − I‖ as all code has it.
  package let isPenaltySquared: Bool
  private var base: any Optimizer
  private var t = 0
  /// Ī and Ū: means of the importance |p·g| and of its deviation.
  private var importance: [Parameters] = []
  private var uncertainty: [Parameters] = []
  /// g with the penalty's share, which the importance needs after the step.
  private var penalized: [Parameters] = []
  private var grams: [(A: Matrix, B: Matrix)] = []
  /// The directions that the last mask kept, one list a layer.
  package private(set) var kept: [[Bool]] = []
  /// The scores it chose by.
  package private(set) var chosenScores: [[Double]] = []
  package private(set) var budget = 0

  package init(
    base: any Optimizer, schedule: Schedule, β1: Double = 0.85, β2: Double = 0.85,
    orthogonality: Double = 0.5, isPenaltySquared: Bool = false
  ) {
    self.base = base
    self.schedule = schedule
    self.β1 = β1
    self.β2 = β2
    self.orthogonality = orthogonality
    self.isPenaltySquared = isPenaltySquared
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if importance.isEmpty { prepare(θ) }
    penalize(θ, &g)
    try base.step(&θ, &g)
    t += 1
    let lastMask = schedule.total - schedule.final
    if t < lastMask { rate(θ) }
    budget = schedule.budget(
      t, initial: kept.reduce(0) { $0 + $1.count }, target: schedule.targetRank * kept.count)
    let isMaskDue = t > schedule.warmUp && t < lastMask && t.isMultiple(of: schedule.interval)
    if isMaskDue || t == lastMask { try choose() }
    if isMaskDue || t >= lastMask { mask(&θ) }
  }

  private mutating func prepare(_ θ: [Parameters]) {
    importance = θ.map(\.zeros)
    uncertainty = importance
    penalized = importance
    grams = θ.map {
      let r = $0[.E].rows
      return (Matrix(r, r), Matrix(r, r))
    }
    kept = θ.map { Array(repeating: true, count: $0[.E].rows) }
    chosenScores = kept.map { $0.map { _ in 0 } }
  }

  /// Adds the gradient of w·Σ(‖AᵀA − I‖ + ‖BBᵀ − I‖), w = orthogonality/(2·layers): 2A(AᵀA − I)/‖AᵀA − I‖,
  /// and 0 where that is 0; or 4A(AᵀA − I) of the squares.
  private mutating func penalize(_ θ: [Parameters], _ g: inout [Parameters]) {
    let w = orthogonality / Double(2 * θ.count)
    for l in θ.indices where w != 0 {
      grams[l].A.set(θ[l][.A].T, θ[l][.A])
      grams[l].B.set(θ[l][.B], θ[l][.B].T)
      let a = Self.weight(&grams[l].A, w, isSquared: isPenaltySquared)
      let b = Self.weight(&grams[l].B, w, isSquared: isPenaltySquared)
      g[l][.A].add(a, θ[l][.A], grams[l].A)
      g[l][.B].add(b, grams[l].B, θ[l][.B])
    }
    for l in θ.indices {
      for i in θ[l].matrices.indices { penalized[l].matrices[i].set(g[l].matrices[i]) }
    }
  }

  /// gram ← gram − I; what its product with the factor is to be multiplied by.
  private static func weight(_ gram: inout Matrix, _ w: Double, isSquared: Bool) -> Double {
    for k in 0..<gram.rows { gram[k, k] -= 1 }
    if isSquared { return 4 * w }
    let norm = gram.norm
    return norm == 0 ? 0 : 2 * w / norm
  }

  /// Importance with the new parameter and the old gradient.
  private mutating func rate(_ θ: [Parameters]) {
    for l in θ.indices {
      for i in θ[l].matrices.indices {
        for e in θ[l].matrices[i].storage.indices {
          let now = abs(θ[l].matrices[i].storage[e] * penalized[l].matrices[i].storage[e])
          let mean = β1 * importance[l].matrices[i].storage[e] + (1 - β1) * now
          importance[l].matrices[i].storage[e] = mean
          let deviation = abs(now - mean)
          uncertainty[l].matrices[i].storage[e] =
            β2 * uncertainty[l].matrices[i].storage[e] + (1 - β2) * deviation
        }
      }
    }
  }

  /// Keeps the `budget` best directions of all layers; of equals at the threshold none.
  private mutating func choose() throws(LinearAlgebraError) {
    for l in kept.indices {
      for k in kept[l].indices { chosenScores[l][k] = score(layer: l, direction: k) }
      // A NaN is above no threshold: its direction would be masked, and the divergence with it.
      guard chosenScores[l].allSatisfy(\.isFinite) else { throw .notFinite }
    }
    let dropped = kept.reduce(0) { $0 + $1.count } - budget
    // The dropped-th smallest score, found value by value: no sorted copy is made in a step.
    var (threshold, below) = (-Double.infinity, 0)
    while below < dropped {
      var (next, equals) = (Double.infinity, 0)
      for scores in chosenScores {
        for score in scores where score > threshold {
          if score < next { (next, equals) = (score, 0) }
          if score == next { equals += 1 }
        }
      }
      (threshold, below) = (next, below + equals)
    }
    for l in kept.indices {
      for k in kept[l].indices { kept[l][k] = chosenScores[l][k] > threshold }
    }
  }

  /// ĪŪ of E_k, and the means of ĪŪ over A's column k and B's row k.
  private func score(layer l: Int, direction k: Int) -> Double {
    func product(_ role: Parameters.Role, _ i: Int, _ j: Int) -> Double {
      importance[l][role][i, j] * uncertainty[l][role][i, j]
    }
    let (n, m) = (importance[l][.A].rows, importance[l][.B].columns)
    return product(.E, k, 0) + (0..<n).reduce(0) { $0 + product(.A, $1, k) } / Double(n)
      + (0..<m).reduce(0) { $0 + product(.B, k, $1) } / Double(m)
  }

  private func mask(_ θ: inout [Parameters]) {
    for l in θ.indices {
      for (k, isKept) in kept[l].enumerated() where !isKept { θ[l][.E][k, 0] = 0 }
    }
  }

  package mutating func forget(layer: Int) {
    (t, importance) = (0, [])
    base.forget(layer: layer)
  }

  package mutating func dropWorkspace() { base.dropWorkspace() }

  package func continuing(_ old: any Optimizer) -> any Optimizer {
    guard let old = old as? AdaLoRARule else { return self }
    var copy = self
    copy.base = base.continuing(old.base)
    (copy.t, copy.importance, copy.uncertainty) = (old.t, old.importance, old.uncertainty)
    (copy.penalized, copy.grams) = (old.penalized, old.grams)
    (copy.kept, copy.chosenScores, copy.budget) = (old.kept, old.chosenScores, old.budget)
    return copy
  }

  /// The rule's, and two numbers a parameter for the importance.
  package func stateCount(_ θ: [Parameters]) -> Int { base.stateCount(θ) + 2 * θ.trainedCount }

  package func flops(_ θ: [Parameters]) -> Double {
    θ.reduce(base.flops(θ)) { sum, layer in
      sum + 4 * Double(layer[.E].rows) * Double(layer[.A].storage.count + layer[.B].storage.count)
        + 9 * Double(layer.count)
    }
  }
}
