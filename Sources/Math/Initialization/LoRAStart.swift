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
    var generator = generator
    let (deviationA, deviationB) = (1 / Double(n).squareRoot(), 1 / Double(m).squareRoot())
    let (A, B) = (Matrix(n, r), Matrix(r, m))
    switch self {
    case .zeroB: return (Self.kaiming(generator.uniformMatrix(n, r)), B)
    case .gaussian: return (generator.normalMatrix(n, r, deviation: 1 / Double(r)), B)
    case .normal: return (generator.normalMatrix(n, r, deviation: deviationA), B)
    case .zeroA: return (A, generator.normalMatrix(r, m, deviation: deviationB))
    case .both:
      let A = generator.normalMatrix(n, r, deviation: deviationA)
      return (A, generator.normalMatrix(r, m, deviation: deviationB))
    case .orthogonal:
      let ZA = generator.normalMatrix(n, r)
      return try Self.orthogonal(ZA, generator.normalMatrix(r, m))
    case .zero: return (A, B)
    }
  }

  /// A0 uniform in (−1/√n, 1/√n), from draws on [0, 1): kaiming_uniform with a = √5 on fan-in n, variance
  /// 1/(3n).
  package static func kaiming(_ uniform01: Matrix) -> Matrix {
    let bound = 1 / Double(uniform01.rows).squareRoot()
    return Matrix(uniform01.rows, uniform01.columns) { bound * (2 * uniform01[$0, $1] - 1) }
  }

  /// A0ᵀA0 = B0B0ᵀ = I, from QR decompositions of Gaussians ZA (n×r) and ZB (r×m) with positive diagonal.
  package static func orthogonal(_ ZA: Matrix, _ ZB: Matrix) throws(LinearAlgebraError) -> (
    A: Matrix, B: Matrix
  ) {
    (
      try QR(ZA, positiveDiagonal: true).Q,
      try QR(ZB.transposed, positiveDiagonal: true).Q.transposed
    )
  }
}
