import Testing

import Math

struct Size: Sendable, CustomTestStringConvertible {
  var n: Int
  var m: Int
  var testDescription: String { "\(n)×\(m)" }

  static let all = [
    Size(n: 1, m: 1), Size(n: 1, m: 6), Size(n: 6, m: 1), Size(n: 2, m: 2), Size(n: 4, m: 4),
    Size(n: 7, m: 3),
    Size(n: 3, m: 7), Size(n: 20, m: 12), Size(n: 9, m: 33),
  ]
}

/// Matrices of one size that are each hard in their own way.
enum Shape: String, CaseIterable, Sendable {
  case generic, rankOne, zero, ones, repeatedSingularValues, tiny, huge, oneZeroColumn

  func matrix(_ size: Size) -> Matrix {
    let M = Matrix.random(size.n, size.m, seed: 11)
    switch self {
    case .generic: return M
    case .rankOne: return Matrix.random(size.n, 1, seed: 12) * Matrix.random(1, size.m, seed: 13)
    case .zero: return Matrix(size.n, size.m)
    case .ones: return Matrix(size.n, size.m, repeating: 1)
    case .repeatedSingularValues: return Matrix(size.n, size.m) { $0 == $1 ? -3 : 0 }
    case .tiny: return 1e-140 * M
    case .huge: return 1e140 * M
    case .oneZeroColumn: return Matrix(size.n, size.m) { $1 == size.m / 2 ? 0 : M[$0, $1] }
    }
  }
}

@Suite("Linear algebra")
struct LinearAlgebraTests {
  // MARK: Products

  @Test("products agree with the triple loop in every transposition", arguments: Size.all, [1, 5, 17])
  func products(size: Size, inner: Int) {
    let A = Matrix.random(size.n, inner, seed: 1)
    let B = Matrix.random(inner, size.m, seed: 2)
    let (At, Bt) = (A.transposed, B.transposed)
    let wanted = Matrix.naive(A, B)
    // 1e-14 an addend: sums of up to 17 numbers of modulus below 5², in another order.
    let tolerance = 1e-14 * Double(inner) * 25
    #expect(deviation(A * B, wanted) <= tolerance)
    #expect(deviation(At.T * B, wanted) <= tolerance)
    #expect(deviation(A * Bt.T, wanted) <= tolerance)
    #expect(deviation(At.T * Bt.T, wanted) <= tolerance)

    var M = Matrix(size.n, size.m, repeating: .nan)
    M.set(-2, At.T, Bt.T)  // β = 0 overwrites, also a NaN
    #expect(deviation(M, -2 * wanted) <= 2 * tolerance)
    M.add(3, A, Bt.T)
    #expect(deviation(M, wanted) <= 6 * tolerance)
    M.add(At.T, B)
    #expect(deviation(M, 2 * wanted) <= 8 * tolerance)
  }

  @Test("a product over nothing is zero, and adds nothing")
  func emptyProduct() {
    var M = Matrix(2, 3, repeating: 5)
    M.add(Matrix(2, 0), Matrix(0, 3))
    #expect(M == Matrix(2, 3, repeating: 5))
    M.set(Matrix(2, 0), Matrix(0, 3))
    #expect(M == Matrix(2, 3))
  }

  @Test("sums, differences, scaling, norms and inner products are entrywise", arguments: Size.all)
  func entrywise(size: Size) {
    let A = Matrix.random(size.n, size.m, seed: 3)
    let B = Matrix.random(size.n, size.m, seed: 4)
    #expect(A + B == Matrix(size.n, size.m) { A[$0, $1] + B[$0, $1] })
    #expect(A - B == Matrix(size.n, size.m) { A[$0, $1] - B[$0, $1] })
    #expect(2.5 * A == Matrix(size.n, size.m) { 2.5 * A[$0, $1] })
    let dot = zip(A.storage, B.storage).reduce(0) { $0 + $1.0 * $1.1 }
    let square = A.storage.reduce(0) { $0 + $1 * $1 }
    // 1e-12: up to 300 addends in another order.
    #expect(abs(Matrix.dot(A, B) - dot) <= 1e-12)
    #expect(abs(A.squaredNorm - square) <= 1e-12 * square)
    #expect(abs(A.norm - square.squareRoot()) <= 1e-12 * square)
    #expect(abs(Matrix.distance(A, B) - (A - B).norm) <= 1e-12 * (A - B).norm)
  }

  @Test("a distance is finite where it is a double, however large its square")
  func largeDistance() {
    let (A, B) = (Matrix(2, 9, repeating: 1e200), Matrix(2, 9, repeating: -2e200))
    // 18 entries of 3e200; a few roundings.
    #expect(abs(Matrix.distance(A, B) / (3e200 * 18.0.squareRoot()) - 1) <= 1e-14)
    #expect(Matrix.distance(Matrix(1, 1, repeating: .infinity), Matrix(1, 1)).isFinite == false)
  }

  @Test("scaling by zero clears a NaN")
  func scalingByZero() {
    var M = Matrix(3, 3, repeating: .nan)
    M.scale(by: 0)
    #expect(M == Matrix(3, 3))
  }

  @Test("a copy keeps its numbers when the original is written to")
  func copiesAreValues() {
    var A = Matrix.random(3, 4, seed: 5)
    let copy = A
    let before = A.storage
    A.set(Matrix.random(3, 2, seed: 6), Matrix.random(2, 4, seed: 7))
    A[0, 0] = 42
    #expect(copy.storage == before)
  }

  @Test("a matrix may stand in the product that is written to it")
  func aliasing() {
    let A = Matrix.random(4, 4, seed: 8)
    var square = A
    square.set(square.T, square)
    #expect(deviation(square, Matrix.naive(A.transposed, A)) <= 1e-13)
  }

  @Test("finiteness is seen at every place, wherever eight lanes end", arguments: 1...19)
  func finiteness(count: Int) {
    #expect(Matrix(count, 1, repeating: .greatestFiniteMagnitude).isFinite)
    #expect(Matrix(count, 1, repeating: -.leastNonzeroMagnitude).isFinite)
    for place in 0..<count {
      for wrong in [Double.nan, .infinity, -.infinity] {
        var M = Matrix(count, 1, repeating: 1)
        M[place, 0] = wrong
        #expect(!M.isFinite, "\(wrong) at \(place) of \(count)")
      }
    }
  }

  // MARK: Singular values

  @Test(
    "the SVD reconstructs, is orthonormal, descends and keeps the norm", arguments: Size.all, Shape.allCases)
  func svd(size: Size, shape: Shape) throws {
    let M = shape.matrix(size)
    let k = min(size.n, size.m)
    let svd = try SVD(M)
    #expect(svd.U.rows == size.n && svd.U.columns == k && svd.Vt.rows == k && svd.Vt.columns == size.m)
    try #require(svd.σ.count == k)
    // 1e-13 of the largest value: a backward stable method on at most 33 columns.
    let scale = max(svd.σ[0], .leastNormalMagnitude)
    #expect(deviation(svd.U * Matrix.diagonal(svd.σ) * svd.Vt, M) <= 1e-13 * scale)
    #expect(deviation(svd.U.T * svd.U, .identity(k)) <= 1e-13)
    #expect(deviation(svd.Vt * svd.Vt.T, .identity(k)) <= 1e-13)
    #expect(svd.σ.last! >= 0)
    #expect(zip(svd.σ, svd.σ.dropFirst()).allSatisfy { $0 >= $1 })
    let sum = svd.σ.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum - M.squaredNorm) <= 1e-13 * sum)
    #expect(try deviation(SVD.values(M), svd.σ) <= 1e-13 * scale)
    if shape == .rankOne { #expect(svd.σ.dropFirst().allSatisfy { $0 <= 1e-13 * scale }) }
    if shape == .repeatedSingularValues { #expect(svd.σ == Array(repeating: 3, count: k)) }
  }

  @Test(
    "in every column of U the first of the largest entries is positive", arguments: Size.all, Shape.allCases)
  func signRule(size: Size, shape: Shape) throws {
    let U = try SVD(shape.matrix(size)).U
    for k in 0..<U.columns {
      let column = (0..<U.rows).map { U[$0, k] }
      let largest = column.map { abs($0) }.max()!
      #expect(column.first { abs($0) >= (1 - 1e-6) * largest }! > 0, "column \(k) of \(column)")
    }
  }

  @Test("of entries that tie, rounding does not choose the sign")
  func signRuleWithTies() throws {
    // The left vector (−1, 1, 1, −1)/2 ties exactly; the first entry, not the largest dust, is positive.
    let u = Matrix(rows: [[-1], [1], [1], [-1]])
    for v in [[1.0, 2, 3], [-5, 0.1, 7]] {
      let svd = try SVD(u * Matrix(rows: [v]))
      #expect(svd.U[0, 0] > 0)
      #expect(svd.U[1, 0] < 0)
    }
  }

  @Test("a decomposition's room serves a second matrix")
  func svdAgain() throws {
    var svd = SVD(rows: 5, columns: 4)
    try svd.decompose(.random(5, 4, seed: 20))
    let M = Matrix.random(5, 4, seed: 21)
    try svd.decompose(M)
    #expect(deviation(svd.U * Matrix.diagonal(svd.σ) * svd.Vt, M) <= 1e-13)
  }

  @Test("the tail is what remains behind the first r values")
  func tails() {
    #expect(tail([4, 3, 2], after: 0) == 29.0.squareRoot())
    #expect(tail([4, 3, 2], after: 1) == 13.0.squareRoot())
    #expect(tail([4, 3, 2], after: 3) == 0)
    #expect(tail([4, 3, 2], after: 9) == 0)
  }

  // MARK: QR, Cholesky, eigenvalues

  @Test("QR reconstructs with orthonormal Q and triangular R", arguments: Size.all, Shape.allCases)
  func qr(size: Size, shape: Shape) throws {
    let M = shape.matrix(size)
    let k = min(size.n, size.m)
    for positive in [false, true] {
      let qr = try QR(M, positiveDiagonal: positive)
      #expect(qr.Q.rows == size.n && qr.Q.columns == k && qr.R.rows == k && qr.R.columns == size.m)
      // 1e-13 of the norm: Householder reflections are backward stable.
      #expect(deviation(qr.Q * qr.R, M) <= 1e-13 * max(M.norm, .leastNormalMagnitude))
      #expect(deviation(qr.Q.T * qr.Q, .identity(k)) <= 1e-13)
      for j in 0..<k {
        for i in j + 1..<max(k, j + 1) { #expect(qr.R[i, j] == 0) }
        if positive { #expect(qr.R[j, j] >= 0) }
      }
    }
    #expect(try QR.triangle(of: M) == QR(M).R)
  }

  @Test("Cholesky reconstructs and solves", arguments: [1, 2, 5, 16])
  func cholesky(n: Int) throws {
    let X = Matrix.random(n + 3, n, seed: 30)
    let M = X.T * X
    let cholesky = try Cholesky(M)
    // 1e-13: the diagonal of M is a sum of up to 19 squares.
    #expect(deviation(cholesky.L * cholesky.L.T, M) <= 1e-13 * M.norm)
    for j in 0..<n { for i in 0..<j { #expect(cholesky.L[i, j] == 0) } }
    let B = Matrix.random(n, 2, seed: 31)
    // The residual, not X: its error would carry the condition number.
    #expect(deviation(M * cholesky.solve(B), B) <= 1e-11)
  }

  @Test("Cholesky names the minor that is not positive")
  func notPositiveDefinite() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
      try Cholesky(Matrix(rows: [[1, 2, 0], [2, 1, 0], [0, 0, 1]]))
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 1)) { try Cholesky(Matrix(1, 1)) }
  }

  @Test("the eigendecomposition of a symmetric matrix reconstructs, ascending", arguments: [1, 2, 5, 16, 40])
  func eigen(n: Int) throws {
    let X = Matrix.random(n, n, seed: 40)
    let M = X + X.transposed
    let eigen = try SymmetricEigen(M)
    #expect(deviation(eigen.Q * Matrix.diagonal(eigen.λ) * eigen.Q.T, M) <= 1e-13 * M.norm)
    #expect(deviation(eigen.Q.T * eigen.Q, .identity(n)) <= 1e-13)
    #expect(zip(eigen.λ, eigen.λ.dropFirst()).allSatisfy { $0 <= $1 })
  }

  // LAPACK's singular values know nothing of rotations. 1e-14: a few roundings, against the largest.
  @Test(
    "eigenvalues of small matrices are their singular values up to signs, whatever size and rank they have",
    arguments: 1...9, [1, 1e200, 1e-200])
  func rotations(n: Int, size: Double) throws {
    let X = Matrix.random(n, n, seed: 41)
    let Y = Matrix.random(n, (n + 1) / 2, seed: 42)
    let exchange = Matrix(n, n) { $0 + $1 == n - 1 ? 1 : 0 }
    for M in [X + X.transposed, Y * Y.T, exchange, .identity(n), Matrix(n, n)] {
      let scaled = size * M
      let eigen = try SymmetricEigen(scaled)
      let σ = try SVD.values(scaled)
      #expect(deviation(eigen.λ.map(abs).sorted(by: >), σ) <= 1e-14 * σ[0])
      #expect(deviation(eigen.Q.T * eigen.Q, .identity(n)) <= 1e-14)
      #expect(deviation(scaled * eigen.Q, eigen.Q * Matrix.diagonal(eigen.λ)) <= 1e-14 * σ[0])
    }
  }

  @Test("the pseudo-inverse satisfies Penrose's four equations", arguments: [1, 2, 5, 9], 0...4)
  func penrose(n: Int, rank: Int) throws {
    guard rank <= n else { return }
    let X = Matrix.random(n, rank, seed: 50)
    let M = X * X.T
    let K = try pseudoInverse(M)
    // 1e-10: rank × rank Gaussians of condition up to 1e3, squared in the Gram.
    let tolerance = 1e-10 * max(1, K.norm, M.norm)
    #expect(deviation(M * K * M, M) <= tolerance)
    #expect(deviation(K * M * K, K) <= tolerance)
    #expect(deviation((M * K).transposed, M * K) <= tolerance)
    #expect(deviation((K * M).transposed, K * M) <= tolerance)
  }

  @Test("the pseudo-inverse of zero is zero; a shift makes it the shift's inverse")
  func pseudoInverseOfZero() throws {
    #expect(try pseudoInverse(Matrix(3, 3)) == Matrix(3, 3))
    #expect(try deviation(pseudoInverse(Matrix(3, 3), δ: 1e-8), 1e8 * .identity(3)) <= 1e-6)
    // diag(1, 0) + δ: the null direction is inverted to 1/δ, since δ exceeds 1e-12 of the largest.
    let K = try pseudoInverse(Matrix.diagonal([1, 0]), δ: 1e-8)
    #expect(deviation(K, Matrix.diagonal([1 / (1 + 1e-8), 1e8])) <= 1e-6)
    // And is dropped where it does not.
    #expect(
      try deviation(pseudoInverse(Matrix.diagonal([1, 0]), δ: 1e-13), Matrix.diagonal([1, 0])) <= 1e-12)
  }

  @Test("Sylvester's equation is solved, P and Q of any rank", arguments: [1, 2, 5], [0, 1, 5])
  func sylvester(r: Int, rank: Int) throws {
    let (X, Y) = (Matrix.random(r, min(r, rank), seed: 60), Matrix.random(r, r + 2, seed: 61))
    let (P, Q) = (X * X.T, Y * Y.T)
    let R = Matrix.random(r, r, seed: 62)
    var (solverP, solverQ) = (GramSolver(order: r), GramSolver(order: r))
    try solverP.decompose(P)
    try solverQ.decompose(Q)
    var C = Matrix(r, r)
    var sylvester = Sylvester(order: r)
    sylvester.solve(solverP, solverQ, R, into: &C)
    // Q has full rank, so no sum of eigenvalues vanishes. 1e-11: Q's condition times rounding.
    #expect(deviation(P * C + C * Q, R) <= 1e-11 * max(1, C.norm))
  }

  @Test("where both sides of Sylvester's equation are singular, the part that has no equation is zero")
  func singularSylvester() throws {
    var (P, Q) = (GramSolver(order: 2), GramSolver(order: 2))
    try P.decompose(.diagonal([2, 0]))
    try Q.decompose(.diagonal([0, 3]))
    var C = Matrix(2, 2, repeating: .nan)
    var sylvester = Sylvester(order: 2)
    sylvester.solve(P, Q, Matrix(rows: [[4, 5], [7, 9]]), into: &C)
    // 4/2, 5/(2 + 3), 7 over nothing, 9/3.
    #expect(deviation(C, Matrix(rows: [[2, 1], [0, 3]])) <= 1e-15)
    sylvester.solve(P, P, Matrix(2, 2), into: &C)
    #expect(C == Matrix(2, 2))
  }

  // MARK: Not finite

  @Test(
    "every decomposition refuses a NaN and an infinity", arguments: [Double.nan, .infinity, -.infinity],
    [0, 4, 8])
  func notFinite(wrong: Double, place: Int) {
    var M = Matrix.identity(3)
    M.storage[place] = wrong
    #expect(throws: LinearAlgebraError.notFinite) { try SVD(M) }
    #expect(throws: LinearAlgebraError.notFinite) { try SVD.values(M) }
    #expect(throws: LinearAlgebraError.notFinite) { try QR(M) }
    #expect(throws: LinearAlgebraError.notFinite) { try QR.triangle(of: M) }
    #expect(throws: LinearAlgebraError.notFinite) { try Cholesky(M) }
    #expect(throws: LinearAlgebraError.notFinite) { try SymmetricEigen(M) }
    #expect(throws: LinearAlgebraError.notFinite) { try pseudoInverse(M) }
  }

  @Test("LAPACK says nothing about a NaN, for it never sees one")
  func silence() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      var M = Matrix.random(4, 4, seed: 70)
      M[2, 1] = .nan
      _ = try? SVD(M)
      _ = try? SVD.values(M)
      _ = try? QR(M)
      _ = try? Cholesky(M)
      _ = try? SymmetricEigen(M)
    }
    let said = (result?.standardOutputContent ?? []) + (result?.standardErrorContent ?? [])
    #expect(!String(decoding: said, as: UTF8.self).contains("On entry to"))
  }

  @Test("shapes that do not fit stop the program")
  func shapes() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(2, 3) * Matrix(2, 3) }
    await #expect(processExitsWith: .failure) { _ = Matrix(2, 3) + Matrix(3, 2) }
    await #expect(processExitsWith: .failure) { _ = Matrix(2, 2, storage: [1, 2, 3]) }
  }
}
