import Testing

import Math

/// A run and how far it has gone.
struct MeasuredState: Sendable, CustomTestStringConvertible {
  var line: String
  var steps: Int

  var testDescription: String { "\(line) after \(steps)" }

  func simulation() throws -> Simulation {
    var simulation = try Simulation(line: line)
    simulation.advance(steps: steps)
    return simulation
  }

  /// Tall, wide, full rank, rank one and one number; a weight's own loss with covariance, and minibatches.
  static func all(_ variants: [String], steps: [Int] = [0, 3], rule: String = "opt=sgd") -> [MeasuredState] {
    let tasks = ["task=matrix cov=0.5", "task=linreg samples=40 batch=16"]
    let sizes = [
      "n=12 m=9 r=3", "n=5 m=11 r=2", "n=11 m=5 r=2", "n=6 m=4 r=4", "n=4 m=6 r=4", "n=7 m=6 r=1",
      "n=1 m=1 r=1",
    ]
    return variants.flatMap { variant in
      tasks.flatMap { task in
        sizes.flatMap { size in
          steps.map { t in
            MeasuredState(line: "\(task) \(size) \(rule) lr=0.02 alpha=2 variants=\(variant)", steps: t)
          }
        }
      }
    }
  }
}

/// The same state by the textbook: every matrix formed.
struct PlainState: Factored {
  let A, B, W, W0, full, G: Matrix
  let s: Double
  let η: Double
  let X: Matrix
  /// 1/b, or 1 for the loss of a weight.
  let share: Double

  init(_ simulation: Simulation) throws {
    var copy = simulation
    (W, full, W0) = (simulation.weight(1), simulation.weight(0), simulation.problem.pretrained[0])
    let θ = simulation.series[1].chain.parameters[0]
    (A, B, s) = (θ[.A], θ[.B], simulation.scale(1))
    let examples = copy.nextExamples()
    let isMean = simulation.problem.objective == .meanSquaredError
    let inputs = try #require(examples.X)
    G = (isMean ? 1 / Double(examples.count) : 1) * (inputs.T * (inputs * W - examples.Y))
    X = try #require(simulation.problem.examples.X)
    share = isMean ? 1 / Double(X.rows) : 1
    η = try #require(simulation.scenario).optimizer.learningRate
  }

  /// ∂L/∂A and ∂L/∂B.
  var gA: Matrix { s * (G * B.T) }
  var gB: Matrix { s * (A.T * G) }
  /// s²(AAᵀG + GBᵀB).
  var equivalent: Matrix { (s * s) * (A * (A.T * G) + (G * B.T) * B) }
  /// The change of an SGD step, over −η.
  var update: Matrix { equivalent - (η * s) * (gA * gB) }

  /// The projector on the r leading left singular vectors of M.
  static func leading(_ M: Matrix, _ r: Int) throws -> Matrix {
    let eigen = try SymmetricEigen(M * M.T)
    let U = eigen.Q.columns(M.rows - r..<M.rows)
    return U * U.T
  }

  /// The Hessian in (A, B), entry by entry from its quadratic form
  /// v ↦ s²‖X(v_A·B + A·v_B)‖² + 2s⟨G, v_A·v_B⟩, G on all data.
  func hessian(allData: Examples) throws -> Matrix {
    let G = share * (X.T * (X * W - allData.Y))
    let p = A.storage.count + B.storage.count
    func form(_ v: [Double]) -> Double {
      let vA = Matrix(A.rows, A.columns, storage: Array(v.prefix(A.storage.count)))
      let vB = Matrix(B.rows, B.columns, storage: Array(v.dropFirst(A.storage.count)))
      let first: Double = share * s * s * (X * (vA * B + A * vB)).squaredNorm
      return first + 2 * s * Matrix.dot(G, vA * vB)
    }
    func unit(_ i: Int) -> [Double] { (0..<p).map { $0 == i ? 1 : 0 } }
    return Matrix(p, p) { i, j in
      let sum = zip(unit(i), unit(j)).map(+)
      return (form(sum) - form(unit(i)) - form(unit(j))) / 2
    }
  }
}

/// A measure of series 1.
func measured(_ id: String, _ simulation: Simulation, series: Int = 1, layer: Int = 0) throws -> Double {
  var snapshot = Snapshot(simulation, series: series, layer: layer)
  return try #require(Measure.named(id), "no measure \(id)").value(&snapshot)
}

/// Fails unless they differ by less than `tolerance`, relative above 1; two NaN agree.
func expectAgreement(
  _ x: Double, _ y: Double, _ tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let agree = x.isNaN && y.isNaN || abs(x - y) <= tolerance * max(1, abs(y))
  #expect(agree, "\(what): \(x), plainly \(y)", sourceLocation: sourceLocation)
}
