extension SVD {
  /// An approximation of M's leading q singular triplets by `iterations` subspace iterations from a random
  /// start (Halko, Martinsson and Tropp 2011, algorithm 4.4); q at most min(n, m).
  package static func randomized(_ M: Matrix, leading q: Int, iterations: Int, _ generator: Generator)
    throws(LinearAlgebraError) -> SVD
  {
    var generator = generator
    var Q = try QR(M * generator.normalMatrix(M.columns, q)).Q
    for _ in 0..<iterations {
      Q = try QR(M.T * Q).Q
      Q = try QR(M * Q).Q
    }
    let small = try SVD(Q.T * M)
    return SVD(U: Q * small.U, σ: small.σ, Vt: small.Vt)
  }
}
