import Glibc

/// The change a problem asks for, by its singular values before they are scaled to a norm, or by what it does.
package enum TargetSpectrum: Equatable, Sendable {
  case flat
  /// dⁱ, i = 0, 1, …
  case geometric(Double)
  /// (i + 1)^−p.
  case power(Double)
  /// κ^(−i/(k−1)): from 1 down to 1/κ.
  case condition(Double)
  /// Every column of W0 times a number of its own, uniform on (1/2, 2); of full rank, and as long as that makes it.
  case gains

  /// `count` values, the first 1; none of gains, whose values are those of W0 times them.
  package func values(count k: Int) -> [Double] {
    (0..<k).compactMap { i in
      switch self {
      case .flat: 1
      case .geometric(let d): pow(d, Double(i))
      case .power(let p): pow(Double(i + 1), -p)
      case .condition(let κ): k == 1 ? 1 : pow(κ, -Double(i) / Double(k - 1))
      case .gains: nil
      }
    }
  }
}
