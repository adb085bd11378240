import Math

/// One layer of the matrix problem with W0 = G and the target zero: the gradient at the start is G.
struct Layer: Factored {
  var G: Matrix
  var A: Matrix
  var B: Matrix
  var s: Double

  /// Of generic factors.
  init(_ n: Int, _ m: Int, rank r: Int, s: Double, seed: UInt64) {
    G = .random(n, m, seed: seed)
    A = .random(n, r, seed: seed + 1)
    B = .random(r, m, seed: seed + 2)
    self.s = s
  }

  init(G: Matrix, A: Matrix, B: Matrix, s: Double) {
    (self.G, self.A, self.B, self.s) = (G, A, B, s)
  }

  static let all: [Layer] = [
    Layer(12, 8, rank: 3, s: 2, seed: 600), Layer(5, 11, rank: 2, s: 0.5, seed: 610),
    Layer(6, 6, rank: 1, s: 1, seed: 620),
  ]

  var wanted: Examples { Examples(X: nil, Y: Matrix(G.rows, G.columns)) }
  var chain: Chain { Chain([(LowRank(W0: G, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))]) }

  func differentiated() -> Chain {
    var chain = chain
    _ = chain.differentiate(wanted, .squaredDistance)
    return chain
  }

  /// W and the factors after some steps.
  func after(_ steps: Int, _ rule: any Optimizer) throws -> (W: Matrix, θ: Parameters) {
    var (chain, rule) = (chain, rule)
    for _ in 0..<steps {
      _ = chain.differentiate(wanted, .squaredDistance)
      try chain.step(&rule)
    }
    var W = G
    chain.weight(layer: 0, into: &W)
    return (W, chain.parameters[0])
  }

  /// W after one step, minus W0.
  func change(_ rule: any Optimizer) throws -> Matrix { try after(1, rule).W - G }

  /// H, C and the equivalent gradient s(H_A·B + A·H_B).
  func projected(_ choice: LoRAProRule.Choice) throws -> (H: Parameters, C: Matrix, equivalent: Matrix) {
    var H = differentiated().gradients[0]
    var projection = LoRAProProjection(A: A, B: B)
    try projection.project(A: A, B: B, g: &H, scale: s, choice: choice)
    return (H, projection.C, s * (H[.A] * B + A * H[.B]))
  }

  var choices: [LoRAProRule.Choice] {
    [.zero, .symmetric, .sylvester, .given(.random(A.columns, A.columns, seed: 640))]
  }
}
