import Foundation
import Testing

import Math

@Suite("Golden")
struct GoldenTests {
  @Test("every trajectory of a system this program has replays within its file's tolerance")
  func trajectoriesReplay() throws {
    var compared = 0
    var later: [String] = []
    for url in try GoldenFolder.trajectories() {
      let file: GoldenFile
      do {
        file = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
      } catch {
        Issue.record("\(url.lastPathComponent) cannot be read: \(error)")
        continue
      }
      try #require(file.format == "lora-golden/1", "\(url.lastPathComponent): format \(file.format)")
      guard let replay = try GoldenReplay(file) else {
        later.append(file.name)
        continue
      }
      let worst = try replay.worstDeviation()
      #expect(worst.ratio <= 1, "\(file.name): \(worst)")
      compared += 1
    }
    #expect(compared > 0, "no golden file in \(GoldenFolder.url.path)")
    print("golden: \(compared) files compared")
    print("golden, systems still to come: \(later.count) files not compared")
  }
}

/// One file's run, set up from its inputs.
struct GoldenReplay {
  let file: GoldenFile
  let s: Double
  let W0: Matrix
  let G0: Matrix
  var simulation: Simulation

  /// Nil when the file's system or optimiser is not part of this program.
  init?(_ file: GoldenFile) throws {
    guard let W0 = file.W0.single.map(Matrix.init(rows:)), let start = file.`init`.single,
      let optimizer = file.hyper.opt.optimizer, let full = file.fullOpt.optimizer
    else { return nil }
    let problem = try Self.problem(file, W0)
    let s = file.hyper.s ?? 1
    let chain: Chain
    var rule = optimizer
    switch file.system {
    case "full": chain = .dense([W0])
    case "lora": chain = try Self.lowRank(W0, start, s)
    case "loraga":
      guard file.hyper.opt.kind == "sgd" else { return nil }
      chain = try Self.lowRank(W0, start, s)
    case "lorapro":
      guard file.hyper.algo == "sgd" else { return nil }
      chain = try Self.lowRank(W0, start, s)
      rule = LoRAProRule(
        base: optimizer, scale: s, choice: try Self.choice(file, start), δ: file.hyper.delta ?? 0,
        tolerance: file.hyper.rtol ?? 1e-12)
    default: return nil
    }
    self.file = file
    self.s = s
    self.W0 = W0
    G0 = problem.firstGradients()[0]
    simulation = Simulation(
      problem: problem, full: full, variants: [Series(name: file.name, chain: chain, rule: rule)])
  }

  static func problem(_ file: GoldenFile, _ W0: Matrix) throws -> Problem {
    let examples: Examples
    let objective: Objective
    switch file.task.kind {
    case "matrix":
      (examples, objective) = (
        Examples(X: nil, Y: Matrix(rows: try #require(file.task.Wstar))), .squaredDistance
      )
    case "linreg":
      examples = Examples(
        X: Matrix(rows: try #require(file.task.X)), Y: Matrix(rows: try #require(file.task.Y)))
      objective = .meanSquaredError
    default:
      try #require(file.task.kind == "softmax", "task \(file.task.kind)")
      examples = Examples(X: Matrix(rows: try #require(file.task.X)), labels: try #require(file.task.y))
      objective = .crossEntropy
    }
    if let lists = file.batches { try #require(lists.count >= file.steps) }
    return Problem(
      pretrained: [W0], examples: examples, objective: objective,
      batches: file.batches.map { .listed($0) } ?? .all)
  }

  static func lowRank(_ W0: Matrix, _ start: GoldenFile.Start, _ s: Double) throws -> Chain {
    let (A, B) = (Matrix(rows: try #require(start.A0)), Matrix(rows: try #require(start.B0)))
    return Chain([(LowRank(W0: W0, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))])
  }

  static func choice(_ file: GoldenFile, _ start: GoldenFile.Start) throws -> LoRAProRule.Choice {
    switch file.hyper.cmode {
    case "zero": return .zero
    case "sym": return .symmetric
    case "sylvester": return .sylvester
    default:
      try #require(file.hyper.cmode == "given")
      return .given(Matrix(rows: try #require(start.C)))
    }
  }

  /// How far two numbers lie apart, as a share of what the file allows: |x − y| ≤ tol·max(1, |y|).
  struct Deviation: CustomStringConvertible {
    var ratio = 0.0
    var place = "nothing compared"
    var description: String { "\(place) is off by \(ratio) times the tolerance" }

    mutating func compare(_ x: Double, _ y: Double, tolerance: Double, _ place: @autoclosure () -> String) {
      let off = abs(x - y) / (tolerance * max(1, abs(y)))
      // A NaN compares as false, and must count as the worst.
      if !(off <= ratio) || self.place == "nothing compared" {
        ratio = off.isNaN ? .infinity : max(off, ratio)
        self.place = "\(place()) = \(x), not \(y),"
      }
    }

    mutating func compare(_ X: Matrix, _ rows: [[Double]], tolerance: Double, _ place: String) {
      guard X.rows == rows.count, X.columns == rows.first?.count else {
        ratio = .infinity
        self.place = "\(place) is \(X.rows)×\(X.columns), not \(rows.count)×\(rows.first?.count ?? 0), and"
        return
      }
      for i in 0..<X.rows {
        for j in 0..<X.columns {
          compare(X[i, j], rows[i][j], tolerance: tolerance, "\(place)[\(i), \(j)]")
        }
      }
    }
  }

  func worstDeviation() throws -> Deviation {
    var simulation = simulation
    var worst = Deviation()
    try compareStart(&worst)
    try #require(file.trace.count == file.steps + 1)
    for (t, record) in file.trace.enumerated() {
      let losses = simulation.losses()
      worst.compare(losses[1], record.lossAll, tolerance: file.tol, "lossAll at \(t)")
      worst.compare(losses[0], record.fullLossAll, tolerance: file.tol, "fullLossAll at \(t)")
      if let lossBatch = record.lossBatch {
        var chain = simulation.series[1].chain
        var minibatch = Minibatch()
        let examples = minibatch.select(
          simulation.problem.batches, step: t, from: simulation.problem.examples)
        worst.compare(
          chain.evaluate(examples, simulation.problem.objective), lossBatch, tolerance: file.tol,
          "lossBatch at \(t)")
      }
      let gap = simulation.gaps()[1]
      worst.compare(gap, try #require(record.dist), tolerance: file.tol, "dist at \(t)")
      try compareState(simulation, record, t, &worst)
      if t < file.steps { simulation.advance() }
    }
    return worst
  }

  private func compareState(
    _ simulation: Simulation, _ record: GoldenFile.Record, _ t: Int, _ worst: inout Deviation
  ) throws {
    var series = simulation.series[1]
    let W = series.weight(layer: 0)
    worst.compare(W, try #require(record.W), tolerance: file.tol, "W at \(t)")
    let σ = try #require(try series.updateSpectrum(layer: 0, from: W0))
    let wanted = try #require(record.sv)
    try #require(σ.count == wanted.count)
    for i in σ.indices { worst.compare(σ[i], wanted[i], tolerance: file.tol, "sv[\(i)] at \(t)") }
    let θ = series.chain.parameters[0]
    if file.system != "full" {
      worst.compare(θ[.A], try #require(record.A), tolerance: file.tol, "A at \(t)")
      worst.compare(θ[.B], try #require(record.B), tolerance: file.tol, "B at \(t)")
    }
  }

  /// The first gradient, and the factors from the initialiser the file names.
  private func compareStart(_ worst: inout Deviation) throws {
    let G = try #require(file.trace[0].G?.single)
    worst.compare(G0, G, tolerance: file.tol, "G")
    guard let from = file.initFrom, let start = file.`init`.single else { return }
    let (A, B): (Matrix, Matrix?)
    switch from.kind {
    case "kaiming": (A, B) = (LoRAStart.kaiming(Matrix(rows: try #require(from.uniform01))), nil)
    case "orthogonal":
      (A, B) = try LoRAStart.orthogonal(
        Matrix(rows: try #require(from.ZA)), Matrix(rows: try #require(from.ZB)))
    default:
      try #require(
        from.kind == "loraga" && from.of == "G", "initialiser \(from.kind) of \(from.of ?? "nothing")")
      (A, B) = try loraGAStart(from).factors(
        G: G0, W0: W0, rank: try #require(from.r), s: try #require(from.s))
    }
    worst.compare(A, try #require(start.A0), tolerance: file.tol, "A0")
    if let B { worst.compare(B, try #require(start.B0), tolerance: file.tol, "B0") }
  }

  private func loraGAStart(_ from: GoldenFile.InitFrom) throws -> LoRAGAStart {
    let split: LoRAGAStart.Split =
      switch try #require(from.split) {
      case "ArB2r": .ArB2r
      case "A2rBr": .A2rBr
      case "ArBr": .ArBr
      default: .permuted(try #require(from.perm))
      }
    let scale: LoRAGAStart.Scale =
      switch try #require(from.scale) {
      case "gd": .gd
      case "unit": .unit
      case "stable": .stable(γ: try #require(from.gamma))
      case "weightS": .weightS
      default: .zeta(try #require(from.zeta))
      }
    return LoRAGAStart(split: split, scale: scale)
  }
}
