import Testing

import Math

/// A chain's adapters with their parameters.
typealias Layers = [(adapter: any Adapter, parameters: Parameters)]

/// Compares ∂L/∂θ by the pull-backs with central differences of the loss at the merged weights, in every
/// entry of every parameter.
func expectDerivative(
  _ layers: Layers, _ examples: Examples, _ objective: Objective, _ activation: Activation = .identity
) {
  var chain = Chain(layers, activation: activation)
  let loss = chain.differentiate(examples, objective)
  var moved = layers
  func evaluate() -> Double {
    let weights = zip(moved, layers).map { weight($0, heldAt: $1.parameters) }
    var chain = Chain.dense(weights, activation: activation)
    return chain.evaluate(examples, objective)
  }
  // A forward pass through the factors rounds otherwise than one through their product.
  #expect(abs(chain.evaluate(examples, objective) - loss) <= 1e-13 * max(1, loss))
  #expect(abs(evaluate() - loss) <= 1e-13 * max(1, loss))

  let h = 1e-5
  // Sixteen roundings of the loss, over h.
  let rounding: Double = 16 * 0x1p-52 * max(1, loss) / h
  for l in layers.indices {
    for role in layers[l].parameters.roles {
      let (g, θ) = (chain.gradients[l][role], layers[l].parameters[role])
      for i in 0..<g.rows {
        for j in 0..<g.columns {
          func slope(_ h: Double) -> Double {
            let sides = [θ[i, j] + h, θ[i, j] - h].map { p in
              moved[l].parameters[role][i, j] = p
              return evaluate()
            }
            moved[l].parameters[role][i, j] = θ[i, j]
            return (sides[0] - sides[1]) / (2 * h)
          }
          // What a step of h leaves out, h²/6 of the third derivative, is a third of what 2h adds to it.
          let (near, far) = (slope(h), slope(2 * h))
          #expect(
            abs(g[i, j] - near) <= abs(far - near) + rounding,
            "layer \(l), \(role)[\(i), \(j)]: \(g[i, j]) against \(near)")
        }
      }
    }
  }
}

/// W of a layer; DoRA's norms, where they are detached, stay those at other parameters: its pull-back is the
/// derivative of that.
private func weight(_ layer: Layers.Element, heldAt still: Parameters) -> Matrix {
  guard let dora = layer.adapter as? DoRA, dora.isNormDetached else {
    return layer.adapter.weight(layer.parameters)
  }
  let (V, held) = (dora.directions.weight(layer.parameters), dora.directions.weight(still))
  return Matrix(V.rows, V.columns) { i, j in
    let ν = held.columns(j..<j + 1).norm
    return ν == 0 ? 0 : layer.parameters[.μ][0, j] * V[i, j] / ν
  }
}

extension Simulation {
  /// The layers of a series at a point that is nothing special: its state plus noise.
  func shaken(_ index: Int) -> Layers {
    var generator = Generator(seed: 1, stream: 78)
    let chain = series[index].chain
    return zip(chain.adapters, chain.parameters).map { adapter, θ in
      var moved = θ
      for i in moved.matrices.indices {
        let (n, m) = moved.matrices[i].shape
        moved.matrices[i].add(generator.normalMatrix(n, m, deviation: 0.2))
      }
      return (adapter, moved)
    }
  }
}
