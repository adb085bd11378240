import Testing

import Math

/// The edge cases of variants.md.
@Suite("Edges")
struct EdgeTests {
  @Test(
    "sizes at the edge run: one number, full rank, 2r beyond min(n, m)", arguments: RunSample.variants,
    ["n=1 m=1 r=1", "n=5 m=3 r=3", "n=3 m=5 r=3", "n=6 m=5 r=4", "n=1 m=6 r=1", "n=6 m=1 r=1", "n=4 m=4 r=2"])
  func edges(variant: String, sizes: String) throws {
    for task in ["matrix", "linreg samples=9 batch=4", "twolayer hidden=5 samples=9 held=0"] {
      for rule in ["sgd", "adamw", "galore-adamw"] {
        var simulation = try Simulation(
          line: "task=\(task) \(sizes) lr=0.01 alpha=2 steps=8 opt=\(rule) variants=\(variant)")
        let W0 = simulation.problem.pretrained[0]
        #expect(deviation(simulation.weight(1), W0) <= 1e-13 * max(1, W0.largestEntry))
        for t in 0..<8 {
          let gap = simulation.gaps()[1]
          let spectrum = try #require(simulation.spectra()[1], "\(task), \(rule), diverged at \(t)")
          #expect(gap >= (spectrum.floor ?? 0) - 1e-9, "\(task), \(rule), at \(t)")
          let W = simulation.weight(1)
          let θ = simulation.series[1].chain.parameters[0]
          let size = max(1, W.norm, θ.roles.contains(.A) ? 2 * θ[.A].norm * θ[.B].norm : 0)
          #expect(
            try deviation(spectrum.values, SVD.values(W - W0)) <= 1e-11 * size, "\(task), \(rule), at \(t)")
          simulation.advance()
        }
        #expect(simulation.losses().filter(\.isFinite).count == 2)
        #expect(!simulation.series[1].hasDiverged)
      }
    }
  }

  @Test("a gradient of zero leaves every variant at W0", arguments: RunSample.variants)
  func zeroGradient(variant: String) throws {
    for rule in ["sgd", "adam"] {
      var simulation = try Simulation(
        line: "n=7 m=5 r=2 norm=0 alpha=2 steps=5 opt=\(rule) lr=0.1 variants=\(variant)")
      let W0 = simulation.problem.pretrained[0]
      #expect(deviation(simulation.weight(1), W0) <= 1e-13 * max(1, W0.largestEntry))
      let isLoRAGA = variant.hasPrefix("lora-ga") || variant.hasSuffix("(init=lora-ga)")
      if isLoRAGA, !variant.contains("clip"), !variant.hasPrefix("floor") {
        // variants.md 3.8: there is nothing to decompose, so the factors are random and orthonormal.
        let θ = simulation.series[1].chain.parameters[0]
        #expect(deviation(θ[.A].T * θ[.A], .identity(2)) <= 1e-13)
        #expect(deviation(θ[.B] * θ[.B].T, .identity(2)) <= 1e-13)
        #expect(θ[.A].largestEntry < 0.999)
        #expect(simulation.series[1].isUnique)
      }
      simulation.advance(steps: 5)
      // The compensated start leaves a gradient of rounding size; Adam makes steps of it, SGD does not.
      if rule == "sgd" { #expect(deviation(simulation.weight(1), W0) <= 1e-12) }
      #expect(simulation.weight(0) == W0)
      #expect(simulation.losses().filter(\.isFinite).count == 2)
    }
  }

  @Test(
    "alpha = 0 freezes all that goes through s, and is nothing to the others", arguments: RunSample.variants)
  func zeroAlpha(variant: String) throws {
    for rule in ["sgd", "adam"] {
      let line = "n=8 m=6 r=2 lr=0.1 steps=5 opt=\(rule) variants=\(variant)"
      var (zero, six) = (try Simulation(line: line + " alpha=0"), try Simulation(line: line + " alpha=6"))
      zero.advance(steps: 5)
      six.advance(steps: 5)
      #expect(!zero.series[1].hasDiverged && zero.series[1].chain.parameters[0].isFinite)
      let (W, W0) = (zero.weight(1), zero.problem.pretrained[0])
      switch variant.prefix(while: { $0 != "(" }) {
      case "galore", "random-projection", "oracle": #expect(W == six.weight(1))
      case "additive" where variant != "additive(scale=alpha)": #expect(W == six.weight(1))
      case "floor":
        // Without s there is no debt, whatever the start.
        var floor = try Simulation(line: line.replacing(variant, with: "floor"))
        floor.advance(steps: 5)
        #expect(deviation(W, floor.weight(1)) <= 1e-13)
      case "dora":
        // The magnitudes are no part of s·AB; the directions stay.
        for j in 0..<6 {
          let (w, w0) = (W.columns(j..<j + 1), W0.columns(j..<j + 1))
          #expect(abs(abs(Matrix.dot(w, w0)) - w.norm * w0.norm) <= 1e-14 * max(1, w.norm * w0.norm))
        }
        #expect(W != W0)
      default: #expect(W == W0)
      }
    }
  }

  @Test("both factors zero is stationary for ever, exactly", arguments: OptimizerChoice.Family.allCases)
  func bothZero(family: OptimizerChoice.Family) throws {
    for variant in ["lora", "rslora", "lora-plus", "serial-lora", "parallel-lora"] {
      var simulation = try Simulation(
        line: "n=8 m=6 r=2 lr=0.1 opt=\(family.rawValue) variants=\(variant)(init=zero)")
      simulation.advance(steps: 100)
      #expect(simulation.weight(1) == simulation.problem.pretrained[0], "\(variant)")
      #expect(simulation.weight(0) != simulation.problem.pretrained[0])
    }
  }

  @Test("a column of zeros is a frozen zero to DoRA, whatever the gradient", arguments: [true, false])
  func zeroColumn(isNormDetached: Bool) throws {
    var W0 = Matrix.random(5, 4, seed: 800)
    for i in 0..<5 { W0[i, 2] = 0 }
    let (A, B) = (Matrix.random(5, 2, seed: 801), Matrix(2, 4))
    let (adapter, μ) = DoRA.attach(
      LowRank(W0: W0, A0: A, B0: B, scale: 1.5), W0: W0, isNormDetached: isNormDetached)
    var chain = Chain([(adapter, Parameters([.A: A, .B: B, .μ: μ]))])
    var rule: any Optimizer = SGD(learningRate: 0.05)
    // I1: 1e-13, and no 0/0.
    #expect(deviation(adapter.weight(chain.parameters[0]), W0) <= 1e-13)
    let wanted = Examples(X: nil, Y: .random(5, 4, seed: 802))
    let before = chain.evaluate(wanted, .squaredDistance)
    for _ in 0..<50 {
      _ = chain.differentiate(wanted, .squaredDistance)
      #expect(chain.gradients[0].isFinite)
      try chain.step(&rule)
      let W = adapter.weight(chain.parameters[0])
      #expect(W.columns(2..<3) == Matrix(5, 1))
      #expect(chain.parameters[0][.μ][0, 2] == 0)
    }
    #expect(chain.evaluate(wanted, .squaredDistance) < before)
    var plain = chain.gradients[0].zeros
    adapter.pullback(chain.parameters[0], dense: .random(5, 4, seed: 803), into: &plain)
    #expect(plain.isFinite && plain[.μ][0, 2] == 0)
  }

  // Both subtract numbers that differ by 1e-5 of themselves, so that 1e-11 is left of 1e-16.
  @Test(
    "DoRA's output is that of its weight where the factors take nearly all of a column away",
    arguments: [1, 1e-170, 1e170])
  func cancelledColumn(size: Double) {
    let W0 = size * Matrix.random(6, 4, seed: 810)
    let A = ((-1 / 1.5) * W0.columns(1..<2)).beside(size * Matrix.random(6, 1, seed: 811))
    var B = Matrix.random(2, 4, seed: 812)
    (B[0, 1], B[1, 1]) = (1 - 1e-5, 0)
    let (adapter, μ) = DoRA.attach(LowRank(W0: W0, A0: A, B0: Matrix(2, 4), scale: 1.5), W0: W0)
    let θ = Parameters([.A: A, .B: B, .μ: μ])
    let X = Matrix.random(5, 6, seed: 813)
    var pass = LayerPass(X: X, rows: 5, columns: 4, adapter: adapter)
    adapter.forward(θ, &pass)
    let wanted = X * adapter.weight(θ)
    #expect(deviation((1 / size) * pass.Y, (1 / size) * wanted) <= 1e-10)
  }

  @Test(
    "a start or projector chosen among equal singular values is flagged, and no other",
    arguments: [
      ("target=flat", [false, false, false, true]),
      // σ_2 > σ_3 = 0, but σ_4 = σ_5 = 0: what LoRA-GA gives B is arbitrary.
      ("target=flat k=2", [false, false, true, true]),
      ("target=flat k=4", [false, false, false, true]),
      ("target=geometric:0.7", [true, true, true, true]), ("target=cond:3 k=5", [true, true, true, true]),
    ])
  func repeatedValues(target: String, isUnique: [Bool]) throws {
    let simulation = try Simulation(
      line: "n=9 m=8 r=2 \(target) variants=lora-ga,lora-pro(init=lora-ga),galore,pissa")
    #expect(simulation.series.dropFirst().map(\.isUnique) == isUnique)
    let others = try Simulation(line: "n=9 m=8 r=2 \(target) variants=lora,dora,adalora,additive,serial-lora")
    #expect(others.series.map(\.isUnique) == Array(repeating: true, count: 6))
  }

  @Test("PiSSA is flagged where W0's singular values coincide at r, and at r alone")
  func repeatedWeights() throws {
    var generator = Generator(seed: 1, stream: 79)
    let (U, V) = (try generator.orthonormal(6, 4), try generator.orthonormal(4, 4))
    for (σ, isUnique) in [([3.0, 2, 2, 1], false), ([3, 3, 2, 1], true), ([3, 2, 1, 1], true)] {
      let site = Site(
        W0: U * Matrix.diagonal(σ) * V.T, G0: Matrix(6, 4), rank: 2, alpha: 2, scaling: .overRank,
        generator: generator, optimizer: OptimizerChoice(learningRate: 0.1), steps: 1)
      let attachment = try Variant.piSSA.attach(site, KnobValues(Variant.piSSA.knobs))
      #expect(attachment.isUnique == isUnique, "\(σ)")
    }
  }

  @Test(
    "GaLore keeps its projector where the gradient is zero, and begins with coordinates",
    arguments: [GaLoreRule.Side.std, .full])
  func galoreWithoutGradient(side: GaLoreRule.Side) throws {
    var rule = GaLoreRule(
      base: OptimizerChoice(learningRate: 0.1), rank: 2, gap: 1, scale: 1, side: side)
    var θ = [Parameters([.W: .random(5, 4, seed: 810)])]
    func step(_ G: Matrix) throws -> (P: Matrix?, Q: Matrix?) {
      var g = [Parameters([.W: G])]
      try rule.step(&θ, &g)
      return rule.projector(layer: 0)
    }
    let start = θ[0][.W]
    let first = try step(Matrix(5, 4))
    #expect(first.Q == Matrix(4, 2) { $0 == $1 ? 1 : 0 })
    #expect(θ[0][.W] == start)
    let second = try step(.random(5, 4, seed: 811))
    #expect(second.Q != first.Q)
    let moved = θ[0][.W]
    let third = try step(Matrix(5, 4))
    #expect(third.Q == second.Q && third.P == second.P)
    #expect(θ[0][.W] == moved)
    #expect((third.P == nil) == (side != .full))
  }

  @Test("GaLore takes a gradient of any size for what it is, and none that is no number")
  func galoreAtExtremes() throws {
    func projector(_ G: Matrix) throws -> Matrix? {
      var rule = GaLoreRule(
        base: OptimizerChoice(learningRate: 0.1), rank: 2, gap: 1, scale: 1, side: .left)
      var (θ, g) = ([Parameters([.W: Matrix(80, 90)])], [Parameters([.W: G])])
      try rule.step(&θ, &g)
      return rule.projector(layer: 0).P
    }
    let G = Matrix.random(80, 90, seed: 812)
    let P = try #require(try projector(G))
    for scale in [1e-200, 1e200] {
      // Rounding over the distance between the values of a random matrix, some hundredths.
      #expect(deviation(try #require(try projector(scale * G)), P) <= 1e-11)
    }
    var broken = G
    broken[3, 4] = .nan
    #expect(throws: LinearAlgebraError.notFinite) { try projector(broken) }
  }
}
