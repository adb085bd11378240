import Math

// Of every system: where it starts, where full fine-tuning goes, how cheap forms compare with plain ones.

extension Check {
  static let systems = [
    Check(
      "I1", "start is W0", "every system starts at the pretrained weight", formula: "W(0) = W0",
      source: "how each start is made: W0 = Wfz + s·A0B0",
      needs: "a series", tolerance: 1e-13, because: "of max(1, ‖W0‖): s·AB and s·A0B0 cancel to rounding"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      [.equal(e.atStart.W, f.sum(e.W0), unit: e.W0.norm, within: tolerance)]
    },
    Check(
      "I23", "ranks add up", "rounds add their ranks, and so does a start that is compensated",
      formula: "rank(W_t − W0) ≤ r·rounds,  2r a round where A0B0 ≠ 0",
      source: "Lialin et al. 2023, arXiv 2307.05695",
      needs: "serial-lora, parallel-lora, or LoRA factors with A0B0 ≠ 0", tolerance: 1e-12,
      because: "of σ_1 + ‖W‖: rounding of the merged weight"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard let bound = e.roundsRank(&f) else { return nil }
      return [try e.rankComparison(bound, tolerance)]
    },
    Check(
      "I24", "error 1 − η", "full fine-tuning of the matrix problem shrinks the error by 1 − η every step",
      formula: "W_t − W* = (1 − η)ᵗ(W0 − W*)", source: "induction over steps: G = W − W*",
      needs: "full fine-tuning under opt=sgd of task=matrix with cov=0, and no branch", tolerance: 1e-12,
      because: "of max(1, ‖W‖, ‖W0‖, ‖W*‖): one rounding a step, each shrunk by those after it"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard e.index == 0, !e.present.now.isBranched, let η = e.descent?.η, e.problem.examples.X == nil,
        e.problem.objective == .squaredDistance
      else { return nil }
      let left = (0..<e.step).reduce(1.0) { power, _ in power * (1 - η) }
      let wanted = e.problem.examples.Y
      let W = f.sum(wanted, left * e.W0, -left * wanted)
      return [.equal(e.W, W, unit: max(e.W.norm, e.W0.norm, wanted.norm), within: tolerance)]
    },
    Check(
      "I25", "cheap forms", "the cheap forms are the plain ones: gradients without G, spectrum without W",
      formula: "∂L/∂A = s·GBᵀ,  ∂L/∂B = s·AᵀG,  σ of a 2r×2r core = σ(W − W0)",
      source: "the chain rule; QR of the factors beside those of the start",
      needs: "a trained adapter that is not the dense weight", tolerance: 1e-11,
      because: "of max(1, ‖g‖, s‖W‖‖B‖ or ‖A‖) and max(1, ‖W‖, s‖A‖‖B‖): products summed in another order"
    ) { (e, f, tolerance) throws(LinearAlgebraError) in
      guard !(e.adapter is DenseWeight), !e.θ.matrices.isEmpty else { return nil }
      var chain = e.series.chain
      _ = chain.differentiate(e.present.examples, e.problem.objective)
      let lean = chain.gradients[e.layer]
      var comparisons: [Comparison] = []
      for (i, plain) in e.plainGradients.matrices.enumerated() {
        let unit = max(lean.matrices[i].norm, e.gradientSize(i))
        comparisons.append(.equal(lean.matrices[i], f.sum(plain), unit: unit, within: tolerance))
      }
      if let σ = try e.series.updateSpectrum(layer: e.layer, from: e.W0) {
        let wanted = try f.sum(column(SVD.values(e.W - e.W0)))
        comparisons.append(.equal(column(σ), wanted, unit: e.size, within: tolerance))
      }
      return [comparisons.worst].compactMap { $0 }
    },
  ]
}

/// Numbers as an n×1 matrix.
func column(_ numbers: [Double]) -> Matrix { Matrix(numbers.count, 1, storage: numbers) }

extension Evidence {
  /// ∂L/∂θ by the chain rule from a dense G; for LoRA's factors written out.
  fileprivate var plainGradients: Parameters {
    if let (A, B, s) = product {
      return Parameters([.A: s * (G * B.T), .B: s * (A.T * G)])
    }
    var g = θ.zeros
    adapter.pullback(θ, dense: G, into: &g)
    return g
  }

  /// What the gradient of A or B is rounded to: G, which is so itself to the size of W, times the other factor.
  fileprivate func gradientSize(_ i: Int) -> Double {
    guard let (A, B, s) = product else { return 0 }
    return s * (G.norm + size) * (i == 0 ? B : A).norm
  }

  /// r times the rounds that have begun, or the systems that are added; nil where C1 says it all.
  fileprivate func roundsRank(_ f: inout Formula) -> Double? {
    guard let choice = scenario?.variants[safely: index - 1]?.system(layer: layer) else { return nil }
    let r = Double(rank(within: W0))
    let knobs = choice.knobValues
    let names = choice.recipe.knobs.map(\.name)
    let start = names.contains("init") ? LoRAStart(rawValue: knobs.word("init")) : nil
    let each: Double = [.both, .orthogonal].contains(start) ? 2 : 1
    switch choice.variant {
    case "serial-lora": return f.sum(r * each * Double(step / knobs.whole("every") + 1))
    case "parallel-lora": return f.sum(r * each * Double(knobs.whole("count")))
    default:
      guard case .product(let frozen, _) = adapter.factoring, frozen != W0 else { return nil }
      return f.sum(2 * r)
    }
  }
}

extension Array {
  fileprivate subscript(safely i: Int) -> Element? { indices.contains(i) ? self[i] : nil }
}
