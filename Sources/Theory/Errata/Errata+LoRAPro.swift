import Math

// What Su's article on LoRA-Pro has wrong.

extension Erratum {
  static let ofLoRAPro = [
    Erratum(
      "E1", Claim.suPro, note: "‖A_tA_tᵀG_t + B_tB_tᵀG_t − G_t‖ is to be small",
      right: "‖A_tA_tᵀG_t + G_tB_tᵀB_t − G_t‖: B·Bᵀ is r×r and cannot stand before G, n×m"),
    Erratum(
      "E5", Claim.suPro, note: "A and B cannot start at zero: H_A = G·Bᵀ(BBᵀ)⁻¹",
      right: "with pseudo-inverses the step at B = 0 is −ηP_A·G", by: "‖ΔW1‖/(η‖P_A·G‖) at B = 0"
    ) { seed in
      let run = try Experiment(Claim.D(8, r: 4, lr: 0.01, steps: 1, "variants=lora-pro"), seed: seed)
      let G = run.gradients(at: [run.W0])[0]
      let Q = try QR(run.parameters(1)[.A]).Q
      let wanted = 0.01 * (Q * (Q.T * G)).norm
      return Sides(note: .nan, right: 1, measured: (run.advanced().weight(1) - run.W0).norm / wanted)
    },
    Erratum(
      "E6", Claim.suPro, note: "H_A and H_B may be optimised apart: H_A·B = G·P_B, A·H_B = P_A·G",
      right: "they are coupled: together they leave (I − P_A)G(I − P_B)", by: "‖H_A·B + A·H_B − G‖/‖G‖"
    ) { seed in
      let at = try ProPoint(seed)
      let (PA, PB) = (try at.projector(at.A), try at.projector(at.B.transposed))
      let outside = at.G - PA * at.G
      let (HA, HB) = at.step(.symmetric)
      return Sides(
        note: at.apart(PA * at.G + at.G * PB, at.G), right: (outside - outside * PB).norm / at.G.norm,
        measured: at.apart(at.equivalent(HA, HB), at.G))
    },
    Erratum(
      "E7", Claim.suPro, note: "H_A = g_A(BBᵀ)⁻¹ + A·C, as for s = 1; in H_B (I − P_B) stands before",
      right: "g_A(BBᵀ)⁻¹/s² + A·C; (I − P_B) stands behind",
      by: "‖s(H_A·B + A·H_B)‖ over the nearest to G's, s = 2"
    ) { seed in
      let at = try ProPoint(seed)
      let probe = Probe(G: at.G, A: at.A, B: at.B, s: 2)
      let nearest = at.G - (try Spaces(A: at.A, B: at.B)).outside(at.G)
      return Sides(note: 4, right: 1, measured: try probe.projected(.zero).equivalent.norm / nearest.norm)
    },
    Erratum(
      "E8", Claim.suPro, note: "under AdamW C is that of the gradient G",
      right: "C is that of the direction U: AᵀA·C + C·BBᵀ = −Aᵀ·U_A(BBᵀ)⁻¹",
      by: "‖left − right‖/‖right‖, U = sign G"
    ) { seed in
      let at = try ProPoint(seed)
      let KB = try pseudoInverse(at.B * at.B.T)
      func C(_ U: Matrix) throws -> Matrix {
        let projected = try Probe(G: U, A: at.A, B: at.B, s: 1).projected(.sylvester)
        return projected.C
      }
      let U = at.G.signs
      let wanted = -1 * (at.A.T * (U * at.B.T)) * KB
      func off(_ C: Matrix) -> Double {
        (at.A.T * at.A * C + C * (at.B * at.B.T) - wanted).norm / wanted.norm
      }
      return try Sides(note: off(C(at.G)), right: 0, measured: off(C(U)))
    },
    Erratum(
      "E10", Claim.suPro, note: "the choice of C hardly matters: it enters with η²",
      right: "from B = 0 the second step's η² term does not fade, for H_A grows like 1/η",
      by: "what C moves W by in two steps, over the way: at η = 1e-3 over that at 1e-1"
    ) { seed in
      func share(_ η: Double) throws -> Double {
        let line =
          "task=matrix n=24 m=24 r=4 alpha=4 lr=\(plain(η)) steps=2 variants=lora-pro(c=symmetric),lora-pro(c=zero)"
        let run = try Experiment(line, seed: seed)
        let end = run.advanced()
        return Matrix.distance(end.weight(1), end.weight(2)) / (end.weight(1) - run.W0).norm
      }
      return try Sides(note: 0.01, right: 1, measured: share(1e-3) / share(1e-1))
    },
    Erratum(
      "E24", Claim.suPro, note: "LoRA-Pro is aligned with the whole trajectory",
      right: "each step is projected from its own W_t: the distance grows, down to the floor",
      by: "gap after 100 steps over the way of full fine-tuning; right: the floor's share"
    ) { seed in
      let line = Claim.D(24, r: 4, lr: 0.05, steps: 100, "variants=lora-pro(init=lora-ga)")
      let run = try Experiment(line, seed: seed)
      let end = run.advanced()
      let way = (end.weight(0) - run.W0).norm
      return Sides(note: 0, right: end.value("reach-floor", of: 1) / way, measured: end.gaps[1] / way)
    },
  ]
}
