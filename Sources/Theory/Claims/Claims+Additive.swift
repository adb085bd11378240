import Math

// Rows 26 to 29: factors added instead of multiplied, and LoRAs one after the other or side by side.

extension Claim {
  static let sums = [
    Claim(
      "26",
      "with the factors added, W = AR + CB, R and C of ones, gradients are the sums of G's rows and columns",
      by: su, on: [added], shows: "the loss", criterion: "equal to 1e-14 of ‖G‖"
    ) { seed in
      let run = try Experiment(added, seed: seed).advanced()
      let G = run.gradients(at: [run.weight(1)])[0]
      var chain = run.simulation.series[1].chain
      _ = chain.differentiate(run.problem.examples, run.problem.objective)
      guard let adapter = chain.adapters[0] as? Additive else { return [] }
      let s = adapter.scale
      let (ofRows, ofColumns) = (G * Matrix(G.columns, 1, repeating: s), Matrix(1, G.rows, repeating: s) * G)
      let (gA, gB) = (chain.gradients[0][.A], chain.gradients[0][.B])
      return [
        .zero("‖∂L/∂A − s·G1‖/‖G‖", (gA - ofRows).norm / G.norm, within: 1e-14),
        .zero("‖∂L/∂B − s·1ᵀG‖/‖G‖", (gB - ofColumns).norm / G.norm, within: 1e-14),
      ]
    },
    Claim(
      "27", "added factors of rank 1 reach rank 2, and may express more with as many numbers", by: su,
      on: [added],
      shows: "the singular values of W − W0",
      criterion: "share of a target's squares that the nearest member has, n = m = 24, r = 1",
      ruling: .holdsOnlyIf(
        "the target has constant rows and columns: the sums are one fixed subspace, products adapt"),
      remark: "rank 2r, but r² of the numbers are redundant in both: the dimension is r(n+m) − r²"
    ) { seed in
      var draw = Generator(seed: UInt64(seed), .target)
      let exactly = { (x: Double) in x - 1e-9...x + 1e-9 }
      var readings = try ranksOfSums(&draw)
      readings += try dimensions(&draw)
      readings += try shares("Gaussian", sum: 0.05...0.12, product: 0.12...0.18) { draw.normalMatrix(24, 24) }
      readings += try shares("rank 1", sum: 0.05...0.14, product: exactly(1)) {
        try draw.orthonormal(24, 1) * draw.orthonormal(24, 1).T
      }
      readings += try shares("rank 2", sum: 0.05...0.14, product: exactly(0.5)) {
        try draw.orthonormal(24, 2) * draw.orthonormal(24, 2).T
      }
      readings += try shares("row and column offsets", sum: exactly(1), product: 0.55...0.8) {
        let ones = Matrix(24, 1, repeating: 1)
        return draw.normalMatrix(24, 1) * ones.T + ones * draw.normalMatrix(1, 24)
      }
      return readings
    },
    Claim(
      "28", "added factors of any rank r by tiles, r dividing n and m", by: su, on: [tiled],
      shows: "the singular values of W − W0, 2r of them",
      criterion: "share of a Gaussian target's squares that the nearest member has, n = m = 24",
      remark: "of sums (r(n+m) − r²)/(nm) on average; the product of the same r has more"
    ) { seed in
      var draw = Generator(seed: UInt64(seed), .target)
      func gauss() -> Matrix { draw.normalMatrix(24, 24) }
      let two = try shares("r = 2", r: 2, sum: 0.11...0.21, product: 0.24...0.33, of: gauss)
      return two + (try shares("r = 4", r: 4, sum: 0.25...0.36, product: 0.43...0.53, of: gauss))
    },
    Claim(
      "29", "serial LoRA approaches full fine-tuning, a sum of parallel ones does not",
      by: "replies under Su's gradient view of LoRA", on: [serial, parallel],
      shows: "the gap: a staircase onto the floors, and the sum's line",
      criterion: "after k rounds within 1.1 of tail_rk; the sum of two where it began",
      remark:
        "side by side they learn the same: a sum of K has it K times; (A + A')(B + B') is another matter still"
    ) { seed in
      let run = try Experiment(serial, seed: seed)
      let side = try Experiment(parallel, seed: seed, on: run.problem).advanced()
      let σ = try SVD.values(run.problem.examples.Y - run.W0)
      var readings: [Reading] = []
      for (i, floor) in [2.56, 1.64, 1.05, 0.67].enumerated() {
        let gap = run.advanced(to: 400 * (i + 1)).gaps[1]
        let bound = tail(σ, after: 2 * (i + 1))
        readings.append(Reading("gap after round \(i + 1)", gap, in: 0.99 * floor...1.1 * floor))
        readings.append(Reading("over tail_\(2 * (i + 1))", gap / bound, in: 0.999...1.1))
      }
      readings += [
        Reading("gap of the sum of 2, 4 at the start", side.gaps[1], in: 3.96...4.04),
        Reading("gap of the sum of 4", side.gaps[2], in: 9.4...9.7),
        Reading("gap of the mean of 4", side.gaps[3], in: 2.53...2.82),
        Reading("error of adding A's and B's apart", errorOfAddingFactors(seed), in: 0.8...1.2),
      ]
      return readings
    },
  ]

  private static let added = D(24, r: 1, steps: 100, "variants=additive,lora")
  private static let tiled = isotropic(24, 24, k: 24, r: 4, steps: 200, "variants=additive,lora")
  private static let serial = isotropic(
    24, 24, k: 24, r: 2, lr: 0.2, steps: 1600, "variants=serial-lora(every=400,init=normal)")
  private static let parallel = isotropic(
    24, 24, k: 24, r: 2, lr: 0.2, steps: 400,
    "variants=parallel-lora(init=normal),parallel-lora(count=4,init=normal),parallel-lora(count=4,merge=mean,init=normal)"
  )

  /// A and B of rank r for a layer of 24×24.
  private static func factors(_ r: Int, _ draw: inout Generator) -> Parameters {
    Parameters([.A: draw.normalMatrix(24, r), .B: draw.normalMatrix(r, 24)])
  }

  private static func sum(r: Int) -> Additive {
    Additive(W0: Matrix(24, 24), A0: Matrix(24, r), B0: Matrix(r, 24), scale: 1)
  }

  private static func ranksOfSums(_ draw: inout Generator) throws -> [Reading] {
    try (1...4).map { r in
      let rank = Double(try SVD(sum(r: r).weight(factors(r, &draw))).rank(tolerance: 1e-10))
      return Reading("rank of a sum, r = \(r)", rank, in: Double(2 * r)...Double(2 * r))
    }
  }

  /// r(n+m) − r² for r = 2.
  private static func dimensions(_ draw: inout Generator) throws -> [Reading] {
    let θ = factors(2, &draw)
    let product = LowRank(W0: Matrix(24, 24), A0: Matrix(24, 2), B0: Matrix(2, 24), scale: 1)
    let adapters: [(String, any Adapter)] = [("sums", sum(r: 2)), ("products", product)]
    return try adapters.map { name, adapter in
      let directions = Double(try SVD(jacobian(adapter, θ)).rank(tolerance: 1e-10))
      return Reading("dimension of \(name), r = 2", directions, in: 92...92)
    }
  }

  /// ∂W/∂θ, a column a number; W is linear in each number alone, so a difference is exact.
  private static func jacobian(_ adapter: any Adapter, _ θ: Parameters) -> Matrix {
    let W = adapter.weight(θ)
    var columns: [Double] = []
    for i in θ.matrices.indices {
      for e in θ.matrices[i].storage.indices {
        var moved = θ
        moved.matrices[i].storage[e] += 1
        columns += (adapter.weight(moved) - W).storage
      }
    }
    return Matrix(W.storage.count, θ.count, storage: columns)
  }

  /// The squares of a target that the nearest sum and the nearest product of rank r have, mean of 20.
  private static func shares(
    _ name: String, r: Int = 1, sum: ClosedRange<Double>, product: ClosedRange<Double>,
    of target: () throws -> Matrix
  ) throws -> [Reading] {
    let N = 20
    var (sums, products) = (0.0, 0.0)
    for _ in 0..<N {
      let T = try target()
      sums += shareOfSum(T, r) / Double(N)
      let beyond = tail(try SVD.values(T), after: r)
      products += (1 - beyond * beyond / T.squaredNorm) / Double(N)
    }
    return [Reading("sum, \(name)", sums, in: sum), Reading("product, \(name)", products, in: product)]
  }

  /// ‖(A + A')(B + B') − (AB + A'B')‖/‖AB + A'B'‖ of random factors: as many cross terms as terms, about 1.
  static func errorOfAddingFactors(_ seed: Int) -> Double {
    var draw = Generator(seed: UInt64(seed), .target)
    let (one, two) = (factors(2, &draw), factors(2, &draw))
    let wanted = one[.A] * one[.B] + two[.A] * two[.B]
    return ((one[.A] + two[.A]) * (one[.B] + two[.B]) - wanted).norm / wanted.norm
  }

  static func shareOfSum(_ T: Matrix, _ r: Int) -> Double {
    var (C, R) = (Matrix(T.rows, r), Matrix(r, T.columns))
    C.addRepeated((Double(r) / Double(T.rows)).squareRoot(), rows: .identity(r))
    R.addRepeated((Double(r) / Double(T.columns)).squareRoot(), columns: .identity(r))
    // What lies neither in the span of C's columns nor in that of R's rows.
    let left = T - C * (C.T * T)
    let missed = left - (left * R.T) * R
    return 1 - missed.squaredNorm / T.squaredNorm
  }
}
