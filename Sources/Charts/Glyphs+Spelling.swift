extension Glyphs {
  /// `text` in these glyphs: ASCII spells `σ` as `sigma`, `≤` as `<=`, and what it does not know as `?`.
  package func spell(_ text: String) -> String {
    switch self {
    case .braille, .octant, .block: return text
    case .ascii:
      var spelled = ""
      for scalar in text.unicodeScalars {
        if scalar.isASCII {
          spelled.unicodeScalars.append(scalar)
        } else {
          let spelling = Self.spellings[scalar] ?? "?"
          // ⁻¹ is one exponent, and s√2 two factors.
          if spelled.hasSuffix("^-"), spelling.hasPrefix("^") {
            spelled += spelling.dropFirst()
          } else {
            if scalar == "√", spelled.last?.isLetter == true { spelled += " " }
            spelled += spelling
          }
        }
      }
      return spelled
    }
  }

  private static let spellings: [Unicode.Scalar: String] = [
    "‖": "|", "−": "-", "–": "-", "—": "-", "×": "x", "·": "*", "…": "...", "⋅": "*", "∘": "o",
    "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "→": "->", "←": "<-", "↑": "^", "↓": "v", "±": "+-",
    "√": "sqrt ", "∞": "inf", "∑": "sum", "Σ": "sum", "∂": "d", "ĝ": "g^", "∇": "grad ", "°": " deg",
    "∠": "angle ",
    "²": "^2", "³": "^3", "ᵀ": "^T", "½": "1/2", "¼": "1/4", "¹": "^1", "⁻": "^-", "₀": "0", "₁": "1",
    "α": "alpha", "β": "beta", "γ": "gamma", "Δ": "d", "δ": "delta", "ε": "eps", "η": "lr", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "π": "pi",
    "✓": "ok", "✗": "x", "▶": "RUN", "●": "O", "◆": "*", "▸": ">", "‹": "<", "›": ">",
    "┄": "--", "▇": "#", "█": "#", "⇧": "Shift-", "▏": "|", "─": "-", "━": "=", "│": "|", "╎": ":", "┊": ":",
  ]
}
