/// W = Wfz + s(AR + CB), Wfz = W0 − s(A0R + CB0), A n×r and B r×m, with R = [I_r … I_r] (r×m) and
/// C = [I_r; …; I_r] (n×r) fixed: A's columns and B's rows repeat. Linear in (A, B), so convex for a convex
/// loss, and of rank at most 2r. Where r does not divide a size, the last block is cut.
package struct Additive: Adapter {
  /// Wfz, n×m.
  package let frozen: Matrix
  package let scale: Double
  package let rank: Int

  package init(W0: Matrix, A0: Matrix, B0: Matrix, scale: Double) {
    self.scale = scale
    rank = A0.columns
    var frozen = W0
    frozen.addRepeated(-scale, columns: A0)
    frozen.addRepeated(-scale, rows: B0)
    self.frozen = frozen
  }

  package func shape(_ θ: Parameters) -> (rows: Int, columns: Int) { frozen.shape }

  /// Z = XA, XC and DRᵀ, all b×r.
  package func scratch(rows: Int) -> [Matrix] { Array(repeating: Matrix(rows, rank), count: 3) }

  /// Y = X·Wfz + s(ZR + (XC)B).
  package func forward(_ θ: Parameters, _ pass: inout LayerPass) {
    pass.setOutput(frozen)
    if let X = pass.gradient.X {
      pass.scratch[0].set(X, θ[.A])
      pass.scratch[1].setBlockSums(ofColumns: X)
      pass.Y.addRepeated(scale, columns: pass.scratch[0])
      pass.Y.add(scale, pass.scratch[1], θ[.B])
    } else {
      pass.Y.addRepeated(scale, columns: θ[.A])
      pass.Y.addRepeated(scale, rows: θ[.B])
    }
  }

  /// ∂L/∂A = s·GRᵀ = s·Xᵀ(DRᵀ) and ∂L/∂B = s·CᵀG = s·(XC)ᵀD.
  package func pullback(_ θ: Parameters, _ pass: inout LayerPass, into g: inout Parameters) {
    pass.scratch[2].setBlockSums(ofColumns: pass.gradient.D)
    pass.gradient.multiplyInputTransposed(scale, pass.scratch[2], into: &g[.A])
    if pass.gradient.X != nil {
      g[.B].set(scale, pass.scratch[1].T, pass.gradient.D)
    } else {
      g[.B].setBlockSums(ofRows: pass.gradient.D)
      g[.B].scale(by: scale)
    }
  }

  package func pullback(_ θ: Parameters, dense G: Matrix, into g: inout Parameters) {
    g[.A].setBlockSums(ofColumns: G)
    g[.A].scale(by: scale)
    g[.B].setBlockSums(ofRows: G)
    g[.B].scale(by: scale)
  }

  /// D·Wᵀ = D·Wfzᵀ + s((DRᵀ)Aᵀ + (DBᵀ)Cᵀ).
  package func inputGradient(_ θ: Parameters, _ pass: inout LayerPass, into dX: inout Matrix) {
    dX.set(pass.gradient.D, frozen.T)
    dX.add(scale, pass.scratch[2], θ[.A].T)
    // Z has done its work.
    pass.scratch[0].set(pass.gradient.D, θ[.B].T)
    dX.addRepeated(scale, columns: pass.scratch[0])
  }

  package func weight(_ θ: Parameters, into W: inout Matrix) {
    W.set(frozen)
    W.addRepeated(scale, columns: θ[.A])
    W.addRepeated(scale, rows: θ[.B])
  }

  package var reach: Reach? { Reach(frozen: frozen, rank: 2 * rank) }

  package var rankBound: Int? { 2 * rank }

  package func flops(_ θ: Parameters, examples b: Int?, isFirst: Bool) -> Double {
    let (n, m) = (Double(frozen.rows), Double(frozen.columns))
    guard let b = b.map(Double.init) else { return 0 }
    let r = Double(rank)
    let inputGradient: Double = isFirst ? 0 : 2 * b * n * m + 2 * b * r * (n + m)
    return 2 * b * n * m + b * r * (4 * n + 4 * m) + inputGradient
  }
}

extension Matrix {
  /// self ← self + α·A·[I_r … I_r]: column j gets A's column j mod r.
  package mutating func addRepeated(_ α: Double, columns A: Matrix) {
    let (n, m, r) = (rows, columns, A.columns)
    precondition(A.rows == n)
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        for j in 0..<m {
          for i in 0..<n { target[j * n + i] += α * source[j % r * n + i] }
        }
      }
    }
  }

  /// self ← self + α·[I_r; …; I_r]·B: row i gets B's row i mod r.
  package mutating func addRepeated(_ α: Double, rows B: Matrix) {
    let (n, m, r) = (rows, columns, B.rows)
    precondition(B.columns == m)
    storage.withUnsafeMutableBufferPointer { target in
      B.storage.withUnsafeBufferPointer { source in
        for j in 0..<m {
          for i in 0..<n { target[j * n + i] += α * source[j * r + i % r] }
        }
      }
    }
  }

  /// self ← A·[I_r; …; I_r]: the sums of A's columns that are r apart.
  package mutating func setBlockSums(ofColumns A: Matrix) {
    let (n, r) = (rows, columns)
    precondition(A.rows == n)
    scale(by: 0)
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        for j in 0..<A.columns {
          for i in 0..<n { target[j % r * n + i] += source[j * n + i] }
        }
      }
    }
  }

  /// self ← [I_r … I_r]·A: the sums of A's rows that are r apart.
  package mutating func setBlockSums(ofRows A: Matrix) {
    let r = rows
    precondition(A.columns == columns)
    scale(by: 0)
    storage.withUnsafeMutableBufferPointer { target in
      A.storage.withUnsafeBufferPointer { source in
        for j in 0..<A.columns {
          for i in 0..<A.rows { target[j * r + i % r] += source[j * A.rows + i] }
        }
      }
    }
  }
}
