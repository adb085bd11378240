import Glibc

/// The singular values of the change a problem asks for, before they are scaled to a norm.
package enum TargetSpectrum: Equatable, Sendable {
  case flat
  /// dⁱ, i = 0, 1, …
  case geometric(Double)
  /// (i + 1)^−p.
  case power(Double)
  /// κ^(−i/(k−1)): from 1 down to 1/κ.
  case condition(Double)

  /// `count` values, the first 1.
  package func values(count k: Int) -> [Double] {
    (0..<k).map { i in
      switch self {
      case .flat: 1
      case .geometric(let d): pow(d, Double(i))
      case .power(let p): pow(Double(i + 1), -p)
      case .condition(let κ): k == 1 ? 1 : pow(κ, -Double(i) / Double(k - 1))
      }
    }
  }
}
