import Math

// What the notes have wrong of LoRA, of redrawn and added factors, of costs and of other variants.

extension Erratum {
  static let ofOthers = [
    Erratum(
      "E11", Claim.su, note: "the mean step of redrawn u and v is −ηG; u is 1×m and v n×1",
      right: "it is −2ηG: E[uuᵀG + Gvᵀv] = 2G; u is n×1 and v 1×m", by: "⟨mean of 10 000 draws, G⟩/‖G‖²"
    ) { seed in
      let run = try Experiment(Claim.D(24, r: 1, steps: 1, "variants=full"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      return Sides(note: 1, right: 2, measured: try Claim.meanDraw(of: G, seed, count: 10_000))
    },
    Erratum(
      "E12", Claim.su, note: "factors that are added express more than factors that are multiplied",
      right: "they are one fixed subspace: of a random rank-one target they have (n+m−1)/(nm), products all",
      by: "share of the target's squares, n = m = 24, r = 1"
    ) { seed in
      var draw = Generator(seed: UInt64(seed), .target)
      let shares = try (0..<200).map { _ in
        Claim.shareOfSum(try draw.orthonormal(24, 1) * draw.orthonormal(24, 1).T, 1)
      }
      return Sides(note: 1, right: 47 / 576, measured: shares.reduce(0, +) / 200)
    },
    Erratum(
      "E13", "readers of \(Claim.su)", note: "LoRA saves half of the memory at most",
      right: "of 4nm floats of Adam nm + 4r(n+m) stay: up to three quarters are saved",
      by: "share saved, n = m = 256r"
    ) { seed in
      let run = try Experiment(Claim.largeLayer, seed: seed)
      return Sides(
        note: 0.5, right: 1 - (65536 + 4 * 512) / (4.0 * 65536),
        measured: 1 - run.bytes(of: 1) / run.bytes(of: 0))
    },
    Erratum(
      "E14", "a note on LoRA, GaLore, LoRA+ and DoRA; replies of Su's", note: "LoRA saves no computation",
      right: "6bnm become 4bnm + 6br(n+m) as (XA)B", by: "operations over full fine-tuning's, n = m = 256r"
    ) { _ in Sides(note: 1, right: (4 * 65536 + 6 * 512) / (6.0 * 65536), measured: Claim.operations.factored)
    },
    Erratum(
      "E15", "a comment under \(Claim.su)", note: "two adapters are merged by adding A's and B's",
      right: "A1B1 + A2B2: (A1 + A2)(B1 + B2) has cross terms as large",
      by: "‖difference‖/‖A1B1 + A2B2‖, random factors"
    ) { seed in
      let errors = (0..<50).map { Claim.errorOfAddingFactors(1000 * seed + $0) }
      return Sides(note: 0, right: 1, measured: errors.reduce(0, +) / 50)
    },
    Erratum(
      "E20", "a note on LoRA, GaLore, LoRA+ and DoRA",
      note: "W ← W + η·P(PᵀGQ)Qᵀ, with G = .grad in the code",
      right: "W ← W − η·P(PᵀGQ)Qᵀ; and the released default is one-sided", by: "L1/L0, r = 4, η = 0.1"
    ) { seed in
      let run = try Experiment(
        Claim.D(24, r: 4, steps: 1, "variants=galore(side=full,scale=1,gap=1)"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let svd = try SVD(G)
      let (P, Q) = (svd.U.columns(0..<4), svd.Vt.rows(0..<4).transposed)
      let step = 0.1 * (P * (P.T * G * Q)) * Q.T
      func share(_ W: Matrix) -> Double {
        var chain = Chain.dense([W])
        return chain.evaluate(run.problem.examples, run.problem.objective) / run.losses[0]
      }
      return Sides(
        note: share(run.W0 + step), right: share(run.W0 - step),
        measured: run.advanced().lossShares(from: run)[1])
    },
    Erratum(
      "E21", "a note on LoRA, GaLore, LoRA+ and DoRA", note: "B's rate should exceed A's",
      right: "that of the factor on the output side, which is B here, and A where W0 + BA has B at the input"),
    Erratum(
      "E22", Claim.suGA, note: "Adam's first step is W1 = W0 − η·sign(G0)",
      right: "−η·G0/(|G0| + ε), entry by entry", by: "‖ΔW1‖/(η√(nm)), ε = 0.1"
    ) { seed in
      let run = try Experiment(
        Claim.D(24, r: 4, lr: 0.01, steps: 1, "opt=adam eps=0.1 variants=full"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let root = Double(G.storage.count).squareRoot()
      let wanted = Matrix(G.rows, G.columns) { G[$0, $1] / (abs(G[$0, $1]) + 0.1) }
      return Sides(
        note: G.signs.norm / root, right: wanted.norm / root,
        measured: (run.advanced().weight(0) - run.W0).norm / (0.01 * root))
    },
  ]
}
