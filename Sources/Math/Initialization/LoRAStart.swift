/// Where the factors A0 (n×r) and B0 (r×m) of a low-rank adapter begin.
package enum LoRAStart: String, CaseIterable, Sendable {
  /// A0 uniform in (−1/√n, 1/√n), B0 = 0: what PEFT and the authors do.
  case zeroB = "zero-b"
  /// A0 ~ N(0, 1/r²), B0 = 0: what PEFT calls gaussian, whatever n is.
  case gaussian
  /// A0 ~ N(0, 1/n), B0 = 0.
  case normal
  /// A0 = 0, B0 ~ N(0, 1/m): the first step moves A alone.
  case zeroA = "zero-a"
  /// A0 ~ N(0, 1/n) and B0 ~ N(0, 1/m).
  case both
  /// A0ᵀA0 = B0B0ᵀ = I. What PEFT calls orthogonal is something else.
  case orthogonal
  /// A0 = 0 and B0 = 0: stationary for ever.
  case zero

  package func factors(_ n: Int, _ m: Int, rank r: Int, _ generator: Generator) throws(LinearAlgebraError)
    -> (A: Matrix, B: Matrix)
  {
    var θ = Parameters([.A: Matrix(n, r), .B: Matrix(r, m)])
    var room: OrthogonalFactors?
    try fill(&θ, generator, &room)
    return (θ[.A], θ[.B])
  }

  /// Writes them into θ.
  /// - Parameter room: made by the first orthogonal start.
  func fill(_ θ: inout Parameters, _ generator: Generator, _ room: inout OrthogonalFactors?)
    throws(LinearAlgebraError)
  {
    var generator = generator
    let (n, m, r) = (θ[.A].rows, θ[.B].columns, θ[.A].columns)
    let (deviationA, deviationB) = (1 / Double(n).squareRoot(), 1 / Double(m).squareRoot())
    θ[.A].scale(by: 0)
    θ[.B].scale(by: 0)
    switch self {
    case .zeroB:
      generator.fillUniform(&θ[.A])
      Self.setKaiming(&θ[.A])
    case .gaussian: generator.fillNormal(&θ[.A], deviation: 1 / Double(r))
    case .normal: generator.fillNormal(&θ[.A], deviation: deviationA)
    case .zeroA: generator.fillNormal(&θ[.B], deviation: deviationB)
    case .both:
      generator.fillNormal(&θ[.A], deviation: deviationA)
      generator.fillNormal(&θ[.B], deviation: deviationB)
    case .orthogonal:
      generator.fillNormal(&θ[.A], deviation: 1)
      generator.fillNormal(&θ[.B], deviation: 1)
      if room == nil { room = OrthogonalFactors(n, m, rank: r) }
      try room?.orthogonalize(&θ)
    case .zero: break
    }
  }

  /// A0 uniform in (−1/√n, 1/√n), from draws on [0, 1): kaiming_uniform with a = √5 on fan-in n, variance
  /// 1/(3n).
  package static func setKaiming(_ A: inout Matrix) {
    let bound = 1 / Double(A.rows).squareRoot()
    for i in A.storage.indices { A.storage[i] = bound * (2 * A.storage[i] - 1) }
  }
}

/// Room to make A0ᵀA0 = B0B0ᵀ = I, by QR decompositions with positive diagonal.
package struct OrthogonalFactors: Sendable {
  private var A: QR
  private var Bt: QR
  private var transposed: Matrix

  package init(_ n: Int, _ m: Int, rank r: Int) {
    A = QR(rows: n, columns: r)
    Bt = QR(rows: m, columns: r)
    transposed = Matrix(m, r)
  }

  /// From Gaussians A (n×r) and B (r×m).
  package mutating func orthogonalize(_ θ: inout Parameters) throws(LinearAlgebraError) {
    transposed.setTransposed(θ[.B])
    try A.decompose(θ[.A], positiveDiagonal: true)
    try Bt.decompose(transposed, positiveDiagonal: true)
    θ[.A].set(A.Q)
    θ[.B].setTransposed(Bt.Q)
  }
}
