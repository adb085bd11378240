import Math

/// One layer of the matrix problem with W0 = G and the target zero, so that G is the gradient at the start: what
/// the program's adapters and rules do to factors of one's choice.
package struct Probe: Sendable {
  package var G: Matrix
  package var A: Matrix
  package var B: Matrix
  package var s: Double

  package init(G: Matrix, A: Matrix, B: Matrix, s: Double) {
    (self.G, self.A, self.B, self.s) = (G, A, B, s)
  }

  /// Of factors with entries N(0, 1/n) and N(0, 1/m).
  package init(G: Matrix, rank r: Int, s: Double, _ generator: inout Generator) {
    let (n, m) = G.shape
    A = generator.normalMatrix(n, r, deviation: 1 / Double(n).squareRoot())
    B = generator.normalMatrix(r, m, deviation: 1 / Double(m).squareRoot())
    (self.G, self.s) = (G, s)
  }

  /// Of factors of full rank with singular values from 1 to 2.
  init(wellConditioned G: Matrix, s: Double, _ generator: inout Generator) throws(LinearAlgebraError) {
    let ((n, m), r) = (G.shape, min(G.rows, G.columns))
    let σ = Matrix.diagonal((0..<r).map { 1 + Double($0) / Double(r) })
    A = try generator.orthonormal(n, r) * σ
    B = σ * (try generator.orthonormal(m, r)).T
    (self.G, self.s) = (G, s)
  }

  /// A rate at which gradient descent moves visibly and stays stable, whatever s and the factors are: the
  /// curvature in (A, B) is at most s²(‖A‖² + ‖B‖²) + s‖G‖.
  package var η: Double { 0.2 / (s * s * (A.squaredNorm + B.squaredNorm) + s * G.norm) }

  private var wanted: Examples { Examples(X: nil, Y: Matrix(G.rows, G.columns)) }
  private var chain: Chain { Chain([(LowRank(W0: G, A0: A, B0: B, scale: s), Parameters([.A: A, .B: B]))]) }

  /// ∂L/∂A and ∂L/∂B as the adapter has them.
  package var gradients: Parameters {
    var chain = chain
    _ = chain.differentiate(wanted, .squaredDistance)
    return chain.gradients[0]
  }

  /// W after some steps.
  package func weight(after steps: Int = 1, _ rule: any Optimizer) throws(LinearAlgebraError) -> Matrix {
    var (chain, rule) = (chain, rule)
    for _ in 0..<steps {
      _ = chain.differentiate(wanted, .squaredDistance)
      try chain.step(&rule)
    }
    return chain.adapters[0].weight(chain.parameters[0])
  }

  /// The parts of one step of gradient descent that are odd and even in the rate, −η·first + η²·second, each
  /// without its power of η. The first at an η where the second, of the order s‖G‖², is no larger than G.
  package func parts() throws(LinearAlgebraError) -> (first: Matrix, second: Matrix) {
    func changes(_ η: Double) throws(LinearAlgebraError) -> (forward: Matrix, backward: Matrix) {
      (try weight(SGD(learningRate: η)) - G, try weight(SGD(learningRate: -η)) - G)
    }
    let η = 1 / max(1, s * G.norm).squareRoot()
    let (small, whole) = (try changes(η), try changes(1))
    return ((0.5 / η) * (small.backward - small.forward), 0.5 * (whole.forward + whole.backward))
  }

  /// LoRA-Pro's H, C and equivalent gradient s(H_A·B + A·H_B).
  package func projected(_ choice: LoRAProRule.Choice) throws(LinearAlgebraError) -> Projected {
    try Projected(A: A, B: B, gradients: gradients, s: s, choice)
  }
}

/// What LoRA-Pro makes of the gradients of A and B.
package struct Projected: Sendable {
  package let H: Parameters
  package let C: Matrix
  /// g̃ = s(H_A·B + A·H_B).
  package let equivalent: Matrix

  package init(A: Matrix, B: Matrix, gradients: Parameters, s: Double, _ choice: LoRAProRule.Choice)
    throws(LinearAlgebraError)
  {
    var g = gradients
    var projection = LoRAProProjection(A: A, B: B)
    try projection.project(A: A, B: B, g: &g, scale: s, choice: choice)
    H = g
    C = projection.C
    equivalent = s * (g[.A] * B + A * g[.B])
  }
}

/// The spaces of two factors, from singular vectors and not, as in the program, from Gram matrices.
struct Spaces {
  /// Orthonormal columns, of col(A) and of col(Bᵀ).
  let QA, QB: Matrix
  /// cond(AᵀA)·cond(BBᵀ), of what is not zero.
  let condition: Double
  /// (AᵀA)⁺ and (BBᵀ)⁺.
  let KA, KB: Matrix

  init(A: Matrix, B: Matrix) throws(LinearAlgebraError) {
    let (a, b) = (try SVD(A), try SVD(B))
    let (k, l) = (a.rank(tolerance: 1e-6), b.rank(tolerance: 1e-6))
    QA = a.U.columns(0..<k)
    QB = b.Vt.rows(0..<l).transposed
    condition = Self.squaredCondition(a, k) * Self.squaredCondition(b, l)
    KA = Self.inverse(a.Vt.rows(0..<k).transposed, a.σ.prefix(k))
    KB = Self.inverse(b.U.columns(0..<l), b.σ.prefix(l))
  }

  private static func squaredCondition(_ svd: SVD, _ k: Int) -> Double {
    k == 0 ? 1 : (svd.σ[0] / svd.σ[k - 1]) * (svd.σ[0] / svd.σ[k - 1])
  }

  private static func inverse(_ V: Matrix, _ σ: ArraySlice<Double>) -> Matrix {
    V * Matrix.diagonal(σ.map { 1 / ($0 * $0) }) * V.T
  }

  /// (I − P_A)·G·(I − P_B).
  func outside(_ G: Matrix) -> Matrix {
    let left = G - QA * (QA.T * G)
    return left - (left * QB) * QB.T
  }
}
