import Testing

import Math

/// Rules around other rules.
@Suite("Composed rules")
struct RuleTests {
  private func gradients(_ θ: [Parameters], step t: Int) -> [Parameters] {
    θ.enumerated().map { l, θ in
      var g = θ
      for i in g.matrices.indices {
        let (n, m) = g.matrices[i].shape
        g.matrices[i] = .random(n, m, seed: 1200 + UInt64(100 * t + 10 * l + i))
      }
      return g
    }
  }

  private let start = [
    Parameters([.W: .random(3, 4, seed: 1100)]),
    Parameters([.A: .random(4, 2, seed: 1101), .B: .random(2, 5, seed: 1102)]),
    Parameters([:]), Parameters([.A: .random(5, 2, seed: 1103), .B: .random(2, 3, seed: 1104)]),
  ]

  private func run(_ rule: any Optimizer, _ θ: [Parameters], layers: [Int], steps: Range<Int> = 0..<5) throws
    -> [Parameters]
  {
    var (rule, θ) = (rule, layers.map { θ[$0] })
    for t in steps {
      var g = gradients(start, step: t)
      var own = layers.map { g[$0] }
      try rule.step(&θ, &own)
      g = []
    }
    return θ
  }

  @Test("layers with rules of their own are separate runs")
  func layered() throws {
    let adam = Adam(learningRate: 0.03)
    let pro = LoRAProRule(.full(OptimizerChoice(.adamw, learningRate: 0.02), stepOffset: 0), scale: 1.5)
    let sgd = Momentum(learningRate: 0.1)
    let layered = LayeredRule([([0], adam), ([1, 3], pro), ([2], sgd)])
    let θ = try run(layered, start, layers: [0, 1, 2, 3])
    let factors = try run(pro, start, layers: [1, 3])
    #expect(try θ[0] == run(adam, start, layers: [0])[0])
    #expect(θ[1] == factors[0] && θ[3] == factors[1])
    #expect(θ[2].count == 0)
    // Adam 2nm; LoRA-Pro 2nm of each layer's weight; nothing for the empty layer.
    #expect(layered.stateCount(start) == 2 * 12 + 2 * (4 * 5 + 5 * 3))
    #expect(layered.flops(start) == adam.flops([start[0]]) + pro.flops([start[1], start[3]]))
  }

  @Test("a layer that starts anew forgets alone")
  func restart() throws {
    let (adam, momentum) = (Adam(learningRate: 0.03), Momentum(learningRate: 0.1))
    var rule: any Optimizer = LayeredRule([([0], adam), ([1, 3], momentum)])
    var θ = start
    for t in 0..<3 {
      var g = gradients(start, step: t)
      try rule.step(&θ, &g)
    }
    let middle = θ
    for l in [1, 3] { rule.forget(layer: l) }
    for t in 3..<5 {
      var g = gradients(start, step: t)
      try rule.step(&θ, &g)
    }
    #expect(try θ[0] == run(adam, start, layers: [0])[0])
    let anew = try run(momentum, middle, layers: [1, 3], steps: 3..<5)
    #expect(θ[1] == anew[0] && θ[3] == anew[1])
    #expect(try θ[1] != run(momentum, start, layers: [1, 3])[0])
    // A rule that keeps no layers apart begins anew as a whole.
    var plain: any Optimizer = adam
    var one = [start[0]]
    var g = [gradients(start, step: 0)[0]]
    try plain.step(&one, &g)
    plain.forget(layer: 0)
    var again = [start[0]]
    g = [gradients(start, step: 0)[0]]
    try plain.step(&again, &g)
    #expect(again == one)
  }

  @Test("rounds of one layer leave the other layer's moments alone")
  func restartInARun() throws {
    // A serial layer whose factors are zero for ever does nothing but restart.
    let line = "task=twolayer n=6 hidden=7 m=5 r=2 samples=20 held=0 opt=adam lr=0.01 variants="
    var (serial, frozen) = (
      try Simulation(line: line + "serial-lora(every=2,init=zero)+lora"),
      try Simulation(line: line + "frozen+lora")
    )
    for _ in 0..<9 {
      serial.advance()
      frozen.advance()
      #expect(serial.weight(1, layer: 1) == frozen.weight(1, layer: 1))
    }
    #expect(serial.weight(1, layer: 0) == frozen.weight(1, layer: 0))
  }

  @Test("layers of the same system are one run, said once or twice")
  func sameSystem() throws {
    let line = "task=twolayer n=6 hidden=7 m=5 r=2 samples=20 held=0 opt=adam lr=0.01 steps=6 variants="
    for variant in ["lora", "adalora(tinit=2)", "galore", "lora-pro", "random-projection", "full", "frozen"] {
      guard variant != "full" else {
        var full = try Simulation(line: line + "full+full")
        full.advance(steps: 6)
        for l in 0..<2 { #expect(full.weight(1, layer: l) == full.weight(0, layer: l)) }
        continue
      }
      var (one, two) = (
        try Simulation(line: line + variant), try Simulation(line: line + "\(variant)+\(variant)")
      )
      one.advance(steps: 6)
      two.advance(steps: 6)
      for l in 0..<2 { #expect(one.weight(1, layer: l) == two.weight(1, layer: l), "\(variant)") }
    }
  }

  @Test("a warm-up cuts step k to k/(steps + 1), and goes on at full length")
  func warmUp() throws {
    var (rule, θ) = (WarmUpRule(base: SGD(learningRate: 0.2), steps: 3), [start[0]])
    var W = start[0][.W]
    for (t, share) in [0.25, 0.5, 0.75, 1, 1].enumerated() {
      var g = [gradients(start, step: t)[0]]
      W = W - (share * 0.2) * g[0][.W]
      try rule.step(&θ, &g)
      // 1e-15: W is shortened to its share of the way.
      #expect(deviation(θ[0][.W], W) <= 4e-15, "step \(t + 1)")
    }
    // What the inner rule remembers does not depend on the cut.
    var adam: any Optimizer = Adam(learningRate: 0.1)
    var warm: any Optimizer = WarmUpRule(base: adam, steps: 2)
    var (plain, cut) = ([start[0]], [start[0]])
    for t in 0..<4 {
      let before = (plain: plain[0][.W], cut: cut[0][.W])
      var (g, h) = ([gradients(start, step: t)[0]], [gradients(start, step: t)[0]])
      try adam.step(&plain, &g)
      try warm.step(&cut, &h)
      let share = [1.0 / 3, 2.0 / 3, 1, 1][t]
      let wanted = share * (plain[0][.W] - before.plain)
      #expect(deviation(cut[0][.W] - before.cut, wanted) <= 4e-15)
    }
    #expect(warm.stateCount(plain) == 2 * 12)
  }

  @Test("the oracle's step is the rule's, cut to rank r about where it began")
  func oracle() throws {
    var (rule, plain) = (OracleRule(base: SGD(learningRate: 0.3), rank: 2), start[0][.W])
    var θ = [start[0]]
    for t in 0..<4 {
      var g = [gradients(start, step: t)[0]]
      plain = try start[0][.W] + SVD(plain - 0.3 * g[0][.W] - start[0][.W]).truncated(to: 2)
      try rule.step(&θ, &g)
      #expect(deviation(θ[0][.W], plain) <= 1e-14)
      #expect(try SVD.values(θ[0][.W] - start[0][.W])[2] <= 1e-14)
    }
  }
}
