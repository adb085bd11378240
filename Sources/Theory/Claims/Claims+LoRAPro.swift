import Math

// Rows 52 to 57: a step of LoRA-Pro.

extension Claim {
  static let loraPro = [
    Claim(
      "52", "H_A and H_B can be chosen so that H_A·B + A·H_B is as near to G as factors allow", by: suPro,
      on: [projected], shows: "the measures tangent and optimality",
      criterion: "ĝ = H_A·B + A·H_B is G − (I − P_A)G(I − P_B), its nearest, to rounding"
    ) { seed in
      let at = try ProPoint(seed)
      let (HA, HB) = at.step(.zero)
      let outside = try at.G - at.projector(at.A) * at.G
      let nearest = try at.G - (outside - outside * at.projector(at.B.transposed))
      return [
        .zero("‖ĝ − (G − (I−P_A)G(I−P_B))‖/‖G‖", at.apart(at.equivalent(HA, HB), nearest), within: 1e-10),
        Reading("‖ĝ − G‖/‖G‖", at.apart(at.equivalent(HA, HB), at.G), in: 1e-6...0.999),
      ]
    },
    Claim(
      "53", "it is enough to solve for H_A and then for H_B", by: suPro, on: [projected],
      shows: "the measure optimality", criterion: "the same step as the closed form's, in either order",
      remark: "because of the freedom (H_A + AC, H_B − CB)"
    ) { seed in
      let at = try ProPoint(seed)
      let (HA, HB) = at.step(.zero)
      let closed = at.equivalent(HA, HB)
      let (KA, KB) = (try pseudoInverse(at.A.T * at.A), try pseudoInverse(at.B * at.B.T))
      let firstA = (at.G * at.B.T) * KB
      let thenB = KA * (at.A.T * (at.G - firstA * at.B))
      let firstB = KA * (at.A.T * at.G)
      let thenA = ((at.G - at.A * firstB) * at.B.T) * KB
      return [
        .zero("first A, then B: ‖ĝ − ĝ‖/‖G‖", at.apart(at.equivalent(firstA, thenB), closed), within: 1e-10),
        .zero("first B, then A: ‖ĝ − ĝ‖/‖G‖", at.apart(at.equivalent(thenA, firstB), closed), within: 1e-10),
      ]
    },
    Claim(
      "54", "(H_A + AC, H_B − CB) takes the same step for every C", by: suPro, on: [projected],
      shows: "the measure optimality", criterion: "H_A·B + A·H_B changes by less than 1e-12",
      remark: "to first order in η: see claim 57"
    ) { seed in
      let at = try ProPoint(seed)
      let (plainA, plainB) = at.step(.zero)
      let (HA, HB) = at.step(.given(at.random))
      return [
        .zero(
          "change of ĝ over ‖G‖", at.apart(at.equivalent(HA, HB), at.equivalent(plainA, plainB)),
          within: 1e-12),
        Reading("change of H_A over itself", (HA - plainA).norm / plainA.norm, in: 1e-2...(.infinity)),
      ]
    },
    Claim(
      "55", "the symmetric C makes both factors contribute equally, and both near to G", by: suPro,
      on: [projected], shows: "the measure role-balance is 1",
      criterion: "both objectives at their minimum over all r×r matrices C, to 1e-6"
    ) { seed in
      let at = try ProPoint(seed)
      let (HA, HB) = at.step(.symmetric)
      return try at.excess("‖H_A·B − A·H_B‖²", HA, HB) { HA, HB in HA * at.B - at.A * HB }
        + at.excess("‖H_A·B − G‖² + ‖A·H_B − G‖²", HA, HB) { HA, HB in
          (HA * at.B - at.G).beside(at.A * HB - at.G)
        }
    },
    Claim(
      "56", "LoRA-Pro's own C, nearest to plain gradients, solves AᵀA·C + C·BBᵀ = −Aᵀ·g_A(BBᵀ)⁻¹", by: suPro,
      on: [projected], shows: "nothing that could be seen",
      criterion: "‖H_A − g_A‖² + ‖H_B − g_B‖² at its minimum over all r×r matrices C, to 1e-6"
    ) { seed in
      let at = try ProPoint(seed)
      let (HA, HB) = at.step(.sylvester)
      let (gA, gB) = (at.G * at.B.T, at.A.T * at.G)
      return try at.excess("‖H_A − g_A‖² + ‖H_B − g_B‖²", HA, HB) { HA, HB in
        (HA - gA).beside((HB - gB).transposed.rows(padding: HA.rows))
      }
    },
    Claim(
      "57", "which C one takes hardly matters", by: suPro, on: [choices(0.1), choices(0.8)],
      shows: "the losses of four choices",
      criterion: "W differs by less than 1 % of its way from W0, after 100 steps",
      ruling: .holdsOnlyIf("C is one of the natural three and η at most 0.3: C enters the η² term"),
      remark:
        "start c = 1. On the way the natural three come apart by more than at its end, at η = 0.3 by over 1 %. At "
        + "η = 0.8, beyond full fine-tuning's edge, C = 0 diverges and the others do not. The symmetric step knows "
        + "nothing of the gauge (AR, R⁻¹B), the Sylvester step does",
      differs:
        "the table gives neither the size of its random C, which is N(0, 1) here, nor its R of the gauge, nor the rate "
        + "under Adam; and at η = 0.8 losses swing from step to step",
      in: [
        "L at η = 0.8", "Sylvester's, moved by the gauge", "gap at 10 under Adam", "random C each step apart",
      ]
    ) { seed in try choicesOfC(seed) },
  ]

  static let suPro = "Su's article on LoRA-Pro"

  /// A generic point: ten plain steps from factors that are both drawn.
  static let projected = D(8, r: 4, steps: 10, "variants=lora(init=both)")

  // MARK: 57

  private static func choices(_ η: Double) -> String {
    D(
      24, r: 4, lr: η, steps: 100,
      "variants="
        + ["sylvester", "symmetric", "zero", "random"].map { "lora-pro(init=lora-ga,c=\($0))" }
        .joined(separator: ",")
    )
  }

  private static func choicesOfC(_ seed: Int) throws -> [Reading] {
    var readings: [Reading] = []
    for η in [0.02, 0.1, 0.3] {
      let start = try Experiment(choices(η), seed: seed)
      let (onTheWay, end) = naturalSpread(start)
      if η < 0.3 {
        readings.append(Reading("natural choices apart on the way, η = \(plain(η))", onTheWay, in: 0...0.01))
      }
      readings.append(Reading("natural choices apart at the end, η = \(plain(η))", end, in: 0...0.006))
      let (W, random) = (start.advanced().weight(1), try randomEachStep(start, η, seed))
      let apart = random.map { Matrix.distance($0, W) / (W - start.W0).norm } ?? .infinity
      readings.append(Reading("random C each step apart, η = \(plain(η))", apart, in: 0.05...0.65))
    }
    let fast = try Experiment(choices(0.8), seed: seed)
    let losses = fast.advanced().losses.map { $0.isNaN ? .infinity : $0 }
    let adam = try Experiment(adamOnH, seed: seed).advanced().gaps
    return try readings + [
      Reading("L at η = 0.8, C = 0", losses[3], in: 100...(.infinity)),
      Reading("L at η = 0.8, one random C", losses[4], in: 100...(.infinity)),
      Reading("L at η = 0.8, symmetric C", losses[2], in: .about(3.16)),
      Reading("L at η = 0.8, Sylvester's C", losses[1], in: .about(1.23)),
      Reading("gap at 10 under Adam, C = 0", adam[3], in: .about(2.61)),
      Reading("gap at 10 under Adam, symmetric C", adam[2], in: .about(2.54)),
      Reading("gap at 10 under Adam, Sylvester's C", adam[1], in: .about(2.54)),
      .zero("symmetric, moved by the gauge", gaugeEffect(.symmetric, seed), within: 1e-9),
      Reading("Sylvester's, moved by the gauge", gaugeEffect(.sylvester, seed), in: 0.002...0.008),
    ]
  }

  /// Adam on H_A and H_B.
  private static let adamOnH = D(
    24, r: 4, lr: 0.01, steps: 10,
    "opt=adam variants="
      + ["sylvester", "symmetric", "zero"].map { "lora-pro(init=lora-ga,moments=factors,c=\($0))" }
      .joined(separator: ","))

  /// The largest distance of two of the first three series over the length of the way, on it and at its end.
  private static func naturalSpread(_ start: Experiment) -> (onTheWay: Double, end: Double) {
    var (run, largest, last) = (start, 0.0, 0.0)
    for step in 1...run.scenario.steps {
      run.advance(to: step)
      let W = (1...3).map { run.weight($0) }
      last = max(Matrix.distance(W[0], W[1]), Matrix.distance(W[0], W[2]), Matrix.distance(W[1], W[2]))
      largest = max(largest, last)
    }
    let way = (run.weight(1) - run.W0).norm
    return (largest / way, last / way)
  }

  /// W after the run's steps, each with a C of its own; nil once it has diverged.
  private static func randomEachStep(_ start: Experiment, _ η: Double, _ seed: Int) throws -> Matrix? {
    var chain = start.simulation.series[1].chain
    var generator = Generator(seed: UInt64(seed), .adapters, offset: 11)
    for _ in 0..<start.scenario.steps {
      let C = generator.normalMatrix(4, 4)
      var rule: any Optimizer = LoRAProRule(.factors(SGD(learningRate: η)), scale: 1, choice: .given(C))
      _ = chain.differentiate(start.problem.examples, start.problem.objective)
      guard (try? chain.step(&rule)) != nil else { return nil }
    }
    let W = chain.adapters[0].weight(chain.parameters[0])
    return W.isFinite ? W : nil
  }

  /// How far W lies after 50 steps from that of the factors (AR, R⁻¹B), R = diag(1/2 … 2), over the way.
  private static func gaugeEffect(_ choice: LoRAProRule.Choice, _ seed: Int) throws -> Double {
    let θ = try Experiment(projected, seed: seed).parameters(1)
    let gauge = (0..<4).map { 0.5 + 0.5 * Double($0) }
    let (R, inverse) = (Matrix.diagonal(gauge), Matrix.diagonal(gauge.map { 1 / $0 }))
    let run = try Experiment(projected, seed: seed) { problem in
      let adapter = LowRank(W0: problem.pretrained[0], A0: θ[.A], B0: θ[.B], scale: 1)
      let rule = LoRAProRule(.factors(SGD(learningRate: 0.1)), scale: 1, choice: choice)
      return [lowRank(adapter, θ[.A], θ[.B], rule), lowRank(adapter, θ[.A] * R, inverse * θ[.B], rule)]
    }
    let end = run.advanced(to: 50)
    return Matrix.distance(end.weight(1), end.weight(2)) / (end.weight(1) - run.W0).norm
  }
}

extension String {
  /// The scenario line with another α.
  func withAlpha(_ α: Double) -> String {
    split(separator: " ").map { $0.hasPrefix("alpha=") ? "alpha=\(plain(α))" : String($0) }.joined(
      separator: " ")
  }
}

extension Matrix {
  /// With rows of zeros below, `count` in all.
  fileprivate func rows(padding count: Int) -> Matrix {
    Matrix(count, columns) { i, j in i < rows ? self[i, j] : 0 }
  }
}
