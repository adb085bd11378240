/// LoRA after LoRA: after every `period` steps the product moves into the frozen weight and fresh factors
/// begin, Wfz ← W(θ) − s·A'B', so that W stays where it is while its rank grows (Lialin et al. 2023,
/// arXiv 2307.05695).
package struct Serial: Adapter {
  package private(set) var current: LowRank
  package let period: Int
  private let draws: Draws
  private var room: OrthogonalFactors?
  private var rounds = 1

  /// Where A' (n×r) and B' (r×m) of the later rounds come from.
  package enum Draws: Sendable {
    /// A start with factors a of A' and b of B', drawn anew after each step that ends a round.
    case generated(LoRAStart, Generator, a: Double, b: Double)
    /// One pair a step.
    case given([Parameters])
  }

  package init(_ first: LowRank, period: Int, draws: Draws) {
    current = first.unshared
    self.period = period
    self.draws = draws
    let (n, m) = first.frozen.shape
    if case .generated(.orthogonal, _, _, _) = draws { room = OrthogonalFactors(n, m, rank: first.rank) }
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { current.shape(θ) }

  package func scratch(rows: Int) -> [Matrix] { current.scratch(rows: rows) }

  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    // After a merge the round starts from another weight than W0.
    if rounds > 1 { pass.pretrainedOutput = nil }
    current.forward(θ, &pass)
  }

  package var usesPretrainedOutput: Bool { rounds == 1 }

  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    current.pullback(θ, &pass, into: &g)
  }

  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    current.pullback(θ, dense: G, into: &g)
  }

  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    current.inputGradient(θ, &pass, into: &dX)
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) { current.weight(θ, into: &W) }

  package func distance(_ θ: Parameters, to W: Matrix, _ tile: inout Tile) -> Double {
    current.distance(θ, to: W, &tile)
  }

  package func updateSpectrum(_ θ: Parameters, from W0: Matrix) throws(LinearAlgebraError) -> [Double] {
    rounds == 1 ? try current.updateSpectrum(θ, from: W0) : try SVD.values(weight(θ) - W0)
  }

  /// Only the first round has a reach of its own.
  package var reach: Reach? { rounds == 1 ? current.reach : nil }

  package var rankBound: Int? { current.rankBound.map { $0 * rounds } }

  package var factoring: Factoring { current.factoring }

  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    current.flops(θ, examples: b, isFirst: isFirst)
  }

  package mutating func restart(after step: Int, _ θ: inout Parameters) -> Bool {
    guard (step + 1).isMultiple(of: period) else { return false }
    current.merge(θ)
    draw(after: step, &θ)
    current.begin(at: θ)
    rounds += 1
    return true
  }

  private mutating func draw(after step: Int, _ θ: inout Parameters) {
    switch draws {
    case .generated(let start, let generator, let a, let b):
      // Gaussians have full rank, so the only start that decomposes does not fail.
      try? start.fill(&θ, generator.branch(step), &room)
      θ[.A].scale(by: a)
      θ[.B].scale(by: b)
    case .given(let pairs): θ.set(pairs[step])
    }
  }
}
