/// The largest eigenvalue of a symmetric p×p operator known by its products alone: power iteration, with the
/// eigenvalue taken from all iterates at once (Lanczos). Three vectors are kept; without reorthogonalisation
/// some Ritz values come twice, the largest stays right (Paige 1972).
/// - Parameters:
///   - relativeError: when the residual ‖Mx − λx‖ is below this share of λ the iteration ends; the eigenvalue
///     is then known to about its square.
///   - product: v ↦ Mv for a p×1 matrix v.
/// - Returns: NaN when `limit` products were not enough or a number is not finite.
func largestEigenvalue(
  order p: Int, relativeError: Double = 1e-6, limit: Int = 200, product: (Matrix) -> Matrix
) throws(LinearAlgebraError) -> Double {
  // Any start will do that is not orthogonal to the eigenvector.
  var generator = Generator(seed: 1, stream: 0)
  var v = generator.normalMatrix(p, 1)
  v.scale(by: 1 / v.norm)
  var before = Matrix(p, 1)
  var (diagonal, beside): ([Double], [Double]) = ([], [])
  while diagonal.count < limit {
    var next = product(v)
    let α = Matrix.dot(v, next)
    next.add(-α, v)
    next.add(-(beside.last ?? 0), before)
    let β = next.norm
    diagonal.append(α)
    beside.append(β)
    before = v
    v = (1 / β) * next
    let k = diagonal.count
    // The decomposition is the dearer part when there are many.
    guard k <= 10 || k.isMultiple(of: 5) else { continue }
    let T = Matrix(k, k) { i, j in i == j ? diagonal[i] : abs(i - j) == 1 ? beside[min(i, j)] : 0 }
    let ritz = try SymmetricEigen(T)
    if β * abs(ritz.Q[k - 1, k - 1]) <= relativeError * abs(ritz.λ[k - 1]) { return ritz.λ[k - 1] }
  }
  return .nan
}
