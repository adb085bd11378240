/// The layers of one series: their adapters, parameters and the workspace of a pass.
package struct Chain: Sendable {
  package private(set) var adapters: [any Adapter]
  package internal(set) var parameters: [Parameters]
  /// ∂L/∂θ of the last `differentiate`, one a layer.
  package private(set) var gradients: [Parameters]
  /// φ between the layers.
  package let activation: Activation
  private var passes: [LayerPass] = []
  // The losses over all and over held-out data have other numbers of rows than a minibatch.
  private var evaluations: [[LayerPass]] = []

  package init(
    _ layers: [(adapter: any Adapter, parameters: Parameters)], activation: Activation = .identity
  ) {
    adapters = layers.map(\.adapter)
    parameters = layers.map(\.parameters)
    gradients = parameters.map(\.zeros)
    self.activation = activation
  }

  /// Full fine-tuning from the given weights.
  package static func dense(_ weights: [Matrix], activation: Activation = .identity) -> Chain {
    Chain(weights.map { (DenseWeight(), Parameters([.W: $0])) }, activation: activation)
  }

  /// W(θ) of a layer, merged, into W.
  package func weight(layer: Int, into W: inout Matrix) {
    adapters[layer].weight(parameters[layer], into: &W)
  }

  /// The loss on `examples`, and ∂L/∂θ into `gradients`.
  /// - Parameter factored: leaves ∂L/∂W of dense weights as X and D, for the step on the same examples.
  package mutating func differentiate(_ examples: Examples, _ objective: Objective, factored: Bool = false)
    -> Double
  {
    if passes.first?.Y.rows != examples.count { passes = makePasses(rows: examples.count) }
    let loss = Self.forward(adapters, parameters, activation, examples, objective, &passes)
    for l in adapters.indices.reversed() {
      if !factored { adapters[l].pullback(parameters[l], &passes[l], into: &gradients[l]) }
      guard l > 0 else { break }
      // Taken out while it is written, since Swift lends one element of an array at a time.
      var below = passes[l - 1].gradient.D
      passes[l - 1].gradient.D = Matrix(0, 0)
      adapters[l].inputGradient(parameters[l], &passes[l], into: &below)
      if let H = passes[l].gradient.X { activation.pullback(H, &below) }
      passes[l - 1].gradient.D = below
    }
    // Let go, so that the next minibatch is gathered in place.
    passes[0].release()
    return loss
  }

  /// ∂L/∂W of a layer, n×m, by the last `differentiate`, on the same examples.
  package func denseGradient(layer l: Int, _ examples: Examples) -> Matrix {
    var gradient = passes[l].gradient
    if l == 0 { gradient.X = examples.X }
    return gradient.dense
  }

  /// The loss on `examples` alone.
  package mutating func evaluate(_ examples: Examples, _ objective: Objective) -> Double {
    if !evaluations.contains(where: { $0[0].Y.rows == examples.count }) {
      evaluations.append(makePasses(rows: examples.count))
    }
    for i in evaluations.indices where evaluations[i][0].Y.rows == examples.count {
      let loss = Self.forward(adapters, parameters, activation, examples, objective, &evaluations[i])
      evaluations[i][0].release()
      return loss
    }
    preconditionFailure("a workspace has just been made")
  }

  /// Lets go of all that the next pass would make anew.
  mutating func dropWorkspace() {
    passes = []
    evaluations = []
    // Overwritten before they are read; until then they share the room of what has their shape.
    gradients = parameters
  }

  /// Whether X·W0 of the first layer would save a product.
  var usesPretrainedOutput: Bool { adapters.first?.usesPretrainedOutput ?? false }

  /// One step of `rule` along `gradients`.
  package mutating func step(_ rule: inout any Optimizer) throws(LinearAlgebraError) {
    try rule.step(&parameters, &gradients)
  }

  /// The same from a `differentiate` on these examples that left gradients factored.
  mutating func step(_ rule: inout any Optimizer, factored examples: Examples) throws(LinearAlgebraError) {
    passes[0].gradient.X = examples.X
    defer { passes[0].release() }
    try rule.step(&parameters, passes)
  }

  /// Whether every layer is a dense weight.
  var isDense: Bool { adapters.allSatisfy { $0 is DenseWeight } }

  /// Lets a layer's adapter start anew after `step`.
  /// - Returns: whether it did.
  mutating func restart(layer l: Int, after step: Int) -> Bool {
    adapters[l].restart(after: step, &parameters[l])
  }

  private static func forward(
    _ adapters: [any Adapter], _ parameters: [Parameters], _ activation: Activation, _ examples: Examples,
    _ objective: Objective, _ passes: inout [LayerPass]
  ) -> Double {
    passes[0].gradient.X = examples.X
    passes[0].pretrainedOutput = examples.pretrainedOutput
    for l in adapters.indices {
      adapters[l].forward(parameters[l], &passes[l])
      guard l + 1 < adapters.count else { break }
      var H = passes[l + 1].gradient.X ?? Matrix(0, 0)
      passes[l + 1].gradient.X = nil
      activation.apply(passes[l].Y, into: &H)
      passes[l + 1].gradient.X = H
    }
    let last = passes.count - 1
    return objective.loss(passes[last].Y, examples, D: &passes[last].gradient.D)
  }

  private func makePasses(rows b: Int) -> [LayerPass] {
    adapters.indices.map { l in
      let (n, m) = adapters[l].shape(parameters[l])
      return LayerPass(X: l == 0 ? nil : Matrix(b, n), rows: b, columns: m, adapter: adapters[l])
    }
  }
}
