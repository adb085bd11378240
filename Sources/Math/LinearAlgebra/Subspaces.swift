import Glibc

extension Matrix {
  /// An orthonormal basis of the column space, n×k: left singular vectors whose σ exceeds `tolerance`·σ_1, so
  /// none for a zero matrix.
  ///
  /// The default is what inverses of Gram matrices take for singular: eigenvalues below 1e-12 times the largest.
  package func columnBasis(tolerance: Double = 1e-6) throws(LinearAlgebraError) -> Matrix {
    let svd = try SVD(self)
    return svd.U.columns(0..<svd.rank(tolerance: tolerance))
  }

  /// The part of M that is orthogonal to the columns of Q, which are orthonormal: (I − QQᵀ)M.
  static func outside(_ Q: Matrix, _ M: Matrix) -> Matrix { M - Q * (Q.T * M) }

  /// Principal angles between the spaces of the orthonormal columns of P (n×p) and Q (n×q), in radians,
  /// smallest first, min(p, q) of them.
  ///
  /// From the singular values of QᵀP, and from sines below π/4, where cosines lose half the digits (Björck and
  /// Golub 1973).
  package static func principalAngles(_ P: Matrix, _ Q: Matrix) throws(LinearAlgebraError) -> [Double] {
    guard P.columns <= Q.columns else { return try principalAngles(Q, P) }
    guard P.columns > 0 else { return [] }
    let cosines = try SVD.values(Q.T * P)
    let sines = try SVD.values(outside(Q, P))
    return zip(cosines, sines.reversed()).map { c, s in c * c < 0.5 ? acos(c) : asin(s) }
  }
}

extension SVD {
  /// How many singular values exceed `tolerance`·σ_1.
  package func rank(tolerance: Double) -> Int { σ.prefix { $0 > tolerance * σ[0] }.count }
}
