/// A rule that turns gradients into a step. Its stored properties are its state, so a copy is a checkpoint.
package protocol Optimizer: Sendable {
  /// θ ← θ after one step along the gradients g, one entry a layer. g is the rule's to overwrite.
  ///
  /// Rules that need A and B together, or all layers, see all of θ.
  /// - Throws: where a rule decomposes and a matrix is no longer finite; the series has then diverged.
  mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError)

  /// Whether the same step can be had from X and D of dense weights, without their G = XᵀD.
  var takesFactoredGradients: Bool { get }

  /// The same step, all layers being dense weights and `passes` fresh from their backward pass.
  mutating func step(_ θ: inout [Parameters], _ passes: [LayerPass]) throws(LinearAlgebraError)

  /// How many numbers the rule remembers from step to step, beside θ and g.
  func stateCount(_ θ: [Parameters]) -> Int

  /// Floating-point operations of one step, 2 a multiply-add; decompositions of n×m matrices left out.
  func flops(_ θ: [Parameters]) -> Double

  /// This layer has started anew: forgets it, and the other layers too unless they have rules of their own.
  mutating func forget(layer: Int)

  /// Lets go of all that the next step would make anew.
  mutating func dropWorkspace()

  /// This rule, which has no history yet, with that of `old`, as far as the two are of a kind.
  func continuing(_ old: any Optimizer) -> any Optimizer
}

extension Optimizer {
  package var takesFactoredGradients: Bool { false }

  package mutating func step(_ θ: inout [Parameters], _ passes: [LayerPass]) throws(LinearAlgebraError) {
    var g = passes.map { Parameters([.W: $0.gradient.dense]) }
    try step(&θ, &g)
  }

  package mutating func dropWorkspace() {}

  package func continuing(_ old: any Optimizer) -> any Optimizer { self }
}

/// What a rule would add to parameters that are zero: −η·ρ(g), ρ being its direction. Weight decay does
/// nothing there.
struct Direction: Sendable {
  private var rule: any Optimizer
  private(set) var update: [Parameters]

  /// - Parameter shapes: parameters of the gradients' roles and shapes.
  init(_ rule: any Optimizer, shapes: [Parameters]) {
    self.rule = rule
    update = shapes.map(\.zeros)
  }

  /// Another rule where an earlier one has been.
  init(_ rule: any Optimizer, continuing old: Direction) {
    self.rule = rule.continuing(old.rule)
    update = old.update
  }

  /// update ← −η·ρ(g).
  mutating func step(_ g: inout [Parameters]) throws(LinearAlgebraError) {
    update.clear()
    try rule.step(&update, &g)
  }
}

extension Array<Parameters> {
  /// All zero, in the room there is.
  mutating func clear() {
    for l in indices {
      for i in self[l].matrices.indices { self[l].matrices[i].scale(by: 0) }
    }
  }
}

extension Sequence<Parameters> {
  /// How many numbers are trained in all layers.
  package var trainedCount: Int { reduce(0) { $0 + $1.count } }
}
