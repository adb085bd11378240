/// Where the factors A0 (n×r) and B0 (r×m) of a low-rank adapter begin.
package enum LoRAStart {
  /// A0 uniform in (−1/√n, 1/√n), from draws on [0, 1): kaiming_uniform with a = √5 on fan-in n, variance
  /// 1/(3n), the default of PEFT and of the authors.
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
