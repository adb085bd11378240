import Glibc

/// φ between the layers of a network.
package enum Activation: String, CaseIterable, Sendable {
  case identity = "id"
  case tanh, relu

  /// H ← φ(Y), entry by entry.
  func apply(_ Y: Matrix, into H: inout Matrix) {
    H.set(Y)
    guard self != .identity else { return }
    H.storage.withUnsafeMutableBufferPointer { entries in
      for i in entries.indices {
        entries[i] = self == .tanh ? Glibc.tanh(entries[i]) : entries[i] > 0 ? entries[i] : 0 * entries[i]
      }
    }
  }

  /// D ← D∘φ'(Y), from H = φ(Y): φ' is 1, 1 − H², or 1 where H is positive.
  func pullback(_ H: Matrix, _ D: inout Matrix) {
    guard self != .identity else { return }
    D.storage.withUnsafeMutableBufferPointer { entries in
      H.storage.withUnsafeBufferPointer { H in
        for i in entries.indices { entries[i] *= self == .tanh ? 1 - H[i] * H[i] : H[i] > 0 ? 1 : 0 }
      }
    }
  }
}
