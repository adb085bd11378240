import Math

// Rows 14 and 19 to 21, 31 to 33: LoRA as a rule for the gradient, after Su.

extension Claim {
  static let gradientView = [
    Claim(
      "14", "the gradients of the factors are ∂L/∂A = s·GBᵀ and ∂L/∂B = s·AᵀG", by: su,
      on: [twoLayers], shows: "nothing that could be seen", criterion: "within 1e-6 of central differences"
    ) { seed in
      let run = try Experiment(twoLayers, seed: seed).advanced()
      return [.zero("largest error over the largest entry", run.gradientError(of: 1), within: 1e-6)]
    },
    Claim(
      "19", statement: "training fewer layers, less communication and lower precision help as well", by: su,
      ruling: .statementOnly("true, and not particular to LoRA")),
    Claim(
      "20",
      "LoRA is the optimiser that projects the full gradient, moves A and B, and adds what they gain to W",
      by: su, on: [D(24, r: 4, steps: 200, "variants=lora(init=normal)")], shows: "the curve of LoRA",
      criterion: "the two W differ by less than 1e-12 after 200 steps"
    ) { seed in
      let start = try Experiment(D(24, r: 4, steps: 200, "variants=lora(init=normal)"), seed: seed)
      let η = start.scenario.optimizer.learningRate
      var (W, A, B) = (start.W0, start.parameters(1)[.A], start.parameters(1)[.B])
      for _ in 0..<start.scenario.steps {
        let G = start.gradients(at: [W])[0]
        let (nextA, nextB) = (A - η * (G * B.T), B - η * (A.T * G))
        W = W + (nextA * nextB - A * B)
        (A, B) = (nextA, nextB)
      }
      return [.zero("‖W − W‖ of the two views", (start.advanced().weight(1) - W).norm, within: 1e-12)]
    },
    Claim(
      "21", "a step is −η(GBᵀB + AAᵀG) + η²GBᵀAᵀG, of which the last term may be neglected", by: su,
      on: [expansion(0.1)], shows: "the measure second-order",
      criterion: "the formula to 1e-13; the η² term's share linear in η",
      ruling: .holdsOnlyIf("η is 0.1 or less here: the share is 0.7 to 0.9 of η")
    ) { seed in
      let rates = [0.01, 0.1, 1]
      var shares: [Double] = []
      var error = 0.0
      for η in rates {
        let run = try Experiment(expansion(η), seed: seed)
        let (A, B) = (run.parameters(1)[.A], run.parameters(1)[.B])
        let G = run.gradients(at: [run.W0])[0]
        let first = (G * B.T) * B + A * (A.T * G)
        let second = (G * B.T) * (A.T * G)
        let step = run.advanced(to: 1).weight(1) - run.W0
        error = max(error, (step - ((-η) * first + (η * η) * second)).norm / step.norm)
        shares.append(run.value("second-order", of: 1))
      }
      return [
        .zero("error of the formula", error, within: 1e-13),
        Reading("share of the η² term at η = 0.1", shares[1], in: 0.05...0.15),
        Reading("its growth from η = 0.01 to 1", shares[2] / shares[0], in: 99.9...100.1),
      ]
    },
    Claim(
      "31", "which factor is zero, and which learns faster, is a matter of taste",
      by: "a reply of Su's against LoRA+",
      on: [asymmetry], shows: "the losses of the starts, which are no longer the same",
      criterion: "‖W − W‖/‖W − W0‖ after 60 steps, the same η̄ = s√(η_Aη_B)",
      ruling: .refuted("both change the run, as claims 5 and 59 say"),
      remark: "a difference of 0.01 would be seen on the screen"
    ) { seed in
      let start = try Experiment(asymmetry, seed: seed)
      let run = start.advanced()
      let faster = try Experiment(fasterB, seed: seed, on: start.problem).advanced()
      let (zeroB, zeroA, ratio4) = (run.weight(1), run.weight(2), faster.weight(1))
      let moved = (zeroB - start.W0).norm
      return [
        Reading("A0 = 0 against B0 = 0", Matrix.distance(zeroA, zeroB) / moved, in: 0.01...2),
        Reading("η_B = 4η_A against η_B = η_A", Matrix.distance(ratio4, zeroB) / moved, in: 0.01...2),
      ]
    },
    Claim(
      "32", "the size of the start matters against the size of the updates", by: su,
      on: [startSGD, startAdam],
      shows: "the measure change-a, the relative change of A by a step",
      criterion: "in proportion to 1/σ, A0 ~ N(0, σ²/n)",
      ruling: .holdsOnlyIf("the optimiser is Adam; under SGD B grows with σ, and extremes stall instead"),
      remark:
        "B0 = 0: the second step is the first that moves A. The first has taken a share ησ² of the gradient away"
    ) { seed in
      let (descent, adam) = (try startSizes(startSGD, seed), try startSizes(startAdam, seed))
      let late = descent.run.advanced(to: 30).losses
      let moves = descent.changes
      // η√n·m/√v with m/√v = (0.1/0.19)/√(0.001/0.001999), of a gradient that was zero before.
      var readings = zip(startDeviations, adam.changes).map { σ, change in
        Reading("Adam: change of A times σ, σ = \(plain(σ))", σ * change, in: 0.04...0.044)
      }
      readings += [
        Reading("SGD: change of A, σ = 0.01", moves[0], in: .about(0.0029)),
        Reading("SGD: change of A, σ = 1", moves[3], in: .about(0.0029)),
        Reading("SGD: change of A, σ = 3", moves[4], in: .about(0.0029)),
        Reading("SGD: L at 30, σ = 0.01", late[1], in: .about(7.99)),
        Reading("SGD: L at 30, σ = 1", late[4], in: .about(3.9)),
        Reading("SGD: L at 30, σ = 3", late[5], in: .about(6)),
      ]
      return readings
    },
    Claim(
      "33", statement: "a normalisation after XW cancels a part of what the start's size does", by: su,
      ruling: .statementOnly("no task here normalises; the notes measured nothing either")),
  ]

  static let su = "Su's gradient view of LoRA"
  private static let twoLayers =
    "task=twolayer n=8 hidden=10 m=6 r=3 alpha=6 samples=40 held=0 lr=0.05 steps=20 variants=lora(init=both)"

  private static func expansion(_ η: Double) -> String {
    D(24, r: 4, lr: η, steps: 50, "variants=lora-ga(scale=unit)")
  }

  private static let asymmetry = D(
    8, r: 4, steps: 60, "variants=lora(init=normal),lora(init=zero-a)")
  private static let fasterB = D(8, r: 4, lr: 0.05, steps: 60, "ratio=4 variants=lora(init=normal)")
  private static let startSGD = D(24, r: 4, lr: 0.04, steps: 30, "variants=lora(init=normal)")
  private static let startAdam = D(24, r: 4, lr: 0.01, steps: 30, "opt=adam variants=lora(init=normal)")
  private static let startDeviations = [0.01, 0.1, 0.3, 1, 3]

  /// LoRA from A0 ~ N(0, σ²/n), one series a σ, after the first step, and what the second does to each A.
  private static func startSizes(_ line: String, _ seed: Int) throws -> (run: Experiment, changes: [Double]) {
    let one = try Experiment(line, seed: seed)
    let θ = one.parameters(1)
    let series = startDeviations.map { σ in
      let (A, B) = (σ * θ[.A], θ[.B])
      let adapter = LowRank(W0: one.W0, A0: A, B0: B, scale: 1)
      return Series(
        name: "σ = \(plain(σ))", chain: Chain([(adapter, Parameters([.A: A, .B: B]))]),
        rule: one.scenario.optimizer.rule())
    }
    let run = try Experiment(line, seed: seed, on: one.problem) { _ in series }.advanced(to: 1)
    return (run, series.indices.map { run.value("change-a", of: $0 + 1) })
  }
}

extension Experiment {
  /// The largest deviation of a series' gradients from central differences of the loss, over the largest entry.
  /// h = 1e-5: truncation and rounding are both about 1e-10.
  fileprivate func gradientError(of series: Int) -> Double {
    var chain = simulation.series[series].chain
    _ = chain.differentiate(problem.examples, problem.objective)
    let h = 1e-5
    func loss(_ l: Int, _ i: Int, _ e: Int, _ by: Double) -> Double {
      var layers = zip(chain.adapters, chain.parameters).map { (adapter: $0, parameters: $1) }
      layers[l].parameters.matrices[i].storage[e] += by
      var moved = Chain(layers, activation: problem.activation)
      return moved.evaluate(problem.examples, problem.objective)
    }
    var (error, largest) = (0.0, 0.0)
    for l in chain.gradients.indices {
      for (i, g) in chain.gradients[l].matrices.enumerated() {
        for e in g.storage.indices {
          let difference = (loss(l, i, e, h) - loss(l, i, e, -h)) / (2 * h)
          error = max(error, abs(difference - g.storage[e]))
          largest = max(largest, abs(difference))
        }
      }
    }
    return error / largest
  }
}
