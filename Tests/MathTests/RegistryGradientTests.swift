import Testing

import Math

@Suite("Registry's gradients")
struct RegistryGradientTests {
  @Test("the pull-back is the derivative of the loss", arguments: RunSample.all)
  func pullback(sample: RunSample) throws {
    var simulation = try sample.start()
    simulation.advance(steps: 4)
    expectDerivative(
      simulation.shaken(1), simulation.nextExamples(), simulation.problem.objective,
      simulation.problem.activation)
  }

  @Test(
    "I25: the form that never builds G, the chain rule with G and the merged weight agree",
    arguments: RunSample.all)
  func threeForms(sample: RunSample) throws {
    var simulation = try sample.start()
    simulation.advance(steps: 4)
    let (layers, problem) = (simulation.shaken(1), simulation.problem)
    let examples = simulation.nextExamples()
    var lean = Chain(layers, activation: problem.activation)
    let loss = lean.differentiate(examples, problem.objective)
    var merged = Chain(
      layers.map { (Merged($0.adapter, $0.parameters), $0.parameters) }, activation: problem.activation)
    // 1e-13: the same sums in another order.
    #expect(abs(merged.differentiate(examples, problem.objective) - loss) <= 1e-13 * max(1, loss))
    for (l, layer) in layers.enumerated() {
      let G = lean.denseGradient(layer: l, examples)
      #expect(deviation(merged.denseGradient(layer: l, examples), G) <= 1e-11 * max(1, G.norm))
      var plain = layer.parameters.zeros
      layer.adapter.pullback(layer.parameters, dense: G, into: &plain)
      for (i, role) in layer.parameters.roles.enumerated() {
        // I25: 1e-11 of |G|.
        let size = max(1, G.norm)
        #expect(deviation(lean.gradients[l].matrices[i], plain.matrices[i]) <= 1e-11 * size, "\(role)")
        #expect(deviation(merged.gradients[l].matrices[i], plain.matrices[i]) <= 1e-11 * size, "\(role)")
      }
    }
  }

  @Test("gradient=dense and gradient=factored are the same run but for rounding", arguments: RunSample.all)
  func wholeRuns(sample: RunSample) throws {
    for rule in ["opt=sgd", "opt=adamw"] {
      var lean = try sample.start("gradient=factored " + rule)
      var dense = try sample.start("gradient=dense " + rule)
      for t in 1...8 {
        lean.advance()
        dense.advance()
        for l in 0..<sample.problem.layerCount {
          let W = lean.weight(1, layer: l)
          // I25's 1e-11 a gradient, over eight steps.
          #expect(deviation(dense.weight(1, layer: l), W) <= 1e-10 * max(1, W.norm), "\(rule), at \(t)")
        }
      }
    }
  }
}
