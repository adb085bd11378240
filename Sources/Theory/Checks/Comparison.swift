import Math

/// Two sides of a sentence of the theory, computed apart.
package struct Comparison: Equatable, Sendable {
  package enum Relation: String, Sendable {
    case atMost = "≤"
    case atLeast = "≥"
  }

  package var measured: Double
  package var relation: Relation
  package var bound: Double

  package var holds: Bool {
    switch relation {
    case .atMost: measured <= bound
    case .atLeast: measured >= bound
    }
  }

  /// How many times over the bound is kept: 1 at the bound, infinite where there is nothing to be seen.
  package var margin: Double {
    let (small, large) = relation == .atMost ? (measured, bound) : (bound, measured)
    guard small.isFinite, large.isFinite else { return holds ? .infinity : 0 }
    if small <= 0 { return holds ? .infinity : 0 }
    return max(0, large / small)
  }
}

extension Comparison {
  package static func atMost(_ measured: Double, _ bound: Double) -> Comparison {
    Comparison(measured: measured, relation: .atMost, bound: bound)
  }

  package static func atLeast(_ measured: Double, _ bound: Double) -> Comparison {
    Comparison(measured: measured, relation: .atLeast, bound: bound)
  }

  /// ‖X − Y‖_F in units of `unit`, 1 at least: tolerances go with max(1, ‖G‖) or max(1, ‖W‖).
  static func equal(_ X: Matrix, _ Y: Matrix, unit: Double, within tolerance: Double) -> Comparison {
    .atMost(Matrix.distance(X, Y) / max(1, unit), tolerance)
  }

  static func equal(_ x: Double, _ y: Double, unit: Double, within tolerance: Double) -> Comparison {
    .atMost(abs(x - y) / max(1, unit), tolerance)
  }

  /// The distance of a mean of draws from what is expected, in standard errors.
  static func mean(of draws: [Double], is expected: Double, within errors: Double) -> Comparison {
    let N = Double(draws.count)
    let mean = draws.reduce(0, +) / N
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / N
    return .atMost(abs(mean - expected) / (variance / N).squareRoot(), errors)
  }

  /// The same of matrices: of the mean's share along what is expected, which tells a multiple of it, and of the
  /// mean as a whole, whose error √(Σ var/N) is many times larger.
  static func means(of draws: [Matrix], are expected: Matrix, within errors: Double) -> [Comparison] {
    let N = Double(draws.count)
    let mean = (1 / N) * draws.reduce(Matrix(expected.rows, expected.columns)) { $0 + $1 }
    let variance = draws.reduce(0) { $0 + ($1 - mean).squaredNorm } / N
    let along = draws.map { Matrix.dot($0, expected) }
    return [
      .mean(of: along, is: expected.squaredNorm, within: errors),
      .atMost(Matrix.distance(mean, expected) / (variance / N).squareRoot(), errors),
    ]
  }
}

extension Sequence<Comparison> {
  /// The one that holds least; what is not finite does not hold.
  package var worst: Comparison? {
    self.min { ($0.holds ? 1 : 0, $0.margin) < ($1.holds ? 1 : 0, $1.margin) }
  }
}

/// What a check came to.
package enum Verdict: Equatable, Sendable {
  case ok(Comparison)
  case failed(Comparison)
  /// It says nothing of this system; what it needs.
  case notApplicable(needs: String)
  /// It would apply, but no number came out.
  case undecided(because: String)

  package var comparison: Comparison? {
    switch self {
    case .ok(let comparison), .failed(let comparison): comparison
    case .notApplicable, .undecided: nil
    }
  }

  /// Why there is no number.
  package var excuse: String? {
    switch self {
    case .ok, .failed: nil
    case .notApplicable(let needs): "needs \(needs)"
    case .undecided(let reason): reason
    }
  }

  package var hasFailed: Bool {
    if case .failed = self { true } else { false }
  }
}

extension Sequence<Verdict> {
  /// A failure before all else, then the one nearest to it, then what came to nothing; not applicable when none
  /// applies.
  package var worst: Verdict? {
    let compared = compactMap { verdict in verdict.comparison.map { (verdict, $0) } }
    let worst = compared.min { ($0.1.holds ? 1 : 0, $0.1.margin) < ($1.1.holds ? 1 : 0, $1.1.margin) }
    return worst?.0 ?? first { if case .undecided = $0 { true } else { false } } ?? first { _ in true }
  }
}
