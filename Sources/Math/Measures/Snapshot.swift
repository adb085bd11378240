/// What a measure looks at: one layer of one series at one step. What several measures need is found when
/// first asked for, and once. It works on copies, so a run goes on as if nobody had looked.
package struct Snapshot: Sendable {
  package let layer: Int
  var own: Own

  init(_ own: Own, layer: Int) {
    self.own = own
    self.layer = layer
  }

  package init(_ simulation: Simulation, series: Int, layer: Int = 0) {
    self.init(Own(Run(simulation), series: series), layer: layer)
  }

  /// What all series share.
  struct Run: Sendable {
    var now: Simulation
    /// One step further.
    private(set) lazy var next = advanced()
    /// What that step sees.
    private(set) lazy var examples = now.nextExamples()
    /// G0 of each layer.
    private(set) lazy var firstGradients = now.problem.firstGradients()
    /// The decomposition of W0 of each layer.
    private(set) lazy var pretrained = now.problem.pretrained.map { try? SVD($0) }
    /// See `Problem`.
    private(set) lazy var leastSquaresOutput = try? now.problem.leastSquaresOutput()
    /// The singular values of W* − W0 of each layer; nil where no W* made the data.
    private(set) lazy var wantedσ = now.problem.pretrained.indices.map { l in
      now.problem.wanted.flatMap { try? SVD.values($0[l] - now.problem.pretrained[l]) }
    }

    init(_ simulation: Simulation) {
      now = simulation
      now.follow()
    }

    private func advanced() -> Simulation {
      var next = now
      next.advance()
      next.follow()
      return next
    }
  }

  /// What all layers of a series share.
  struct Own: Sendable {
    var run: Run
    let index: Int
    /// After a pass over what the next step sees.
    private(set) lazy var chain = differentiated()
    private(set) lazy var sharpness = findSharpness()

    init(_ run: Run, series: Int) {
      self.run = run
      index = series
    }

    var series: Series { run.now.series[index] }

    private mutating func differentiated() -> Chain {
      var chain = series.chain
      _ = chain.differentiate(run.examples, run.now.problem.objective)
      return chain
    }

    private func findSharpness() -> Double? {
      guard !series.hasDiverged, !series.isFollowing else { return nil }
      return try? series.chain.sharpness(run.now.problem.examples, run.now.problem.objective)
    }
  }

  var simulation: Simulation { own.run.now }
  var series: Series { own.series }
  var adapter: any Adapter { series.chain.adapters[layer] }
  var θ: Parameters { series.chain.parameters[layer] }
  var rule: any Optimizer { series.rule(layer: layer) }
  /// η of the run.
  var η: Double? { simulation.scenario?.optimizer.learningRate }
  /// r of the run.
  var rank: Int? { simulation.scenario?.r }
  var W0: Matrix { simulation.problem.pretrained[layer] }

  // MARK: Found once. nil where there is none, and after divergence.

  /// W_t.
  private(set) lazy var W = weight(of: series)

  /// W_t of full fine-tuning.
  private(set) lazy var full = weight(of: simulation.series[0])

  /// W_{t+1}.
  private(set) lazy var next = weight(of: own.run.next.series[own.index])

  /// U = (W_t − W_{t+1})/η.
  private(set) lazy var U = effectiveUpdate()

  /// U of full fine-tuning.
  private(set) lazy var fullU = fullUpdate()

  /// G at W_t on what the next step sees.
  private(set) lazy var G = denseGradient()

  private(set) lazy var svdG = G.flatMap { $0.squaredNorm > 0 ? try? SVD($0) : nil }

  /// The singular values of W_t − W0.
  private(set) lazy var σ = try? series.updateSpectrum(layer: layer, from: W0)

  /// The singular values of W_t^full − W0.
  private(set) lazy var fullσ = try? simulation.series[0].updateSpectrum(layer: layer, from: W0)

  /// A and B, where AB is a part of the weight.
  var factors: (A: Matrix, B: Matrix)? {
    adapter.factoring == .none || series.hasDiverged ? nil : (θ[.A], θ[.B])
  }

  /// Orthonormal bases of the column spaces of A and Bᵀ.
  private(set) lazy var bases = factorBases()

  /// ρ.
  private(set) lazy var tangentResidual = findTangentResidual()

  private func weight(of series: Series) -> Matrix? {
    guard !series.hasDiverged else { return nil }
    let W = series.chain.adapters[layer].weight(series.chain.parameters[layer])
    return W.isFinite ? W : nil
  }

  private mutating func effectiveUpdate() -> Matrix? {
    guard let η, let W, let next else { return nil }
    return (1 / η) * (W - next)
  }

  private mutating func fullUpdate() -> Matrix? {
    guard let η, let full, let next = weight(of: own.run.next.series[0]) else { return nil }
    return (1 / η) * (full - next)
  }

  private mutating func denseGradient() -> Matrix? {
    guard !series.hasDiverged else { return nil }
    let G = own.chain.denseGradient(layer: layer, own.run.examples)
    return G.isFinite ? G : nil
  }

  private func factorBases() -> (A: Matrix, B: Matrix)? {
    guard let (A, B) = factors else { return nil }
    guard let basisA = try? A.columnBasis(), let basisB = try? B.transposed.columnBasis() else { return nil }
    return (basisA, basisB)
  }

  /// ‖(I − P_A)G(I − P_B)‖/‖G‖, from the projections and not from differences of squares, which lose half the
  /// digits of a small one.
  private mutating func findTangentResidual() -> Double? {
    guard case .product = adapter.factoring, let G, let (QA, QB) = bases else { return nil }
    let left = Matrix.outside(QA, G)
    return (left - (left * QB) * QB.T).norm / G.norm
  }
}

extension Chain {
  /// λ_max of the Hessian of the loss in θ, all layers together; nil when nothing is trained, NaN when 200
  /// products do not suffice.
  ///
  /// Products with the Hessian are central differences of gradients, Hv = (∇L(θ + hv) − ∇L(θ − hv))/2h; h is
  /// the cube root of the double's precision, where truncation and rounding are about equal.
  /// - Parameters:
  ///   - ratioB: B's rate over the others': λ_max of R(H + weight decay)R instead, R² being the rates over η.
  package func sharpness(
    _ examples: Examples, _ objective: Objective, ratioB: Double = 1, weightDecay: Double = 0
  ) throws(LinearAlgebraError) -> Double? {
    let count = parameters.trainedCount
    guard count > 0 else { return nil }
    let layers = zip(adapters, parameters).map { ($0.withTrueGradient ?? $0, $1) }
    var probe = Chain(layers, activation: activation)
    let size = parameters.reduce(0) { $0 + $1.matrices.reduce(0) { $0 + $1.squaredNorm } }.squareRoot()
    let h = 6e-6 * max(1, size)
    let root = ratioB.squareRoot()
    return try largestEigenvalue(order: count) { v in
      let v = parameters.scalingB(of: v, by: root)
      let sides = [h, -h].map { step in
        probe.parameters = parameters
        probe.parameters.add(step, v)
        _ = probe.differentiate(examples, objective)
        return probe.gradients.vector
      }
      return parameters.scalingB(of: (0.5 / h) * (sides[0] - sides[1]) + weightDecay * v, by: root)
    }
  }
}

extension [Parameters] {
  /// All numbers as one column.
  fileprivate var vector: Matrix {
    let numbers = flatMap { $0.matrices.flatMap(\.storage) }
    return Matrix(numbers.count, 1, storage: numbers)
  }

  /// v, laid out as `vector` is, with B's numbers times a factor.
  fileprivate func scalingB(of v: Matrix, by factor: Double) -> Matrix {
    guard factor != 1 else { return v }
    var (scaled, k) = (v, 0)
    for θ in self {
      for (role, matrix) in zip(θ.roles, θ.matrices) {
        let end = k + matrix.storage.count
        if role == .B { for i in k..<end { scaled.storage[i] *= factor } }
        k = end
      }
    }
    return scaled
  }

  /// self ← self + α·v, v as `vector` lays it out.
  fileprivate mutating func add(_ α: Double, _ v: Matrix) {
    var k = 0
    for l in indices {
      for i in self[l].matrices.indices {
        for e in self[l].matrices[i].storage.indices {
          self[l].matrices[i].storage[e] += α * v.storage[k]
          k += 1
        }
      }
    }
  }
}
