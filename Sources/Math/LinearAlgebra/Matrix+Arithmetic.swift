import COpenBLAS

/// A matrix in a product, as it stands or transposed.
package protocol Factor {
  var matrix: Matrix { get }
  var isTransposed: Bool { get }
}

extension Matrix: Factor {
  package var matrix: Matrix { self }
  package var isTransposed: Bool { false }

  /// Aᵀ, as a flag for the product it stands in; nothing is copied.
  package var T: Transposed { Transposed(matrix: self) }

  /// Aᵀ as a matrix of its own.
  package var transposed: Matrix { Matrix(columns, rows) { self[$1, $0] } }
}

package struct Transposed: Factor {
  package let matrix: Matrix
  package var isTransposed: Bool { true }
}

extension Factor {
  var shape: (rows: Int, columns: Int) {
    isTransposed ? (matrix.columns, matrix.rows) : (matrix.rows, matrix.columns)
  }
}

// The plain forms, which read as the formula and allocate their result.

package func * (A: some Factor, B: some Factor) -> Matrix {
  var product = Matrix(A.shape.rows, B.shape.columns)
  product.set(A, B)
  return product
}

package func * (scale: Double, A: Matrix) -> Matrix {
  var product = A
  product.scale(by: scale)
  return product
}

package func + (A: Matrix, B: Matrix) -> Matrix {
  var sum = A
  sum.add(B)
  return sum
}

package func - (A: Matrix, B: Matrix) -> Matrix {
  var difference = A
  difference.add(-1, B)
  return difference
}

// The lean forms, which write into an existing matrix.

extension Matrix {
  /// self ← AB.
  package mutating func set(_ A: some Factor, _ B: some Factor) { multiply(1, A, B, keeping: 0) }

  /// self ← α·AB.
  package mutating func set(_ α: Double, _ A: some Factor, _ B: some Factor) { multiply(α, A, B, keeping: 0) }

  /// self ← self + AB.
  package mutating func add(_ A: some Factor, _ B: some Factor) { multiply(1, A, B, keeping: 1) }

  /// self ← self + α·AB.
  package mutating func add(_ α: Double, _ A: some Factor, _ B: some Factor) { multiply(α, A, B, keeping: 1) }

  private mutating func multiply(_ α: Double, _ A: some Factor, _ B: some Factor, keeping β: Double) {
    let (n, inner) = A.shape
    let (other, m) = B.shape
    precondition(
      inner == other && rows == n && columns == m,
      "\(n)×\(inner) times \(other)×\(m) does not fit into \(rows)×\(columns)")
    guard n > 0, m > 0 else { return }
    guard inner > 0 else { return scale(by: β) }
    cblas_dgemm(
      CblasColMajor, A.isTransposed ? CblasTrans : CblasNoTrans, B.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(n), blasint(m), blasint(inner), α, A.matrix.storage, blasint(A.matrix.rows),
      B.matrix.storage, blasint(B.matrix.rows), β, &storage, blasint(n))
  }

  /// self ← A, keeping the storage when the shapes agree.
  package mutating func set(_ A: Matrix) {
    Matrix.requireSameShape(self, A)
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in _ = target.update(fromContentsOf: source) }
    }
  }

  /// self ← self + A.
  package mutating func add(_ A: Matrix) { add(1, A) }

  /// self ← self + α·A.
  package mutating func add(_ α: Double, _ A: Matrix) {
    Matrix.requireSameShape(self, A)
    cblas_daxpy(blasint(storage.count), α, A.storage, 1, &storage, 1)
  }

  /// self ← α·self. Zero clears, whatever stood there.
  package mutating func scale(by α: Double) {
    storage.withUnsafeMutableBufferPointer { entries in
      if α == 0 {
        entries.update(repeating: 0)
      } else {
        cblas_dscal(blasint(entries.count), α, entries.baseAddress, 1)
      }
    }
  }
}

func cblasDot(_ x: [Double], _ y: [Double]) -> Double {
  cblas_ddot(blasint(x.count), x, 1, y, 1)
}

/// Keeps OpenBLAS to one thread: the series run side by side instead.
package func useOneBLASThread() {
  openblas_set_num_threads(1)
}
