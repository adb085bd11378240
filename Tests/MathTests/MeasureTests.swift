import Glibc
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

/// The same state by the textbook: every matrix formed, projectors from Gram matrices.
private struct Plain {
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

  var PA: Matrix { get throws { A * (try pseudoInverse(A.T * A)) * A.T } }
  var PB: Matrix { get throws { B.T * (try pseudoInverse(B * B.T)) * B } }
  /// (I − P_A)·G·(I − P_B).
  var unreachable: Matrix {
    get throws {
      let left = G - (try PA) * G
      return left - left * (try PB)
    }
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
private func value(_ id: String, _ simulation: Simulation, series: Int = 1, layer: Int = 0) throws -> Double {
  var snapshot = Snapshot(simulation, series: series, layer: layer)
  return try #require(Measure.named(id), "no measure \(id)").value(&snapshot)
}

/// Fails unless they differ by less than `tolerance`, relative above 1; two NaN agree.
private func expect(
  _ x: Double, _ y: Double, _ tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let agree = x.isNaN && y.isNaN || abs(x - y) <= tolerance * max(1, abs(y))
  #expect(agree, "\(what): \(x), plainly \(y)", sourceLocation: sourceLocation)
}

@Suite("Measures")
struct MeasureTests {
  // MARK: Registry

  @Test("ids are words of their own in a record, and everything is said")
  func registry() {
    let ids = Measure.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    let taken = [
      "step", "series", "layer", "loss", "gap", "test", "floor", "spectrum", "unique", "diverged",
    ]
    #expect(Set(ids).isDisjoint(with: taken))
    for measure in Measure.all {
      #expect(measure.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(measure.id)")
      #expect(![measure.title, measure.formula, measure.unit, measure.cost].contains(""), "\(measure.id)")
      #expect(Measure.named(measure.id)?.title == measure.title)
    }
    #expect(Measure.named("beauty") == nil)
  }

  @Test("measuring moves nothing", arguments: Variant.all.map(\.id), ProblemLine.allCases)
  func silent(variant: String, problem: ProblemLine) throws {
    let sample = RunSample(variant, problem, seed: 3)
    for rule in ["sgd", "adam"] {
      let line = sample.line() + " opt=\(rule)"
      var (measured, plain) = (try Simulation(line: line), try Simulation(line: line))
      for _ in 0..<3 {
        _ = measured.values(of: Measure.all)
        _ = measured.losses()
        measured.advance()
        plain.advance()
      }
      _ = measured.values(of: Measure.all)
      // The losses first: who follows others is brought up to date by being looked at.
      #expect(measured.losses() == plain.losses())
      #expect(bits(measured) == bits(plain), "\(rule)")
    }
  }

  // MARK: Steps

  @Test(
    "the step's measures are their formulas",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "rslora"]))
  func steps(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try Plain(simulation)
    let (G, U) = (plain.G, plain.update)
    // W_t − W_{t+1} over η = 0.02 rounds at 1e-16·‖W‖/η.
    let tolerance = 1e-12
    expect(try value("gradient", simulation), G.norm, 1e-13, "‖G‖")
    expect(try value("update", simulation), U.norm, tolerance, "‖U‖")
    expect(try value("cosine", simulation), Matrix.dot(U, G) / (U.norm * G.norm), tolerance, "cosine")
    // The Gram matrices of the projectors square the factors' condition.
    let ρ = try plain.unreachable.norm / G.norm
    expect(try value("tangent", simulation), ρ, 1e-9, "ρ")
    let optimality = ρ < 1e-8 ? Double.nan : (U - G).norm / (ρ * G.norm)
    expect(try value("optimality", simulation), optimality, 1e-9, "optimality")
    let first = plain.s * (plain.gA * plain.B + plain.A * plain.gB)
    let second = (plain.η * plain.s) * (plain.gA * plain.gB)
    expect(try value("second-order", simulation), second.norm / first.norm, tolerance, "second order")
    let signs = Matrix(G.rows, G.columns) { i, j in G[i, j] > 0 ? 1 : G[i, j] < 0 ? -1 : 0 }
    let signCosine = Matrix.dot(U, signs) / (U.norm * signs.norm)
    expect(try value("sign-cosine", simulation), signCosine, tolerance, "with signs")
    #expect(try value("adam-cosine", simulation).isNaN)
    let (byA, byB) = ((plain.gA * plain.B).norm, (plain.A * plain.gB).norm)
    // 1e-11: A_t − A_{t+1} rounds at 1e-16·‖A‖, some 1e-12 of the smallest changes here.
    expect(try value("role-balance", simulation), byA / byB, 1e-11, "roles")
    for (id, factor, g) in [("change-a", plain.A, plain.gA), ("change-b", plain.B, plain.gB)] {
      let change = factor.norm == 0 ? Double.nan : plain.η * g.norm / factor.norm
      expect(try value(id, simulation), change, tolerance, id)
    }
    let ζ = Matrix.dot(plain.equivalent, G) / G.squaredNorm
    expect(try value("zeta", simulation), ζ, tolerance, "ζ")
  }

  @Test("LoRA-Pro steps as near to the gradient as can be, and no other variant nearer")
  func optimality() throws {
    for start in ["zero-b", "lora-ga"] {
      var simulation = try Simulation(
        line: "n=12 m=9 r=3 cov=0.5 lr=1e-6 variants=lora-pro(init=\(start),c=zero),lora,lora-ga,pissa")
      // Once B is not zero: from there H_A is of size 1/B, and η small beside that.
      if start == "lora-ga" { simulation.advance(steps: 2) }
      // 1e-4: the η² term, η = 1e-6 times factors of G's size.
      let pro = try value("optimality", simulation)
      #expect(abs(pro - 1) <= 1e-4, "\(start): \(pro)")
      for i in 2..<5 { #expect(try value("optimality", simulation, series: i) >= 1 - 1e-4) }
      // ⟨g̃, G⟩ = ‖G‖² − ‖(I − P_A)G(I − P_B)‖².
      let plain = try Plain(simulation)
      let ρ: Double = try plain.unreachable.norm / plain.G.norm
      expect(try value("zeta", simulation), 1 - ρ * ρ, 1e-9, "ζ")
      expect(
        try value("update", simulation) * value("cosine", simulation) / value("gradient", simulation),
        1 - ρ * ρ, 1e-4, "⟨U,G⟩/‖G‖²")
    }
  }

  @Test(
    "what a first-order step misses is what the nearest multiple of it leaves",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "lora(init=orthogonal)", "lora-ga(scale=unit)"]))
  func missed(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try Plain(simulation)
    let T = plain.A * plain.A.T * plain.G + plain.G * plain.B.T * plain.B
    let cosine = Matrix.dot(T, plain.G) / (T.norm * plain.G.norm)
    // 1e-7: 1 − cos² loses half the digits where the sine is small.
    expect(try value("missed", simulation), max(0, 1 - cosine * cosine).squareRoot(), 1e-7, "\(state)")
    let least = try value("missed-least", simulation)
    let σ = try SVD.values(plain.G)
    let r = try #require(simulation.scenario).r
    let squares = σ.map { $0 * $0 }
    let tail = squares.dropFirst(2 * r).reduce(0, +) / squares.reduce(0, +)
    expect(least, tail.squareRoot(), 1e-13, "\(state)")
    // AAᵀG + GBᵀB has rank 2r: Eckart and Young.
    #expect(try value("missed", simulation) >= least - 1e-12)
    if state.steps == 0, state.line.hasSuffix("lora-ga(scale=unit)") {
      expect(try value("missed", simulation), least, 1e-12, "\(state)")
    }
  }

  @Test("full fine-tuning steps along its gradient, of the next minibatch")
  func fullStep() throws {
    let simulation = try MeasuredState(line: "task=linreg n=9 m=7 r=2 samples=40 batch=8 lr=0.02", steps: 7)
      .simulation()
    // 1e-12: see above.
    expect(try value("cosine", simulation, series: 0), 1, 1e-12, "cosine")
    expect(
      try value("update", simulation, series: 0), try value("gradient", simulation, series: 0), 1e-12, "‖U‖")
    #expect(try value("tangent", simulation, series: 0).isNaN)
  }

  @Test(
    "alignment with full Adam is that with Adam by hand",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "dora"], rule: "opt=adam"))
  func fullAdam(state: MeasuredState) throws {
    var simulation = try MeasuredState(line: state.line, steps: 0).simulation()
    var W = simulation.problem.pretrained[0]
    var (m, v, direction) = (Matrix(W.rows, W.columns), Matrix(W.rows, W.columns), W)
    for t in 1...state.steps + 1 {
      if t > 1 { simulation.advance() }
      var copy = simulation
      let examples = copy.nextExamples()
      let X = try #require(examples.X)
      let b: Double = simulation.problem.objective == .meanSquaredError ? Double(examples.count) : 1
      let G = (1 / b) * (X.T * (X * W - examples.Y))
      m = 0.9 * m + 0.1 * G
      v = 0.999 * v + 0.001 * Matrix(G.rows, G.columns) { G[$0, $1] * G[$0, $1] }
      direction = Matrix(G.rows, G.columns) { i, j in
        m[i, j] / (1 - pow(0.9, Double(t))) / ((v[i, j] / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
      }
      W = W - 0.02 * direction
    }
    var next = simulation
    next.advance()
    let U = 50 * (simulation.weight(1) - next.weight(1))
    let cosine = Matrix.dot(U, direction) / (U.norm * direction.norm)
    // 1e-10: Adam divides by gradients, which are known to 1e-16 of W and may be 1e-5.
    expect(try value("adam-cosine", simulation), cosine, 1e-10, "with Adam")
    expect(try value("adam-cosine", simulation, series: 0), 1, 1e-15, "full's own")
  }

  @Test("a step across a restart is no step of the factors")
  func restart() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 lr=0.02 variants=serial-lora(every=3)")
    for t in 0..<9 {
      let isLastOfRound = (t + 1).isMultiple(of: 3)
      for id in ["second-order", "role-balance", "change-a"] {
        #expect(try value(id, simulation).isNaN == isLastOfRound, "\(id) at \(t)")
      }
      #expect(try value("update", simulation).isFinite)
      // Balance counts from the round's own start.
      if t.isMultiple(of: 3) { #expect(try value("balance", simulation) == 0, "at \(t)") }
      simulation.advance()
    }
  }

  @Test("the effective rate is what the normal form says: equal rates, equal runs")
  func effectiveRate() throws {
    // claims.md row 59, B0 = 0: s√(η_A·η_B) and σ_A√s(η_B/η_A)^¼ are all that SGD knows. A third has both by
    // s·4, η/4 and A0/2.
    func run(s: Double, η: Double, ratio: Double, size: Double) throws -> Simulation {
      let W0 = Matrix.random(7, 5, seed: 3)
      let (A, B) = (size * Matrix.random(7, 2, seed: 4), Matrix(2, 5))
      let chain = Chain([(LowRank(W0: W0, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))])
      let problem = Problem(
        pretrained: [W0], examples: Examples(X: nil, Y: .random(7, 5, seed: 5)), objective: .squaredDistance)
      var simulation = Simulation(
        problem: problem, full: SGD(learningRate: η),
        variants: [Series(name: "lora", chain: chain, rule: SGD(learningRate: η, ratioB: ratio))])
      simulation.advance(steps: 10)
      return simulation
    }
    let runs = [
      try run(s: 1, η: 0.02, ratio: 1, size: 0.5), try run(s: 1, η: 0.005, ratio: 16, size: 0.25),
      try run(s: 4, η: 0.005, ratio: 1, size: 0.25),
    ]
    for other in runs {
      expect(try value("effective-rate", other), 0.02, 1e-15, "η̄")
      // 1e-9: claims.md section 3.
      #expect(deviation(other.weight(1), runs[0].weight(1)) <= 1e-9)
    }
    let adam = try Simulation(line: "n=7 m=5 r=2 alpha=8 opt=adam lr=0.01 variants=lora-plus(ratio=9)")
    expect(try value("effective-rate", adam), (4 * 0.01 * 0.09).squareRoot(), 1e-15, "Adam's")
    let pro = try Simulation(line: "n=7 m=5 r=2 variants=lora-pro")
    #expect(try value("effective-rate", pro).isNaN)
  }

  // MARK: Subspaces

  @Test(
    "angles and overlaps are those of the projectors",
    arguments: MeasuredState.all(["lora", "lora(init=orthogonal)", "lora-ga(scale=gd)"]))
  func angles(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try Plain(simulation)
    let r = plain.A.columns
    for (role, factor, M) in [("a", plain.A, plain.G), ("b", plain.B.transposed, plain.G.transposed)] {
      let gram = factor.T * factor
      let P = factor * (try pseudoInverse(gram)) * factor.T
      let Q = try Plain.leading(M, r)
      // trace(PQ)/r.
      let overlap = factor.squaredNorm == 0 && role == "a" ? .nan : Matrix.dot(P, Q) / Double(r)
      expect(try value("overlap-\(role)", simulation), overlap, 1e-8, "overlap-\(role)")
      let count = factor.squaredNorm == 0 ? 0 : r
      let cosines = try SVD.values(P * Q).prefix(count)
      // Cosines, of which the projectors' are known to their condition; small angles have a test of their own.
      for (id, wanted) in [("angle-\(role)-min", cosines.first), ("angle-\(role)-max", cosines.last)] {
        expect(cos(try value(id, simulation) * .pi / 180), wanted ?? .nan, 1e-9, id)
      }
    }
    let G0 = simulation.problem.firstGradients()[0]
    let drift = Matrix.dot(try Plain.leading(G0, r), try Plain.leading(plain.G, r)) / Double(r)
    for i in 0...1 where i == 1 || state.steps == 0 {
      expect(try value("drift", simulation, series: i), drift, 1e-8, "drift")
    }
  }

  @Test("principal angles are right where cosines alone are not")
  func smallAngles() throws {
    for θ in [1e-12, 1e-9, 1e-4, 0.5, Double.pi / 2] {
      let P = Matrix(5, 2) { i, j in i == j ? 1 : 0 }
      let Q = Matrix(rows: [[cos(θ), 0], [0, 0.5], [sin(θ), 0], [0, 0.75.squareRoot()], [0, 0]])
      let wanted = [θ, Double.pi / 3].sorted()
      // 1e-15: a few units in the last place of numbers up to 1.
      #expect(try deviation(Matrix.principalAngles(P, Q), wanted) <= 1e-15, "θ = \(θ)")
      #expect(try deviation(Matrix.principalAngles(P.columns(0..<1), Q), [θ]) <= 1e-15)
      #expect(try deviation(Matrix.principalAngles(Q, P.columns(0..<1)), [θ]) <= 1e-15)
    }
    #expect(try Matrix.principalAngles(Matrix(5, 0), Matrix(5, 1)) == [])
  }

  @Test("a basis has the column space's dimension")
  func bases() throws {
    let A = Matrix.random(7, 3, seed: 5)
    let deficient = A.beside(A)
    #expect(try deficient.columnBasis().columns == 3)
    #expect(try Matrix(4, 2).columnBasis().columns == 0)
    let Q = try deficient.columnBasis()
    // 1e-12: rounding, times the condition of a 7×3 Gaussian.
    #expect(deviation(Q * (Q.T * A), A) <= 1e-12)
  }

  // MARK: Spectra

  @Test(
    "ranks and floors are those of the dense update",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "dora", "galore", "additive"], steps: [1, 4]))
  func spectra(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let (W0, full) = (simulation.problem.pretrained[0], simulation.weight(0))
    let r = try #require(simulation.scenario).r
    for i in 0...1 {
      let W = simulation.weight(i)
      let σ = try SVD.values(W - W0)
      let sum = σ.reduce(0, +)
      let entropy = σ.reduce(0.0) { $1 == 0 ? $0 : $0 - $1 / sum * log($1 / sum) }
      // 1e-9: the update is 1e-2 of W, and values that are rounding enter by −p·ln p.
      expect(try value("effective-rank", simulation, series: i), exp(entropy), 1e-9, "effective rank")
      expect(
        try value("stable-rank", simulation, series: i), (W - W0).squaredNorm / (σ[0] * σ[0]), 1e-9, "stable")
      expect(
        try value("rank-floor", simulation, series: i), tail(try SVD.values(full - W0), after: r), 1e-12,
        "floor")
    }
    let gap = (simulation.weight(1) - full).norm
    if let reach = simulation.series[1].reach(layer: 0) {
      let floor = try tail(SVD.values(full - reach.frozen), after: reach.rank)
      expect(try value("reach-floor", simulation), floor, 1e-12, "reach")
      expect(
        try value("gap-over-floor", simulation), floor < 1e-9 ? .nan : gap / floor, 1e-9, "gap over floor")
      var copy = simulation
      expect(try value("reach-floor", simulation), copy.spectra()[1]?.floor ?? .nan, 1e-15, "spectra's")
    } else {
      #expect(try value("reach-floor", simulation).isNaN && value("gap-over-floor", simulation).isNaN)
    }
  }

  @Test("gradient descent of the weight itself learns all modes equally, as 1 − (1 − η)^t")
  func modes() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 alpha=2 lr=0.1 k=3 variants=lora")
    simulation.advance(steps: 5)
    for k in 1...3 {
      expect(try value("mode-\(k)", simulation, series: 0), 1 - pow(0.9, 5), 1e-12, "mode \(k)")
    }
    // There are three modes to be learned, and LoRA of rank 2 has two.
    #expect(try value("mode-4", simulation, series: 0).isNaN)
    // 1e-15: what rounding leaves of it.
    #expect(try value("mode-3", simulation) <= 1e-15)
    let σ = try SVD.values(simulation.weight(1) - simulation.problem.pretrained[0])
    let λ = try SVD.values(simulation.problem.examples.Y - simulation.problem.pretrained[0])
    for k in 1...2 { expect(try value("mode-\(k)", simulation), σ[k - 1] / λ[k - 1], 1e-12, "mode \(k)") }
  }

  @Test(
    "full gradient descent comes to all of every mode of every layer's W*",
    arguments: ["task=matrix cov=0.5 n=7 m=5", "task=linreg n=7 m=5 samples=30 cov=0 noise=0 batch=all"])
  func allModes(task: String) throws {
    var simulation = try Simulation(line: task + " r=2 lr=0.2 variants=full")
    simulation.advance(steps: 4000)
    // 1e-10: (1 − 0.2·0.05)^4000, the smallest curvature being above 0.05, is below rounding.
    for k in 1...4 { expect(try value("mode-\(k)", simulation, series: 0), 1, 1e-10, "mode \(k)") }
  }

  @Test("modes are of each layer of a network, and none are told of data from elsewhere")
  func modesOfLayers() throws {
    var network = try Simulation(line: "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 lr=0.05 variants=lora")
    network.advance(steps: 20)
    let shares = try (0...1).map { try value("mode-1", network, layer: $0) }
    #expect(shares.allSatisfy { $0 > 0 && $0 < 1 } && shares[0] != shares[1])
    #expect(try value("mode-1", Simulation(line: "task=digits r=3 variants=lora")).isNaN)
  }

  @Test(
    "what is retained of W0 is its inner product with the orthogonal factor of W0",
    arguments: MeasuredState.all(["lora", "pissa", "galore"]).map(\.line)
      + ["task=digits r=3 lr=0.5 variants=lora(init=both)"])
  func retained(line: String) throws {
    var simulation = try Simulation(line: line)
    let W0 = simulation.problem.pretrained[0]
    // W0(W0ᵀW0)^−½; the digits' W0 has equal columns, and so a Gram matrix of lower rank.
    let eigen = try SymmetricEigen(W0.T * W0)
    let largest = eigen.λ[eigen.λ.count - 1]
    let σ = eigen.λ.map { $0 > 1e-12 * largest ? $0.squareRoot() : 0 }
    let orthogonal = W0 * eigen.Q * Matrix.diagonal(σ.map { $0 > 0 ? 1 / $0 : 0 }) * eigen.Q.T
    for _ in 0..<2 {
      for i in 0...1 {
        let share = Matrix.dot(orthogonal, simulation.weight(i)) / σ.reduce(0, +)
        // 1e-9: the Gram matrix squares W0's condition.
        expect(try value("retained", simulation, series: i), share, 1e-9, "series \(i)")
        if simulation.step == 0 { expect(try value("retained", simulation, series: i), 1, 1e-13, "at W0") }
      }
      simulation.advance(steps: 4)
    }
  }

  @Test(
    "intruders are leading directions of W that lie with none of W0's",
    arguments: ["n=12 m=12", "n=11 m=9", "n=6 m=8"])
  func intruders(size: String) throws {
    var simulation = try Simulation(
      line: "\(size) r=2 alpha=2 k=3 norm=6 lr=0.1 w0=power:0.6 top=4 variants=lora,lora-ga")
    var seen: Set<Double> = []
    while simulation.step <= 60 {
      let W0 = simulation.problem.pretrained[0]
      // Eigenvectors of WWᵀ, largest last.
      let known = try SymmetricEigen(W0 * W0.T)
      let rank = min(W0.rows, W0.columns)
      for i in 0...2 {
        let W = simulation.weight(i)
        let leading = try SymmetricEigen(W * W.T)
        var count = 0.0
        for u in (max(0, W.rows - min(10, rank))..<W.rows) {
          let isNew = (W.rows - rank..<W.rows).allSatisfy { j in
            let product = (0..<W.rows).reduce(0) { $0 + leading.Q[$1, u] * known.Q[$1, j] }
            return abs(product) < 0.6
          }
          if isNew { count += 1 }
        }
        #expect(try value("intruders", simulation, series: i) == count)
        if simulation.step == 0 { #expect(count == 0) }
        seen.insert(count)
      }
      simulation.advance(steps: 20)
    }
    #expect(seen.count > 1, "some appear")
  }

  @Test("what rounding leaves of a compensated start has no rank")
  func noRankAtTheStart() throws {
    let simulation = try Simulation(line: "n=9 m=7 r=2 variants=lora-ga,pissa,lora(init=both),lora")
    for i in 0...4 {
      #expect(try value("effective-rank", simulation, series: i).isNaN)
      #expect(try value("stable-rank", simulation, series: i).isNaN)
    }
  }

  // MARK: Factors

  @Test(
    "norms, conditions and balance are those of the Gram matrices",
    arguments: MeasuredState.all(["lora(init=both)"]))
  func factors(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try Plain(simulation)
    let (A, B) = (plain.A, plain.B)
    let start = try Plain(try MeasuredState(line: state.line, steps: 0).simulation())
    expect(try value("norm-a", simulation), A.norm, 1e-15, "‖A‖")
    expect(try value("norm-b", simulation), B.norm, 1e-15, "‖B‖")
    for (id, gram) in [("condition-a", A.T * A), ("condition-b", B * B.T)] {
      let λ = try SymmetricEigen(gram).λ
      let κ = λ[λ.count - 1] / λ[0]
      // The Gram matrix's least eigenvalue is known to 1e-16·κ of itself.
      expect(try value(id, simulation), κ, 1e-14 * max(100, κ), id)
    }
    let Q0 = start.A.T * start.A - start.B * start.B.T
    let balance = (A.T * A - B * B.T - Q0).norm
    expect(try value("balance", simulation), balance, 1e-13, "balance")
    let size = (start.A.T * start.A).norm + (start.B * start.B.T).norm
    expect(try value("balance-share", simulation), balance / size, 1e-13, "share")
  }

  @Test(
    "the gauge shift is that of the dense product's SVD",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "pissa"]))
  func gaugeShift(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let θ = simulation.series[1].chain.parameters[0]
    let (A, B) = (θ[.A], θ[.B])
    let svd = try SVD(A * B)
    let k = min(A.columns, svd.σ.count)
    let root = Matrix.diagonal(svd.σ.prefix(k).map { $0.squareRoot() })
    let (balancedA, balancedB) = (svd.U.columns(0..<k) * root, root * svd.Vt.rows(0..<k))
    // The largest ⟨R, M⟩ of an orthogonal R is the sum of M's singular values.
    let match = try SVD.values(balancedA.T * A + balancedB * B.T).reduce(0, +)
    let size: Double = A.squaredNorm + B.squaredNorm
    let squared: Double = size + 2 * svd.σ.prefix(k).reduce(0, +) - 2 * match
    // 1e-7: the difference is known to 1e-15 of the size, and its root to that over itself.
    expect(try value("gauge-shift", simulation), (max(0, squared) / size).squareRoot(), 1e-7, "gauge")
  }

  @Test("the gauge shift sees the factors' sizes and not their rotation", arguments: [1, 2, 0.25])
  func gaugeOfScaledFactors(c: Double) throws {
    let σ = [3.0, 3, 0.5]
    let U = try Matrix.random(7, 3, seed: 1).columnBasis()
    let V = try Matrix.random(6, 3, seed: 2).columnBasis()
    let Q = try Matrix.random(3, 3, seed: 3).columnBasis()
    let root = Matrix.diagonal(σ.map { $0.squareRoot() })
    let (A, B) = (c * (U * root * Q), (1 / c) * (Q.T * root * V.T))
    let W0 = Matrix.random(7, 6, seed: 4)
    let chain = Chain([(LowRank(W0: W0, A0: A, B0: B, scale: 2), Parameters([.A: A, .B: B]))])
    let problem = Problem(
      pretrained: [W0], examples: Examples(X: nil, Y: .random(7, 6, seed: 5)), objective: .squaredDistance)
    let simulation = Simulation(
      problem: problem, full: SGD(learningRate: 0.1),
      variants: [Series(name: "lora", chain: chain, rule: SGD(learningRate: 0.1))])
    // (c − 1)²Σσ and (1/c − 1)²Σσ, of (c² + 1/c²)Σσ.
    let squared: Double = ((c - 1) * (c - 1) + (1 / c - 1) * (1 / c - 1)) / (c * c + 1 / (c * c))
    // 1e-14: some roundings of numbers up to 3.
    expect(try value("gauge-shift", simulation), squared.squareRoot(), 1e-14, "c = \(c)")
  }

  @Test("I22: one SGD step moves the balance by η²(g_Aᵀg_A − g_B·g_Bᵀ)")
  func balanceOfAStep() throws {
    var simulation = try Simulation(line: "n=9 m=7 r=3 lr=0.05 variants=lora(init=both)")
    let θ = simulation.series[1].chain.parameters[0]
    let (W, T) = (simulation.weight(1), simulation.problem.examples.Y)
    let s = simulation.scale(1)
    let (gA, gB) = (s * ((W - T) * θ[.B].T), s * (θ[.A].T * (W - T)))
    simulation.advance()
    // 1e-10 of the Grams, as variants.md has it.
    expect(
      try value("balance", simulation), 0.05 * 0.05 * (gA.T * gA - gB * gB.T).norm, 1e-10, "balance")
  }

  @Test("a zero factor has no condition and no angles, and is no error")
  func zeroFactor() throws {
    let simulation = try Simulation(line: "n=9 m=7 r=3 variants=lora")
    for id in ["condition-b", "angle-b-max", "angle-b-min"] {
      #expect(try value(id, simulation).isNaN, "\(id)")
    }
    #expect(try value("norm-b", simulation) == 0 && value("overlap-b", simulation) == 0)
    // With P_B = 0 the factors reach P_A·G.
    let θ = simulation.series[1].chain.parameters[0]
    let G = simulation.weight(1) - simulation.problem.examples.Y
    let left = G - θ[.A] * (try pseudoInverse(θ[.A].T * θ[.A])) * θ[.A].T * G
    expect(try value("tangent", simulation), left.norm / G.norm, 1e-12, "ρ")
  }

  // MARK: Losses

  @Test(
    "sharpness is the largest eigenvalue of the dense Hessian",
    arguments: MeasuredState.all(["lora", "lora(init=both)", "lora(init=zero)"], steps: [0, 5]))
  func sharpness(state: MeasuredState) throws {
    let simulation = try state.simulation()
    let plain = try Plain(simulation)
    let λ = try SymmetricEigen(plain.hessian(allData: simulation.problem.examples)).λ
    // 1e-6: where the iteration stops.
    expect(try value("sharpness", simulation), λ[λ.count - 1], 1e-6, "LoRA's")
    let moments = try SymmetricEigen(plain.share * (plain.X.T * plain.X)).λ
    expect(try value("sharpness", simulation, series: 0), moments[moments.count - 1], 1e-6, "full's")
    let edge = try value("sharpness", simulation) * plain.η / 2
    expect(try value("edge", simulation), edge, 1e-12, "edge")
  }

  @Test(
    "sharpness is that of the loss, in the numbers of all layers",
    arguments: [
      "n=4 m=3 r=1 alpha=2 variants=dora", "n=4 m=3 r=1 alpha=2 variants=dora(detach=no)",
      "n=4 m=3 r=2 alpha=2 variants=adalora", "n=4 m=3 r=1 variants=additive",
      "task=linreg n=4 m=3 r=1 samples=20 batch=5 alpha=2 gradient=dense variants=lora",
      "task=linreg n=4 m=3 r=1 samples=20 batch=5 alpha=2 gradient=dense variants=dora",
      "task=twolayer n=3 hidden=4 m=2 r=1 samples=20 held=0 alpha=2 variants=lora(init=both)",
      "task=twolayer n=3 hidden=4 m=2 r=1 samples=20 held=0 alpha=2 loss=ce variants=dora+full",
    ])
  func numericalHessian(line: String) throws {
    var simulation = try Simulation(line: line + " opt=sgd lr=0.05")
    simulation.advance(steps: 3)
    let chain = simulation.series[1].chain
    let layers = zip(chain.adapters, chain.parameters).map { ($0, $1) }
    let entries = layers.indices.flatMap { l in
      layers[l].1.matrices.indices.flatMap { i in
        layers[l].1.matrices[i].storage.indices.map { (l, i, $0) }
      }
    }
    let h = 1e-3
    func loss(_ moves: [(Int, Double)]) -> Double {
      var moved = layers
      for (k, step) in moves {
        let (l, i, e) = entries[k]
        moved[l].1.matrices[i].storage[e] += step
      }
      var probe = Chain(moved, activation: chain.activation)
      return probe.evaluate(simulation.problem.examples, simulation.problem.objective)
    }
    let H = Matrix(entries.count, entries.count) { i, j in
      let sides: Double =
        loss([(i, h), (j, h)]) - loss([(i, h), (j, -h)]) - loss([(i, -h), (j, h)]) + loss([(i, -h), (j, -h)])
      return sides / (4 * h * h)
    }
    let λ = try SymmetricEigen(H).λ
    // 1e-4: second differences with h = 1e-3 are off by h² times fourth derivatives of tens.
    expect(try value("sharpness", simulation), λ[λ.count - 1], 1e-4, line)
  }

  @Test("past the edge gradient descent climbs, before it it does not")
  func edge() throws {
    let line = "n=8 m=6 r=2 cov=0.5 opt=sgd"
    let λ = try value("sharpness", Simulation(line: line), series: 0)
    for (share, falls) in [(0.97, true), (1.03, false)] {
      var simulation = try Simulation(line: "\(line) lr=\(2 * share / λ)")
      expect(try value("edge", simulation, series: 0), share, 1e-6, "edge")
      let before = simulation.losses()[0]
      simulation.advance(steps: 300)
      #expect((simulation.losses()[0] < before) == falls, "\(share) of the edge")
    }
  }

  @Test("the edge is told only of plain gradient descent on the loss itself")
  func edgeOfOthers() throws {
    for variant in ["lora-plus", "lora-pro", "dora", "galore", "random-projection", "adalora", "oracle"] {
      #expect(
        try value("edge", Simulation(line: "n=6 m=5 r=2 opt=sgd variants=\(variant)")).isNaN, "\(variant)")
    }
    for rule in ["momentum", "adam", "signsgd"] {
      #expect(try value("edge", Simulation(line: "n=6 m=5 r=2 opt=\(rule) variants=lora")).isNaN, "\(rule)")
    }
    let mixed = try Simulation(line: "task=twolayer n=4 hidden=4 m=3 r=1 opt=sgd variants=lora+frozen")
    #expect(try value("edge", mixed).isFinite)
    let decayed = try Simulation(line: "n=6 m=5 r=2 opt=sgd wd=0.5 lr=0.1 variants=lora")
    let λ = try value("sharpness", decayed)
    expect(try value("edge", decayed), (λ + 0.5) * 0.05, 1e-12, "with decay")
  }

  @Test("the test loss is the loss of held-out examples, and none where there are none")
  func testLoss() throws {
    let simulation = try MeasuredState(
      line: "task=linreg n=7 m=5 r=2 samples=30 batch=10 held=12 lr=0.05", steps: 4
    )
    .simulation()
    let heldOut = try #require(simulation.problem.heldOut)
    let error = try #require(heldOut.X) * simulation.weight(1) - heldOut.Y
    expect(try value("test-loss", simulation), error.squaredNorm / 24, 1e-13, "test loss")
    #expect(try value("test-loss", Simulation(line: "n=5 m=4 r=2")).isNaN)
  }

  @Test(
    "the excess is the loss less that of the normal equations",
    arguments: [
      "task=matrix cov=0.5 n=7 m=5", "task=matrix n=7 m=5", "task=linreg n=7 m=5 samples=30 batch=10",
      "task=linreg n=9 m=5 samples=6 batch=3",
    ], ["lora", "dora", "oracle"])
  func excess(task: String, variant: String) throws {
    var simulation = try Simulation(line: "\(task) r=2 lr=0.05 variants=\(variant)")
    simulation.advance(steps: 4)
    let examples = simulation.problem.examples
    let X = examples.X ?? .identity(7)
    let b: Double = simulation.problem.objective == .meanSquaredError ? Double(X.rows) : 1
    let best = X * (try pseudoInverse(X.T * X)) * (X.T * examples.Y)
    let least = (examples.Y - best).squaredNorm / (2 * b)
    let losses = simulation.losses()
    for i in 0...1 {
      // 1e-10: the normal equations square the condition of X, which is below 1e2.
      expect(try value("excess", simulation, series: i), losses[i] - least, 1e-10, "series \(i)")
    }
  }

  @Test("the excess over held-out examples is their loss, had they no noise")
  func heldOutExcess() throws {
    let line = "task=linreg n=7 m=5 r=2 samples=30 held=40 lr=0.05 variants=lora(init=both)"
    let (noisy, clean) = (
      try MeasuredState(line: line + " noise=1", steps: 0).simulation(),
      try MeasuredState(line: line + " noise=0", steps: 4).simulation()
    )
    for i in 0...1 {
      expect(
        try value("test-excess", clean, series: i), try value("test-loss", clean, series: i), 1e-13,
        "series \(i)")
      // At the start no noise has been fitted, so both are that of W0.
      let start = try MeasuredState(line: line + " noise=0", steps: 0).simulation()
      expect(
        try value("test-excess", noisy, series: i), try value("test-loss", start, series: i), 1e-13,
        "series \(i)")
      #expect(try value("test-loss", noisy, series: i) > value("test-excess", noisy, series: i) + 1)
    }
    #expect(try value("test-excess", Simulation(line: "n=5 m=4 r=2")).isNaN)
    #expect(try value("test-excess", Simulation(line: "task=digits held=20 r=3")).isNaN)
  }

  @Test("full fine-tuning takes the excess to zero, with noise and with too few examples")
  func noExcess() throws {
    for samples in [30, 5] {
      var simulation = try Simulation(
        line: "task=linreg n=7 m=5 r=2 samples=\(samples) cov=0 batch=\(samples) lr=0.2 noise=1")
      let start = try value("excess", simulation, series: 0)
      simulation.advance(steps: 2000)
      let end = try value("excess", simulation, series: 0)
      // 1e-20: the square of what W is known to, a hundred times over.
      #expect(start > 0.1 && end < 1e-20, "\(samples) examples: \(start), then \(end)")
    }
  }

  @Test(
    "forgetting is the quadratic form of the inputs' second moment",
    arguments: MeasuredState.all(["lora(init=both)", "dora", "galore"]).map(\.line)
      + [
        "n=7 m=5 r=2 lr=0.1 variants=lora", "task=digits r=3 lr=0.1 variants=lora",
        "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 variants=lora",
      ])
  func forgetting(line: String) throws {
    var simulation = try Simulation(line: line)
    simulation.advance(steps: 3)
    let (problem, W0) = (simulation.problem, simulation.problem.pretrained[0])
    let X = problem.examples.X ?? .identity(W0.rows)
    let S = (problem.objective == .squaredDistance ? 1 : 1 / Double(X.rows)) * (X.T * X)
    for i in 0...1 {
      let Δ = simulation.weight(i) - W0
      let form = Δ.T * S * Δ
      let trace = (0..<form.rows).reduce(0) { $0 + form[$1, $1] }
      expect(try value("forgetting", simulation, series: i), trace / 2, 1e-13, "series \(i)")
    }
  }

  // MARK: Where nothing is defined

  @Test("where the formula has no meaning there is no number")
  func undefined() throws {
    let network = "task=twolayer n=6 hidden=5 m=4 r=2 samples=20 variants=lora"
    #expect(try value("excess", Simulation(line: network)).isNaN)
    #expect(try value("excess", Simulation(line: "task=digits r=3 variants=lora")).isNaN)
    #expect(try value("forgetting", Simulation(line: network), layer: 1).isNaN)
    #expect(try value("adam-cosine", Simulation(line: "n=6 m=5 r=2 opt=signsgd variants=lora")).isNaN)
    for id in ["gauge-shift", "role-balance"] {
      for variant in ["frozen", "dora", "adalora", "galore"] {
        #expect(try value(id, Simulation(line: "n=6 m=5 r=2 variants=\(variant)")).isNaN, "\(id)")
      }
    }
    let zero = try Simulation(line: "n=6 m=5 r=2 variants=lora")
    #expect(try value("change-b", zero).isNaN && value("role-balance", zero) == 0)
    // AB = 0: all balanced factors of it are zero.
    #expect(try value("gauge-shift", zero) == 1)
  }

  @Test(
    "no state traps: one number, zero gradients, frozen factors, divergence", arguments: RunSample.variants,
    [
      "n=1 m=1 r=1", "n=6 m=1 r=1", "n=3 m=5 r=3", "n=7 m=5 r=2 norm=0", "n=8 m=6 r=2 alpha=0",
      "task=linreg n=6 m=5 r=2 samples=9 batch=4", "n=12 m=9 r=2 alpha=4000 lr=0.5",
      "n=6 m=5 r=2 lr=1e6", "task=twolayer n=5 hidden=4 m=3 r=2 samples=9 lr=1e6 phi=relu",
    ])
  func neverTraps(variant: String, line: String) throws {
    var simulation = try Simulation(line: "\(line) variants=\(variant)")
    let counts = ["trained", "state", "flops", "memory", "effective-rate"]
    for step in 0..<40 {
      defer { simulation.advance() }
      guard step < 3 || step > 37 else { continue }
      for layer in simulation.values(of: Measure.all) {
        for (i, values) in layer.enumerated() where simulation.series[i].hasDiverged {
          for (measure, x) in zip(Measure.all, values) where !counts.contains(measure.id) {
            #expect(x.isNaN || measure.id == "rank-floor", "\(measure.id) of a diverged series is \(x)")
          }
        }
      }
    }
  }
}
