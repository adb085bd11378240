import COpenBLAS

// Column by column: norms and scalings.

extension Matrix {
  /// ‖A_:j‖.
  func columnNorm(_ j: Int) -> Double {
    storage.withUnsafeBufferPointer { entries in
      Matrix.norm(UnsafeBufferPointer(rebasing: entries[j * rows..<(j + 1) * rows]))
    }
  }

  /// self ← the given columns of A.
  mutating func set(_ range: Range<Int>, of A: Matrix) {
    precondition(rows == A.rows && columns == range.count)
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        _ = target.update(fromContentsOf: source[range.lowerBound * rows..<range.upperBound * rows])
      }
    }
  }

  /// self (n×k) ← the transpose of A's first k rows.
  mutating func setTransposed(_ A: Matrix) {
    precondition(rows == A.columns && columns <= A.rows)
    for j in 0..<columns {
      for i in 0..<rows { self[i, j] = A[j, i] }
    }
  }

  /// The given columns of self ← A.
  mutating func set(_ range: Range<Int>, to A: Matrix) {
    precondition(rows == A.rows && range.count == A.columns)
    let first = range.lowerBound * rows
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        _ = target[first..<first + source.count].update(fromContentsOf: source)
      }
    }
  }

  /// ‖x‖, overflowing where the result does and not its square.
  static func norm(_ x: UnsafeBufferPointer<Double>) -> Double {
    let square = cblas_ddot(blasint(x.count), x.baseAddress, 1, x.baseAddress, 1)
    // dnrm2 scales, and takes several times as long.
    let isSafe = square > 1e-280 && square < .infinity
    return isSafe ? square.squareRoot() : cblas_dnrm2(blasint(x.count), x.baseAddress, 1)
  }

  mutating func scaleColumn(_ j: Int, by α: Double) {
    let range = j * rows..<(j + 1) * rows
    storage.withUnsafeMutableBufferPointer { entries in
      for i in range { entries[i] *= α }
    }
  }

  /// self (1×m) ← the norms of A's columns.
  mutating func setColumnNorms(of A: Matrix) {
    precondition(rows == 1 && columns == A.columns)
    for j in 0..<columns { self[0, j] = A.columnNorm(j) }
  }

  /// ⟨A_:k, B_:k⟩.
  func columnProduct(_ k: Int, _ B: Matrix) -> Double {
    Matrix.requireSameShape(self, B)
    return storage.withUnsafeBufferPointer { a in
      B.storage.withUnsafeBufferPointer { b in
        var sum = 0.0
        for i in k * rows..<(k + 1) * rows { sum += a[i] * b[i] }
        return sum
      }
    }
  }

  /// self (1×m) ← the column sums of A∘B.
  mutating func setColumnProducts(_ A: Matrix, _ B: Matrix) {
    Matrix.requireSameShape(A, B)
    precondition(rows == 1 && columns == A.columns)
    A.storage.withUnsafeBufferPointer { a in
      B.storage.withUnsafeBufferPointer { b in
        for j in 0..<columns {
          let first = j * A.rows
          self[0, j] = cblas_ddot(blasint(A.rows), a.baseAddress! + first, 1, b.baseAddress! + first, 1)
        }
      }
    }
  }

  /// self ← A·diag(d), d 1×m.
  mutating func setColumns(of A: Matrix, scaledBy d: Matrix) {
    Matrix.requireSameShape(self, A)
    precondition(d.storage.count == columns)
    let n = rows
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        for (j, α) in d.storage.enumerated() {
          for i in j * n..<(j + 1) * n { target[i] = α * source[i] }
        }
      }
    }
  }

  /// self ← A / B entry by entry, 0 where B is 0.
  mutating func setRatios(_ A: Matrix, _ B: Matrix) {
    Matrix.requireSameShape(self, A)
    Matrix.requireSameShape(self, B)
    for i in storage.indices { storage[i] = B.storage[i] == 0 ? 0 : A.storage[i] / B.storage[i] }
  }
}
