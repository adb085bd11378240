import Foundation
import Testing

import Math

@Suite("Golden")
struct GoldenTests {
  @Test("every trajectory and every kernel replays within its file's tolerance")
  func filesReplay() throws {
    var compared = 0
    for url in try GoldenFolder.trajectories() {
      let name = url.lastPathComponent
      do {
        let file = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
        try #require(file.format == "lora-golden/1", "\(name): format \(file.format)")
        let worst = try GoldenReplay(file).worstDeviation()
        #expect(worst.ratio <= 1, "\(name): \(worst)")
        compared += 1
      } catch {
        Issue.record("\(name) cannot be replayed: \(error)")
      }
    }
    #expect(compared > 0, "no trajectory in \(GoldenFolder.url.path)")
    if let kernels = try GoldenFolder.kernels() {
      let worst = try kernels.worstDeviation()
      #expect(worst.ratio <= 1, "kernels.json: \(worst)")
      compared += 1
    }
    print("golden: \(compared) files compared")
  }

  @Test("a number that is off by more than the tolerance is found, and so is one that is not a number")
  func comparisonCanFail() {
    for (x, isFine) in [(1 + 1e-11, true), (1 + 1e-9, false), (.nan, false), (.infinity, false)] {
      var worst = Deviation()
      worst.compare(1, 1, tolerance: 1e-10, "same")
      worst.compare(x, 1, tolerance: 1e-10, "other")
      #expect((worst.ratio <= 1) == isFine, "\(x)")
    }
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

  mutating func compare(_ x: [Double], _ y: [Double], tolerance: Double, _ place: String) {
    compare(Matrix(rows: [x]), [y], tolerance: tolerance, place)
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

/// One file's run, set up from its inputs.
struct GoldenReplay {
  let file: GoldenFile
  var simulation: Simulation
  private let gradients: [Matrix]

  init(_ file: GoldenFile) throws {
    self.file = file
    let problem = try Self.problem(file)
    gradients = problem.firstGradients()
    let optimizer = try file.hyper.opt.choice()
    var layers: [(adapter: any Adapter, parameters: Parameters)] = []
    for (W0, start) in zip(problem.pretrained, file.starts) {
      layers.append(try Self.layer(file, W0, start))
    }
    try #require(layers.count == problem.pretrained.count)
    let series = Series(
      name: file.name, chain: Chain(layers, activation: problem.activation),
      rule: try Self.rule(file, optimizer))
    simulation = Simulation(problem: problem, full: try file.fullOpt.choice().rule(), variants: [series])
  }

  private static func problem(_ file: GoldenFile) throws -> Problem {
    let task = file.task
    let isClassification = task.kind == "softmax" || task.loss == "ce"
    var examples: Examples
    if task.kind == "matrix" {
      examples = Examples(X: nil, Y: Matrix(rows: try #require(task.Wstar)))
    } else {
      try #require(["linreg", "softmax", "twolayer"].contains(task.kind), "task \(task.kind)")
      let X = Matrix(rows: try #require(task.X))
      examples =
        isClassification
        ? Examples(X: X, labels: try #require(task.y)) : Examples(X: X, Y: Matrix(rows: try #require(task.Y)))
    }
    if let lists = file.batches { try #require(lists.count >= file.steps) }
    return Problem(
      pretrained: file.W0.all.map { Matrix(rows: $0) }, examples: examples,
      objective: isClassification
        ? .crossEntropy : task.kind == "matrix" ? .squaredDistance : .meanSquaredError,
      activation: try #require(Activation(rawValue: task.phi ?? "id")),
      batches: file.batches.map { .listed($0) } ?? .all)
  }

  private static func layer(_ file: GoldenFile, _ W0: Matrix, _ start: GoldenFile.Start) throws -> (
    adapter: any Adapter, parameters: Parameters
  ) {
    if ["full", "galore", "randproj"].contains(file.system) { return (DenseWeight(), Parameters([.W: W0])) }
    let (A, B) = (Matrix(rows: try #require(start.A0)), Matrix(rows: try #require(start.B0)))
    let θ = Parameters([.A: A, .B: B])
    if file.system == "adalora" {
      let E = Matrix(rows: try #require(start.E0).map { [$0] })
      let s = try #require(file.hyper.alpha) / (Double(A.columns) + 1e-5)
      return (SingularValueForm(W0: W0, rank: A.columns, scale: s), Parameters([.A: A, .E: E, .B: B]))
    }
    let s = try #require(file.hyper.s)
    let lowRank = LowRank(W0: W0, A0: A, B0: B, scale: s)
    switch file.system {
    case "lora", "rslora", "loraplus", "pissa", "loraga", "lorapro": return (lowRank, θ)
    case "dora":
      let (adapter, μ) = DoRA.attach(lowRank, W0: W0, isNormDetached: file.hyper.detach?.isOn ?? true)
      return (adapter, Parameters([.A: A, .B: B, .μ: μ]))
    case "relora":
      let draws = try #require(file.draws).map { draw in
        draw.map { Parameters([.A: Matrix(rows: $0.A), .B: Matrix(rows: $0.B)]) } ?? θ
      }
      return (Serial(lowRank, period: try #require(file.hyper.K), draws: .given(draws)), θ)
    default:
      try #require(file.system == "additive", "system \(file.system)")
      return (Additive(W0: W0, A0: A, B0: B, scale: s), θ)
    }
  }

  private static func rule(_ file: GoldenFile, _ optimizer: OptimizerChoice) throws -> any Optimizer {
    let hyper = file.hyper
    switch file.system {
    case "loraplus":
      let ratio = try #require(hyper.ratioB)
      return optimizer.rule(ratioB: ratio)
    case "lorapro":
      try #require(["sgd", "cheap", "adamw"].contains(hyper.algo), "algo \(hyper.algo ?? "")")
      return LoRAProRule(
        hyper.algo == "adamw"
          ? .full(optimizer, stepOffset: hyper.opt.t_offset ?? 0)
          : .factors(optimizer.rule(stepOffset: hyper.opt.t_offset ?? 0)),
        scale: try #require(hyper.s), choice: try choice(file), δ: hyper.delta ?? 0,
        tolerance: hyper.rtol ?? 1e-12)
    case "adalora":
      return AdaLoRARule(
        base: optimizer.rule(),
        schedule: AdaLoRARule.Schedule(
          targetRank: try #require(hyper.targetR), total: try #require(hyper.total), warmUp: hyper.tinit ?? 0,
          final: hyper.tfinal ?? 0, interval: hyper.deltaT ?? 1),
        β1: hyper.beta1 ?? 0.85, β2: hyper.beta2 ?? 0.85, orthogonality: hyper.orth ?? 0.5,
        isPenaltySquared: hyper.squared?.isOn ?? false)
    case "galore":
      return GaLoreRule(
        base: optimizer, rank: try #require(hyper.r), gap: try #require(hyper.gap),
        scale: try #require(hyper.scale), side: hyper.mode == "two" ? .full : .std)
    case "randproj":
      let draws = try #require(file.draws).map { draw in
        let draw = try #require(draw)
        return (A: Matrix(rows: draw.A), B: Matrix(rows: draw.B))
      }
      return RandomProjectionRule(
        base: optimizer.rule(), form: try #require(RandomProjectionRule.Form(rawValue: hyper.form ?? "")),
        k: try #require(hyper.k), learningRate: optimizer.learningRate, draws: .given(draws))
    default: return optimizer.rule(stepOffset: hyper.opt.t_offset ?? 0)
    }
  }

  private static func choice(_ file: GoldenFile) throws -> LoRAProRule.Choice {
    switch file.hyper.cmode {
    case "zero": return .zero
    case "sym": return .symmetric
    case "sylvester": return .sylvester
    default:
      try #require(file.hyper.cmode == "given")
      return .given(Matrix(rows: try #require(file.starts.first?.C)))
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
        var series = simulation.series[1]
        let examples = simulation.nextExamples()
        worst.compare(
          series.loss(on: examples, simulation.problem.objective), lossBatch, tolerance: file.tol,
          "lossBatch at \(t)")
      }
      try #require(record.all.count == simulation.layerCount)
      for (l, layer) in record.all.enumerated() {
        worst.compare(simulation.gaps(layer: l)[1], layer.dist, tolerance: file.tol, "dist[\(l)] at \(t)")
        try compareLayer(l, layer, "[\(l)] at \(t)", simulation, &worst)
      }
      if t < file.steps { simulation.advance() }
    }
    return worst
  }

  private func compareLayer(
    _ l: Int, _ layer: GoldenFile.Layer, _ place: String, _ simulation: Simulation, _ worst: inout Deviation
  ) throws {
    var series = simulation.series[1]
    worst.compare(series.weight(layer: l), layer.W, tolerance: file.tol, "W" + place)
    let W0 = simulation.problem.pretrained[l]
    let σ = try #require(try series.updateSpectrum(layer: l, from: W0))
    worst.compare(σ, layer.sv, tolerance: file.tol, "sv" + place)
    let θ = series.chain.parameters[l]
    let hasFactors = θ.roles.contains(.A)
    try #require(hasFactors == (layer.A != nil && layer.B != nil))
    try #require(
      (file.system == "dora") == (layer.mag != nil) && (file.system == "adalora") == (layer.E != nil))
    if let A = layer.A { worst.compare(θ[.A], A, tolerance: file.tol, "A" + place) }
    if let B = layer.B { worst.compare(θ[.B], B, tolerance: file.tol, "B" + place) }
    if let mag = layer.mag { worst.compare(θ[.μ].storage, mag, tolerance: file.tol, "mag" + place) }
    if let E = layer.E { worst.compare(θ[.E].storage, E, tolerance: file.tol, "E" + place) }
    if let rule = series.rule as? AdaLoRARule, simulation.step > 0 {
      worst.compare(
        rule.kept[l].map { $0 ? 1 : 0 }, try #require(layer.mask).map { $0.isOn ? 1 : 0 }, tolerance: 0.1,
        "mask" + place)
      worst.compare(Double(rule.budget), Double(try #require(layer.budget)), tolerance: 0.1, "budget" + place)
      if let scores = layer.scores {
        worst.compare(rule.chosenScores[l], scores, tolerance: file.tol, "scores" + place)
      }
    }
    if let rule = series.rule as? GaLoreRule, simulation.step > 0 {
      let (P, Q) = rule.projector(layer: l)
      try #require(
        (P == nil) == (layer.P == nil) && (Q == nil) == (layer.Q == nil), "projectors of \(file.name)")
      if let P, let wanted = layer.P { worst.compare(P, wanted, tolerance: file.tol, "P" + place) }
      if let Q, let wanted = layer.Q { worst.compare(Q, wanted, tolerance: file.tol, "Q" + place) }
    }
  }

  /// The first gradient, and the factors from the initialiser the file names.
  private func compareStart(_ worst: inout Deviation) throws {
    let wanted = try #require(file.trace[0].G).all
    try #require(wanted.count == gradients.count)
    for (l, G) in wanted.enumerated() { worst.compare(gradients[l], G, tolerance: file.tol, "G[\(l)]") }
    guard let from = file.initFrom, from.kind != nil, let start = file.starts.first else { return }
    let (G0, W0) = (gradients[0], simulation.problem.pretrained[0])
    let (A, B): (Matrix, Matrix?)
    switch from.kind {
    case "kaiming":
      var kaiming = Matrix(rows: try #require(from.uniform01))
      LoRAStart.setKaiming(&kaiming)
      (A, B) = (kaiming, nil)
    case "orthogonal":
      var θ = Parameters([.A: Matrix(rows: try #require(from.ZA)), .B: Matrix(rows: try #require(from.ZB))])
      var room = OrthogonalFactors(θ[.A].rows, θ[.B].columns, rank: θ[.A].columns)
      try room.orthogonalize(&θ)
      (A, B) = (θ[.A], θ[.B])
    case "pissa":
      (A, B) = PiSSAStart.factors(try SVD(W0), 0..<(try #require(from.r)), s: try #require(from.s))
    case "signDirect":
      let objective = SignObjective(G: G0)
      let (startA, startB) = (
        Matrix(rows: try #require(from.startA)), Matrix(rows: try #require(from.startB))
      )
      let c = objective.bestScale(startA, startB)
      worst.compare(
        objective.value(c * startA, c * startB), try #require(from.fStart), tolerance: file.tol,
        "J at the start")
      (A, B) = objective.minimize(
        from: startA, startB, iterations: try #require(from.iters),
        by: Adam(
          learningRate: try #require(from.lr), β1: from.b1 ?? 0.9, β2: from.b2 ?? 0.999, ε: from.eps ?? 1e-8))
      worst.compare(
        objective.value(A, try #require(B)), try #require(from.fBest), tolerance: file.tol, "J at the best")
    default:
      try #require(from.kind == "loraga", "initialiser \(from.kind)")
      (A, B) = try Self.loraGAStart(from).factors(
        G: G0, W0: W0, rank: try #require(from.r), s: try #require(from.s))
      if let J = from.signObjective {
        worst.compare(
          SignObjective(G: G0).value(A, try #require(B)), J, tolerance: file.tol, "the sign objective")
      }
    }
    worst.compare(A, try #require(start.A0), tolerance: file.tol, "A0")
    if let B { worst.compare(B, try #require(start.B0), tolerance: file.tol, "B0") }
  }

  private static func loraGAStart(_ from: GoldenFile.InitFrom) throws -> LoRAGAStart {
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
      case "bestSign": .bestSign
      default: .zeta(try #require(from.zeta))
      }
    return LoRAGAStart(split: split, scale: scale, source: from.of == "signG" ? .signs : .gradient)
  }
}
