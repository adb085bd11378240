/// The weight of full size that LoRA-Pro's full moments belong to: one layer's (H_A, H_B) → what a rule makes of
/// g̃ = s(H_A·B + A·H_B) → the gradients g_A = s·UBᵀ and g_B = s·AᵀU of its update U.
///
/// Columns by columns: a part of g̃ and U stays in the cache from its first use to its last, and neither is
/// ever there as a whole. The rules move every number by itself, so the parts add up to the whole.
struct EquivalentWeight: Sendable {
  /// Some columns.
  fileprivate struct Part: Sendable {
    let columns: Range<Int>
    var direction: Direction
    /// g̃, n×w.
    var equivalent: [Parameters]
    /// B and H_B, r×w.
    var B: Matrix
    var HB: Matrix
  }

  private var parts: [Part] = []
  /// g_A, n×r.
  private var gA: Matrix

  init(_ θ: Parameters, _ rule: any Optimizer) {
    let (n, r) = θ[.A].shape
    let m = θ[.B].columns
    let width = Tile.width(rows: n, of: m)
    gA = Matrix(n, r)
    for first in stride(from: 0, to: m, by: width) {
      let columns = first..<min(first + width, m)
      let zeros = [Parameters([.W: Matrix(n, columns.count)])]
      let factor = Matrix(r, columns.count)
      parts.append(
        Part(
          columns: columns, direction: Direction(rule, shapes: zeros), equivalent: zeros, B: factor,
          HB: factor))
    }
  }

  /// Goes on with `rule` as far as it takes over the history of the present one.
  mutating func change(to rule: any Optimizer) {
    for k in parts.indices { parts[k].direction = Direction(rule, continuing: parts[k].direction) }
  }

  /// g ← the gradients of U, from (H_A, H_B).
  mutating func move(_ θ: Parameters, _ g: inout Parameters, scale s: Double) throws(LinearAlgebraError) {
    gA.scale(by: 0)
    for k in parts.indices { try parts[k].move(θ, &g, &gA, scale: s) }
    g[.A].set(gA)
  }
}

extension EquivalentWeight.Part {
  fileprivate mutating func move(_ θ: Parameters, _ g: inout Parameters, _ gA: inout Matrix, scale s: Double)
    throws(LinearAlgebraError)
  {
    B.set(columns, of: θ[.B])
    HB.set(columns, of: g[.B])
    equivalent[0][.W].set(s, g[.A], B)
    equivalent[0][.W].add(s, θ[.A], HB)
    try direction.step(&equivalent)
    let U = direction.update[0][.W]
    gA.add(s, U, B.T)
    HB.set(s, θ[.A].T, U)
    g[.B].set(columns, to: HB)
  }
}
