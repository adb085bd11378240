import Glibc
import Testing

import Math

@Suite("Problems")
struct ProblemTests {
  private func problem(_ line: String) throws -> Problem {
    try Simulation(line: line + " variants=full").problem
  }

  @Test(
    "W* lies `norm` from W0, along k directions of the target's spectrum",
    arguments: ["flat", "geometric:0.5", "power:1", "cond:9"])
  func targets(target: String) throws {
    let problem = try problem("n=9 m=7 r=1 k=4 norm=3 target=\(target)")
    let λ: [String: [Double]] = [
      "flat": [1.0, 1, 1, 1], "geometric:0.5": [1, 0.5, 0.25, 0.125],
      "power:1": [1, 1.0 / 2, 1.0 / 3, 1.0 / 4],
      "cond:9": [1, pow(9, -1.0 / 3), pow(9, -2.0 / 3), 1.0 / 9],
    ]
    let wanted = try #require(λ[target])
    let norm = tail(wanted, after: 0)
    let σ = try SVD.values(problem.examples.Y - problem.pretrained[0])
    #expect(deviation(σ, wanted.map { 3 * $0 / norm } + [0, 0, 0]) <= 1e-14 * 10)
  }

  @Test("gains rescale the columns of W0, each by a number in (1/2, 2) of its own")
  func gains() throws {
    for (seed, layer) in [(1, 0), (2, 0), (1, 1)] {
      let task = layer == 0 ? "task=matrix" : "task=twolayer hidden=8"
      let problem = try problem("\(task) n=9 m=7 r=1 target=gains seed=\(seed)")
      let W0 = problem.pretrained[layer]
      let wanted = try #require(problem.wanted)[layer]
      var gains: [Double] = []
      for j in 0..<W0.columns {
        gains.append(wanted[0, j] / W0[0, j])
        for i in 0..<W0.rows { #expect(abs(wanted[i, j] - gains[j] * W0[i, j]) <= 1e-14) }
      }
      #expect(gains.allSatisfy { $0 > 0.5 && $0 < 2 } && Set(gains).count == W0.columns)
    }
  }

  @Test(
    "W0 has the singular values it is asked for, the task's change stays, and older lines mean what they did")
  func pretrained() throws {
    for (n, m) in [(9, 7), (5, 8)] {
      let line = "n=\(n) m=\(m) r=1 k=3 norm=2 seed=4"
      let (plain, shaped) = (try problem(line), try problem(line + " w0=power:0.6 top=3"))
      let σ = (1...min(n, m)).map { 3 * pow(Double($0), -0.6) }
      #expect(try deviation(SVD.values(shaped.pretrained[0]), σ) <= 1e-13)
      let change = shaped.examples.Y - shaped.pretrained[0]
      #expect(deviation(change, plain.examples.Y - plain.pretrained[0]) <= 1e-14 * 10)
    }
    let scenario = try Scenario(parsing: "w0=normal")
    #expect(scenario == Scenario() && !scenario.line.contains("w0"))
    #expect(try Scenario(parsing: "w0=flat").line.contains(" w0=flat top=4 "))
  }

  @Test(
    "the population loss is ½ tr((W−W*)ᵀS(W−W*)) with S's eigenvalues i^−p of trace n", arguments: [0.5, 2])
  func population(p: Double) throws {
    let line = "n=8 m=5 r=2 seed=3"
    let wanted = try problem(line).examples.Y
    let problem = try problem(line + " cov=\(p)")
    let X = try #require(problem.examples.X)
    let S = X.T * X
    let powers = (1...8).map { pow(Double($0), -p) }
    let eigenvalues = powers.map { 8 * $0 / powers.reduce(0, +) }
    #expect(try deviation(SVD.values(S), eigenvalues) <= 1e-13 * 8)
    // Rounding of eight addends.
    let D = problem.pretrained[0] - wanted
    let loss = 0.5 * Matrix.dot(D, S * D)
    var simulation = try Simulation(line: line + " cov=\(p) lr=0.1 variants=full")
    #expect(abs(simulation.losses()[0] - loss) <= 1e-13 * loss)
    #expect(deviation(problem.firstGradients()[0], S * D) <= 1e-13 * D.norm * 8)
    // Full fine-tuning follows (I − ηS)ᵗ.
    var error = D
    for _ in 0..<10 {
      error = error - 0.1 * (S * error)
      simulation.advance()
    }
    #expect(deviation(simulation.weight(0), wanted + error) <= 1e-13)
  }

  @Test("inputs have trace n and noise its deviation")
  func moments() throws {
    let (n, m, N) = (6, 4, 20_000)
    let line = "task=linreg n=\(n) m=\(m) r=1 samples=\(N) batch=all noise=0.7 cov=1 held=0 seed=2"
    let problem = try problem(line)
    let X = try #require(problem.examples.X)
    let powers = (1...n).map { 1 / Double($0) }
    let eigenvalues = powers.map { Double(n) * $0 / powers.reduce(0, +) }
    // Of x ~ N(0, S): E‖x‖² = tr S with variance 2 tr S²; five standard errors.
    let spread = (2 * eigenvalues.reduce(0) { $0 + $1 * $1 } / Double(N)).squareRoot()
    #expect(abs(X.squaredNorm / Double(N) - Double(n)) <= 5 * spread)
    let found = try SVD.values(X).map { $0 * $0 / Double(N) }
    for (x, λ) in zip(found, eigenvalues) {
      #expect(abs(x - λ) <= 5 * λ * (Double(2 * n) / Double(N)).squareRoot())
    }
    let wanted = try self.problem("n=\(n) m=\(m) r=1 seed=2").examples.Y
    let noise = (problem.examples.Y - X * wanted).squaredNorm / Double(N * m)
    #expect(abs(noise - 0.49) <= 5 * 0.49 * (2 / Double(N * m)).squareRoot())
  }

  @Test(
    "held-out examples are never trained on, and their number moves nothing",
    arguments: [ProblemLine.linreg, .network, .classes])
  func heldOut(problem: ProblemLine) throws {
    let line = problem.line.replacing("held=8", with: "") + " lr=0.05 steps=6 variants=lora,adalora"
    var (without, with) = (try Simulation(line: line + " held=0"), try Simulation(line: line + " held=50"))
    #expect(without.heldOutLosses() == nil)
    #expect(with.problem.heldOut?.count == 50)
    #expect(with.problem.heldOut?.X?.rows(0..<5) != with.problem.examples.X?.rows(0..<5))
    var losses: [[Double]] = []
    for _ in 0..<20 {
      losses.append(try with.requireHeldOut())
      without.advance()
      with.advance()
    }
    #expect(bits(without) == bits(with))
    #expect(losses[0] == Array(repeating: losses[0][0], count: 3))
    #expect(losses[19] != losses[0])
    // The same loss, over other examples.
    let chain = Chain.dense(with.problem.pretrained, activation: with.problem.activation)
    var fresh = Series(name: "", chain: chain, rule: SGD(learningRate: 0))
    #expect(fresh.loss(on: try #require(with.problem.heldOut), with.problem.objective) == losses[0][0])
  }

  @Test("few noisy samples: full fine-tuning learns the noise, LoRA of the target's rank less")
  func overfitting() throws {
    // claims.md row 10: 48 samples, 2 directions, noise .5.
    var simulation = try Simulation(
      line:
        "task=linreg n=32 m=24 r=2 k=2 alpha=2 samples=48 held=512 noise=0.5 batch=all lr=0.05 variants=lora")
    var (train, test) = ([simulation.losses()], [try simulation.requireHeldOut()])
    for _ in 0..<1500 {
      simulation.advance()
      train.append(simulation.losses())
      test.append(try simulation.requireHeldOut())
    }
    #expect(try #require(train.last)[0] < 0.1 * train[0][0])
    let best = try #require(test.map { $0[0] }.min())
    #expect(try #require(test.last)[0] > 1.05 * best)
    #expect(try #require(test.last)[1] < (try #require(test.last)[0]))
  }

  @Test("digits held out are the last, and neither trained nor pretrained on")
  func heldOutDigits() throws {
    let digits = try Digits.few.get()
    let problem = Problem.digits(digits, batch: nil, heldOut: 30, seed: 1)
    #expect(problem.examples.count == 50 && problem.heldOut?.count == 30)
    #expect(problem.examples.labels + (problem.heldOut?.labels ?? []) == digits.labels)
    #expect(problem.heldOut?.X == digits.X.rows(50..<80))
    let pixels = Array("0123456789abcdefg")
    let text = digits.labels.prefix(50).enumerated().map { i, label in
      "\(label) " + String((0..<64).map { pixels[Int(digits.X[i, $0] * 16)] })
    }
    let alone = try Digits(text: text.joined(separator: "\n").utf8)
    #expect(Problem.digits(alone, batch: nil, seed: 1).pretrained == problem.pretrained)
  }

  @Test(
    "the network's loss is its formula's, whatever φ and whichever loss", arguments: Activation.allCases,
    NetworkLoss.allCases)
  func network(activation: Activation, loss: NetworkLoss) throws {
    let line =
      "task=twolayer n=5 hidden=6 m=4 r=2 samples=15 noise=0.1 phi=\(activation.rawValue) loss=\(loss.rawValue)"
    var simulation = try Simulation(line: line + " variants=full")
    let problem = simulation.problem
    let X = try #require(problem.examples.X)
    let before = Matrix.naive(X, problem.pretrained[0])
    let H = Matrix(15, 6) { i, j in
      switch activation {
      case .identity: before[i, j]
      case .tanh: tanh(before[i, j])
      case .relu: max(0, before[i, j])
      }
    }
    let Y = Matrix.naive(H, problem.pretrained[1])
    var wanted = 0.0
    switch loss {
    case .squaredError: wanted = (Y - problem.examples.Y).squaredNorm / 30
    case .crossEntropy:
      #expect(problem.examples.labels.allSatisfy { (0..<4).contains($0) })
      #expect(Set(problem.examples.labels).count > 1)
      for (i, label) in problem.examples.labels.enumerated() {
        wanted += (log((0..<4).reduce(0) { $0 + exp(Y[i, $1]) }) - Y[i, label]) / 15
      }
    }
    #expect(abs(simulation.losses()[0] - wanted) <= 1e-13 * max(1, wanted))
  }

  @Test("a teacher that is not shifted leaves nothing to learn, exactly")
  func sameTeacher() throws {
    for activation in Activation.allCases {
      let line =
        "task=twolayer n=5 hidden=6 m=4 r=2 samples=15 norm=0 phi=\(activation.rawValue) variants=full"
      var simulation = try Simulation(line: line)
      #expect(simulation.losses()[0] == 0)
      #expect(simulation.problem.firstGradients().allSatisfy { $0.squaredNorm == 0 })
      // Of another seed, both layers are others.
      let other = try Simulation(line: line + " seed=2").problem.pretrained
      #expect(zip(other, simulation.problem.pretrained).allSatisfy { $0 != $1 })
      #expect(simulation.problem.pretrained[0] != simulation.problem.pretrained[1])
    }
  }
}

extension Simulation {
  fileprivate mutating func requireHeldOut() throws -> [Double] {
    let losses = heldOutLosses()
    return try #require(losses)
  }
}
