import Math

/// The side of an identity that is written out: a sum of terms, computed with plain matrix products. A test
/// spoils one of them and must see the check fail.
package struct Formula: Sendable {
  /// One mistake in one term.
  package struct Slip: Equatable, Sendable {
    package enum Kind: CaseIterable, Sendable {
      case dropped
      /// The wrong sign.
      case negated
      /// Of square terms.
      case transposed
      /// A factor 2 too many.
      case doubled
    }

    /// Counted from 0, over all sums of a check.
    package var term: Int
    package var kind: Kind

    package init(term: Int, _ kind: Kind) {
      self.term = term
      self.kind = kind
    }
  }

  private let slip: Slip?
  /// How many terms have been summed.
  package private(set) var count = 0
  /// The slip has made another matrix of its term.
  package private(set) var hasSlipped = false

  package init(_ slip: Slip? = nil) { self.slip = slip }

  package mutating func sum(_ terms: Matrix...) -> Matrix {
    var total = Matrix(terms[0].rows, terms[0].columns)
    for term in terms { total.add(spoiled(term)) }
    return total
  }

  package mutating func sum(_ terms: Double...) -> Double {
    terms.reduce(0) { $0 + spoiled(Matrix(1, 1, repeating: $1))[0, 0] }
  }

  private mutating func spoiled(_ term: Matrix) -> Matrix {
    defer { count += 1 }
    guard let slip, slip.term == count else { return term }
    let spoiled =
      switch slip.kind {
      case .dropped: Matrix(term.rows, term.columns)
      case .negated: -1 * term
      case .transposed: term.rows == term.columns ? term.transposed : term
      case .doubled: 2 * term
      }
    hasSlipped = Matrix.distance(spoiled, term) > 1e-3 * term.norm
    return spoiled
  }
}
