/// The layers of one series: their adapters, parameters and the workspace of a pass.
package struct Chain: Sendable {
  package let adapters: [any Adapter]
  package internal(set) var parameters: [Parameters]
  /// ∂L/∂θ of the last `differentiate`, one a layer.
  package private(set) var gradients: [Parameters]
  private var passes: [LayerPass] = []
  // The loss over all data has another number of rows than a minibatch, hence a workspace of its own.
  private var evaluations: [LayerPass] = []

  package init(_ layers: [(adapter: any Adapter, parameters: Parameters)]) {
    adapters = layers.map(\.adapter)
    parameters = layers.map(\.parameters)
    gradients = parameters.map(\.zeros)
  }

  /// Full fine-tuning from the given weights.
  package static func dense(_ weights: [Matrix]) -> Chain {
    Chain(weights.map { (DenseWeight(), Parameters([.W: $0])) })
  }

  /// W(θ) of a layer, merged, into W.
  package func weight(layer: Int, into W: inout Matrix) {
    adapters[layer].weight(parameters[layer], into: &W)
  }

  /// The loss on `examples`, and ∂L/∂θ into `gradients`.
  package mutating func differentiate(_ examples: Examples, _ objective: Objective) -> Double {
    let loss = Self.forward(adapters, parameters, examples, objective, &passes)
    for l in adapters.indices.reversed() {
      adapters[l].pullback(parameters[l], &passes[l], into: &gradients[l])
      guard l > 0 else { break }
      // Taken out while it is written, since Swift lends one element of an array at a time.
      var below = passes[l - 1].gradient.D
      passes[l - 1].gradient.D = Matrix(0, 0)
      adapters[l].inputGradient(parameters[l], &passes[l], into: &below)
      passes[l - 1].gradient.D = below
    }
    // Let go, so that the next minibatch is gathered in place.
    passes[0].gradient.X = nil
    return loss
  }

  /// The loss on `examples` alone.
  package mutating func evaluate(_ examples: Examples, _ objective: Objective) -> Double {
    let loss = Self.forward(adapters, parameters, examples, objective, &evaluations)
    evaluations[0].gradient.X = nil
    return loss
  }

  /// One step of `rule` along `gradients`.
  package mutating func step(_ rule: inout any Optimizer) throws(LinearAlgebraError) {
    try rule.step(&parameters, &gradients)
  }

  private static func forward(
    _ adapters: [any Adapter], _ parameters: [Parameters], _ examples: Examples, _ objective: Objective,
    _ passes: inout [LayerPass]
  ) -> Double {
    if passes.first?.Y.rows != examples.count {
      passes = makePasses(adapters, parameters, rows: examples.count)
    }
    passes[0].gradient.X = examples.X
    for l in adapters.indices {
      adapters[l].forward(parameters[l], &passes[l])
      guard l + 1 < adapters.count else { break }
      let H = passes[l].Y
      passes[l + 1].gradient.X?.set(H)
    }
    let last = passes.count - 1
    return objective.loss(passes[last].Y, examples, D: &passes[last].gradient.D)
  }

  private static func makePasses(_ adapters: [any Adapter], _ parameters: [Parameters], rows b: Int)
    -> [LayerPass]
  {
    adapters.indices.map { l in
      let (n, m) = adapters[l].shape(parameters[l])
      return LayerPass(X: l == 0 ? nil : Matrix(b, n), rows: b, columns: m, adapter: adapters[l])
    }
  }
}
