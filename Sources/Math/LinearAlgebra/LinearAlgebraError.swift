/// Why a decomposition gave no result.
package enum LinearAlgebraError: Error, Equatable, Sendable {
  /// The matrix holds a NaN or an infinity.
  case notFinite
  /// LAPACK's iteration did not converge.
  case notConverged(routine: String)
  /// The leading minor of this order is not positive.
  case notPositiveDefinite(order: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFinite: "a matrix is no longer finite"
    case .notConverged(let routine): "LAPACK's \(routine) did not converge"
    case .notPositiveDefinite(let order): "the leading minor of order \(order) is not positive"
    }
  }
}
