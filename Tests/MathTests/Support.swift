import Foundation

import Math

// Shared by the suites: random matrices, distances, digits.

extension Matrix {
  /// Independent N(0, 1) entries, the same for the same seed.
  static func random(_ n: Int, _ m: Int, seed: UInt64) -> Matrix {
    var generator = Generator(seed: seed, stream: 77)
    return generator.normalMatrix(n, m)
  }

  var largestEntry: Double { storage.reduce(0) { max($0, abs($1)) } }

  /// The product as its definition says it: the reference for everything that goes through BLAS.
  static func naive(_ A: Matrix, _ B: Matrix) -> Matrix {
    Matrix(A.rows, B.columns) { i, j in
      (0..<A.columns).reduce(0) { $0 + A[i, $1] * B[$1, j] }
    }
  }
}

/// The largest |x_ij − y_ij|; infinite where the shapes differ or a NaN stands.
func deviation(_ X: Matrix, _ Y: Matrix) -> Double {
  guard X.rows == Y.rows, X.columns == Y.columns else { return .infinity }
  return deviation(X.storage, Y.storage)
}

func deviation(_ x: [Double], _ y: [Double]) -> Double {
  guard x.count == y.count else { return .infinity }
  return zip(x, y).reduce(0) { worst, pair in
    let off = abs(pair.0 - pair.1)
    return off.isNaN ? .infinity : max(worst, off)
  }
}

/// All that a state consists of, compared bit by bit.
func bits(_ simulation: Simulation) -> [[UInt64]] {
  // Weights that follow from others are brought up to date when they are asked for.
  var simulation = simulation
  _ = simulation.gaps()
  return simulation.series.flatMap { one in
    one.chain.parameters.flatMap { θ in θ.matrices.map { $0.storage.map(\.bitPattern) } }
  }
}

extension Digits {
  static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("assets/digits.txt")

  static let all = Result { try Digits(text: Data(contentsOf: url)) }

  /// The first 80 of them, so that the pretraining takes no time.
  static let few = Result {
    try Digits(text: Data(contentsOf: url).split(separator: 10).prefix(80).joined(separator: [10]))
  }
}

extension Simulation {
  /// The run of a scenario line, on the first 80 digits where digits are asked for.
  init(line: String) throws {
    let digits = try Digits.few.get()
    try self.init(Scenario(parsing: line), digits: digits)
  }

  /// W of a series' layer, up to date also where it follows from other series.
  func weight(_ i: Int, layer: Int = 0) -> Matrix {
    var copy = self
    _ = copy.gaps()
    var series = copy.series[i]
    return series.weight(layer: layer)
  }

  mutating func advance(steps: Int) {
    for _ in 0..<steps { advance() }
  }
}
