/// The trained matrices θ of one layer, each under its role.
package struct Parameters: Equatable, Sendable {
  /// The letters of the papers: W the dense weight, A (n×r) and B (r×m) the factors, E (r×1) AdaLoRA's
  /// singular values, μ (1×m) DoRA's magnitudes, R a projected gradient.
  package enum Role: String, Sendable {
    case W, A, B, E, μ, R
  }

  package let roles: [Role]
  package var matrices: [Matrix]

  package init(_ pairs: KeyValuePairs<Role, Matrix>) {
    roles = pairs.map(\.key)
    matrices = pairs.map(\.value)
  }

  /// The matrix of a role this layer has.
  package subscript(role: Role) -> Matrix {
    get { matrices[index(of: role)] }
    _modify { yield &matrices[index(of: role)] }
  }

  /// The same roles and shapes, all zero: room for a gradient or a moment.
  package var zeros: Parameters {
    var copy = self
    for i in copy.matrices.indices { copy.matrices[i].scale(by: 0) }
    return copy
  }

  /// self ← θ, of the same roles and shapes.
  mutating func set(_ θ: Parameters) {
    for i in matrices.indices { matrices[i].set(θ.matrices[i]) }
  }

  /// How many numbers are trained.
  package var count: Int { matrices.reduce(0) { $0 + $1.storage.count } }

  package var isFinite: Bool { matrices.allSatisfy(\.isFinite) }

  private func index(of role: Role) -> Int {
    guard let index = roles.firstIndex(of: role) else {
      preconditionFailure("no parameter \(role.rawValue) among \(roles.map(\.rawValue))")
    }
    return index
  }
}
