import Math

/// The problem that all peers solve: W0, a pool of minibatches, and the factors the adapters start from.
struct Workload {
  let W0: Matrix
  let pool: [Examples]
  let A: Matrix
  let startGA: (A: Matrix, B: Matrix)

  /// Teacher = W0 + a part of rank 4r with weights 1/(1 + i) + 0.05 dense noise; label noise 0.01.
  init(n: Int, m: Int, r: Int, b: Int, pool count: Int, seed: UInt64) throws {
    func uniform(_ stream: UInt64, _ rows: Int, _ columns: Int) -> Matrix {
      var generator = Generator(seed: seed, stream: stream)
      return Matrix.centred(generator.uniformMatrix(rows, columns))
    }
    let root = 1 / Double(n).squareRoot()
    let W0 = root * uniform(1, n, m)
    let k = min(4 * r, n, m)
    let weights = Matrix.diagonal((0..<k).map { 1 / (1 + Double($0)) })
    let teacher = W0 + root * (uniform(2, n, k) * weights * uniform(3, k, m)) + 0.05 * root * uniform(4, n, m)
    let X = uniform(5, count * b, n)
    let noise = uniform(6, count * b, m)
    self.W0 = W0
    pool = (0..<count).map { i in
      let rows = i * b..<(i + 1) * b
      let X = X.rows(rows)
      return Examples(X: X, Y: X * teacher + 0.01 * noise.rows(rows))
    }
    A = 1 / Double(r).squareRoot() * uniform(7, n, r)
    var chain = Chain.dense([W0])
    _ = chain.differentiate(pool[0], .meanSquaredError)
    let svd = try SVD(chain.gradients[0][.W])
    startGA = (svd.U.columns(0..<r), svd.Vt.rows(r..<2 * r))
  }
}

extension Matrix {
  /// Uniform on [0, 1) made zero mean and unit variance.
  fileprivate static func centred(_ U: Matrix) -> Matrix {
    Matrix(U.rows, U.columns, storage: U.storage.map { ($0 * 2 - 1) * 3.0.squareRoot() })
  }
}
