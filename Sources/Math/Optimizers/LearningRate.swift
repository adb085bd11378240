/// η of each role: that of B is `ratioB` times the others', which is 1 but for LoRA+.
package struct LearningRate: Equatable, Sendable {
  package var η: Double
  package var ratioB: Double

  package init(_ η: Double, ratioB: Double = 1) {
    self.η = η
    self.ratioB = ratioB
  }

  package subscript(role: Parameters.Role) -> Double { role == .B ? ratioB * η : η }
}
