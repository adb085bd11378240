import Foundation
import Testing

import Math

/// The cases of `kernels.json`, format `lora-golden-kernels/1`.
struct Kernels: Decodable {
  var format: String
  var tol: Double
  var cases: [Case]

  struct Case: Decodable {
    var op: String
    var M, U, Vt, P, Q, R, A, B, A0, B0, G, gA, gB, C, HA, HB, equiv: [[Double]]?
    var delta, out, second: Ambiguous?
    var Cn, Rm: [[Double]]?
    var S, sv, values: [Double]?
    var s, lr, rtol, value, bestScale, residual, residual2r, residual_r, decay, cond: Double?
    var n, m, r, k, rank: Int?
    var cmode, kind: String?
  }

  /// `delta` is a number for one op and a matrix for another.
  enum Ambiguous: Decodable {
    case number(Double)
    case matrix([[Double]])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .matrix(try container.decode([[Double]].self))
      }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var matrix: [[Double]]? { if case .matrix(let matrix) = self { matrix } else { nil } }
  }
}

extension Kernels {
  func worstDeviation() throws -> Deviation {
    try #require(format == "lora-golden-kernels/1")
    var worst = Deviation()
    for (index, one) in cases.enumerated() {
      var count = 0
      try compare(one, "case \(index), \(one.op)") { x, y, place in
        worst.compare(x, y, tolerance: tol, place)
        count += 1
      }
      try #require(count > 0, "case \(index), \(one.op): nothing compared")
    }
    return worst
  }

  /// Hands every pair of numbers, ours and the file's, to `pair`.
  private func compare(_ one: Kernels.Case, _ name: String, pair: (Double, Double, String) -> Void) throws {
    func matrices(_ X: Matrix, _ rows: [[Double]]?, _ place: String) throws {
      let rows = try #require(rows, "\(name) has no \(place)")
      try #require(X.rows == rows.count && X.columns == rows.first?.count, "\(name), \(place)")
      for i in 0..<X.rows {
        for j in 0..<X.columns { pair(X[i, j], rows[i][j], "\(name), \(place)[\(i), \(j)]") }
      }
    }
    func lists(_ x: [Double], _ y: [Double]?, _ place: String) throws {
      let y = try #require(y, "\(name) has no \(place)")
      try #require(x.count == y.count, "\(name), \(place)")
      for i in x.indices { pair(x[i], y[i], "\(name), \(place)[\(i)]") }
    }
    func given(_ rows: [[Double]]?) throws -> Matrix { Matrix(rows: try #require(rows, "\(name)")) }

    switch one.op {
    case "svd":
      let svd = try SVD(given(one.M))
      try matrices(svd.U, one.U, "U")
      try lists(svd.σ, one.S, "S")
      try matrices(svd.Vt, one.Vt, "Vt")
    case "eckartYoung":
      let svd = try SVD(given(one.M))
      let r = try #require(one.r)
      pair(tail(svd.σ, after: r), try #require(one.residual_r), "\(name), residual_r")
      pair(tail(svd.σ, after: 2 * r), try #require(one.residual2r), "\(name), residual2r")
    case "spdInv":
      let K = try pseudoInverse(
        given(one.M), δ: try #require(one.delta?.number), tolerance: try #require(one.rtol))
      try matrices(K, one.out?.matrix, "out")
    case "sylvester":
      let (P, Q, R) = (try given(one.P), try given(one.Q), try given(one.R))
      var (solverP, solverQ) = (GramSolver(order: P.rows), GramSolver(order: P.rows))
      try solverP.decompose(P)
      try solverQ.decompose(Q)
      var C = Matrix(P.rows, P.rows)
      var sylvester = Sylvester(order: P.rows)
      sylvester.solve(solverP, solverQ, R, into: &C)
      try matrices(C, one.out?.matrix, "out")
    case "loraProAdjust":
      let (A, B, G, s) = (try given(one.A), try given(one.B), try given(one.G), try #require(one.s))
      let choice: LoRAProRule.Choice =
        switch try #require(one.cmode) {
        case "zero": .zero
        case "sym": .symmetric
        case "sylvester": .sylvester
        default: .given(try given(one.C))
        }
      // The plain gradients from the adapter itself, at these factors.
      var chain = Chain([(LowRank(W0: G, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))])
      _ = chain.differentiate(Examples(X: nil, Y: Matrix(G.rows, G.columns)), .squaredDistance)
      try matrices(chain.gradients[0][.A], one.gA, "gA")
      try matrices(chain.gradients[0][.B], one.gB, "gB")
      var H = Parameters([.A: try given(one.gA), .B: try given(one.gB)])
      var projection = LoRAProProjection(A: A, B: B)
      try projection.project(A: A, B: B, g: &H, scale: s, choice: choice)
      try matrices(projection.C, one.C, "C")
      try matrices(H[.A], one.HA, "HA")
      try matrices(H[.B], one.HB, "HB")
      let equivalent = s * (H[.A] * B + A * H[.B])
      try matrices(equivalent, one.equiv, "equiv")
      pair(Matrix.distance(equivalent, G), try #require(one.residual), "\(name), residual")
    case "loraStepDelta":
      let (A, B, G) = (try given(one.A), try given(one.B), try given(one.G))
      let (s, η) = (try #require(one.s), try #require(one.lr))
      // Target zero and W0 = G, so that the gradient at the start is G.
      func change(learningRate: Double) throws -> Matrix {
        var chain = Chain([(LowRank(W0: G, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))])
        _ = chain.differentiate(Examples(X: nil, Y: Matrix(G.rows, G.columns)), .squaredDistance)
        var rule: any Optimizer = SGD(learningRate: learningRate)
        try chain.step(&rule)
        var W = G
        chain.weight(layer: 0, into: &W)
        return W - G
      }
      try matrices(change(learningRate: η), one.delta?.matrix, "delta")
      // The even part in η is the η² term.
      try matrices(0.5 * (change(learningRate: η) + change(learningRate: -η)), one.second?.matrix, "second")
    case "deltaSpectrum":
      let (A, B, A0, B0) = (try given(one.A), try given(one.B), try given(one.A0), try given(one.B0))
      let W0 = Matrix.random(A.rows, B.columns, seed: 1)
      let adapter = LowRank(W0: W0, A0: A0, B0: B0, scale: try #require(one.s))
      let σ = try adapter.updateSpectrum(Parameters([.A: A, .B: B]), from: W0)
      let wanted = try #require(one.sv)
      try #require(σ.count == min(A.rows, B.columns) && wanted.count <= σ.count)
      try lists(Array(σ.prefix(wanted.count)), wanted, "sv")
      for (i, rest) in σ.dropFirst(wanted.count).enumerated() {
        pair(rest, 0, "\(name), sv[\(wanted.count + i)]")
      }
    case "spectrum":
      let k = try #require(one.k)
      let kind: TargetSpectrum =
        switch try #require(one.kind) {
        case "flat": .flat
        case "geometric": .geometric(try #require(one.decay))
        case "power": .power(try #require(one.decay))
        default: .condition(try #require(one.cond))
        }
      let values = kind.values(count: one.rank ?? k)
      try lists(values + Array(repeating: 0, count: k - values.count), one.values, "values")
    case "signObjective":
      let (A, B) = (try given(one.A), try given(one.B))
      let objective = SignObjective(G: try given(one.G))
      pair(objective.value(A, B), try #require(one.value), "\(name), value")
      pair(objective.bestScale(A, B), try #require(one.bestScale), "\(name), bestScale")
    case "additiveMaps":
      let r = try #require(one.r)
      var (C, R) = (Matrix(try #require(one.n), r), Matrix(r, try #require(one.m)))
      C.addRepeated(1, rows: .identity(r))
      R.addRepeated(1, columns: .identity(r))
      try matrices(C, one.Cn, "Cn")
      try matrices(R, one.Rm, "Rm")
    default: Issue.record("\(name): an op that nothing compares")
    }
  }
}
