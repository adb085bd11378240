/// How weights are written: inputs first, as in this program, or outputs first, as in PEFT and the papers, where
/// every matrix is the transpose.
///
/// Formulas, words and shapes are declared once, in house convention; `written` transposes them by rule.
package enum Convention: String, CaseIterable, Sendable {
  /// Y = XW, W n×m, A n×r, B r×m, W = W0 + s(AB − A0B0).
  case house
  /// Y = WX, W m×n, A r×n, B m×r, W = W0 + s(BA − B0A0).
  case peft

  package var next: Convention { self == .house ? .peft : .house }

  /// What the letters are.
  package var words: String { written("W is n×m, A n×r, B r×m, Y = XW, W = W0 + s(AB − A0B0)") }

  package func written(_ house: String) -> String {
    self == .house ? house : Transposition(house).text
  }

  /// `64×48`, of a weight with n rows and m columns.
  package func shape(_ n: Int, _ m: Int, times: String = "×") -> String {
    self == .house ? "\(n)\(times)\(m)" : "\(m)\(times)\(n)"
  }
}
