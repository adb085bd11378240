import Math

// What the notes have wrong of LoRA-GA.

extension Erratum {
  static let ofLoRAGA = [
    Erratum(
      "E2", Claim.suGA, note: "B0 takes the columns r+1 … 2r of V, where G = UΣV",
      right: "its rows r+1 … 2r: V of UΣV has the right singular vectors as rows",
      by: "‖A0A0ᵀG + GB0ᵀB0 − G‖/‖G‖, n = m = 24, r = 4"
    ) { seed in
      let run = try Experiment(square("variants=lora-ga(scale=unit)"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let svd = try SVD(G)
      let A = svd.U.columns(0..<4)
      return Sides(
        note: Tangent(A, svd.Vt.columns(4..<8).transposed, G).residual,
        right: Tangent(A, svd.Vt.rows(4..<8), G).residual, measured: Tangent(run, 1).residual)
    },
    Erratum(
      "E3", Claim.suGA, note: "the scale λ is almost free: ΔW1 = −η(AAᵀG + GBᵀB)",
      right: "gradients carry it: ΔW1 = −ηλ²(AAᵀG + GBᵀB)", by: "‖ΔW1‖ at λ = 2 over that at λ = 1"
    ) { seed in
      func moved(_ λ: Double) throws -> Double {
        let line = Claim.D(8, r: 4, lr: 1e-6, steps: 1, "variants=lora-ga(scale=unit)").withAlpha(4 * λ)
        let run = try Experiment(line, seed: seed)
        return (run.advanced().weight(1) - run.W0).norm
      }
      return try Sides(note: 1, right: 4, measured: moved(2) / moved(1))
    },
    Erratum(
      "E4", Claim.suGA, note: "how the 2r pairs are split between A and B does not matter",
      right: "to first order alone: the rest is η²s·√Σ_k(σ_a(k)σ_b(k))²",
      by: "gap after one step, interleaved over halves, 2r = k"
    ) { seed in
      let start = "lora-ga(scale=unit"
      let run = try Experiment(square(k: 8, "variants=\(start)),\(start),split=ArBr)"), seed: seed)
      let σ = try SVD.values(run.gradients(at: [run.W0])[0])
      func second(_ pairs: [(Int, Int)]) -> Double {
        pairs.reduce(0) { $0 + σ[$1.0] * σ[$1.0] * σ[$1.1] * σ[$1.1] }.squareRoot()
      }
      let gaps = run.advanced(to: 1).gaps
      return Sides(
        note: 1,
        right: second([(0, 1), (2, 3), (4, 5), (6, 7)]) / second([(0, 4), (1, 5), (2, 6), (3, 7)]),
        measured: gaps[2] / gaps[1])
    },
    Erratum(
      "E9", Claim.suGA, note: "for Adam's signs there is no analytic solution, c = 1 is as good as any",
      right: "the best multiple is c = ⟨T, sign G⟩/‖T‖², T = A·sign(AᵀG) + sign(GBᵀ)·B",
      by: "‖cT − sign G‖²/(nm) at that c, measured by search"
    ) { seed in
      let run = try Experiment(
        Claim.D(24, r: 4, steps: 1, "opt=adam variants=lora-ga"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let (A, B, objective) = (run.parameters(1)[.A], run.parameters(1)[.B], SignObjective(G: G))
      func J(_ c: Double) -> Double { objective.value(c * A, c * B) / Double(G.storage.count) }
      let least = (1...4000).map { J(0.001 * Double($0)) }.min() ?? .nan
      return Sides(note: J(1), right: J(objective.bestScale(A, B)), measured: least)
    },
    Erratum(
      "E17", note, note: "U_[r+1:2r] are the last r singular vectors", right: "those numbered r+1 to 2r",
      by: "‖A0A0ᵀG + GB0ᵀB0 − G‖/‖G‖, r = 4"
    ) { seed in
      let run = try Experiment(Claim.D(24, r: 4, steps: 1, "variants=lora-ga(scale=unit)"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let svd = try SVD(G)
      let last = Tangent(svd.U.columns(0..<4), svd.Vt.rows(20..<24), G)
      return try Sides(
        note: last.residual, right: SVD.tailShare(of: G, after: 8), measured: Tangent(run, 1).residual)
    },
    Erratum(
      "E18", note, note: "s·A1B1 = ζΔW, ΔW being full fine-tuning's", right: "s(A1B1 − A0B0) = ζΔW",
      by: "‖left − right‖/‖right‖ after one step, 2r = k"
    ) { seed in
      let run = try Experiment(
        Claim.D(8, r: 4, lr: 0.01, steps: 1, "variants=lora-ga(scale=unit)"), seed: seed)
      let (θ0, end) = (run.parameters(1), run.advanced())
      let θ = end.parameters(1)
      let full = end.weight(0) - run.W0
      func off(_ M: Matrix) -> Double { (M - full).norm / full.norm }
      return Sides(
        note: off(θ[.A] * θ[.B]), right: off(θ[.A] * θ[.B] - θ0[.A] * θ0[.B]),
        measured: off(end.weight(1) - run.W0))
    },
    Erratum(
      "E19", note, note: "ζ = √m/r keeps E y² = ζ²r/(s²m) the same for every r, with s = α/r",
      right: "with s = α/√r; with s = α/r it grows like r", by: "E y² at r = 64 over that at r = 4, s = α/r"
    ) { seed in
      func moment(_ r: Int) throws -> Double {
        let moments = try Claim.outputMoment(128, 512, r, "alpha/r", seed)
        return moments.forward
      }
      return try Sides(note: 1, right: 16, measured: moment(64) / moment(4))
    },
    Erratum(
      "E16", note, note: "LoRA-GA is gradient alignment; Kaiming's uniform start is a normal one",
      right: "gradient approximation (arXiv 2407.05000); U(−1/√n, 1/√n) has variance 1/(3n)"),
    Erratum(
      "E23", "Su's articles and \(note)", note: "U Σ V here, U S Vᵀ there",
      right:
        "the right singular vectors are rows of V in UΣV, columns of V in UΣVᵀ: mixing them is E2's mistake"),
  ]

  static let note = "a mathematical note on LoRA and LoRA-GA"

  /// Isotropic inputs, k singular values 0.8ⁱ.
  private static func square(k: Int = 24, _ rest: String) -> String {
    Claim.isotropic(24, 24, k: k, r: 4, lr: 1e-3, steps: 1, rest)
  }
}
