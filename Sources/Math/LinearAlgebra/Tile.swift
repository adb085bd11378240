import CKernels
import COpenBLAS

/// Room for a part of a matrix that stays in the cache while it is computed and summed up, so that a norm of
/// a matrix costs no memory of its size.
package struct Tile: Sendable {
  /// What a core's second-level cache holds beside what streams through.
  private static let size = 24_576
  private var entries: [Double] = []
  private var merged = Matrix(0, 0)

  package init() {}

  /// How many columns of n×m go into one.
  static func width(rows n: Int, of m: Int) -> Int { max(1, min(m, size / max(1, n))) }

  /// ‖C + α·AB − W‖_F, a few columns at a time.
  mutating func distance(_ C: Matrix, plus α: Double, _ A: Matrix, _ B: Matrix, to W: Matrix) -> Double {
    var sum = 0.0
    forTiles(α, A, B, C, W) { columns, tile, C, W in
      sum += squared_distance_of_sum(tile.count, C, tile.baseAddress, W)
    }
    return sum.squareRoot()
  }

  /// ‖V·diag(μ/‖V_:j‖) − W‖_F for V = C + α·AB; a zero column stays zero.
  mutating func normalizedDistance(
    _ C: Matrix, plus α: Double, _ A: Matrix, _ B: Matrix, magnitudes μ: Matrix, to W: Matrix
  ) -> Double {
    let n = C.rows
    var sum = 0.0
    forTiles(α, A, B, C, W) { columns, tile, C, W in
      for (k, j) in columns.enumerated() {
        let V = UnsafeMutableBufferPointer(rebasing: tile[k * n..<(k + 1) * n])
        for i in V.indices { V[i] += C[k * n + i] }
        let ν = Matrix.norm(UnsafeBufferPointer(V))
        let c = ν == 0 ? 0 : μ[0, j] / ν
        for i in V.indices { V[i] *= c }
        sum += squared_distance(n, 1, V.baseAddress, W + k * n)
      }
    }
    return sum.squareRoot()
  }

  /// Hands out α·AB columns after columns, and where the same columns of C and W begin.
  private mutating func forTiles(
    _ α: Double, _ A: Matrix, _ B: Matrix, _ C: Matrix, _ W: Matrix,
    body: (
      Range<Int>, UnsafeMutableBufferPointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>
    ) -> Void
  ) {
    let (n, m) = C.shape
    let width = Self.width(rows: n, of: m)
    if entries.count < n * width { entries = Array(repeating: 0, count: n * width) }
    entries.withUnsafeMutableBufferPointer { room in
      for first in stride(from: 0, to: m, by: width) {
        let columns = first..<min(first + width, m)
        let tile = UnsafeMutableBufferPointer(rebasing: room[0..<n * columns.count])
        B.storage.withUnsafeBufferPointer { B in
          cblas_dgemm(
            CblasColMajor, CblasNoTrans, CblasNoTrans, blasint(n), blasint(columns.count),
            blasint(A.columns), α, A.storage, blasint(n), B.baseAddress! + first * A.columns,
            blasint(A.columns), 0, tile.baseAddress, blasint(n))
        }
        C.storage.withUnsafeBufferPointer { C in
          W.storage.withUnsafeBufferPointer { W in
            body(columns, tile, C.baseAddress! + first * n, W.baseAddress! + first * n)
          }
        }
      }
    }
  }

  /// Room for a whole n×m matrix, for adapters without a way by tiles.
  mutating func whole(_ n: Int, _ m: Int, body: (inout Matrix) -> Double) -> Double {
    merged.fit(n, m)
    return body(&merged)
  }
}
