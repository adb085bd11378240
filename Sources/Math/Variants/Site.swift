/// What a variant knows of the layer it is attached to.
package struct Site: Sendable {
  package var W0: Matrix
  /// The gradient at W0 on the first minibatch.
  package var G0: Matrix
  /// G0 decomposed, where a variant of the run asks for it.
  private var decomposed: SVD?
  package var rank: Int
  package var alpha: Double
  package var scaling: Scaling
  /// This layer's own draws.
  package var generator: Generator
  package var optimizer: OptimizerChoice
  /// Of the whole run.
  package var steps: Int

  package init(
    W0: Matrix, G0: Matrix, rank: Int, alpha: Double, scaling: Scaling, generator: Generator,
    optimizer: OptimizerChoice, steps: Int
  ) {
    self.W0 = W0
    self.G0 = G0
    self.rank = rank
    self.alpha = alpha
    self.scaling = scaling
    self.generator = generator
    self.optimizer = optimizer
    self.steps = steps
  }

  /// Decomposes G0, once for all variants that ask for it.
  package mutating func decomposeGradient() throws(LinearAlgebraError) { decomposed = try SVD(G0) }

  package func gradientSVD() throws(LinearAlgebraError) -> SVD {
    if let decomposed { return decomposed }
    return try SVD(G0)
  }

  package var scale: Double { scaling.scale(alpha: alpha, rank: rank) }

  /// W(θ) = W0 − s·A0B0 + s·AB, starting at W0.
  package func lowRank(_ factors: (A: Matrix, B: Matrix)) -> LowRank {
    LowRank(W0: W0, A0: factors.A, B0: factors.B, scale: scale)
  }

  /// That adapter with its factors.
  package func attachment(_ factors: (A: Matrix, B: Matrix), isUnique: Bool = true) -> Attachment {
    Attachment(lowRank(factors), Parameters([.A: factors.A, .B: factors.B]), isUnique: isUnique)
  }

  package func factors(_ start: LoRAStart) throws(LinearAlgebraError) -> (A: Matrix, B: Matrix) {
    try start.factors(W0.rows, W0.columns, rank: rank, generator)
  }
}

/// An adapter at a layer, with its parameters at the start.
package struct Attachment: Sendable {
  package var adapter: any Adapter
  package var parameters: Parameters
  /// The start was chosen among equals, for singular values coincide where the chosen vectors end: another
  /// program may rightly choose otherwise, and trajectories are not to be compared.
  package var isUnique: Bool

  package init(_ adapter: any Adapter, _ parameters: Parameters, isUnique: Bool = true) {
    self.adapter = adapter
    self.parameters = parameters
    self.isUnique = isUnique
  }
}

/// How s follows from α and r.
package enum Scaling: String, CaseIterable, Sendable {
  /// Hu et al. 2021.
  case overRank = "alpha/r"
  /// Kalajdzievski 2023, arXiv 2312.03732 (rsLoRA).
  case overRootRank = "alpha/sqrt(r)"

  package func scale(alpha: Double, rank: Int) -> Double {
    switch self {
    case .overRank: alpha / Double(rank)
    case .overRootRank: alpha / Double(rank).squareRoot()
    }
  }
}
