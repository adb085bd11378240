/// A loss with its data: a chain of one or more layers Y_l = H_{l−1}·W_l with H_l = φ(Y_l) between them,
/// the pretrained weights it starts from, and the minibatches all series share.
package struct Problem: Sendable {
  /// W0 of each layer.
  package var pretrained: [Matrix]
  /// W* of each layer, which made the outputs; nil for data from elsewhere.
  package var wanted: [Matrix]?
  /// All the data.
  package var examples: Examples
  /// Examples that are not trained on; nil when there are none.
  package var heldOut: Examples?
  package var objective: Objective
  /// φ between the layers.
  package var activation: Activation
  package var batches: Batches

  package init(
    pretrained: [Matrix], wanted: [Matrix]? = nil, examples: Examples, heldOut: Examples? = nil,
    objective: Objective,
    activation: Activation = .identity, batches: Batches = .all
  ) {
    self.pretrained = pretrained
    self.wanted = wanted
    self.examples = examples
    self.heldOut = heldOut?.count == 0 ? nil : heldOut
    self.objective = objective
    self.activation = activation
    self.batches = batches
  }

  /// The gradients at W0 on the first minibatch, one a layer: what initialisers may look at.
  package func firstGradients() -> [Matrix] {
    var chain = Chain.dense(pretrained, activation: activation)
    var minibatch = Minibatch()
    _ = chain.differentiate(minibatch.select(batches, step: 0, from: examples), objective)
    return chain.gradients.map { $0[.W] }
  }
}

/// Inputs with what the outputs should be.
package struct Examples: Equatable, Sendable {
  /// Inputs, b×n; nil stands for the identity, so that the output is the weight itself.
  package var X: Matrix?
  /// Wanted outputs, b×m; 0×0 where labels are given.
  package var Y: Matrix
  /// Wanted classes; empty where outputs are given.
  package var labels: [Int]
  /// X·W0 of the first layer, b×m, where somebody has computed it for all series.
  package var pretrainedOutput: Matrix?

  package init(X: Matrix?, Y: Matrix) {
    self.X = X
    self.Y = Y
    labels = []
  }

  package init(X: Matrix, labels: [Int]) {
    self.X = X
    Y = Matrix(0, 0)
    self.labels = labels
  }

  package static let empty = Examples(X: nil, Y: Matrix(0, 0))

  /// b.
  package var count: Int { labels.isEmpty ? Y.rows : labels.count }

  /// Fills self with the given rows of `source`, keeping its storage when the count is the same.
  package mutating func gather(_ indices: ArraySlice<Int>, from source: Examples) {
    guard let inputs = source.X else { preconditionFailure("examples without inputs have no minibatches") }
    if X == nil || count != indices.count {
      X = Matrix(indices.count, inputs.columns)
      Y = Matrix(source.labels.isEmpty ? indices.count : 0, source.Y.columns)
      labels = Array(repeating: 0, count: source.labels.isEmpty ? 0 : indices.count)
    }
    X?.gatherRows(indices, from: inputs)
    if source.labels.isEmpty {
      Y.gatherRows(indices, from: source.Y)
    } else {
      for (i, index) in indices.enumerated() { labels[i] = source.labels[index] }
    }
  }
}

extension Matrix {
  /// self ← the given rows of `source`.
  mutating func gatherRows(_ indices: ArraySlice<Int>, from source: Matrix) {
    precondition(rows == indices.count && columns == source.columns)
    for j in 0..<columns {
      for (i, index) in indices.enumerated() {
        storage[j * rows + i] = source.storage[j * source.rows + index]
      }
    }
  }
}
