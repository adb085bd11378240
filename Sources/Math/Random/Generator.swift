import Glibc

/// SplitMix64 used as a counter: number i of a stream is mix(key + (i + 1)·γ), key = seed·2³² + stream.
/// Steele, Lea and Flood 2014, with Vigna's constants. The same seed and stream give the same numbers on
/// any machine.
package struct Generator: Sendable {
  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64
  private var spareNormal: Double?

  package init(seed: UInt64, stream: UInt64) {
    state = (seed << 32) &+ stream
  }

  package mutating func next() -> UInt64 {
    state &+= Self.increment
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform on [0, 1), 53 bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Standard normal, by Box and Muller.
  package mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    // 1 − u lies in (0, 1], so the logarithm is finite.
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A rows×columns matrix of independent N(0, deviation²), drawn row by row.
  package mutating func normalMatrix(_ rows: Int, _ columns: Int, deviation: Double = 1) -> Matrix {
    matrix(rows, columns) { deviation * $0.normal() }
  }

  /// The matrix `normalMatrix` would give, without moving on.
  package func firstNormalMatrix(_ rows: Int, _ columns: Int) -> Matrix {
    var copy = self
    return copy.normalMatrix(rows, columns)
  }

  /// Another generator, keyed by the next draw: for a second purpose at the same place.
  package var branched: Generator {
    var copy = self
    return Generator(seed: 0, stream: copy.next())
  }

  /// Another generator, keyed by the draw number `index` after this one: a stream for each of many events.
  package func branch(_ index: Int) -> Generator {
    var copy = self
    copy.state &+= UInt64(index) &* Self.increment
    return copy.branched
  }

  /// A rows×columns matrix of independent uniforms on [0, 1), drawn row by row.
  package mutating func uniformMatrix(_ rows: Int, _ columns: Int) -> Matrix {
    matrix(rows, columns) { $0.uniform() }
  }

  /// M ← independent uniforms on [0, 1), drawn row by row.
  package mutating func fillUniform(_ M: inout Matrix) {
    for i in 0..<M.rows {
      for j in 0..<M.columns { M[i, j] = uniform() }
    }
  }

  /// M ← independent N(0, deviation²), drawn row by row.
  package mutating func fillNormal(_ M: inout Matrix, deviation: Double) {
    for i in 0..<M.rows {
      for j in 0..<M.columns { M[i, j] = deviation * normal() }
    }
  }

  private mutating func matrix(_ rows: Int, _ columns: Int, draw: (inout Generator) -> Double) -> Matrix {
    var M = Matrix(rows, columns)
    for i in 0..<rows {
      for j in 0..<columns { M[i, j] = draw(&self) }
    }
    return M
  }

  /// n×k with orthonormal columns, from the QR decomposition of a Gaussian with positive diagonal; k ≤ n.
  package mutating func orthonormal(_ n: Int, _ k: Int) throws(LinearAlgebraError) -> Matrix {
    try QR(normalMatrix(n, k), positiveDiagonal: true).Q
  }

  /// Uniform on 0..<bound up to a bias of bound·2⁻⁶⁴.
  private mutating func index(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }

  /// A permutation of 0..<count.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Puts the elements into a random order (Fisher and Yates).
  package mutating func shuffle(_ order: inout [Int]) {
    for i in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(index(below: UInt64(i + 1))))
    }
  }
}

extension Generator {
  /// Who draws: each purpose has a stream of its own, so that one more draw here moves nothing there.
  package enum Stream: UInt64, Sendable {
    // Those of a second layer stand 10 further.
    case pretrained = 1, target, inputs, noise, batches, heldOut
    /// The series' own draws start here, one stream a layer.
    case adapters = 1000
  }

  package init(seed: UInt64, _ stream: Stream, offset: Int = 0) {
    self.init(seed: seed, stream: stream.rawValue + UInt64(offset))
  }
}
