/// A rule that turns gradients into a step. Its stored properties are its state, so a copy is a checkpoint.
package protocol Optimizer: Sendable {
  /// θ ← θ after one step along the gradients g, one entry a layer. g is the rule's to overwrite.
  ///
  /// Rules that need A and B together, or all layers, see all of θ.
  /// - Throws: where a rule decomposes and a matrix is no longer finite; the series has then diverged.
  mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError)
}
