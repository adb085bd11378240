/// LoRA-Pro (Wang and Liang 2024, arXiv 2407.18242): the gradients of A and B are replaced by H_A and H_B,
/// such that the equivalent gradient s(H_A·B + A·H_B) is as near to G as any step of these factors can be.
///
/// With K_A = (AᵀA)⁻¹ and K_B = (BBᵀ)⁻¹, pseudo-inverses where singular:
/// H_A = g_A·K_B/s² + A·C and H_B = (K_A·g_B − (K_A·g_B·Bᵀ·K_B)·B)/s² − C·B.
/// With an SGD base this is the paper's SGD form; any other base is its cheap form, which feeds H to the
/// base rule and leaves the paper's full-size moments aside.
package struct LoRAProRule: Optimizer {
  /// The free r×r matrix C: it leaves the equivalent gradient alone and enters only the η² term.
  package enum Choice: Equatable, Sendable {
    /// C = 0.
    case zero
    /// C = −K_A·g_B·Bᵀ·K_B/(2s²): equal contributions of both factors.
    case symmetric
    /// AᵀA·C + C·BBᵀ = −Aᵀ·g_A·K_B/s²: H nearest to the plain gradients; the paper's choice.
    case sylvester
    /// One C for every layer and step.
    case given(Matrix)
  }

  package let scale: Double
  package let choice: Choice
  /// Added to both Grams before they are inverted.
  package let δ: Double
  /// Eigenvalues of a Gram below this share of the largest count as zero.
  package let tolerance: Double
  private var base: any Optimizer
  private var projections: [LoRAProProjection] = []

  package init(
    base: any Optimizer, scale: Double, choice: Choice = .sylvester, δ: Double = 0, tolerance: Double = 1e-12
  ) {
    self.base = base
    self.scale = scale
    self.choice = choice
    self.δ = δ
    self.tolerance = tolerance
  }

  package mutating func step(_ θ: inout [Parameters], _ g: inout [Parameters]) throws(LinearAlgebraError) {
    if projections.isEmpty { projections = θ.map { LoRAProProjection(A: $0[.A], B: $0[.B]) } }
    for layer in θ.indices {
      try projections[layer].project(
        A: θ[layer][.A], B: θ[layer][.B], g: &g[layer], scale: scale, choice: choice, δ: δ,
        tolerance: tolerance)
    }
    try base.step(&θ, &g)
  }
}
