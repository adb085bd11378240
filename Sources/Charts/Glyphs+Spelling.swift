extension Glyphs {
  /// `text` in these glyphs: ASCII spells `σ` as `sigma`, `≤` as `<=`, and what it does not know as `?`.
  package func spell(_ text: String) -> String {
    switch self {
    case .braille, .octant, .block: text
    case .ascii: Self.spelled(text)
    }
  }

  private static func spelled(_ text: String) -> String {
    var spelled = ""
    var last: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      defer { last = scalar }
      let spelling = scalar.isASCII ? String(scalar) : spellings[scalar] ?? "?"
      // ⁻¹ is one exponent.
      if spelled.hasSuffix("^-"), spelling.hasPrefix("^") {
        spelled += spelling.dropFirst()
        continue
      }
      if let last { spelled += sign(between: last, scalar) }
      spelled += spelling
    }
    return spelled
  }

  /// What keeps two factors apart of which one is spelled as a word: ηG is lr*G, s√2 is s sqrt 2. An index in digits,
  /// as of β1, stays with its letter, and so does what ∂ and Δ stand before.
  private static func sign(between first: Unicode.Scalar, _ second: Unicode.Scalar) -> String {
    func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && scalar.properties.isAlphabetic }
    // Greek but for Δ, which is one letter, and Σ, which is no factor.
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      (0x370...0x3ff).contains(scalar.value) && scalar != "Δ" && scalar != "Σ"
    }
    func isPart(_ scalar: Unicode.Scalar) -> Bool {
      isLetter(scalar) || isWord(scalar) || scalar == "√" || scalar == "Σ"
    }
    let isDigit = first.isASCII && first.properties.numericType != nil
    if second == "√" || second == "Σ" || first == "Σ" {
      return first != "√" && isPart(first) && isPart(second) ? " " : ""
    }
    if isWord(first) { return isLetter(second) || isWord(second) ? "*" : "" }
    return isWord(second) && (isLetter(first) || isDigit || "²³".unicodeScalars.contains(first)) ? "*" : ""
  }

  private static let spellings: [Unicode.Scalar: String] = [
    "‖": "|", "−": "-", "–": "-", "—": "-", "×": "x", "·": "*", "…": "...", "⋅": "*", "∘": "o",
    "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "→": "->", "←": "<-", "↑": "^", "↓": "v", "±": "+-",
    "√": "sqrt ", "∞": "inf", "∑": "sum", "Σ": "sum", "∂": "d", "ĝ": "g^", "∇": "grad ", "°": " deg",
    "∠": "angle ",
    "²": "^2", "³": "^3", "ᵀ": "^T", "½": "1/2", "¼": "1/4", "¹": "^1", "⁻": "^-", "₀": "0", "₁": "1",
    "α": "alpha", "β": "beta", "γ": "gamma", "Δ": "d", "δ": "delta", "ε": "eps", "η": "lr", "θ": "theta",
    "ζ": "zeta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "π": "pi",
    "⁺": "^+", "⁴": "^4", "ⁱ": "^i", "ᵗ": "^t", "ᵢ": "_i", "₂": "2", "\u{304}": "-bar", "Ŷ": "Y^", "ü": "ue",
    "⟨": "<", "⟩": ">", "÷": "/", "⇒": "=>", "↦": "->", "≡": "==",
    "✓": "ok", "✗": "x", "▶": "RUN", "●": "O", "◆": "*", "▸": ">", "‹": "<", "›": ">",
    "┄": "--", "▇": "#", "█": "#", "⇧": "Shift-", "▏": "|", "─": "-", "━": "=", "│": "|", "╎": ":", "┊": ":",
  ]
}
