import Math

/// A product of matrices, rows×inner by inner×columns.
struct Product: Hashable {
  var rows, columns, inner: Int

  init(_ rows: Int, _ columns: Int, over inner: Int) {
    (self.rows, self.columns, self.inner) = (rows, columns, inner)
  }

  var flops: Double { 2 * Double(rows) * Double(columns) * Double(inner) }

  /// Seconds that this product takes by itself: the least of five rounds, in matrices that no cache holds
  /// from the last round.
  var seconds: Double {
    let rounds = max(3, min(200, Int(2e8 / flops)))
    let A = (0..<rounds).map { _ in Matrix(rows, inner, repeating: 1) }
    let B = (0..<rounds).map { _ in Matrix(inner, columns, repeating: 1) }
    var C = (0..<rounds).map { _ in Matrix(rows, columns) }
    var least = Double.infinity
    for _ in 0..<5 {
      let start = ContinuousClock.now
      for i in 0..<rounds { C[i].set(A[i], B[i]) }
      least = min(least, (ContinuousClock.now - start) / .seconds(1) / Double(rounds))
    }
    return least
  }
}

extension System {
  /// The products that one step and its deviation cannot do without, with W n×m, rank r and b examples; the
  /// shared X·W0 is not among them, and (XA0)B0 once, which those that start from LoRA-GA's factors could share.
  func products(n: Int, m: Int, r: Int, b: Int) -> [Product] {
    let dense = Product(b, m, over: n)
    let (XA, ZB, DBt) = (Product(b, r, over: n), Product(b, m, over: r), Product(b, r, over: m))
    let (XtT, ZtD, AB) = (Product(n, r, over: b), Product(r, m, over: b), Product(n, m, over: r))
    let (UBt, AtU) = (Product(n, r, over: m), Product(r, m, over: n))
    let lora = [XA, ZB, DBt, XtT, ZtD, AB]
    // Two Grams, and what multiplies their inverses and C.
    let projection = [Product(r, r, over: n), Product(r, r, over: m)]
    let correction = [
      Product(n, r, over: r), Product(r, m, over: r), Product(r, r, over: m), Product(r, m, over: r),
    ]
    let free = [Product(r, r, over: n), Product(n, r, over: r), Product(r, m, over: r)]
    switch self {
    case .full, .fullAdam: return [dense, Product(n, m, over: b)]
    case .lora: return lora
    case .loraGA: return lora + [XA, ZB]
    case .loraPro: return lora + projection + correction + free
    case .dora: return lora + [UBt, AtU]
    case .loraProAdamW:
      return lora + projection + correction + [AB, AB, UBt, AtU] + correction + free
    case .galore: return [dense, XA, ZtD, AB]
    }
  }
}
