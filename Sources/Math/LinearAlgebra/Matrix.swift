import CKernels

/// A dense matrix of doubles, column-major; a value, copied when written to while shared.
package struct Matrix: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  /// Column after column, `rows * columns` numbers.
  package var storage: [Double]

  /// Becomes rows×columns, unless it is: room that grows to what is needed.
  mutating func fit(_ rows: Int, _ columns: Int) {
    if self.rows != rows || self.columns != columns { self = Matrix(rows, columns) }
  }

  /// The rows×columns matrix of one repeated value.
  package init(_ rows: Int, _ columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    storage = Array(repeating: value, count: rows * columns)
  }

  /// The matrix whose storage, column after column, is given.
  package init(_ rows: Int, _ columns: Int, storage: [Double]) {
    precondition(
      storage.count == rows * columns,
      "\(rows)×\(columns) needs \(rows * columns) numbers, not \(storage.count)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// The matrix with entry(i, j) in row i and column j.
  package init(_ rows: Int, _ columns: Int, entry: (Int, Int) -> Double) {
    self.init(rows, columns)
    for j in 0..<columns {
      for i in 0..<rows { self[i, j] = entry(i, j) }
    }
  }

  package init(rows lists: [[Double]]) {
    self.init(lists.count, lists.first?.count ?? 0) { lists[$0][$1] }
  }

  package static func identity(_ n: Int) -> Matrix {
    Matrix(n, n) { $0 == $1 ? 1 : 0 }
  }

  /// The matrix with `values` on its diagonal and zeros elsewhere.
  package static func diagonal(_ values: [Double]) -> Matrix {
    Matrix(values.count, values.count) { $0 == $1 ? values[$0] : 0 }
  }

  package subscript(i: Int, j: Int) -> Double {
    get { storage[j * rows + i] }
    set { storage[j * rows + i] = newValue }
  }

  package var shape: (rows: Int, columns: Int) { (rows, columns) }

  /// The columns of `range`, as a matrix of their own.
  package func columns(_ range: Range<Int>) -> Matrix {
    Matrix(rows, range.count, storage: Array(storage[range.lowerBound * rows..<range.upperBound * rows]))
  }

  /// The rows of `range`, as a matrix of their own.
  package func rows(_ range: Range<Int>) -> Matrix {
    Matrix(range.count, columns) { self[range.lowerBound + $0, $1] }
  }

  /// ⟨A, B⟩ = Σ A_ij B_ij.
  package static func dot(_ A: Matrix, _ B: Matrix) -> Double {
    requireSameShape(A, B)
    return cblasDot(A.storage, B.storage)
  }

  /// ‖A‖_F²; infinite beyond 1e308, which a diverged run reaches.
  package var squaredNorm: Double { cblasDot(storage, storage) }

  /// ‖A‖_F.
  package var norm: Double { squaredNorm.squareRoot() }

  /// No NaN and no infinity. LAPACK writes to the terminal when handed a NaN, so it never is.
  package var isFinite: Bool {
    // Zero times a finite number is zero; the sum keeps any NaN or infinity as NaN.
    storage.withUnsafeBufferPointer { entries in
      var lanes = SIMD8<Double>()
      let whole = entries.count & ~7
      for i in stride(from: 0, to: whole, by: 8) {
        lanes += 0 * UnsafeRawPointer(entries.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
      }
      var rest = 0.0
      for i in whole..<entries.count { rest += 0 * entries[i] }
      return lanes.sum() + rest == 0
    }
  }

  /// ‖A − B‖_F, without a matrix for the difference; finite where the entries and the norm are.
  package static func distance(_ A: Matrix, _ B: Matrix) -> Double {
    requireSameShape(A, B)
    let plain = squaredDistance(A, B, scale: 1).squareRoot()
    guard plain == .infinity else { return plain }
    // The squares were too large: once more, in units of the largest entry.
    let unit = max(A.largestModulus, B.largestModulus)
    return unit * squaredDistance(A, B, scale: 1 / unit).squareRoot()
  }

  /// scale²·‖A − B‖².
  private static func squaredDistance(_ A: Matrix, _ B: Matrix, scale: Double) -> Double {
    squared_distance(A.storage.count, scale, A.storage, B.storage)
  }

  /// max |A_ij|.
  package var largestModulus: Double { storage.reduce(0) { max($0, abs($1)) } }

  static func requireSameShape(_ A: Matrix, _ B: Matrix) {
    precondition(
      A.rows == B.rows && A.columns == B.columns,
      "\(A.rows)×\(A.columns) does not match \(B.rows)×\(B.columns)")
  }
}
